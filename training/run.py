"""The folder of a training run: configuration, lock, atomic resume state, final checkpoint.

Files: `run.json` (resolved configuration, commit, data hashes), `plan.json` (number of steps, decided
once), `resume.pt` (weights, optimiser, position in the data), `checkpoint/` (Hugging Face folder of the
last saved step), `metrics.jsonl`, `tensorboard/`, `loss.png`, `report.html`, and `summary.json`, which
means that the run is finished.

Contract: the same command in the same folder continues the run, after `kill -9` too: every file is
written beside its target and renamed. What may differ on a rerun is in `MAY_CHANGE` only. There is no
other random state than the seed: the model has no dropout, and the order of the data is a function of
seed and epoch. With several ranks rank 0 holds the folder and writes; the state is gathered into one file
that any number of ranks can continue from, on several machines over a shared folder.
Errors: UsageError when the folder belongs to another run or is in use, CheckpointError when the resume
state cannot be read.
Not covered: keeping more than one state; a state that does not fit rank 0's memory.
"""

from __future__ import annotations

import dataclasses
import fcntl
import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch

from mathlm.config import git_hash
from mathlm.errors import CheckpointError, UsageError
from mathlm.records import write_atomically, write_json
from model import checkpoint
from model.tokenizer import Tokenizer
from model.transformer import Transformer
from training import ranks

MAY_CHANGE = ("checkpoint_minutes", "threads")


