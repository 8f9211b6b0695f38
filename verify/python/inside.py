"""The Python side of the sandbox: runs inside Pyodide, never in the parent.

`host.mjs` imports it once, calls `load` and `close_doors`, takes an image of the memory, and then calls
`run` or `equivalent` with strings; both return JSON text. A program may change anything it can reach, this
module included: it thereby changes the report on itself only, since the image is restored afterwards.
`close_doors` removes every way from Python to JavaScript that Pyodide offers; what it may do there was
already limited by Node (no code from strings, no files, no processes).
"""

import gc
import importlib
import json
import sys
import time
import traceback
import types
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder

LEADING_OUT = ("js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core", "ctypes", "_ctypes", "webbrowser")


def load(modules: str) -> str:
    """Import the modules (comma-separated) ahead of time. The versions of all, as JSON."""
    versions = {"python": sys.version.split()[0]}
    for name in filter(None, modules.split(",")):
        versions[name] = str(getattr(importlib.import_module(name), "__version__", ""))
    return json.dumps(versions)


def close_doors() -> None:
    """Forget the modules that lead to JavaScript, and what holds on to them."""
    sys.meta_path[:] = [BuiltinImporter, FrozenImporter, PathFinder]
    vars(time)["sleep"] = _sleep
    for name in list(sys.modules):
        if name.split(".")[0] in LEADING_OUT:
            module = sys.modules.pop(name)
            if isinstance(module, types.ModuleType):
                vars(module).clear()
    gc.collect()
    gc.freeze()


def _sleep(seconds: float) -> None:
    """Stands for `time.sleep`: Pyodide's own needs JavaScript, and C's cannot be interrupted here."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def run(program: str) -> str:
    """Execute a program as `__main__`. JSON: `ok`, and the traceback as `error` when it failed."""
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    error = ""
    try:
        exec(compile(program, "<program>", "exec", dont_inherit=True), main.__dict__)
    except SystemExit as leaving:
        if leaving.code not in (None, 0):
            error = f"SystemExit: {leaving.code}"
    except BaseException as failure:
        trace = failure.__traceback__
        lines = traceback.format_exception(type(failure), failure, trace and trace.tb_next, limit=-5)
        error = "".join(lines)[-4000:] or type(failure).__name__
    try:
        sys.stdout.flush()
    except BaseException as failure:
        error = error or f"{type(failure).__name__}: standard output was closed"
    return json.dumps({"ok": not error, "error": error})


def equivalent(given: str, gold: str) -> str:
    """Compare two answers. JSON: `equal`, true, false or null (could not be decided)."""
    from verify.python.answers import equivalent as compare

    try:
        equal = compare(given, gold)
    except (KeyboardInterrupt, MemoryError, RecursionError):
        equal = None
    return json.dumps({"equal": equal})
