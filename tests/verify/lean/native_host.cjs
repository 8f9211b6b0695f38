// The native host's own Lean sources, run by the embedded Lean: node native_host.cjs RUNTIME WORKSPACE MODE [mathlib]
//
// No native Lean is needed to test them so. The modules' text is joined, as in freeze.cjs, and Main.lean's `main`
// is interpreted with the arguments `MODE / "" [mathlib]`. Requests come on stdin and answers go to fd 3, as in a native
// process: descriptor 0 and /dev/fd/3 of Lean's own file system are devices that lead there.
"use strict";
const fs = require("fs");
const path = require("path");
const { start } = require("../../../verify/lean/lean.cjs");

const [runtime, workspace, mode, ...rest] = process.argv.slice(2);
const MODULES = [
  "Wire", "Header", "Frontend", "Facts", "Goals", "Session", "Trees", "Library", "Judge", "Repl", "Seen", "Export", "Reading",
  "Import", "Host",
].map((name) => `MathLM/${name}`);
const SOURCE = "/tmp/Native.lean";
const READ_BYTES = 1 << 16;

function source() {
  const texts = [...MODULES, "Main"].map((name) => fs.readFileSync(path.join(workspace, `${name}.lean`), "utf8"));
  return "module\npublic import Lean.Elab.Frontend\n" + texts.map((text) => text.replace(/^import .*$/gm, "")).join("\n");
}

// Like a pipe: what is there, up to the end of a line; nothing at its end.
let pending = Buffer.alloc(0);
function read(_stream, buffer, offset, length) {
  while (pending.length === 0) {
    const chunk = Buffer.alloc(READ_BYTES);
    try {
      const size = fs.readSync(0, chunk, 0, READ_BYTES);
      if (size === 0) return 0;
      pending = chunk.subarray(0, size);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
  const end = pending.indexOf(10);
  const size = Math.min(length, end < 0 ? pending.length : end + 1);
  buffer.set(pending.subarray(0, size), offset);
  pending = pending.subarray(size);
  return size;
}

function write(_stream, buffer, offset, length) {
  const data = Buffer.from(buffer.slice(offset, offset + length));
  for (let at = 0; at < data.length; ) at += fs.writeSync(3, data, at);
  return length;
}

function device(FS, number, name, operations) {
  FS.registerDevice(FS.makedev(98, number), operations);
  FS.mkdev(name, FS.makedev(98, number));
}

let lean;
start({
  runtime,
  arguments: ["-j1", "--run", SOURCE, mode, "/", "", ...rest],
  prepare(FS) {
    FS.writeFile(SOURCE, source());
    device(FS, 1, "/dev/requests", { read });
    FS.mkdirTree("/dev/fd");
    device(FS, 2, "/dev/fd/3", { write });
    FS.close(FS.getStream(0));
    if (FS.open("/dev/requests", "r").fd !== 0) throw new Error("the requests are not descriptor 0");
  },
  stdout: (line) => {
    if (!line.startsWith("[DEBUG:")) fs.writeSync(1, line + "\n");
  },
  run(instance) {
    lean = instance;
    lean.main();
    process.exit(0);
  },
});