@dataclass(frozen=True, kw_only=True, slots=True)
class RunConfig:
    """What every stage needs to know about its run; exactly one of steps, minutes, epochs is set.

    Example: `RunConfig(out=Path("runs/mini"), minutes=30)`
    """

    out: Path
    """Folder of the run; made if it is not there."""
    steps: int | None = None
    """Optimiser steps."""
    minutes: float | None = None
    """Wall-clock budget. Steps are timed at the start and their number is then fixed."""
    epochs: float | None = None
    """Passes over the training documents."""
    batch_tokens: int = 16_384
    """Places of one optimiser step."""
    micro_tokens: int = 8_192
    """Places computed at a time; bounds the memory."""
    row_lengths: tuple[int, ...] = (128, 256, 512)
    """Lengths of packed rows (see `training.packing`); the longest is the longest context trained on."""
    seed: int = 0
    evaluations: int = 10
    """How often the validation loss is measured, evenly over the run."""
    validation_tokens: int = 32_768
    """Places of held-out documents used for it, at most."""
    checkpoint_minutes: float = 5.0
    """The state is saved this often, and at the end."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """Of weights and activations; the optimiser keeps float32. `auto`: bf16 where the hardware has it."""
    compile: Literal["auto", "on", "off"] = "auto"
    """torch.compile; `auto` does without where no compiler is found."""
    attention: Literal["auto", "matmul", "fused", "varlen"] = "auto"
    """Kernel of attention (see `training.trainer.choose_attention`)."""
    recompute: bool = False
    """Activation checkpointing: less memory for activations, a third more work."""
    threads: int = 0
    """CPU threads; 0 leaves the choice to torch."""

    def __post_init__(self) -> None:
        if sum(x is not None for x in (self.steps, self.minutes, self.epochs)) != 1:
            raise ValueError("give exactly one of steps, minutes and epochs")
        for name in ("steps", "minutes", "epochs", "batch_tokens", "micro_tokens", "checkpoint_minutes",
                     "evaluations", "validation_tokens"):  # fmt: skip
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"{name} must be positive, got {value}")
        if not self.row_lengths or any(length < 2 for length in self.row_lengths):
            raise ValueError(f"row_lengths must be lengths of at least 2, got {self.row_lengths}")
        if any(self.micro_tokens % length for length in self.row_lengths):
            raise ValueError(
                f"micro_tokens must be a multiple of every row length {self.row_lengths}, "
                f"got {self.micro_tokens}"
            )
        if self.batch_tokens % self.micro_tokens:
            raise ValueError(
                f"batch_tokens ({self.batch_tokens}) must be a multiple of micro_tokens ({self.micro_tokens})"
            )
        if self.threads < 0:
            raise ValueError(f"threads must not be negative, got {self.threads}")

    @property
    def micro_steps(self) -> int:
        """Micro-batches of one optimiser step."""
        return self.batch_tokens // self.micro_tokens


class Run:
    """An open run folder; one run at a time holds it. All ranks make the same calls."""

    def __init__(self, stage: str, config: Any, run: RunConfig) -> None:
        self.out, self._config = run.out, run
        self._stage = stage
        self._resolved = json.loads(json.dumps(dataclasses.asdict(config), default=str))
        self._lock: Any = None
        ranks.agree({"stage": stage, "settings": self._resolved, "commit": git_hash()})
        ranks.first(self._open)
        self._saved_at = time.monotonic()

    def _open(self) -> None:
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            self._lock = (self.out / ".lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise UsageError(
                f"{self.out} is in use by another run: wait for it or use another --out"
            ) from None
        except OSError as error:
            raise UsageError(f"cannot write {self.out} ({error.strerror}): choose another --out") from None

    def close(self) -> None:
        """Let go of the folder."""
        if self._lock is not None:
            self._lock.close()

    def check(self, *, data: dict[str, str], parameters: int) -> None:
        """Write `run.json`, or make sure that the folder belongs to this very run."""
        ranks.agree({"data": list(data.values()), "parameters": parameters})
        ranks.first(lambda: self._check(data, parameters))

    def _check(self, data: dict[str, str], parameters: int) -> None:
        path = self.out / "run.json"
        facts = {"stage": self._stage, "config": self._resolved, "data": data}
        if path.exists():
            before = json.loads(path.read_text(encoding="utf-8"))
            if changed := sorted(_differences({k: before[k] for k in facts}, facts)):
                raise UsageError(
                    f"{self.out} holds a run with other settings ({', '.join(changed)}): "
                    "repeat the old settings to continue it, or use another --out"
                )
            return
        write_json(path, facts | environment() | {"parameters": parameters})

    @property
    def finished(self) -> dict[str, Any] | None:
        """The summary of a finished run."""
        path = self.out / "summary.json"
        return ranks.first(lambda: json.loads(path.read_text(encoding="utf-8")) if path.exists() else None)

    def plan(self, decide: Callable[[], int]) -> int:
        """The number of steps: decided once per run, so that a continued run has the same schedule."""
        path = self.out / "plan.json"
        if not ranks.first(path.exists):
            steps = decide()  # all ranks: steps may be timed
            ranks.first(lambda: write_json(path, {"steps": steps}))
        return ranks.first(lambda: int(json.loads(path.read_text(encoding="utf-8"))["steps"]))

    def load_state(self, device: torch.device) -> dict[str, Any] | None:
        """What `save` was given last, or None at the start of a run."""
        path = self.out / "resume.pt"
        if not ranks.first(path.exists):
            return None
        try:
            state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True, mmap=True)
        except Exception as error:  # what torch raises depends on where the file is torn
            raise CheckpointError(
                f"{path} cannot be read ({error}): delete it to start the run again from its first step"
            ) from error
        return state

    def save_due(self) -> bool:
        """Whether `checkpoint_minutes` have passed since the last save, by this rank's clock."""
        return time.monotonic() - self._saved_at >= 60 * self._config.checkpoint_minutes

    def save(self, state: dict[str, Any], model: Transformer, tokenizer: Tokenizer) -> None:
        """Write the resume state and the checkpoint folder; what rank 0 gives counts."""

        def write() -> None:
            write_atomically(self.out / "resume.pt", lambda partial: torch.save(state, partial))
            facts = {"stage": self._stage, "step": state["step"], "git": git_hash(), "config": self._resolved}
            dtype = next(model.parameters()).dtype
            checkpoint.save(model, tokenizer, self.out / "checkpoint", dtype=dtype, extra=facts)

        ranks.first(write)
        self._saved_at = time.monotonic()

    def finish(self, summary: dict[str, Any]) -> None:
        """Mark the run as finished."""
        ranks.first(lambda: write_json(self.out / "summary.json", summary))


def environment() -> dict[str, Any]:
    """Where and with what a run began, for `run.json`."""
    cuda = torch.cuda.is_available()
    return {
        "git": git_hash(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "system": platform.platform(),
        "processor": torch.cuda.get_device_name() if cuda else torch.backends.cpu.get_cpu_capability(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "ranks": ranks.count(),
    }


def _differences(before: Any, now: Any, name: str = "") -> list[str]:
    """Dotted names of what differs, MAY_CHANGE left out."""
    if isinstance(before, dict) and isinstance(now, dict):
        keys = [k for k in before.keys() | now.keys() if k not in MAY_CHANGE]
        found = [_differences(before.get(k), now.get(k), f"{name}.{k}".lstrip(".")) for k in keys]
        return [x for part in found for x in part]
    return [] if before == now else [name]
