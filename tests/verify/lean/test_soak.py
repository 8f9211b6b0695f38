"""A short soak: workers and judges are killed while they check, and nothing is lost, wrong or left over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOAK = ROOT / "tests" / "bench" / "soak_lean.py"


@pytest.mark.skipif(sys.platform != "linux", reason="looks for left-over processes in /proc")
def test_a_short_soak() -> None:
    words = ["--checks", "60", "--seed", "7", "--kill-every", "10", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(SOAK), *words], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, (done.stdout[-3000:], done.stderr[-3000:])
    report = json.loads(done.stdout)
    assert report["answered"] == 60
    assert (report["lost"], report["wrong"], report["left_over"]) == ([], [], [])
    assert report["outcomes"]["true: accepted"] > 30
    assert report["kills"].get("worker", 0) + report["kills"].get("judge", 0) > 0
