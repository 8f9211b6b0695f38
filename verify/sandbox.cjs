// The sandbox around a Node host. Loading this file takes away what Node's permission model does not know (network,
// signals, databases, in Node 24); `probe` then tries each forbidden thing, and one that works ends the process. So a
// Node without the permission model, or one started with other flags, never runs a candidate.
//
//   probe()   throws with the names of what was possible
//   tried()   [{name, held, how}] of every probe, for `mathlm doctor --probes`
// What is taken away is so in each thread that loads this file. Candidates have no way to it anyhow: they live in
// WebAssembly and reach no JavaScript object. That is the first layer; this is the second.
"use strict";
const childProcess = require("child_process");
const dgram = require("dgram");
const dns = require("dns");
const fs = require("fs");
const { syncBuiltinESMExports } = require("module");
const net = require("net");
const path = require("path");

const PLACE = "/tmp/mathlm-sandbox-probe";
const NOWHERE = "/tmp/mathlm-no-such-file";
const DENIED = "ERR_ACCESS_DENIED";
const TAKEN_AWAY = "taken away by the host script";

function refuse() {
  throw Object.assign(new Error(TAKEN_AWAY), { code: DENIED });
}

function takeAway() {
  net.Socket.prototype.connect = net.Server.prototype.listen = refuse;
  dgram.Socket.prototype.bind = dgram.Socket.prototype.send = dgram.Socket.prototype.connect = refuse;
  net._createServerHandle = dgram._createSocketHandle = refuse;
  for (const names of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
    for (const name of Object.keys(names)) {
      if (/^(lookup|resolve|reverse)/.test(name)) names[name] = refuse;
    }
  }
  for (const name of ["fetch", "WebSocket", "EventSource"]) {
    Object.defineProperty(globalThis, name, { value: refuse, configurable: true, writable: true });
  }
  process.kill = process._kill = process._debugProcess = refuse;
  try {
    require("node:sqlite").DatabaseSync = refuse; // opens any file of the host, permissions or not
  } catch (error) {
    if (error.code !== "ERR_UNKNOWN_BUILTIN_MODULE") throw error;
  }
  syncBuiltinESMExports();
}

takeAway();

const FORBIDDEN = {
  "read a file of the host": () => fs.readFileSync("/etc/passwd"),
  "read the environment of the process": () => fs.readFileSync("/proc/self/environ"),
  "write into the memory of the process": () => fs.openSync("/proc/self/mem", "r+"),
  "list a folder of the host": () => fs.readdirSync("/"),
  "look whether a file is there": () => fs.statSync("/etc/passwd"),
  "write a file": () => {
    fs.writeFileSync(PLACE, "");
    fs.unlink(PLACE, () => {});
  },
  "write beside its own script": () => fs.mkdirSync(path.join(__dirname, "nowhere", "mathlm-sandbox-probe")),
  "remove a file": () => fs.rmSync(NOWHERE),
  "rename a file": () => fs.renameSync(NOWHERE, `${NOWHERE}-2`),
  "make a link to a file": () => fs.symlinkSync("/etc/passwd", path.join(__dirname, "nowhere", "link")),
  "change the rights of a file": () => fs.chmodSync(NOWHERE, 0o600),
  "open the channel of answers by its name": () => fs.openSync("/dev/fd/3", "w"),
  "open a database": () => new (require("node:sqlite").DatabaseSync)(path.join(__dirname, "nowhere", "database")),
  "start a program": () => {
    const { error } = childProcess.spawnSync(process.execPath, ["--version"]);
    if (error) throw error;
  },
  "start a shell": () => childProcess.execSync("true"),
  "start another Node": () => childProcess.fork(path.join(__dirname, "nowhere.cjs")).kill(),
  "send a signal": () => process.kill(process.ppid, 0),
  "send a signal by the inner call": () => process._kill(process.ppid, 0),
  "make a process open its debugger": () => process._debugProcess(0),
  "load a native add-on": () => process.dlopen({ exports: {} }, "/nonexistent.node"),
  "reach Node's internals": () => process.binding("fs"),
  "open the debugger": () => new (require("inspector").Session)().connect(),
  "use WASI": () => new (require("wasi").WASI)({ version: "preview1" }),
  "write a report": () => {
    process.report.writeReport(PLACE);
    fs.unlink(PLACE, () => {});
  },
  "connect to the network": () => net.connect(9, "127.0.0.1").on("error", () => {}).destroy(),
  "listen on the network": () => net.createServer().listen(0, "127.0.0.1").close(),
  "listen by the inner call": () => net._createServerHandle("127.0.0.1", 0, 4).close(),
  "ask a name server": () => new dns.Resolver().resolve4("localhost", () => {}),
  "send a datagram": () => dgram.createSocket("udp4").on("error", () => {}).bind(0, "127.0.0.1").close(),
  "look up a host name": () => dns.lookup("localhost", () => {}),
  "fetch a page": () => void fetch("http://127.0.0.1:9/").catch(() => {}),
};
// How Node says that a permission is missing; any other failure (no such file, say) proves nothing.
const REFUSALS = new Set([DENIED, "ERR_DLOPEN_DISABLED", "ERR_UNKNOWN_BUILTIN_MODULE"]);

function tried() {
  const results = Object.entries(FORBIDDEN).map(([name, attempt]) => {
    try {
      attempt();
      return { name, held: false, how: "it worked" };
    } catch (error) {
      if (!REFUSALS.has(error.code)) return { name, held: false, how: String(error.message) };
      return { name, held: true, how: error.message === TAKEN_AWAY ? TAKEN_AWAY : "refused by Node's permissions" };
    }
  });
  // macOS gives this one to every process
  const seen = Object.keys(process.env).filter((name) => name !== "__CF_USER_TEXT_ENCODING");
  const how = seen.length === 0 ? "the environment is empty" : seen.join(", ");
  return [...results, { name: "see environment variables", held: seen.length === 0, how }];
}

function probe() {
  const names = tried().filter(({ held }) => !held).map(({ name }) => name);
  if (names.length > 0) throw new Error(`the sandbox does not hold; it was possible to: ${names.join(", ")}`);
}

module.exports = { probe, tried };
