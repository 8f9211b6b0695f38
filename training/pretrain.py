"""Stage 1, pre-training: next-token prediction on plain text, from scratch or continued.

Data: JSON lines `{"text"}` (also `.gz`). The loss is on every token of a document but the first.
Parts: run folder, model and tokenizer, data, training. The result is `OUT/checkpoint`, a Hugging Face
folder. Rerun the same command to continue a run that was stopped (see `training.run`). The context may grow
in phases (see `training.phases`). Under torchrun, or by `--ranks`, several processes share the work.
Errors: UsageError and DataError with what to do.
Not covered: learning the tokenizer (`mathlm data tokenizer`), mixing weights (repeat a `--data` file).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from mathlm.errors import UsageError
from model import checkpoint
from model.config import ModelConfig
from model.tokenizer import Tokenizer
from model.transformer import Transformer
from training import corpus, ranks
from training.loop import Job, fit
from training.optim import OptimConfig
from training.phases import Phase
from training.phases import check as check_phases
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
    """Longest context that the model accepts. With `init` and phases: at least their longest row."""
    phases: tuple[Phase, ...] = ()
    """Row lengths and RoPE bases by share of the steps; none: those of `run`, one base."""
    optim: OptimConfig = field(default_factory=OptimConfig)

    def __post_init__(self) -> None:
        if not self.data:
            raise ValueError("give at least one data file")
        if (self.tokenizer is None) == (self.init is None):
            raise ValueError("give either a tokenizer folder (from scratch) or init (continued)")
        if self.heads < 1 or self.hidden % self.heads:
            raise ValueError(f"hidden must be a multiple of heads, got {self.hidden} and {self.heads}")
        self.shape(vocab_size=1)  # refuses the rest before a run folder is made
        check_phases(
            self.phases or (Phase(share=1.0, row_lengths=self.run.row_lengths),),
            micro_tokens=self.run.micro_tokens,
            max_position=self.max_position,
        )

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
    with ranks.joined(config.run.device):
        return train(config, started)


def train(config: PretrainConfig, started: float) -> dict[str, Any]:
    """The story of the stage; every rank tells it."""
    # The run folder: ours alone, and either new or the same run as before.
    run = Run("pretrain", config, config.run)
    try:
        # Model and tokenizer.
        torch.manual_seed(config.run.seed)
        model, tokenizer = build(config)
        trainer = Trainer(model, config.optim, config.run, log=ranks.note)

        # Data, tokenised once.
        cache = config.run.out.parent / ".token-cache"
        documents = ranks.in_turn(
            lambda: corpus.load(config.data, kind="text", tokenizer=tokenizer, cache=cache, log=ranks.note)
        )
        sources = documents.hashes | {"tokenizer": corpus.tokenizer_hash(tokenizer)}
        if config.init is not None:
            sources[str(config.init)] = checkpoint.model_hash(config.init)
        run.check(data=sources, parameters=trainer.parameters)
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
                split=True,
                log=ranks.note,
                started=started,
                phases=config.phases,
            )
        )
    finally:
        run.close()


def build(config: PretrainConfig) -> tuple[Transformer, Tokenizer]:
    """A new model for the tokenizer, or the one to continue from."""
    if config.init is not None:
        model, tokenizer = checkpoint.load(config.init, dtype=torch.float32)
        if config.phases:
            longest = max(length for phase in config.phases for length in phase.row_lengths)
            reached = max(model.config.max_position, longest)
            model.rescale(replace(model.config, max_position=reached, max_context=None))
        elif model.config.max_position < max(config.run.row_lengths):
            raise UsageError(
                f"{config.init} accepts {model.config.max_position} tokens, less than the longest row: "
                "give shorter --row-length, or a longer context by --phase"
            )
        return model, tokenizer
    assert config.tokenizer is not None  # PretrainConfig checks that one of the two is given
    tokenizer = Tokenizer.load(config.tokenizer)
    return Transformer(config.shape(vocab_size=tokenizer.vocab_size)), tokenizer
