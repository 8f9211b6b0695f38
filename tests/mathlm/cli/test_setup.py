"""`mathlm setup`: what is there is reported, what cannot be installed says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mathlm import premises
from mathlm.cli.app import main
from verify.lean.image import image_dir
from verify.lean.runtimes import EMBEDDED
from verify.runtime import COMPONENTS, cache_dir, lean_dir, pyodide_dir


def test_setup_reports_the_runtimes_that_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["setup"]) == 0  # the library is read where it was not
    premises_dir = cache_dir() / premises.folder_name(EMBEDDED)
    folders = [str(lean_dir()), str(pyodide_dir()), str(image_dir()), str(premises_dir)]
    capsys.readouterr()
    assert main(["setup", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["components"]
    assert [row["path"] for row in rows] == folders
    assert all(row["ready"] and not row["fetched"] for row in rows)
    assert main(["setup"]) == 0
    assert [line.split(": in ")[1] for line in capsys.readouterr().out.splitlines()] == folders


def test_setup_without_a_network_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MATHLM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    assert main(["setup", "--json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert document["status"] == "infra_error" and "mathlm setup --from" in document["error"]
    assert {path.suffix for path in (tmp_path / "cache").iterdir()} == {".lock"}


def test_setup_from_a_wrong_or_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wrong.tgz").write_bytes(b"something")
    assert main(["setup", "--from", str(tmp_path / "wrong.tgz")]) == 3
    shown = capsys.readouterr().err
    assert all(f"{component.name}@{component.version}" in shown for component in COMPONENTS)
    assert main(["setup", "--from", str(tmp_path / "none.tgz")]) == 2
