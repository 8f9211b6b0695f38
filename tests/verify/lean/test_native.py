"""The native runtime without a toolchain: versions, command lines, build errors, selection, and no way round
the
confinement. `lean` and `lake` are small programs written here; the worker that `lake` makes is real machine
code (a copy of the Python interpreter is no such worker, and the build is refused for it).
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from mathlm.cli.app import main
from mathlm.errors import InfraError, RuntimeMissing
from verify import confine
from verify.lean import native, runtimes, toolchain
from verify.lean.image import workspace
from verify.lean.verifier import LeanVerifier

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PINNED = f"Lean (version 4.34.1, x86_64-unknown-linux-gnu, commit {COMMIT}, Release)"
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="native Lean runs on Linux only")


class Machine:
    """A folder on the PATH with `lean` and `lake`, an own home and an own cache."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "toolchain" / "bin"
        self.cache = folder / "cache"
        self.library = folder / "toolchain" / "lib" / "lean"
        self.library.mkdir(parents=True)
        self.bin.mkdir()

    def program(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def install(self, version: str = PINNED, lake: str = "exit 1") -> None:
        prefix = self.bin.parent
        self.program("lean", f"case $1 in --version) echo '{version}';; *) echo {prefix};; esac")
        self.program("lake", lake)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setenv("PATH", f"{made.bin}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MATHLM_CACHE", str(made.cache))
    monkeypatch.delenv("MATHLM_LEAN", raising=False)
    monkeypatch.delenv("MATHLM_MATHLIB", raising=False)
    return made


def test_the_pinned_version_is_read_from_the_workspace() -> None:
    assert toolchain.pinned() == "4.34.1"
    for name in ("lean-toolchain", "mathlib/lean-toolchain"):
        assert (workspace() / name).read_text().strip() == f"leanprover/lean4:v{toolchain.pinned()}"
    assert f'rev = "v{toolchain.pinned()}"' in (workspace() / "mathlib" / "lakefile.toml").read_text()


@pytest.mark.parametrize(
    ("version", "name"),
    [
        (PINNED, "4.34.1"),
        (f"Lean (version 4.34.2, commit {COMMIT}, Release)", "4.34.2"),
        (f"Lean (version 4.35.0-rc1, x86_64-unknown-linux-gnu, commit {COMMIT[:12]}, Release)", "4.35.0-rc1"),
        (f"Lean (version 5.0.0, arm64-apple-darwin23.6.0, commit {COMMIT}, Release)", "5.0.0"),
    ],
)
def test_versions_that_are_new_enough(machine: Machine, version: str, name: str) -> None:
    machine.install(version)
    found = toolchain.find()
    assert (found.version, found.lean, found.lake) == (name, machine.bin / "lean", machine.bin / "lake")
    assert found.text == f"Lean {name} (0123456789ab), native"


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (f"Lean (version 4.34.0, x86_64-unknown-linux-gnu, commit {COMMIT}, Release)", "is Lean 4.34.0"),
        (f"Lean (version 4.34.1-rc1, commit {COMMIT}, Release)", "is Lean 4.34.1-rc1"),
        (f"Lean (version 4.9.0, commit {COMMIT}, Release)", "is Lean 4.9.0"),
        (f"Lean (version 3.51.1, commit {COMMIT}, Release)", "is Lean 3.51.1"),
        ("Lean (version 4.34.1)", "does not say its version"),
        (f"{PINNED} and more", "does not say its version"),
        ("", "does not say its version"),
    ],
)
def test_versions_that_are_not(machine: Machine, version: str, said: str) -> None:
    machine.install(version)
    with pytest.raises(RuntimeMissing) as caught:
        toolchain.find()
    assert said in str(caught.value)
    assert "elan toolchain install leanprover/lean4:v4.34.1" in str(caught.value)


def test_a_missing_toolchain_says_what_to_install(machine: Machine) -> None:
    with pytest.raises(RuntimeMissing, match=r"there is no `lean` on this machine; install elan"):
        native.ready()
    assert not machine.cache.exists()


def test_a_toolchain_that_fails_is_quoted(machine: Machine) -> None:
    machine.install()
    machine.program("lean", "echo 'error: no such release' >&2; exit 3")
    with pytest.raises(RuntimeMissing, match="no such release"):
        toolchain.find()


