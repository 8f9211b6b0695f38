// Host of one kernel worker: node host.cjs
//
// fd 3 gets the hello {"ready": true}; then for each JSON line on stdin
//   {"op": "check", "trusted": text, "candidate": text, "target": name or null, "steps": n, "allowed": [name, …]}
// ("allowed", denied axioms that may be used after all, may be missing) one JSON line: the result of `checkFile`
// plus `ms`. The process ends with its standard input.
//
// The checker recurses as deep as terms are, so it runs in a thread with a large stack. Deeper terms raise a
// RangeError there, which is a `declined`.
"use strict";
const fs = require("fs");
const { Worker, isMainThread } = require("worker_threads");
const { Session } = require("./check.cjs");

const ANSWERS = 3;
const READ_BYTES = 1 << 16;
const STACK_MB = 256; // touched only as far as it is needed
const YOUNG_MB = 64; // each collection of young objects walks the stack, so there should be few

function send(object) {
  const data = Buffer.from(JSON.stringify(object) + "\n", "utf8");
  for (let at = 0; at < data.length; ) at += fs.writeSync(ANSWERS, data, at);
}

// The next line of stdin, or null at its end. The parent sends one request at a time.
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
    if (size === 0) return null;
    pieces.push(Buffer.from(chunk.subarray(0, size)));
    if (chunk[size - 1] === 10) return Buffer.concat(pieces).toString("utf8");
  }
}

function serve() {
  const session = new Session();
  send({ ready: true });
  for (let line = readRequest(); line !== null; line = readRequest()) {
    const { op, trusted, candidate, target, steps, allowed } = JSON.parse(line);
    if (op !== "check") throw new Error(`unknown request ${op}`);
    const asked = performance.now();
    const result = session.checkFile({ trusted, candidate, target, steps, allowedAxioms: allowed });
    send({ ...result, ms: Math.round((performance.now() - asked) * 1000) / 1000 });
  }
}

const resourceLimits = { stackSizeMb: STACK_MB, maxYoungGenerationSizeMb: YOUNG_MB };
if (isMainThread) new Worker(__filename, { resourceLimits });
else serve();
