// Builds the page into ../static: one script, one style sheet, the HTML and the icon, all served by mathlm itself.
import { build } from "esbuild";
import { copyFile, mkdir } from "node:fs/promises";

const out = process.argv[2] ?? new URL("../static/", import.meta.url).pathname;
const here = (name) => new URL(`./src/${name}`, import.meta.url).pathname;

await mkdir(out, { recursive: true });
await build({
  entryPoints: { app: here("main.ts") },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "none",
  banner: { js: "/* mathlm; with CodeMirror 6 (MIT, Marijn Haverbeke and others). Source: mathlm/api/web */" },
  logLevel: "warning",
});
await build({ entryPoints: { app: here("app.css") }, outdir: out, minify: true, target: ["es2022"], logLevel: "warning" });
for (const name of ["index.html", "icon.svg"]) await copyFile(here(name), `${out}/${name}`);
