// The embedded Lean inside this Node process, shared by `freeze.cjs` and `thaw.cjs`.
//
// start({runtime, arguments, prepare, stdout, run}) loads the runtime and calls `run(lean)` once all threads
// are there. `prepare(FS)` may write files for Lean; `stdout(line)` gets each line that Lean prints. `lean` has
//   main()            run Lean's own command line
//   memory            the WebAssembly.Memory
//   call(name, ...)   call a compiled function by its C name
//   stack             {top(), set(address), deepen(), limit({start, end})}: a new, deep one to work on
//   grow(bytes)       make the memory at least so large
//
// What Lean can reach: the library (read only, also by node --permission), an in-memory scratch, an empty
// environment, an empty standard input. No host path is mounted, no child process can be started.
"use strict";
const fs = require("fs");
const path = require("path");

const EACCES = 2, EROFS = 69; // WASI error numbers
const PAGE = 65536;
const STACK_BYTES = 1 << 26;
const THREADS = 2; // Lean runs tasks on one; a second serves tasks that wait for others

// A WebAssembly trap (stack overflow, memory exhausted) ends the process; say which in few words.
process.on("uncaughtException", (error) => {
  fs.writeSync(2, `\nLean crashed: ${String(error.message).slice(0, 500)}\n`);
  process.exit(70);
});

// Byte by byte from Lean, line by line to `sink`.
function lines(sink) {
  let line = Buffer.allocUnsafe(1 << 16);
  let length = 0;
  return (byte) => {
    if (byte === null || byte === 10) {
      const text = line.toString("utf8", 0, length);
      length = 0;
      if (text !== "") sink(text);
      return;
    }
    if (length === line.length) line = Buffer.concat([line], 2 * length);
    line[length++] = byte;
  };
}

function mountLibrary(FS, NODEFS, runtime) {
  FS.mkdirTree("/bin"); // Lean finds its library beside its own path, /bin/lean.wasm
  // Node refuses to write too, but with an error code that the glue does not know and would report as success.
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
}

function start({ runtime, arguments: words, prepare, stdout, run }) {
  globalThis.leanModule = {
    arguments: words,
    leanThreads: THREADS,
    stdin: () => null,
    stdout: lines(stdout),
    leanRun(glue) {
      mountLibrary(glue.FS, glue.NODEFS, runtime);
      prepare(glue.FS);
      const found = new Map();
      const compiled = (name) => {
        let place = found.get(name);
        if (place === undefined) {
          place = glue.lookup(name);
          if (!place) throw new Error(`the runtime lacks ${name}`);
          found.set(name, place);
        }
        return glue.entry(place);
      };
      run({
        main: glue.main,
        memory: glue.memory,
        call: (name, ...values) => compiled(name)(...values),
        stack: {
          top: glue.stackTop,
          set: glue.setStack,
          // Below Lean's own stack lies its data, which a deep recursion would overwrite. This one is so large that
          // Node's own stack ends first, with an error.
          deepen() {
            const end = compiled("malloc")(STACK_BYTES);
            const start = (end + STACK_BYTES) & ~15;
            compiled("emscripten_stack_set_limits")(start, end);
            glue.setStack(start);
            return { start, end };
          },
          limit: ({ start, end }) => compiled("emscripten_stack_set_limits")(start, end),
        },
        grow(bytes) {
          const missing = bytes - glue.memory.buffer.byteLength;
          if (missing > 0) glue.memory.grow(Math.ceil(missing / PAGE));
          glue.memoryGrown();
        },
      });
    },
  };
  require(path.join(runtime, "lean.slim.js"));
}

module.exports = { PAGE, start };
