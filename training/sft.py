"""Stage 2, supervised fine-tuning: learn verified answers to rendered prompts.

Data: JSON lines `{"id", "prompt", "answer", "source"}` (also `.gz`; `TrainingSample` of
`mathlm/types.py`), prompts rendered by `mathlm.prompts`. The loss is on the answer and its `<|im_end|>`
only. Parts: run folder, model, data, training. The result is `OUT/checkpoint`. Rerun the same command to
continue a run that was stopped (see `training.run`). Under torchrun, or by `--ranks`, several processes
share the work.
Errors: UsageError, CheckpointError and DataError with what to do.
Not covered: several turns in one document, adapters (LoRA).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from mathlm.errors import UsageError
from model import checkpoint
from training import corpus, ranks
from training.loop import Job, fit
from training.optim import OptimConfig
from training.run import Run, RunConfig
from training.trainer import Trainer

OPTIM = OptimConfig(muon_lr=0.01, adam_lr=0.002, decay=0.8)
"""Half the rates of pre-training, most of the run decaying."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SftConfig:
    """One fine-tuning run.

    Example: `SftConfig(data=(Path("sft.jsonl"),), init=Path("base/checkpoint"), run=RunConfig(…))`
    """

    data: tuple[Path, ...]
    """JSON-lines files; a file named twice counts twice."""
    init: Path
    """Checkpoint folder to start from."""
    run: RunConfig
    optim: OptimConfig = OPTIM

    def __post_init__(self) -> None:
        if not self.data:
            raise ValueError("give at least one data file")


def main(config: SftConfig) -> dict[str, Any]:
    """Fine-tune; returns the summary."""
    started = time.monotonic()
    with ranks.joined(config.run.device):
        return train(config, started)


def train(config: SftConfig, started: float) -> dict[str, Any]:
    """The story of the stage; every rank tells it."""
    # The run folder: ours alone, and either new or the same run as before.
    run = Run("sft", config, config.run)
    try:
        # Model and tokenizer, from the checkpoint.
        torch.manual_seed(config.run.seed)
        model, tokenizer = checkpoint.load(config.init, dtype=torch.float32)
        if model.config.max_position < max(config.run.row_lengths):
            raise UsageError(
                f"{config.init} accepts {model.config.max_position} tokens, less than the longest row: "
                "give shorter --row-length"
            )
        trainer = Trainer(model, config.optim, config.run, log=ranks.note)

        # Data, tokenised once.
        cache = config.run.out.parent / ".token-cache"
        documents = ranks.in_turn(
            lambda: corpus.load(config.data, kind="chat", tokenizer=tokenizer, cache=cache, log=ranks.note)
        )
        sources = {
            "tokenizer": corpus.tokenizer_hash(tokenizer),
            str(config.init): checkpoint.model_hash(config.init),
        }
        run.check(data=documents.hashes | sources, parameters=trainer.parameters)
        if (summary := run.finished) is not None:
            ranks.note(f"{config.run.out} is finished; use another --out for a new run")
            return summary

        # Training.
        return fit(
            Job(
                run=run,
                config=config.run,
                optim=config.optim,
                corpus=documents,
                tokenizer=tokenizer,
                trainer=trainer,
                split=False,
                log=ranks.note,
                started=started,
            )
        )
    finally:
        run.close()
