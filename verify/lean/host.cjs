// Host of one embedded Lean process: node host.cjs RUNTIME_DIR WORKSPACE_DIR
//
// The server in WORKSPACE_DIR/MathLM is several modules. The embedded runtime has no compiled form of
// them to import, so their text is joined and elaborated once, at start.
//
// stdin: one JSON request per line from the parent. fd 3: one JSON answer per line to the parent.
// `ms`, the time that Lean took, is added to each.
// Lean itself sees `{"token","request"}` on its stdin and writes `TOKEN ANSWER` to its stdout; the token is fresh for each request, so nothing that a candidate prints can pass for an answer. All other
// output goes to this process's stdout, which the parent keeps only as evidence.
//
// What Lean can reach: the library (read only, enforced by node --permission), an
// in-memory scratch, an empty environment. No host path is mounted, no child process can be started.
"use strict";
const fs = require("fs");
const crypto = require("crypto");
const path = require("path");

const [runtime, workspace] = process.argv.slice(2);
const MODULES = ["Wire", "Frontend", "Facts", "Goals", "Library", "Repl"]; // each imports only earlier ones
const EACCES = 2, EROFS = 69; // WASI error numbers
const SERVER = "/tmp/Server.lean";
const ANSWERS = 3;
const READ_BYTES = 65536;

let pending = []; // bytes that Lean has not read yet, as [buffer, offset]
let held = []; // pieces of a request whose newline has not come
let token = null;
let asked = 0; // when the request had been read
let lineEnded = false;

function send(text) {
  const data = Buffer.from(text + "\n", "utf8");
  for (let at = 0; at < data.length; ) at += fs.writeSync(ANSWERS, data, at);
}

function readRequest() {
  const chunk = Buffer.allocUnsafe(READ_BYTES);
  for (;;) {
    let size;
    try {
      size = fs.readSync(0, chunk, 0, READ_BYTES);
    } catch (error) {
      if (error.code === "EAGAIN") continue;
      if (error.code !== "EOF") throw error;
      size = 0;
    }
    if (size === 0) process.exit(0); // the parent is gone
    const piece = Buffer.from(chunk.subarray(0, size));
    held.push(piece);
    if (piece[size - 1] === 10) break; // the parent sends one request at a time
  }
  asked = performance.now();
  token = crypto.randomBytes(16).toString("hex");
  const request = Buffer.concat([Buffer.from(`{"token":"${token}","request":`), ...held]);
  request[request.length - 1] = 0x7d; // the newline becomes the closing brace
  held = [];
  pending = [Buffer.concat([request, Buffer.from("\n")]), 0];
}

// One byte of stdin for Lean, or null at the end of a read: after each line, so that a read of a whole
// buffer does not wait for the next request.
function stdin() {
  if (lineEnded) {
    lineEnded = false;
    return null;
  }
  if (pending.length === 0) readRequest();
  const byte = pending[0][pending[1]++];
  if (pending[1] === pending[0].length) pending = [];
  lineEnded = byte === 10;
  return byte;
}

// Lean's stdout, byte by byte; lines that begin with the current token are answers.
let line = Buffer.allocUnsafe(1 << 16);
let length = 0;
function stdout(byte) {
  if (byte === null || byte === 10) {
    const text = line.toString("utf8", 0, length);
    length = 0;
    if (token !== null && text.startsWith(token + " ")) {
      const milliseconds = (performance.now() - asked).toFixed(3);
      send(`{"ms":${milliseconds},${text.slice(token.length + 2)}`); // an answer is a non-empty object
      token = null;
    } else if (text.startsWith('{"ready"') && token === null && !greeted) {
      greeted = true;
      send(text);
    } else if (text !== "") {
      fs.writeSync(1, text + "\n");
    }
    return;
  }
  if (length === line.length) line = Buffer.concat([line], 2 * length);
  line[length++] = byte;
}
let greeted = false;

// `Lean.Elab.Frontend` has all that the server uses; importing `Lean` instead made the start 4 s longer.
function serverSource() {
  const texts = MODULES.map((name) => fs.readFileSync(path.join(workspace, "MathLM", `${name}.lean`), "utf8"));
  return "module\npublic import Lean.Elab.Frontend\n" + texts.map((text) => text.replace(/^import .*$/gm, "")).join("\n");
}

// A WebAssembly trap (stack overflow, memory exhausted) ends the process; say which in few words.
process.on("uncaughtException", (error) => {
  fs.writeSync(2, `\nLean crashed: ${String(error.message).slice(0, 500)}\n`);
  process.exit(70);
});

globalThis.leanModule = {
  arguments: ["-j1", "--run", SERVER],
  leanThreads: 2,
  stdin,
  stdout,
  leanMount(FS, NODEFS) {
    FS.mkdirTree("/bin"); // Lean finds its library beside its own path, /bin/lean.wasm
    // The library is read only. Node refuses to write too, but with an error code that the glue does not
    // know and would report as success.
    const known = NODEFS.convertNodeCode;
    NODEFS.convertNodeCode = (error) => known(error) ?? EACCES;
    for (const operation of ["mknod", "rename", "unlink", "rmdir", "symlink", "setattr"]) {
      NODEFS.node_ops[operation] = () => {
        throw new FS.ErrnoError(EROFS);
      };
    }
    FS.mkdirTree("/lib/lean");
    FS.mount(NODEFS, { root: path.join(runtime, "lib") }, "/lib/lean");
    FS.chdir("/tmp");
    FS.writeFile(SERVER, serverSource());
  },
};
require(path.join(runtime, "lean.slim.js"));
