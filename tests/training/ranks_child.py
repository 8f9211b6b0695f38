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
from training.trainer import Trainer


def pretrain(config: PretrainConfig) -> dict[str, Any]:
    """The whole run."""
    return main(config)


def pretrain_a_little(config: PretrainConfig) -> str:
    """Ctrl-C on every rank once 6 more lines of figures are written; returns how the run ended."""
    return _pretrain_until(config, interrupted=True)


def pretrain_with_a_late_signal(config: PretrainConfig) -> str:
    """Ctrl-C reaches rank 0 in a step and rank 1 only when both save for it."""
    late = os.environ["RANK"] == "1"
    if late:
        whole_model = Trainer.whole_model

        def interrupted(trainer: Trainer) -> Any:
            os.kill(os.getpid(), signal.SIGINT)
            return whole_model(trainer)

        Trainer.whole_model = interrupted  # type: ignore[method-assign]
    return _pretrain_until(config, interrupted=not late)


def _pretrain_until(config: PretrainConfig, *, interrupted: bool) -> str:
    path = config.run.out / "metrics.jsonl"
    before = path.read_bytes().count(b"\n") if path.exists() else 0
    thread = threading.Thread(target=_interrupt, args=(path, before + 6), daemon=True)
    if interrupted:
        thread.start()
    try:
        try:
            main(config)
        finally:
            if interrupted:
                thread.join()  # the signal may come after the others have stopped this rank
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
