// Node host of the Python sandbox: CPython in WebAssembly (Pyodide), one request after the other.
//
// Run by verify/python/verifier.py under `--permission` (read grants for the files named in the
// configuration, nothing else), `--disallow-code-generation-from-strings` and an empty environment.
// Argument: one JSON object {pyodide, here, modules, packages: [{distribution, version, name, path}]}.
// Requests (descriptor 0) and answers (descriptor 3), one JSON object per line:
//   {"op": "run", "program", "seconds", "memory_mb", "output_bytes"}
//       -> {"ok", "stdout", "error", "truncated", "late", "memory", "recycle"}
//   {"op": "equivalent", "given", "gold", "seconds", "memory_mb"}
//       -> {"equal": true | false | null, "late", "memory", "recycle"}
// Units: seconds of wall time, MB = 2**20 bytes, output in bytes.
//
// Isolation between requests: the whole state of the interpreter is its linear memory. An image of it is
// taken once all is loaded and copied back after each request (only the 64 KB pieces that differ), so
// nothing that a program does to modules, builtins or the C heap lives on. What lies outside that memory
// is closed to programs: the file system refuses every change, open files are reset, no JavaScript object
// can be reached from Python (inside.py), and the event loop never turns, so that no callback runs late.
// A worker that crashed, or whose memory grew, asks to be recycled instead.
// Time and memory limits are kept here softly (KeyboardInterrupt, MemoryError), which saves a restart; the
// parent enforces them hard.

import fs from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
require("../sandbox.cjs").probe(); // fails closed, before anything is loaded
const { readRequest, send } = require("../wire.cjs");

const MB = 2 ** 20;
const PIECE_BYTES = 64 * 1024;
const GROWTH_BEFORE_RECYCLE_BYTES = 32 * MB;
const ERROR_CHARACTERS = 4000;
const EROFS = 69; // Emscripten's number for "read-only file system"
const SIGINT = 2;
const REPEAT_INTERRUPT_MS = 200;

const config = JSON.parse(process.argv[2]);
const exitProcess = process.reallyExit.bind(process);
process.argv = ["node", "python"];
// Opening Node's stream object would make descriptor 0 non-blocking; requests are read synchronously.
Object.defineProperty(process, "stdin", { value: { fd: 0, isTTY: false } });
// `process.binding` is refused under --permission; Pyodide asks it for these constants only.
process.binding = (name) => {
  if (name === "constants") return { fs: fs.constants };
  throw new Error(`process.binding(${name}) is not available`);
};
process.exit = process.reallyExit = () => {
  throw new Error("the program ended the interpreter");
};

// The limits of the request under way.
const now = performance.now.bind(performance);
let deadline = Infinity;
let late = false;
let memoryLimit = Infinity;
let memoryHit = false;
let output = { pieces: [], bytes: 0, limit: 0, truncated: false };

const growMemory = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * PIECE_BYTES > memoryLimit) {
    memoryHit = true;
    throw new RangeError("memory limit"); // Emscripten turns this into a failed malloc
  }
  return growMemory.call(this, pages);
};

function keepOutput(bytes) {
  const room = output.limit - output.bytes;
  if (bytes.length > room) output.truncated = true;
  if (room > 0) {
    const piece = bytes.slice(0, room);
    output.pieces.push(piece);
    output.bytes += piece.length;
  }
  return bytes.length;
}

function copyTree(FS, source, target) {
  FS.mkdirTree(target);
  for (const entry of fs.readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [`${source}/${entry.name}`, `${target}/${entry.name}`];
    if (entry.isDirectory()) {
      if (!["tests", "benchmarks", "__pycache__"].includes(entry.name)) copyTree(FS, from, to);
    } else if (entry.name.endsWith(".py")) {
      FS.writeFile(to, fs.readFileSync(from));
    }
  }
}

// Every operation that changes the in-memory file system fails from now on.
function closeFileSystem(FS) {
  const refuse = () => {
    throw new FS.ErrnoError(EROFS);
  };
  const seal = (operations, names) => {
    for (const name of names) if (operations[name]) operations[name] = refuse;
    Object.freeze(operations);
  };
  const nodeChanges = ["setattr", "mknod", "rename", "unlink", "rmdir", "symlink"];
  const root = FS.lookupPath("/").node;
  const file = FS.lookupPath("/sandbox/verify/python/inside.py").node;
  for (const node of [root, file]) {
    seal(node.node_ops, nodeChanges);
    seal(node.stream_ops, ["write", "allocate", "mmap", "msync"]);
  }
  const open = FS.open;
  FS.open = (path, flags, mode) => {
    const { O_ACCMODE, O_CREAT, O_TRUNC } = { O_ACCMODE: 3, O_CREAT: 64, O_TRUNC: 512 };
    if (typeof flags === "number" && (flags & O_ACCMODE || flags & (O_CREAT | O_TRUNC))) refuse();
    return open(path, flags, mode);
  };
  FS.mount = FS.unmount = FS.mknod = FS.truncate = FS.ftruncate = FS.createNode = refuse;
}

// Built-in modules by which a program would reach raw memory or JavaScript get names no import finds.
function hideBuiltinModules(M, names) {
  const table = M.HEAPU32[M._PyImport_Inittab >> 2] >> 2;
  for (let entry = table; M.HEAPU32[entry] !== 0; entry += 2) {
    if (names.includes(M.UTF8ToString(M.HEAPU32[entry]))) M.HEAPU8[M.HEAPU32[entry]] = 0;
  }
}

