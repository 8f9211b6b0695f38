"""`tests/bench/loop_seeds.py`: loops that differ in their seeds alone are summed, others are refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "bench" / "loop_seeds.py"


def loop(folder: Path, *, seed: int, samples: int = 8) -> str:
    """A folder as `mathlm loop` leaves it, as far as the script reads it."""
    folder.mkdir()
    params = {kind: {"temperature": 1.0, "seed": seed} for kind in ("prove", "solve")}
    config = {"samples": samples, "params": params, "sft": {"seed": seed}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    curve = [{"prove pass@8": 0.1}, {"prove pass@8": 0.1 + seed / 10}]
    (folder / "curve.json").write_text(json.dumps(curve), encoding="utf-8")
    return str(folder)


def run(*folders: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *folders], capture_output=True, text=True, check=False
    )


def test_seeds_are_summed(tmp_path: Path) -> None:
    done = run(loop(tmp_path / "a", seed=1), loop(tmp_path / "b", seed=2))
    assert "gain     0.150 ± 0.071  (0.100, 0.200)" in done.stdout, done.stderr


def test_other_loops_are_refused(tmp_path: Path) -> None:
    done = run(loop(tmp_path / "a", seed=1), loop(tmp_path / "b", seed=2, samples=4))
    assert done.returncode == 2 and "differ in more than their seeds" in done.stderr
