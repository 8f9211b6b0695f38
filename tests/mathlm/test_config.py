"""What the installation and the machine have."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from mathlm import config

PACKAGE = Path(config.__file__).parent


def git_hash_in(folder: Path) -> str:
    """`git_hash()` of a copy of the package in `folder`."""
    shutil.copytree(PACKAGE, folder / "mathlm", dirs_exist_ok=True)
    program = "from mathlm.config import git_hash; print(git_hash())"
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def test_git_hash_names_the_commit_and_whether_it_was_changed(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a", "GIT_CONFIG_GLOBAL": os.devnull}
        identity |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a"}
        subprocess.run(["git", "-C", tmp_path, *words], check=True, env=os.environ | identity)

    git("init", "-q")
    assert git_hash_in(tmp_path) == ""  # no commit yet
    git("add", "mathlm/config.py")
    git("commit", "-q", "-m", "first")
    assert re.fullmatch("[0-9a-f]{40}", git_hash_in(tmp_path))
    (tmp_path / "new").write_text("")
    git("add", "new")
    assert git_hash_in(tmp_path).endswith("-dirty")
    installed = tmp_path / "venv"
    installed.mkdir()
    assert git_hash_in(installed) == ""  # the repository above is another project's


def test_the_machine_is_described() -> None:
    assert 1 <= config.cores() <= (os.cpu_count() or 1)
    assert config.memory_mb() > 100
