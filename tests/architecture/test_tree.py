"""Sizes, docstrings and contents of the files (DESIGN.md and STYLE.md)."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, ROOT, Module, files, modules, product

MAX_LINES, MAX_FUNCTION_LINES = 400, 60
LONG_FILES: set[str] = set()
"""Files that may be longer, each with a reason beside it."""
LONG_FUNCTIONS: set[tuple[str, str]] = set()
"""(path, function) that may be longer, each with a reason beside it."""

CODE = (".py", ".cjs", ".mjs", ".js", ".lean")
TEXT = (*CODE, ".toml", ".txt", ".md", ".json", ".yml", ".yaml", ".cfg", ".sh", "Makefile", ".ci/run")
LARGE_TEXT = ("tokenizer.json",)

HOSTS = re.compile(r"https?://(registry|files|deb|pypi|index|download)\.|" + r"pypi\.org|npmjs\.(org|com)")
MACHINE_PATHS = re.compile(r"(?<![\w.])/(work|root|home/\w+|Users/\w+|opt/\w+|tmp/\w+)/")
MOCKS = re.compile(r"mock\.patch|Magic" + r"Mock|unittest\.mock|x" + r"fail")


def texts(suffixes: tuple[str, ...]) -> list[tuple[str, str]]:
    """(path, text) of the project's files with these endings, this file left out."""
    own = Path(__file__).relative_to(ROOT).as_posix()
    wanted = [p for p in files() if p.endswith(suffixes) and p != own and not p.endswith(LARGE_TEXT)]
    return [(path, (ROOT / path).read_text("utf-8")) for path in wanted]


def every_module() -> tuple[Module, ...]:
    return (*product(), *modules("tests"))


def test_no_file_is_too_long() -> None:
    long = {path for path, text in texts(CODE) if text.count("\n") > MAX_LINES}
    assert long == LONG_FILES


def test_no_function_is_too_long() -> None:
    long = {
        (m.path, name) for m in every_module() for name, size in m.functions() if size > MAX_FUNCTION_LINES
    }
    assert long == LONG_FUNCTIONS


def test_every_module_says_what_it_is() -> None:
    assert [m.path for m in every_module() if not ast.get_docstring(m.tree)] == []


def test_every_public_class_is_documented() -> None:
    """The exceptions are documented by the tree in their module's docstring."""
    missing = [
        f"{module.path}:{node.lineno} {node.name}"
        for module in product()
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        if module.path != "mathlm/errors.py"
    ]
    assert missing == []


def test_records_are_frozen_and_keyword_only() -> None:
    (types,) = [module for module in modules("mathlm") if module.path == "mathlm/types.py"]
    records = [n for n in types.tree.body if isinstance(n, ast.ClassDef) and n.decorator_list]
    assert len(records) > 10
    for record in records:
        keywords = {
            keyword.arg
            for decorator in record.decorator_list
            if isinstance(decorator, ast.Call)
            for keyword in decorator.keywords
            if isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        }
        assert {"frozen", "kw_only", "slots"} <= keywords, record.name
    assert not {n for n in types.imports() if n.split(".")[0] not in sys.stdlib_module_names}


@pytest.mark.parametrize("pattern", [HOSTS, MACHINE_PATHS], ids=["registry hosts", "machine paths"])
def test_the_tree_names_no_machine(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts(TEXT)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_the_tests_use_no_mocks() -> None:
    assert [path for path, text in texts((".py",)) if MOCKS.search(text)] == []


def test_the_tests_are_no_packages() -> None:
    assert [path for path in files() if path.startswith("tests/") and path.endswith("__init__.py")] == []


def test_modules_are_not_named_like_the_libraries_they_import() -> None:
    for module in product():
        roots = {name.split(".")[0] for name in module.imports()} - set(PACKAGES)
        assert Path(module.path).stem not in roots, module.path


def test_torch_is_pinned_once() -> None:
    pin = "torch==2.13.0"
    assert pin in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert pin in (ROOT / "Makefile").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert any(requirement.startswith("torch>=2.13") for requirement in project["dependencies"])
