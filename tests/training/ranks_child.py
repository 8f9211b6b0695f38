"""What the rank tests run in each process: a pre-training that is told to stop after some steps."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.pretrain import PretrainConfig, main


def pretrain(config: PretrainConfig) -> dict[str, Any]:
    """The whole run."""
    return main(config)


def pretrain_a_little(config: PretrainConfig) -> str:
    """Ctrl-C on every rank once 6 more lines of figures are written; returns how the run ended."""
    path = config.run.out / "metrics.jsonl"
    before = path.read_bytes().count(b"\n") if path.exists() else 0
    threading.Thread(target=_interrupt, args=(path, before + 6), daemon=True).start()
    try:
        main(config)
    except KeyboardInterrupt:
        return "stopped"
    return "ended"


def _interrupt(metrics: Path, lines: int) -> None:
    while not (metrics.exists() and metrics.read_bytes().count(b"\n") >= lines):
        time.sleep(0.005)
    os.kill(os.getpid(), signal.SIGINT)


def pretrain_with_different_seeds(config: PretrainConfig) -> dict[str, Any]:
    """Ranks that were started with different settings."""
    return main(replace(config, run=replace(config.run, seed=int(os.environ["RANK"]))))


def pretrain_and_lose_rank_1(config: PretrainConfig) -> dict[str, Any]:
    """Rank 1 is killed in the middle, as by the system when memory runs out."""
    if os.environ["RANK"] == "1":
        kill = (config.run.out / "metrics.jsonl", 3)
        threading.Thread(target=_kill, args=kill, daemon=True).start()
    return main(config)


def _kill(metrics: Path, lines: int) -> None:
    while not (metrics.exists() and metrics.read_bytes().count(b"\n") >= lines):
        time.sleep(0.005)
    os.kill(os.getpid(), signal.SIGKILL)
