"""Stage 3, reward modelling: one conditional model learns to prefer what the verifier accepted.

Data: JSON lines of `mathlm data pairs`. The model starts from fine-tuned weights, its output layer replaced
by one number read at `<|endoftext|>` after the answer's `<|im_end|>`; each domain has its own system prompt.
Phases: run folder, model, data, training. The result is `OUT/checkpoint`, a LlamaForSequenceClassification.
Rerun the same command to continue a run that was stopped (see `training.run`).

The loss of a pair with scores a (chosen) and b (rejected) is, with P = sigmoid(a - b),

    -(1 - 2 max(0, P - 1/2))^GAMMA log P  +  PENALTY (barrier(a) + barrier(b)) / 2
    barrier(x) = -(log(x + 5) + log(5 - x))

Pairs that are told apart already count little (focal weight), and scores stay between -5 and 5. Within EDGE
of 5 and beyond, the barrier goes on as its tangent: a score that a step throws out is drawn back instead of
becoming NaN.

Errors: UsageError, CheckpointError and DataError with what to do. Not covered: margins, soft labels.
Source: InternLM2 (arXiv:2403.17297, section 4.2.1); rates for wide models as there, with Muon's as in
Moonlight (arXiv:2502.16982): an update of the same root mean square as AdamW's.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from mathlm.cli.output import note
from mathlm.errors import UsageError
from mathlm.preferences import Pair, pairwise_accuracy
from model import checkpoint
from model.config import ModelConfig
from model.reward import RewardModel, RewardTransformer
from model.tokenizer import Tokenizer
from training import pairs
from training.loop import Job, fit
from training.optim import OptimConfig
from training.packing import IGNORE, Batch
from training.run import Run, RunConfig
from training.trainer import Trainer

GAMMA, PENALTY = 2, 0.02
LIMIT, EDGE = 5.0, 0.01
WIDE = 1024
"""Hidden width from which a model gets the rates of the 7B and 20B models in the paper."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RewardConfig:
    """One reward run.

    Example: `RewardConfig(data=(Path("train.jsonl"),), init=Path("sft/checkpoint"), run=RunConfig(…))`
    """

    data: tuple[Path, ...]
    """JSON-lines files of pairs; a file named twice counts twice."""
    init: Path
    """Checkpoint folder of the fine-tuned language model."""
    run: RunConfig
    optim: OptimConfig | None = None
    """None: `default_optim` for the width of the model."""

    def __post_init__(self) -> None:
        if not self.data:
            raise ValueError("give at least one data file")


def default_optim(shape: ModelConfig) -> OptimConfig:
    """A cosine to half the peak: AdamW 1e-5 for wide models, 50 times that for narrow ones."""
    adam = 1e-5 if shape.hidden_size >= WIDE else 5e-4
    muon = adam * 0.2 * math.sqrt(shape.hidden_size)
    return OptimConfig(muon_lr=muon, adam_lr=adam, schedule="cosine", floor=0.5)


def optim_for(init: Path) -> OptimConfig:
    """`default_optim` for the model in a checkpoint folder."""
    return default_optim(checkpoint.read_config(init))


