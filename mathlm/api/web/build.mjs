// Builds the page into ../static: one script, one style sheet, the HTML and the icon, all served by mathlm itself.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";

const out = process.argv[2] ?? new URL("../static/", import.meta.url).pathname;
const here = (name) => new URL(`./src/${name}`, import.meta.url).pathname;

await mkdir(out, { recursive: true });
const built = await build({
  entryPoints: { app: here("main.ts") },
  metafile: true,
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "none",
  banner: { js: "/* mathlm; with CodeMirror 6 (MIT, Marijn Haverbeke and others): see licenses.txt. Source: mathlm/api/web */" },
  logLevel: "warning",
});
await build({ entryPoints: { app: here("app.css") }, outdir: out, minify: true, target: ["es2022"], logLevel: "warning" });
for (const name of ["index.html", "icon.svg"]) await copyFile(here(name), `${out}/${name}`);

// The licences of what is in the script, as they ask.
const packages = Object.keys(built.metafile.inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
const texts = [...new Set(packages.filter(Boolean))].sort().map(async (name) => {
  const text = await readFile(new URL(`./node_modules/${name}/LICENSE`, import.meta.url), "utf8");
  return `${name}\n\n${text.trim()}\n`;
});
await writeFile(`${out}/licenses.txt`, (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n\n`));
