"""Stage 1, pre-training: next-token prediction on plain text, from scratch or continued.

Data: JSON lines `{"text"}` (also `.gz`). The loss is on every token of a document but the first.
Phases: run folder, tokenizer, data, model, training. The result is `OUT/checkpoint`, a Hugging Face
folder. Rerun the same command to continue a run that was stopped (see `training.run`).
Errors: UsageError and DataError with what to do.
Not covered: learning the tokenizer (`mathlm data tokenizer`), mixing weights (repeat a `--data` file).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from mathlm.cli.output import note
from mathlm.errors import UsageError
from model import checkpoint
from model.config import ModelConfig
from model.tokenizer import Tokenizer
from model.transformer import Transformer
from training import corpus
from training.loop import Job, fit
from training.optim import OptimConfig
from training.run import Run, RunConfig
from training.trainer import Trainer


@dataclass(frozen=True, kw_only=True, slots=True)
class PretrainConfig:
    """One pre-training run.

    Example: `PretrainConfig(data=(Path("t.jsonl"),), tokenizer=Path("tok"), run=RunConfig(…))`
    """

    data: tuple[Path, ...]
    """JSON-lines files; a file named twice counts twice."""
    run: RunConfig
    tokenizer: Path | None = None
    """Folder with `tokenizer.json`; needed from scratch, refused with `init`."""
    init: Path | None = None
    """Checkpoint folder to continue from, with its tokenizer and shape; None: from scratch."""
    layers: int = 8
    hidden: int = 256
    """Width; the SwiGLU layer is three times as wide."""
    heads: int = 8
    kv_heads: int = 4
    """Key and value heads (grouped-query attention)."""
    max_position: int = 1024
    """Longest context that the model accepts."""
    optim: OptimConfig = field(default_factory=OptimConfig)

    def __post_init__(self) -> None:
        if not self.data:
            raise ValueError("give at least one data file")
        if (self.tokenizer is None) == (self.init is None):
            raise ValueError("give either a tokenizer folder (from scratch) or init (continued)")
        if self.heads < 1 or self.hidden % self.heads:
            raise ValueError(f"hidden must be a multiple of heads, got {self.hidden} and {self.heads}")
        self.shape(vocab_size=1)  # refuses the rest before a run folder is made
        if self.max_position < max(self.run.row_lengths):
            raise ValueError(f"max_position must reach the longest row, got {self.max_position}")

    def shape(self, *, vocab_size: int) -> ModelConfig:
        """The decoder to make from scratch."""
        return ModelConfig(
            vocab_size=vocab_size,
            hidden_size=self.hidden,
            intermediate_size=3 * self.hidden,
            num_layers=self.layers,
            num_heads=self.heads,
            num_kv_heads=self.kv_heads,
            head_dim=self.hidden // self.heads,
            max_position=self.max_position,
        )


def main(config: PretrainConfig) -> dict[str, Any]:
    """Pre-train; returns the summary."""
    started = time.monotonic()

    # The run folder: ours alone, and either new or the same run as before.
    run = Run("pretrain", config, config.run)
    try:
        # Model and tokenizer.
        torch.manual_seed(config.run.seed)
        model, tokenizer = build(config)
        trainer = Trainer(model, config.optim, config.run, log=note)

        # Data, tokenised once.
        cache = config.run.out.parent / ".token-cache"
        documents = corpus.load(config.data, kind="text", tokenizer=tokenizer, cache=cache, log=note)
        run.check(data=documents.hashes, parameters=trainer.parameters)
        if run.finished is not None:
            note(f"{config.run.out} is finished; use another --out for a new run")
            return run.finished

        # Training.
        return fit(
            Job(
                run=run,
                config=config.run,
                optim=config.optim,
                corpus=documents,
                tokenizer=tokenizer,
                trainer=trainer,
                split=True,
                log=note,
                started=started,
            )
        )
    finally:
        run.close()


def build(config: PretrainConfig) -> tuple[Transformer, Tokenizer]:
    """A new model for the tokenizer, or the one to continue from."""
    if config.init is not None:
        model, tokenizer = checkpoint.load(config.init, dtype=torch.float32)
        if model.config.max_position < max(config.run.row_lengths):
            raise UsageError(
                f"{config.init} accepts {model.config.max_position} tokens, less than the longest row: "
                "give shorter --row-length"
            )
        return model, tokenizer
    assert config.tokenizer is not None  # PretrainConfig checks that one of the two is given
    tokenizer = Tokenizer.load(config.tokenizer)
    return Transformer(config.shape(vocab_size=tokenizer.vocab_size)), tokenizer