async function load() {
  const { loadPyodide } = await import(`${config.pyodide}/pyodide.mjs`);
  const pyodide = await loadPyodide({
    jsglobals: {},
    env: { HOME: "/", PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" },
    packages: [],
  });
  const M = pyodide._module;
  const { FS } = M;
  FS.mkdirTree("/sandbox/verify/python");
  for (const { distribution, version, name, path } of config.packages) {
    copyTree(FS, path, `/sandbox/${name}`);
    // What importlib.metadata reads. The installed one cannot be granted: Node 24 drops the grant for
    // `…/sympy` when another begins with the same letters.
    const info = `/sandbox/${distribution.replaceAll("-", "_")}-${version}.dist-info`;
    FS.mkdirTree(info);
    FS.writeFile(`${info}/METADATA`, `Metadata-Version: 2.1\nName: ${distribution}\nVersion: ${version}\n`);
  }
  for (const name of ["inside.py", "answers.py", "expressions.py"]) {
    FS.writeFile(`/sandbox/verify/python/${name}`, fs.readFileSync(`${config.here}/${name}`));
  }
  pyodide.setStdin({ stdin: () => null });
  pyodide.setStdout({ write: keepOutput });
  pyodide.setStderr({ write: (bytes) => bytes.length });
  pyodide.setInterruptBuffer({
    get 0() {
      const time = now();
      if (time < deadline) return 0;
      late = true;
      deadline = time + REPEAT_INTERRUPT_MS; // time to report; then again, should the program go on
      return SIGINT;
    },
    set 0(_) {}, // the interpreter clears what it has read
  });
  pyodide.runPython("import sys; sys.path.insert(0, '/sandbox')");
  const inside = pyodide.pyimport("verify.python.inside");
  const versions = inside.load(config.modules.join(","));
  const calls = { run: inside.run, equivalent: inside.equivalent };
  inside.close_doors();
  hideBuiltinModules(M, ["_ctypes", "_pyodide_core"]);
  closeFileSystem(FS);
  return { M, FS, calls, versions };
}

// An uncaught error would show Node's source line, which is megabytes long in the glue.
const { M, FS, calls, versions } = await load().catch((error) => {
  fs.writeSync(2, `${error?.stack ?? error}`.slice(-ERROR_CHARACTERS));
  exitProcess(1);
});
calls.run("x = 1"); // once before the image is taken: what is made on the first call belongs into it
if (config.modules.includes("verify.python.answers")) calls.equivalent("x/2 + 1", "1 + \\frac{x}{2}");

const stackPointer = M.stackSave();
const stackEnd = M._emscripten_stack_get_end();
const streams = [...FS.streams];
const folder = FS.cwd();
const image = Buffer.from(M.HEAPU8.slice().buffer);
const hostBytes = process.memoryUsage.rss() - image.length;

function restoreRange(memory, begin, end) {
  for (let at = begin; at < end; at += PIECE_BYTES) {
    const stop = Math.min(at + PIECE_BYTES, end);
    if (memory.compare(image, at, stop, at, stop) !== 0) image.copy(memory, at, at, stop);
  }
}

function restore() {
  const memory = Buffer.from(M.HEAPU8.buffer);
  M.stackRestore(stackPointer);
  restoreRange(memory, 0, stackEnd);
  restoreRange(memory, stackPointer, image.length); // between the two lies the unused stack
  memory.fill(0, image.length);
  FS.streams.length = 0;
  streams.forEach((stream, fd) => {
    FS.streams[fd] = stream;
    if (stream) stream.fd = fd;
  });
  FS.chdir(folder);
}

function serve(request) {
  late = memoryHit = false;
  output = { pieces: [], bytes: 0, limit: request.output_bytes ?? 0, truncated: false };
  memoryLimit = request.memory_mb * MB - hostBytes;
  deadline = now() + request.seconds * 1000;
  let answer;
  try {
    const text =
      request.op === "run" ? calls.run(request.program) : calls.equivalent(request.given, request.gold);
    const { ok, error, equal } = JSON.parse(text);
    answer = request.op === "run" ? { ok: ok === true, error: String(error ?? "") } : { equal };
  } catch (error) {
    const what = `the interpreter ended: ${error?.message ?? error}`;
    answer = request.op === "run" ? { ok: false, error: what } : { equal: null };
    answer.recycle = true;
  }
  deadline = memoryLimit = Infinity;
  if (request.op === "run") {
    answer.error = answer.error.slice(-ERROR_CHARACTERS);
    answer.stdout = new TextDecoder().decode(Buffer.concat(output.pieces), { stream: output.truncated });
    answer.truncated = output.truncated;
  }
  answer.late = late;
  answer.memory = memoryHit;
  answer.recycle ||= M.HEAPU8.length > image.length + GROWTH_BEFORE_RECYCLE_BYTES;
  return answer;
}

send(JSON.stringify({ ready: true, versions: JSON.parse(versions), image_mb: image.length / MB }));
for (let line; (line = readRequest()) !== null; ) {
  const answer = serve(JSON.parse(line.toString("utf8")));
  send(JSON.stringify(answer));
  if (!answer.recycle) restore();
}
exitProcess(0);
