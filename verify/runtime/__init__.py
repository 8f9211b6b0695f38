"""The embedded runtimes: where they are, and fetching them on first use.

`node()`, `lean_dir()` and `pyodide_dir()` return what the rest of `verify` runs; the two folders are
set up first where they are missing. `lean_dir()` holds `lean.slim.js`, `lean.slim.wasm`,
`lean.symbols` (see `verify.runtime.slim`) and `lib/`; `pyodide_dir()` the npm package `pyodide`.
Errors: RuntimeMissing, with what to do.
"""

from __future__ import annotations

from pathlib import Path

from verify.runtime.cache import cache_dir, is_ready
from verify.runtime.components import COMPONENTS, LEAN, PYODIDE, Component
from verify.runtime.fetch import Progress, ensure, install_from, print_stages
from verify.runtime.nodejs import locked_down_node, node, node_version, npm

__all__ = [
    "COMPONENTS",
    "LEAN",
    "PYODIDE",
    "Component",
    "Progress",
    "cache_dir",
    "ensure",
    "install_from",
    "is_ready",
    "lean_dir",
    "locked_down_node",
    "node",
    "node_version",
    "npm",
    "print_stages",
    "pyodide_dir",
]


def lean_dir() -> Path:
    """Folder of the embedded Lean, ready to run."""
    return ensure(LEAN)


def pyodide_dir() -> Path:
    """Folder of the embedded Python, ready to run."""
    return ensure(PYODIDE)
