"""Which Lean runs: the embedded one (WebAssembly), or a native toolchain of the machine.

Contract. `choose("auto")` is native where a native build is ready for use, else embedded: it never starts a
build, which takes minutes. `choose("native")` makes what is missing and raises RuntimeMissing, with what to
do, where that cannot be. Both runtimes run the same Lean sources, speak the same protocol and get the same
limits.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from verify.lean import embedded
from verify.process import WorkerProcess

Choice = Literal["auto", "native", "embedded"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeanRuntime:
    """How to start Lean's processes, and what the verdicts call it.

    Example: `EMBEDDED`
    """

    name: Literal["embedded", "native"]
    toolchain: str
    """As every verdict names it."""
    spawn: Callable[[], WorkerProcess]
    """A worker, which runs candidates' code; not started yet."""
    spawn_judge: Callable[[], WorkerProcess]
    """A judge, which never does; not started yet."""
    library_mb: int = 0
    """Memory that the library itself may take in each process, on top of a check's limit (files that are
    mapped count as resident)."""
    checks_per_worker: int = 20_000
    """After so many requests a worker is replaced."""
    library: str = ""
    """Which library it is, beyond what the toolchain says: Mathlib's revision."""

    @property
    def build(self) -> str:
        """A name that is another one after any change to what decides here: our sources, or the library."""
        return f"{_sources()}{self.library}"


SOURCES = frozenset({".py", ".cjs", ".js", ".mjs", ".lean", ".toml"})
EMBEDDED = LeanRuntime(
    name="embedded",
    toolchain="Lean 4.28.0-pre (38f3c0c45b8d), WebAssembly, core",
    spawn=embedded.spawn,
    spawn_judge=embedded.spawn_judge,
)


@functools.cache
def _sources() -> str:
    """A digest of all files of the verifier and of its Lean side."""
    here = Path(__file__).resolve().parents[1]
    folders = (here, here.parent / "lean_workspace" / "MathLM")  # not `.lake`, where builds are
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in SOURCES)
    digest = hashlib.sha256()
    for path in files:
        digest.update(b"\0" + path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def choose(which: Choice) -> LeanRuntime:
    """The runtime for `--runtime WHICH`."""
    from verify.lean import native

    if which == "embedded":
        return EMBEDDED
    if which == "auto" and not native.is_ready():
        return EMBEDDED
    return native.ready()
