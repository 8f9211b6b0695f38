"""The project's Python files, parsed: what the architecture tests look at."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("mathlm", "verify", "model", "training")


@dataclass(frozen=True, kw_only=True, slots=True)
class Module:
    """One Python file. Example: `Module(path="verify/base.py", lines=36, tree=…)`."""

    path: str
    lines: int
    tree: ast.Module

    def functions(self) -> Iterator[tuple[str, int]]:
        """(name, lines from `def` to the end) of every function and method."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1

    def imports(self, *, top_level_only: bool = False) -> set[str]:
        """Dotted names that the file imports (`from a import b` gives `a` and `a.b`)."""
        names: set[str] = set()
        for node in _run_at_import(self.tree) if top_level_only else ast.walk(self.tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.path}:{node.lineno}: imports are absolute here"
                names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
        return names


def _run_at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node outside functions and outside `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from _run_at_import(node)


def files() -> list[str]:
    """Paths of all files of the project (what git tracks or would track), relative to its root."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(path for path in set(listing.stdout.splitlines()) if (ROOT / path).is_file())


@functools.cache
def modules(folder: str) -> tuple[Module, ...]:
    """The Python files below a top-level folder; there is at least one."""
    found = []
    for path in files():
        if path.startswith(f"{folder}/") and path.endswith(".py"):
            text = (ROOT / path).read_text("utf-8")
            found.append(Module(path=path, lines=text.count("\n"), tree=ast.parse(text, path)))
    assert found, f"no Python file below {folder}/"
    return tuple(found)


def product() -> tuple[Module, ...]:
    """All Python files that are installed."""
    return tuple(module for package in PACKAGES for module in modules(package))