def main(config: RewardConfig) -> dict[str, Any]:
    """Train the reward model; returns the summary."""
    started = time.monotonic()
    optim = config.optim or optim_for(config.init)

    # The run folder: ours alone, and either new or the same run as before.
    run = Run("reward", replace(config, optim=optim), config.run)
    try:
        # Model and tokenizer: the fine-tuned decoder with a new output.
        torch.manual_seed(config.run.seed)
        language_model, tokenizer = checkpoint.load(config.init, dtype=torch.float32)
        if language_model.config.max_position < max(config.run.row_lengths):
            raise UsageError(
                f"{config.init} accepts {language_model.config.max_position} tokens, less than the longest "
                "row: give shorter --row-length"
            )
        model = RewardTransformer.from_language_model(language_model)
        trainer = RewardTrainer(model, optim, config.run, log=note)

        # Data: pairs as tokens, a twentieth of the questions held out.
        found = pairs.load(config.data, tokenizer=tokenizer, log=note)
        run.check(
            data=found.corpus.hashes | {str(config.init): checkpoint.model_hash(config.init)},
            parameters=trainer.parameters,
        )
        if run.finished is not None:
            note(f"{config.run.out} is finished; use another --out for a new run")
            return run.finished
        stream = _stream(found, config.run, held_out=False)
        if stream.left_out:
            note(f"{stream.left_out:,} pairs have a text longer than the longest row and were left out")
        held_out = found.chosen(held_out=True)

        # Training.
        return fit(
            Job(
                run=run,
                config=config.run,
                optim=optim,
                corpus=found.corpus,
                tokenizer=tokenizer,
                trainer=trainer,
                split=False,
                log=note,
                started=started,
                stream=stream,
                held_out=list(_stream(found, config.run, held_out=True).epoch_batches(0)) if held_out else [],
                completes=False,
                figures=lambda: _accuracy(model, tokenizer, [found.pairs[i] for i in held_out]),
            )
        )
    finally:
        run.close()


def _stream(found: pairs.Pairs, run: RunConfig, *, held_out: bool) -> pairs.PairStream:
    return pairs.PairStream(
        found.corpus,
        found.chosen(held_out=held_out),
        row_lengths=run.row_lengths,
        micro_tokens=run.micro_tokens,
        seed=run.seed,
    )


def _accuracy(model: RewardTransformer, tokenizer: Tokenizer, held_out: list[Pair]) -> dict[str, float]:
    """Pairwise accuracy on the held-out questions; nothing when there are none."""
    if not held_out:
        return {}
    model.eval()
    figures = pairwise_accuracy(RewardModel(model, tokenizer), held_out)
    return {"accuracy": figures["accuracy"], "accuracy_stderr": figures["accuracy_stderr"]}


class RewardTrainer(Trainer):
    """The trainer with the loss of pairs in the place of cross-entropy."""

    def loss(self, batch: Batch) -> Tensor:
        """Twice the sum of the pairs' losses: a pair has two places, and a step takes their mean."""
        arrays = (batch.tokens_BL, batch.positions_BL, batch.doc_ids_BL)
        tokens, positions, documents = (torch.from_numpy(x).to(self.device) for x in arrays)
        with self._kernels(batch.tokens_BL.shape[1]):
            hidden_TD = self.model.hidden(tokens, positions_BL=positions, doc_ids_BL=documents).flatten(0, 1)
        targets = batch.targets_BL.reshape(-1)
        index = np.flatnonzero(targets != IGNORE)
        places_T = torch.from_numpy(index[np.argsort(targets[index])]).to(self.device)
        assert isinstance(self.model, RewardTransformer)
        scores_P2 = self.model.rewards(hidden_TD[places_T]).view(-1, 2)
        return 2 * pair_losses(scores_P2[:, 0], scores_P2[:, 1]).sum()


def pair_losses(chosen_P: Tensor, rejected_P: Tensor) -> Tensor:
    """The loss of each pair (see the module docstring)."""
    margin_P = chosen_P - rejected_P
    # 1 - 2 max(0, P - 1/2) is 2 (1 - P) where P > 1/2, else 1; 1 - P = sigmoid(-margin) keeps its digits
    weight_P = (2 * torch.sigmoid(-margin_P)).clamp(max=1.0) ** GAMMA
    rank_P = -weight_P * F.logsigmoid(margin_P)
    return rank_P + PENALTY * (barrier(chosen_P) + barrier(rejected_P)) / 2


def barrier(scores: Tensor) -> Tensor:
    """-(log(x + 5) + log(5 - x)), continued as its tangent from |x| = 5 - EDGE on."""
    inner = scores.clamp(-(LIMIT - EDGE), LIMIT - EDGE)
    slope = 1 / EDGE - 1 / (2 * LIMIT - EDGE)
    return -(torch.log(inner + LIMIT) + torch.log(LIMIT - inner)) + slope * (scores - inner).abs()
