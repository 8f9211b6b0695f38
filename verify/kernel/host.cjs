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
const { Worker, isMainThread } = require("worker_threads");
const { Session } = require("./check.cjs");
const { probe } = require("../sandbox.cjs");
const { readRequest, send } = require("../wire.cjs");

const STACK_MB = 256; // touched only as far as it is needed
const YOUNG_MB = 64; // each collection of young objects walks the stack, so there should be few

function serve() {
  const session = new Session();
  send('{"ready":true}');
  for (let line = readRequest(); line !== null; line = readRequest()) {
    const { op, trusted, candidate, target, steps, allowed } = JSON.parse(line);
    if (op !== "check") throw new Error(`unknown request ${op}`);
    const asked = performance.now();
    const result = session.checkFile({ trusted, candidate, target, steps, allowedAxioms: allowed });
    send(JSON.stringify({ ...result, ms: Math.round((performance.now() - asked) * 1000) / 1000 }));
  }
}

const resourceLimits = { stackSizeMb: STACK_MB, maxYoungGenerationSizeMb: YOUNG_MB };
if (isMainThread) {
  probe();
  new Worker(__filename, { resourceLimits });
} else serve();
