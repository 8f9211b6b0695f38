"""The memory image: made once, named after its sources, never half there."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from mathlm.errors import RuntimeMissing
from verify import runtime
from verify.lean import image
from verify.lean.verifier import LeanVerifier


def test_image_is_complete_and_described(lean: LeanVerifier) -> None:
    lean.warm()
    folder = image.image_dir()
    described = json.loads((folder / "image.json").read_text())
    assert described["version"].startswith("4.28.0")
    size = (folder / "memory").stat().st_size
    stack = described["stack"]
    assert 0 < stack["end"] < stack["top"] <= stack["start"]
    assert max(described["answer"], described["judge"]) < size


def test_name_depends_on_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = image.image_name()
    copy = tmp_path / "workspace"
    shutil.copytree(image.workspace() / "MathLM", copy / "MathLM")
    monkeypatch.setattr(image, "workspace", lambda: copy)
    assert image.image_name() == name
    (copy / "MathLM" / "Repl.lean").write_text("-- other")
    assert image.image_name() != name


def test_no_room_is_said_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "lean_dir", lambda: tmp_path)
    monkeypatch.setenv("MATHLM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(image, "DISK_BYTES", 10**18)
    with pytest.raises(RuntimeMissing, match="MATHLM_CACHE"):
        image.image_dir(lambda *_: None)
    assert not list((tmp_path / "cache").glob("lean-image-*/*"))


def test_old_images_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATHLM_CACHE", str(tmp_path))
    for age, name in enumerate(("newest", "newer", "old", "oldest")):
        folder = tmp_path / f"{image.PREFIX}{name}"
        folder.mkdir()
        (tmp_path / f"{image.PREFIX}{name}.lock").touch()
        os.utime(folder, (10**9 - age, 10**9 - age))
    image._forget_old()
    left = {path.name.removeprefix(image.PREFIX) for path in tmp_path.iterdir() if path.is_dir()}
    assert left == {"newest", "newer"}
