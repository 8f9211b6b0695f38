"""The pins are complete, and what is in the cache is what they promise."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from verify.runtime import COMPONENTS, PYODIDE, Component, cache_dir, lean_dir, pyodide_dir


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: c.name)
def test_a_pin_is_an_exact_version_and_a_sha512(component: Component) -> None:
    assert all(part.isdigit() for part in component.version.split("."))
    algorithm, _, digest = component.integrity.partition("-")
    assert algorithm == "sha512" and len(base64.b64decode(digest, validate=True)) == 64
    assert component.folder == f"{component.name}-{component.version}-{component.revision}"


def test_the_lean_runtime_is_there_and_slim() -> None:
    folder = lean_dir()
    assert (folder / "lib/Init/Prelude.olean").is_file()
    assert not list(folder.rglob("._*"))
    published = {"lean.js", "lean.wasm", "lean-lib.tar.gz"}
    assert not published & {path.name for path in folder.iterdir()}


def test_the_python_runtime_is_there() -> None:
    folder = pyodide_dir()
    assert all((folder / name).is_file() for name in PYODIDE.files)
    assert not list(folder.glob("*.map"))


def test_the_cache_folder_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATHLM_CACHE", str(tmp_path / "own"))
    assert cache_dir() == tmp_path / "own"
    monkeypatch.delenv("MATHLM_CACHE")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_dir() == tmp_path / "xdg/mathlm"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_dir() == tmp_path / ".cache/mathlm"
    monkeypatch.setattr("sys.platform", "darwin")
    assert cache_dir() == tmp_path / "Library/Caches/mathlm"
