"""Stage 4, reinforcement learning: GRPO with the verifier's verdict as the reward.

Data: JSON lines with an `id` and what the grader asks for. A step samples `group` completions of each of
`prompts` problems with this project's own sampler from the weights that are trained, has them judged, and
updates `updates` times. The advantage of a completion is its reward minus the mean of its group, not divided
by the deviation (Dr. GRPO, arXiv:2503.20783); the ratio is clipped to [1 - clip_low, 1 + clip_high] (clip
higher, DAPO, arXiv:2503.14476); the loss is the mean over all tokens. `kl` adds that much of the k3 estimate
of the divergence from the first weights. Groups count whose pass rate is in (0, `most`] (Goedel-Prover-V2).
The result is `OUT/checkpoint`. Rerun the same command to continue a run that was stopped.

Contract: a reward None (the machine failed, no verdict) drops its sample. `mismatch` is the mean over
completions of |log p(sampler) - log p(trainer)| per token. A step depends on weights, seed and its number
only, so a run that was killed goes on with the same numbers. Completions that do not fit a row are left out.
Not covered: sampling beside training (both take turns), several devices, a critic.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from mathlm.cli.output import note, progress
from mathlm.errors import DataError
from mathlm.records import read_jsonl
from mathlm.types import Completion, Prompt, SamplingParams
from model import checkpoint
from model.generation.native import NativeBackend
from model.transformer import Transformer
from training.corpus import Corpus, file_hash
from training.metrics import Metrics
from training.optim import OptimConfig, learning_rate_scale
from training.packing import IGNORE, Batch, Stream
from training.report import report
from training.run import Run, RunConfig
from training.trainer import Trainer

OPTIM = OptimConfig(muon_lr=0.001, adam_lr=0.0002, schedule="cosine", floor=0.5)
Row = dict[str, Any]


class Grader(Protocol):
    """The verifier as a reward."""

    @property
    def fields(self) -> tuple[str, ...]:
        """What every data line must have; `id` is the first."""

    def prompts(self, row: Row, count: int) -> list[Prompt]:
        """What to sample for a problem."""

    def grade(self, rows: Sequence[Row], completions: Sequence[Completion]) -> list[float | None]:
        """1 for accepted, 0 for refused, None where there is no verdict; one for each completion."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RlConfig:
    """One run of reinforcement learning; `run.steps` must be set.

    Example: `RlConfig(data=(Path("q.jsonl"),), init=Path("sft/checkpoint"), run=RunConfig(…))`
    """

    data: tuple[Path, ...]
    init: Path
    """Checkpoint folder to start from."""
    run: RunConfig
    optim: OptimConfig = OPTIM
    prompts: int = 16
    """Problems of a step."""
    group: int = 8
    """Completions of a problem."""
    updates: int = 1
    """Optimiser steps on one set of completions."""
    max_tokens: int = 256
    clip_low: float = 0.2
    clip_high: float = 0.28
    kl: float = 0.0
    """Weight of the divergence from the first weights; 0 keeps no copy of them."""
    most: float = 0.75
    """Highest pass rate of a group that counts."""

    def __post_init__(self) -> None:
        if not self.data:
            raise ValueError("give at least one data file")
        if self.run.steps is None:
            raise ValueError("give steps: a step of reinforcement learning has no fixed length")
        for name, least in (("prompts", 1), ("group", 2), ("updates", 1), ("max_tokens", 1)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, got {getattr(self, name)}")
        if not (0 < self.clip_low < 1 and self.clip_high > 0 and self.kl >= 0 and 0 < self.most <= 1):
            raise ValueError("clip_low and most must be in (0, 1], clip_high above 0, kl not below 0")


def main(config: RlConfig, grader: Grader) -> dict[str, Any]:
    """Train; returns the summary."""
    # The run folder, model and problems.
    run = Run("rl", config, config.run)
    try:
        torch.manual_seed(config.run.seed)
        model, tokenizer = checkpoint.load(config.init, dtype=torch.float32)
        trainer = RlTrainer(model, config, vocab=tokenizer.vocab_size)
        reference = copy.deepcopy(trainer.model).eval() if config.kl else None
        rows = [row for path in config.data for row in read_jsonl(path, required=grader.fields)]
        if not rows:
            raise DataError(f"{', '.join(map(str, config.data))}: no problems")
        hashes = {str(path): file_hash(path) for path in config.data}
        run.check(
            data=hashes | {str(config.init): checkpoint.model_hash(config.init)},
            parameters=trainer.parameters,
        )
        if run.finished is not None:
            note(f"{config.run.out} is finished; use another --out for a new run")
            return run.finished
        step, steps = 0, config.run.steps or 0
        if (state := run.load_state(torch.device("cpu"))) is not None:
            step = state["step"]
            trainer.optimizer.load_state_dict(state["optimizer"])

        # Sample, judge, update.
        backend = NativeBackend(trainer.model, tokenizer, name="policy")
        figures: dict[str, float] = {}
        with Metrics(config.run.out, step=step) as metrics, progress("Training", total=steps) as bar:
            while step < steps:
                rollout = sample(step, rows, backend, grader, config)
                figures = update(rollout, trainer, reference, learning_rate_scale(step, steps, config.optim))
                step += 1
                metrics.log(step, **rollout.figures, **figures)
                bar.set(step)
                bar.describe(f"Training, reward {rollout.figures['reward']:.3f}")
                if run.save_due() or step == steps:
                    saved = {"step": step, "optimizer": trainer.optimizer.state_dict()}
                    run.save(saved, trainer.model, tokenizer)

        # Report.
        lines = [x for x in read_jsonl(config.run.out / "metrics.jsonl") if "reward" in x]
        tenth = max(1, len(lines) // 10)
        summary = {
            "steps": steps,
            "first_reward": float(np.mean([x["reward"] for x in lines[:tenth]])),
            "reward": float(np.mean([x["reward"] for x in lines[-tenth:]])),
            "mismatch": float(np.mean([x["mismatch"] for x in lines])),
        }
        report(config.run.out, summary)
        run.finish(summary)
        return summary
    finally:
        run.close()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rollout:
    """The completions of a step that count, as token documents."""

    documents: list[list[int]]
    starts: list[int]
    """Where the completion begins in each document."""
    advantages: list[float]
    logprobs: list[float]
    """Of the completion, by the sampler."""
    figures: dict[str, float] = field(default_factory=dict)


def sample(
    step: int, rows: Sequence[Row], backend: NativeBackend, grader: Grader, config: RlConfig
) -> Rollout:
    """Sample and judge the problems of a step."""
    chosen = [rows[i] for i in problems_of(step, len(rows), config)]
    prompts = [prompt for row in chosen for prompt in grader.prompts(row, config.group)]
    seed = (config.run.seed * 1_000_003 + step) * len(prompts)
    params = SamplingParams(max_tokens=config.max_tokens, temperature=1.0, seed=seed)
    completions = backend.generate(prompts, params)
    rewards = grader.grade([row for row in chosen for _ in range(config.group)], completions)
    advantages = group_advantages(rewards, group=config.group, most=config.most)
    rollout = Rollout(documents=[], starts=[], advantages=[], logprobs=[])
    for prompt, completion, advantage in zip(prompts, completions, advantages, strict=True):
        if advantage is None:
            continue
        head = backend.tokenizer.encode(prompt.text, special=True)
        rollout.documents.append([*head, *completion.ids])
        rollout.starts.append(len(head))
        rollout.advantages.append(advantage)
        rollout.logprobs.append(completion.logprob)
    known = [reward for reward in rewards if reward is not None]
    rollout.figures.update(
        reward=sum(known) / max(1, len(known)),
        dropped=float(len(rewards) - len(known)),
        kept=len(rollout.documents) / len(rewards),
        length=sum(completion.tokens for completion in completions) / len(completions),
    )
    return rollout


def problems_of(step: int, count: int, config: RlConfig) -> list[int]:
    """The problems of a step: each once in an order that the seed gives, then in another order."""
    places = range(step * config.prompts, (step + 1) * config.prompts)
    orders = {
        epoch: np.random.default_rng([config.run.seed, epoch]).permutation(count)
        for epoch in {place // count for place in places}
    }
    return [int(orders[place // count][place % count]) for place in places]


def group_advantages(rewards: Sequence[float | None], *, group: int, most: float) -> list[float | None]:
    """Reward minus the group's mean; None for samples without reward and groups outside (0, most]."""
    found: list[float | None] = []
    for start in range(0, len(rewards), group):
        part = rewards[start : start + group]
        known = [reward for reward in part if reward is not None]
        mean = sum(known) / max(1, len(known))
        counts = len(known) > 1 and 0 < mean <= most
        found += [reward - mean if counts and reward is not None else None for reward in part]
    return found


def update(
    rollout: Rollout, trainer: RlTrainer, reference: Transformer | None, scale: float
) -> dict[str, float]:
    """The optimiser steps on one rollout; nothing happens when no group counts."""
    if not rollout.documents:
        return {"mismatch": 0.0, "loss": 0.0, "gradient_norm": 0.0}
    batches = trainer.batches(rollout, reference)
    sums = np.zeros(len(rollout.documents))
    lengths = np.zeros(len(rollout.documents))
    for batch in batches:
        counted = batch.targets_BL != IGNORE
        np.add.at(sums, batch.documents_BL[counted], batch.old_BL[counted])
        np.add.at(lengths, batch.documents_BL[counted], 1)
    inside = lengths > 0  # what is longer than a row is left out
    mismatch = np.abs(sums - np.asarray(rollout.logprobs))[inside] / lengths[inside]
    for _ in range(trainer.rl.updates):
        loss, norm = trainer.step(batches, scale)
    return {"mismatch": float(mismatch.mean()), "loss": loss, "gradient_norm": norm}


@dataclass(frozen=True, kw_only=True, slots=True)
class RolloutBatch(Batch):
    """A packed micro-batch of completions; arrays hold a number at every place with a target."""

    documents_BL: npt.NDArray[np.int64]
    """Number of the document in the rollout."""
    advantages_BL: npt.NDArray[np.float32]
    old_BL: npt.NDArray[np.float32]
    """log p of the target by the weights that sampled it, as the trainer computes it."""
    reference_BL: npt.NDArray[np.float32]
    """The same by the first weights; 0 without a KL term."""


class _Numbered(Stream):
    """A stream whose batches say which document is where."""

    def numbers(self, size: int, rows: list[list[int]]) -> npt.NDArray[np.int64]:
        found = np.zeros((self._micro // size, size), np.int64)
        for b, row in enumerate(rows):
            start = 0
            for piece in row:
                length = int(self._places[piece])
                found[b, start : start + length] = self._pieces[piece][0]
                start += length
        return found


class RlTrainer(Trainer):
    """The trainer with GRPO's loss in the place of cross-entropy."""

    def __init__(self, model: Transformer, config: RlConfig, *, vocab: int) -> None:
        super().__init__(model, config.optim, config.run, log=note)
        self.rl, self.vocab = config, vocab

    def batches(self, rollout: Rollout, reference: Transformer | None) -> list[RolloutBatch]:
        """The rollout, packed, with the log-probabilities that it starts from."""
        lengths = [len(document) for document in rollout.documents]
        corpus = Corpus(
            tokens=np.asarray([token for document in rollout.documents for token in document]),
            starts=np.concatenate([[0], np.cumsum(lengths)]),
            loss_from=np.asarray(rollout.starts),
            held_out=np.zeros(len(lengths), np.bool_),
            hashes={},
        )
        run = self.rl.run
        stream = _Numbered(
            corpus, range(len(lengths)), row_lengths=run.row_lengths, micro_tokens=run.micro_tokens,
            seed=0, split=False,
        )  # fmt: skip
        advantages = np.asarray(rollout.advantages, np.float32)
        found = []
        for (size, rows), batch in zip(stream.plan(0), stream.epoch_batches(0), strict=True):
            numbers = stream.numbers(size, rows)
            arrays = {name: getattr(batch, name) for name in Batch.__dataclass_fields__}
            old = self._spread(batch, self.model)
            first = np.zeros_like(old) if reference is None else self._spread(batch, reference)
            found.append(
                RolloutBatch(
                    **arrays, documents_BL=numbers, advantages_BL=advantages[numbers], old_BL=old,
                    reference_BL=first,
                )
            )  # fmt: skip
        return found

    @torch.no_grad()
    def _spread(self, batch: Batch, model: Transformer) -> npt.NDArray[np.float32]:
        """log p of every target, at its place."""
        spread = np.zeros(batch.targets_BL.shape, np.float32)
        spread[batch.targets_BL != IGNORE] = self._logprobs(batch, model).cpu().numpy()
        return spread

    def _logprobs(self, batch: Batch, model: Transformer) -> Tensor:
        """log p of the targets in their order, over the tokenizer's ids, as the sampler draws them."""
        tokens, positions, documents = (
            torch.from_numpy(x).to(self.device)
            for x in (batch.tokens_BL, batch.positions_BL, batch.doc_ids_BL)
        )
        with self._kernels(batch.tokens_BL.shape[1]):
            hidden_TD = model.hidden(tokens, positions_BL=positions, doc_ids_BL=documents).flatten(0, 1)
        index = np.flatnonzero(batch.targets_BL != IGNORE)
        targets_T = torch.from_numpy(batch.targets_BL.reshape(-1)[index]).to(self.device)
        logits_TV = model.logits(hidden_TD[torch.from_numpy(index).to(self.device)])[:, : self.vocab].float()
        return -F.cross_entropy(logits_TV, targets_T, reduction="none")

    def loss(self, batch: Batch) -> Tensor:
        """Sum over the target places of the clipped objective, negated, and of the KL term."""
        assert isinstance(batch, RolloutBatch)
        counted = batch.targets_BL != IGNORE
        advantages_T, old_T, reference_T = (
            torch.from_numpy(x[counted]).to(self.device)
            for x in (batch.advantages_BL, batch.old_BL, batch.reference_BL)
        )
        logprobs_T = self._logprobs(batch, self.model)
        return token_losses(logprobs_T, old_T, reference_T, advantages_T, self.rl).sum()


def token_losses(
    logprobs_T: Tensor, old_T: Tensor, reference_T: Tensor, advantages_T: Tensor, config: RlConfig
) -> Tensor:
    """The loss of each token (see the module docstring)."""
    ratio_T = torch.exp(logprobs_T - old_T)
    clipped_T = ratio_T.clamp(1 - config.clip_low, 1 + config.clip_high)
    loss_T = -torch.minimum(ratio_T * advantages_T, clipped_T * advantages_T)
    if config.kl:
        behind_T = reference_T - logprobs_T
        loss_T = loss_T + config.kl * (torch.exp(behind_T) - behind_T - 1)
    return loss_T
