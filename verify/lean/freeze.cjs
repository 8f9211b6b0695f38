// Makes the memory image that every worker starts from: node freeze.cjs RUNTIME WORKSPACE IMAGE
//
// The server in WORKSPACE/MathLM is several modules. The embedded runtime has no compiled form of them to
// import, and importing the library and elaborating the server and the prelude takes Lean three minutes. So this is done
// once: the modules' text is joined and run; when all is ready, the server's `main` writes to /dev/freeze, and
// in that moment the memory of the whole process is written to the folder IMAGE:
//   memory      linear memory, byte for byte (pages of zeros are holes)
//   image.json  {version, answer, judge, stack}: Lean's version, the addresses of the server's closures
//               `answer : String → IO String` and `judge : String → Array Name → Array Expr → IO String`, and
//               the stack's bounds {start, end} and its pointer `top`, below which nothing is in use
// Only the project's own code runs here. fd 3: one line {"ready":true} once the image is complete.
"use strict";
const fs = require("fs");
const path = require("path");
const { PAGE, start } = require("./lean.cjs");

const [runtime, workspace, image] = process.argv.slice(2);
// each imports only earlier ones
const MODULES = [
  "Wire", "Header", "Frontend", "Facts", "Goals", "Session", "Trees", "Library", "Judge", "Tactics", "Prepare", "Repl", "Freeze",
];
const SERVER = "/tmp/Server.lean";
const READY = 3;
const DEVICE = 99;

// `Lean.Elab.Frontend` has all that the server uses.
function serverSource() {
  const texts = MODULES.map((name) => fs.readFileSync(path.join(workspace, "MathLM", `${name}.lean`), "utf8"));
  return "module\npublic import Lean.Elab.Frontend\n" + texts.map((text) => text.replace(/^import .*$/gm, "")).join("\n");
}

// The prelude's files, in the order of MathLM/Prelude.lean. Line numbers stay, for messages.
function writePrelude(FS) {
  const text = fs.readFileSync(path.join(workspace, "MathLM", "Prelude.lean"), "utf8");
  const names = [...text.matchAll(/^import MathLM\.Prelude\.(\w+)$/gm)].map((found) => found[1]);
  FS.mkdirTree("/prelude");
  for (const name of names) {
    const source = fs.readFileSync(path.join(workspace, "MathLM", "Prelude", `${name}.lean`), "utf8");
    FS.writeFile(`/prelude/${name}.lean`, source.replace(/^import .*$/gm, ""));
  }
  FS.writeFile("/prelude/order", names.join(" "));
}

function writeMemory(bytes) {
  const file = fs.openSync(path.join(image, "memory"), "wx");
  const zeros = Buffer.alloc(PAGE);
  for (let at = 0; at < bytes.length; at += PAGE) {
    const page = bytes.subarray(at, at + PAGE);
    if (zeros.equals(page)) continue;
    for (let done = 0; done < PAGE; ) done += fs.writeSync(file, page, done, PAGE - done, at + done);
  }
  fs.ftruncateSync(file, bytes.length);
  fs.closeSync(file);
}

let lean, bounds;

function freeze({ version, answer, judge }) {
  const words = new Int32Array(lean.memory.buffer);
  for (const closure of [answer, judge]) words[closure >> 2]++; // the image owns a reference
  writeMemory(new Uint8Array(lean.memory.buffer));
  const stack = { ...bounds, top: lean.stack.top() };
  fs.writeFileSync(path.join(image, "image.json"), JSON.stringify({ version, answer, judge, stack }));
  fs.writeSync(READY, '{"ready":true}\n');
  process.exit(0);
}

start({
  runtime,
  arguments: ["-j1", "--run", SERVER],
  prepare(FS) {
    FS.writeFile(SERVER, serverSource());
    writePrelude(FS);
    const device = FS.makedev(DEVICE, 0);
    FS.registerDevice(device, {
      write: (_stream, buffer, offset, length) => freeze(JSON.parse(Buffer.from(buffer.slice(offset, offset + length)).toString())),
    });
    FS.mkdev("/dev/freeze", device);
  },
  stdout: (line) => {
    if (!line.startsWith("[DEBUG:")) fs.writeSync(1, line + "\n");
  },
  run(instance) {
    lean = instance;
    bounds = lean.stack.deepen();
    lean.main();
    throw new Error("the server ended before it was ready");
  },
});
