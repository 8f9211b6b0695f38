// A process that goes on from the memory image: its memory is read back, and Lean's closures can be called.
//
// serve(runtime, image, answer) starts Lean, says hello, and answers each request line with
// `answer(server, request, its bytes)`, an object as JSON text; `recycle`, whether the process must not be asked
// again, is added. `server` has
//   lean              see lean.cjs
//   version           Lean's version
//   closures          {answer, judge}: addresses
//   string(bytes)     a new Lean string
//   text(object)      what a Lean string says
//   io(closure, ...)  the result of an IO action, as text
//   memory(allocator, size)  an address that is not 0
// Lean's threads are not in the image; a new task manager starts new ones.
//
// Requests and answers: see wire.cjs. `ms`, the time that it took, is added to each answer. A request that exhausts
// Lean's stack or memory is answered with {"exhausted": why}, and the process asks to be replaced. What Lean prints goes to this
// process's stdout, which the parent keeps only as evidence.
"use strict";
const fs = require("fs");
const path = require("path");
const { probe } = require("../sandbox.cjs");
const { readRequest, send } = require("../wire.cjs");
const { start } = require("./lean.cjs");

const IMAGE_BYTES = 1 << 26; // read at a time
// A compiled Lean function gets and returns objects as addresses. Layout: lean.h, `lean_object` (an int of
// references, a short, other, tag) and `lean_string_object` (three sizes, the first one with the final zero).
const UNIT = 1; // lean_box(0)
const TAG = 7, FIELD = 2, STRING_SIZE = 2, STRING_DATA = 20;

function thaw(lean, image, stack) {
  const file = fs.openSync(path.join(image, "memory"), "r");
  const size = fs.fstatSync(file).size;
  lean.grow(size);
  for (let at = 0; at < size; ) {
    const part = new Uint8Array(lean.memory.buffer, at, Math.min(IMAGE_BYTES, size - at));
    const read = fs.readSync(file, part, 0, part.length, at);
    if (read === 0) throw new Error("the memory image is cut short; run `mathlm setup --force`");
    at += read;
  }
  fs.closeSync(file);
  // Work goes on below the frozen frames, which belong to `main`, still waiting for its write.
  lean.stack.limit(stack);
  lean.stack.set(stack.top);
  lean.call("lean_init_task_manager_using", 1);
}

class Server {
  constructor(lean, { version, ...closures }) {
    this.lean = lean;
    this.version = version;
    this.closures = closures;
  }

  words() {
    return new Int32Array(this.lean.memory.buffer);
  }

  keep(object) {
    if ((object & 1) === 0 && this.words()[object >> 2] > 0) this.words()[object >> 2]++;
    return object;
  }

  release(object) {
    if (object & 1) return;
    const references = this.words()[object >> 2];
    if (references > 1) this.words()[object >> 2]--;
    else if (references === 1) this.lean.call("lean_dec_ref_cold", object);
  }

  // Memory from one of Lean's allocators. At the end of it the address would be 0, where Lean's own data lie.
  memory(allocator, size) {
    const address = this.lean.call(allocator, size);
    if (address === 0) throw new Error("out of memory");
    return address;
  }

  string(bytes) {
    const buffer = this.memory("malloc", bytes.length + 1);
    new Uint8Array(this.lean.memory.buffer).set(bytes, buffer);
    const object = this.lean.call("lean_mk_string_from_bytes", buffer, bytes.length);
    this.lean.call("free", buffer);
    return object;
  }

  text(object) {
    const size = this.words()[(object >> 2) + STRING_SIZE] - 1;
    const bytes = new Uint8Array(this.lean.memory.buffer);
    return Buffer.from(bytes.slice(object + STRING_DATA, object + STRING_DATA + size)).toString("utf8");
  }

  // Whether this process may answer no other request after this one. Asked first and kept here, out of reach of
  // whatever code the request brings along.
  leavesTraces({ source, text: block, statement, tactics = [] }) {
    const own = source ?? block; // a check's or a step's, and a command block's
    const text = own === undefined ? undefined : [own, ...tactics].join("\n"); // tactics run code as well
    const asked = Buffer.from(JSON.stringify({ op: "traces", source: text, statement }));
    return JSON.parse(this.io(this.closures.answer, this.string(asked))).recycle !== false;
  }

  io(closure, ...values) {
    this.keep(closure); // the call takes a reference
    const result = this.lean.call(`lean_apply_${values.length + 1}`, closure, ...values, UNIT);
    if (new Uint8Array(this.lean.memory.buffer)[result + TAG] !== 0) throw new Error("the server failed");
    const text = this.text(this.words()[(result >> 2) + FIELD]);
    this.release(result);
    return text;
  }
}

// What made Lean stop in the middle; any other error is the machine's. Lean panics by leaving the program, and code of
// a candidate may leave it as well.
function whatEnded(error) {
  if (error instanceof RangeError) return `the stack is exhausted (${error.message})`;
  if (error?.name === "ExitStatus") return `Lean left the program with status ${error.status}, as when memory is exhausted`;
  if (!(error instanceof Error)) return `Lean stopped with an exception of its own (${String(error).slice(0, 100)})`;
  throw error;
}

// The answer, a non-empty object as text, and whether it must be the last one. After such an end Lean's data are in
// an unknown state, so they are not used again.
function answered(server, line, answer) {
  try {
    const request = JSON.parse(line.toString("utf8"));
    const recycle = server.leavesTraces(request);
    return { text: answer(server, request, line), recycle };
  } catch (error) {
    return { text: JSON.stringify({ exhausted: whatEnded(error) }), recycle: true };
  }
}

function serve(runtime, image, answer) {
  probe();
  start({
    runtime,
    arguments: [],
    prepare() {},
    stdout: (line) => fs.writeSync(1, line + "\n"),
    run(lean) {
      const { stack, ...frozen } = JSON.parse(fs.readFileSync(path.join(image, "image.json"), "utf8"));
      thaw(lean, image, stack);
      const server = new Server(lean, frozen);
      send(JSON.stringify({ ready: true, version: frozen.version }));
      for (;;) {
        const line = readRequest();
        if (line === null) process.exit(0);
        const asked = performance.now();
        const { text, recycle } = answered(server, line, answer);
        const milliseconds = (performance.now() - asked).toFixed(3);
        send(`${text.slice(0, -1)},"ms":${milliseconds}${recycle ? ',"recycle":true' : ""}}`);
      }
    },
  });
}

module.exports = { serve };
