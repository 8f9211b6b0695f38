// Host of one judge, which never runs candidates' code: node judge.cjs RUNTIME IMAGE
//
// A request is one line of JSON: {op, …} for the server's `answer`, as for a worker, or
//   {"op":"judge","export":TEXT,"statement"?,"theorems","environment","library"?,"describe","heartbeats","output_bytes"}
// TEXT is read strictly (import.cjs) and rebuilt with Lean's own constructors; the rest goes, with the
// declarations, to the server's `judge` (lean_workspace/MathLM/Judge.lean). Text that is not well formed is
// answered with {"malformed": why}, text beyond a limit with {"exhausted": why}.
"use strict";
const { withExport } = require("./export.cjs");
const { Malformed, TooLarge, importText } = require("./import.cjs");
const { serve } = require("./thaw.cjs");

const [runtime, image] = process.argv.slice(2);

function judge(server, { export: text, ...request }) {
  let tables;
  try {
    tables = importText(server, text);
  } catch (error) {
    if (error instanceof TooLarge) return JSON.stringify({ exhausted: error.message });
    if (!(error instanceof Malformed)) throw error;
    return JSON.stringify({ malformed: error.message });
  }
  const asked = server.string(Buffer.from(JSON.stringify({ ...request, declarations: tables.declarations })));
  return withExport(server, server.io(server.closures.judge, asked, tables.names, tables.expressions));
}

serve(runtime, image, (server, request, line) =>
  request.op === "judge" ? judge(server, request) : server.io(server.closures.answer, server.string(line)),
);
