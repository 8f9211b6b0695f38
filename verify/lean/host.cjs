// Host of one worker, which runs candidates' code: node host.cjs RUNTIME IMAGE
//
// Requests go to the server's `answer` (lean_workspace/MathLM/Repl.lean). Where its answer has the
// `addresses` of what a candidate added, their exported text takes their place, as `export`. A candidate may have
// taken over this process, so whatever comes out of it is only a claim; the judge (judge.cjs) decides.
"use strict";
const { withExport } = require("./export.cjs");
const { serve } = require("./thaw.cjs");

const [runtime, image] = process.argv.slice(2);

serve(runtime, image, (server, _request, line) =>
  withExport(server, server.io(server.closures.answer, server.string(line))),
);
