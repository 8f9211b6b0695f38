// Probes of the sandbox around a Node host: each tries a forbidden thing at start, and one that works ends the
// process. So a Node without the permission model, or one started with other flags, never runs a candidate.
//
// probe() throws with the names of what was possible. Not tried: network, which Node's permission model does not
// know before version 25; candidates have no way to it, since no JavaScript object can be reached from WebAssembly.
"use strict";
const childProcess = require("child_process");
const fs = require("fs");
const path = require("path");

const FORBIDDEN = {
  "read a file of the host": () => fs.readFileSync("/etc/passwd"),
  "list a folder of the host": () => fs.readdirSync("/"),
  "write a file": () => {
    fs.writeFileSync("/tmp/mathlm-sandbox-probe", "");
    fs.unlink("/tmp/mathlm-sandbox-probe", () => {});
  },
  "write beside its own script": () => fs.mkdirSync(path.join(__dirname, "nowhere", "mathlm-sandbox-probe")),
  "remove a file": () => fs.rmSync("/tmp/mathlm-no-such-file"),
  "start a program": () => {
    const { error } = childProcess.spawnSync(process.execPath, ["--version"]);
    if (error) throw error;
  },
  "load a native add-on": () => process.dlopen({ exports: {} }, "/nonexistent.node"),
};
// How Node says that a permission is missing; any other failure (no such file, say) proves nothing.
const REFUSALS = new Set(["ERR_ACCESS_DENIED", "ERR_DLOPEN_DISABLED"]);

function probe() {
  const possible = Object.entries(FORBIDDEN).filter(([, attempt]) => {
    try {
      attempt();
      return true;
    } catch (error) {
      return !REFUSALS.has(error.code);
    }
  });
  const names = possible.map(([name]) => name);
  // macOS gives this one to every process
  const seen = Object.keys(process.env).filter((name) => name !== "__CF_USER_TEXT_ENCODING");
  if (seen.length > 0) names.push("see environment variables");
  if (names.length > 0) throw new Error(`the sandbox does not hold; it was possible to: ${names.join(", ")}`);
}

module.exports = { FORBIDDEN, probe };
