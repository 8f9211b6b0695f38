// Host of one embedded Lean worker: node host.cjs RUNTIME IMAGE
//
// The process starts as Lean was when `freeze.cjs` wrote IMAGE: its memory is read back and the server's closure
// is called for each request. Lean's threads are not in the image; a new task manager starts new ones.
//
// stdin: one JSON request per line from the parent. fd 3: one JSON answer per line to the parent, after the
// hello; `ms`, the time that Lean took, is added to each. Requests and answers pass through memory, so nothing
// that a candidate prints can pass for an answer: that goes to this process's stdout, which the parent keeps
// only as evidence.
"use strict";
const fs = require("fs");
const path = require("path");
const { start } = require("./lean.cjs");

const [runtime, image] = process.argv.slice(2);
const ANSWERS = 3;
const READ_BYTES = 1 << 16;
const IMAGE_BYTES = 1 << 26; // read at a time
const STACK_BYTES = 1 << 26;
// A compiled Lean function gets and returns objects as addresses. Layout: lean.h, `lean_object` (an int of
// references, a short, other, tag) and `lean_string_object` (three sizes, the first one with the final zero).
const UNIT = 1; // lean_box(0)
const TAG = 7, FIELD = 2, STRING_SIZE = 2, STRING_DATA = 20;

function send(text) {
  const data = Buffer.from(text + "\n", "utf8");
  for (let at = 0; at < data.length; ) at += fs.writeSync(ANSWERS, data, at);
}

// The next line of stdin. The parent sends one request at a time.
function readRequest() {
  const pieces = [];
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
    pieces.push(Buffer.from(chunk.subarray(0, size)));
    if (chunk[size - 1] === 10) return Buffer.concat(pieces).subarray(0, -1);
  }
}

function thaw(lean, { stack }) {
  const file = fs.openSync(path.join(image, "memory"), "r");
  const size = fs.fstatSync(file).size;
  lean.grow(size);
  for (let at = 0; at < size; ) {
    const part = new Uint8Array(lean.memory.buffer, at, Math.min(IMAGE_BYTES, size - at));
    at += fs.readSync(file, part, 0, part.length, at);
  }
  fs.closeSync(file);
  // Below the frozen stack (whose frames belong to `main`, still waiting for its write) lies Lean's data, which a
  // deep recursion would overwrite. A new stack is so large that Node's own stack ends first, with an error.
  lean.stack.set(stack);
  const bottom = lean.call("malloc", STACK_BYTES);
  const top = (bottom + STACK_BYTES) & ~15;
  lean.call("emscripten_stack_set_limits", top, bottom);
  lean.stack.set(top);
  lean.call("lean_init_task_manager_using", 1);
}

function ask(lean, handler, request) {
  const call = lean.call;
  const buffer = call("malloc", request.length);
  new Uint8Array(lean.memory.buffer).set(request, buffer);
  const text = call("lean_mk_string_from_bytes", buffer, request.length);
  call("free", buffer);
  new Int32Array(lean.memory.buffer)[handler >> 2]++; // the call takes a reference to the closure
  const result = call("lean_apply_2", handler, text, UNIT);
  const words = new Int32Array(lean.memory.buffer);
  const bytes = new Uint8Array(lean.memory.buffer);
  if (bytes[result + TAG] !== 0) throw new Error("the server failed");
  const answer = words[(result >> 2) + FIELD];
  const size = words[(answer >> 2) + STRING_SIZE] - 1;
  const copy = Buffer.from(bytes.slice(answer + STRING_DATA, answer + STRING_DATA + size)).toString("utf8");
  if (words[result >> 2] > 1) words[result >> 2]--;
  else if (words[result >> 2] === 1) call("lean_dec_ref_cold", result);
  return copy;
}

start({
  runtime,
  arguments: [],
  prepare() {},
  stdout: (line) => fs.writeSync(1, line + "\n"),
  run(lean) {
    const frozen = JSON.parse(fs.readFileSync(path.join(image, "image.json"), "utf8"));
    thaw(lean, frozen);
    send(JSON.stringify({ ready: true, version: frozen.version }));
    for (;;) {
      const request = readRequest();
      const asked = performance.now();
      const answer = ask(lean, frozen.handler, request); // a non-empty object
      send(`{"ms":${(performance.now() - asked).toFixed(3)},${answer.slice(1)}`);
    }
  },
});