def test_mathlm_lean_names_a_toolchain(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.install()
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    for folder in (machine.bin, machine.bin.parent):
        monkeypatch.setenv("MATHLM_LEAN", str(folder))
        assert toolchain.find().lean == machine.bin / "lean"
    monkeypatch.setenv("MATHLM_LEAN", str(machine.cache))
    with pytest.raises(RuntimeMissing, match=r"MATHLM_LEAN=.* has no `lean`"):
        toolchain.find()


def test_elan_is_found_where_it_installs_itself(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.install()
    home = Path(os.environ["HOME"])
    (home / ".elan").mkdir(parents=True)
    machine.bin.rename(home / ".elan" / "bin")
    assert toolchain.find().lean == home / ".elan" / "bin" / "lean"


def test_a_build_that_fails_is_quoted_and_not_kept(machine: Machine) -> None:
    machine.install(lake="echo 'error: Main.lean:3:0: it does not compile'; exit 1")
    with pytest.raises(InfraError, match=r"(?s)Lean 4.34.1 .*exit status 1.*--runtime.*it does not compile"):
        native.ready()
    assert not native.is_ready()
    assert [path.name for path in machine.cache.iterdir() if path.suffix != ".lock"] == []


def test_the_build_runs_on_a_copy(machine: Machine) -> None:
    before = sorted(str(path) for path in workspace().rglob("*"))
    machine.install(lake='echo "args: $*"; ls; touch made; exit 1')
    with pytest.raises(InfraError) as caught:
        native.ready()
    said = str(caught.value).splitlines()
    assert "args: build mathlm-lean" in said
    assert {"Main.lean", "MathLM", "lakefile.toml", "lean-toolchain"} <= set(said)
    assert sorted(str(path) for path in workspace().rglob("*")) == before


def test_a_program_that_is_no_worker_is_not_kept(machine: Machine) -> None:
    """`lake` succeeds, but what it made does not answer: tried confined before it is kept."""
    python = Path(sys.executable).resolve()
    machine.install(lake=f"mkdir -p .lake/build/bin; cp {python} .lake/build/bin/mathlm-lean")
    with pytest.raises(InfraError, match="native lean"):
        native.ready()
    assert not native.is_ready()


def test_the_command_line_is_confined(machine: Machine) -> None:
    machine.install()
    runtime = native._runtime(toolchain.find(), machine.cache / "build")
    for spawn, mode in ((runtime.spawn, "worker"), (runtime.spawn_judge, "judge")):
        argv = list(spawn().argv)
        at = argv.index("--")
        program = str(machine.cache / "build" / native.PROGRAM)
        assert argv[at + 1 :] == [program, mode, str(machine.bin.parent), ""]
        launcher = confine.command(
            Path(program), mode, str(machine.bin.parent), "",
            read=(machine.bin.parent / "lib",), address_space=native.ADDRESS_SPACE,
        )  # fmt: skip
        assert argv == launcher
    assert runtime.toolchain == "Lean 4.34.1 (0123456789ab), native, core"
    verifier = LeanVerifier(runtime=runtime)
    assert verifier.toolchain == runtime.toolchain
    verifier.close()


def mathlib(folder: Path, version: str) -> Path:
    for package in ("mathlib", "batteries"):
        (folder / ".lake" / "packages" / package / ".lake" / "build" / "lib" / "lean").mkdir(parents=True)
    (folder / ".lake/packages/mathlib/.lake/build/lib/lean/Mathlib.olean").touch()
    (folder / "lean-toolchain").write_text(f"leanprover/lean4:v{version}\n")
    return folder


def test_mathlib_comes_from_a_project(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.install()
    project = mathlib(tmp_path / "project", "4.34.1")
    monkeypatch.setenv("MATHLM_MATHLIB", str(project))
    runtime = native._runtime(toolchain.find(), machine.cache)
    assert runtime.toolchain.endswith("native, mathlib")
    argv = list(runtime.spawn().argv)
    batteries, of_mathlib = argv[-2].split(":")
    assert argv[-1] == "mathlib" and "batteries" in batteries and "mathlib" in of_mathlib
    assert argv.count(of_mathlib) == 1 and argv[argv.index(of_mathlib) - 1] == "--read"


@pytest.mark.parametrize(
    ("version", "broken", "said"),
    [
        ("4.34.0", "", "must be the same"),
        ("4.34.1", "Mathlib.olean", "has no compiled Mathlib"),
        ("4.34.1", "lean-toolchain", "no lean-toolchain file"),
    ],
)
def test_mathlib_that_does_not_fit(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, broken: str, said: str
) -> None:
    machine.install()
    project = mathlib(tmp_path / "project", version)
    if broken:
        next(project.rglob(broken)).unlink()
    monkeypatch.setenv("MATHLM_MATHLIB", str(project))
    with pytest.raises(RuntimeMissing, match=said):
        native.ready()
    assert said in (native.why_not() or "")


def test_auto_takes_what_is_ready(machine: Machine) -> None:
    assert runtimes.choose("auto") is runtimes.EMBEDDED
    machine.install(lake="echo 'auto must not build' >&2; exit 1")
    assert runtimes.choose("auto") is runtimes.EMBEDDED
    built = machine.cache / native._name(toolchain.find()) / native.PROGRAM
    built.parent.mkdir(parents=True)
    shutil.copy(Path(sys.executable).resolve(), built)
    assert runtimes.choose("auto").name == "native"
    assert runtimes.choose("auto").checks_per_worker == 1  # see verify/lean/native.py
    assert runtimes.choose("embedded") is runtimes.EMBEDDED
    machine.install(f"Lean (version 4.35.0, commit {COMMIT}, Release)")  # another toolchain: another build
    assert runtimes.choose("auto") is runtimes.EMBEDDED


@pytest.mark.parametrize("verb", [["check", "F.lean"], ["prove", "theorem t : 1 = 1", "--no-model"]])
def test_the_verbs_say_why_there_is_no_native_lean(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    verb: list[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "F.lean").write_text("theorem t : 1 = 1 := rfl\n")
    assert main([*verb, "--runtime", "native"]) == 3
    said = " ".join(capsys.readouterr().err.split())
    assert "there is no `lean` on this machine" in said and "--runtime embedded" in said


def test_another_runtime_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "F.lean", "--runtime", "wasm"]) == 2
