"""The training loop that pre-training and fine-tuning share: resume, plan, steps, figures, saves.

Contract: `fit` may be killed at any moment; called again in the same run folder it continues from the
last saved state with the same batches, learning rates and losses, on any number of ranks. Ctrl-C and SIGTERM
end the step, save and stop; a second one stops at once. One batch of all ranks is the unit of the position
in the data.
Not covered: early stopping.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import FrameType
from typing import Any

import numpy as np
import torch

from mathlm.cli.output import progress
from mathlm.errors import DataError, UsageError
from model.tokenizer import Tokenizer
from training import ranks
from training.corpus import Corpus
from training.metrics import Metrics
from training.optim import OptimConfig, learning_rate_scale
from training.packing import Batch, Stream
from training.phases import Phase, phase_at
from training.report import complete, report
from training.run import Run, RunConfig
from training.trainer import Trainer

MINUTES_USED = 0.97
"""Share of a `minutes` budget that is planned for; the rest is for saving and the report."""


@dataclass(kw_only=True)
class Job:
    """What a stage prepares for `fit`."""

    run: Run
    config: RunConfig
    optim: OptimConfig
    corpus: Corpus
    tokenizer: Tokenizer
    trainer: Trainer
    split: bool
    """Cut documents that are too long for a row (else leave them out)."""
    log: Callable[[str], None]
    started: float
    """`time.monotonic()` when the stage began: `minutes` counts from here."""
    stream: Stream | None = None
    """The training batches, where the stage packs them itself."""
    held_out: list[Batch] | None = None
    """The validation batches, likewise."""
    completes: bool = True
    """Whether the report shows completions of held-out prompts: the model is a language model."""
    figures: Callable[[], dict[str, float]] = dict
    """Further figures of the trained model, for the summary."""
    phases: Sequence[Phase] = ()
    """None given: one phase with the row lengths of `config`."""
    step: int = field(default=0, init=False)
    elapsed: float = field(default=0.0, init=False)
    """Seconds of training up to `step`, over all continuations."""
    loss: float | None = field(default=None, init=False)
    """Of the last step."""

    def __post_init__(self) -> None:
        self.phases = self.phases or (Phase(share=1.0, row_lengths=self.config.row_lengths),)
        check_shares(self.config, ranks.count())


def check_shares(config: RunConfig, count: int) -> None:
    """All ranks make equally many passes, so that none waits for another."""
    if config.micro_steps % count:
        raise UsageError(
            f"{config.micro_steps} micro-batches of {config.micro_tokens} tokens cannot be shared by {count} "
            f"ranks: lower --micro-tokens, to {config.batch_tokens // count} for instance"
        )


def fit(job: Job) -> dict[str, Any]:
    """Train to the planned step; returns the summary, which is also in `summary.json`."""
    streams = (
        [training_stream(job, index) for index in range(len(job.phases))]
        if job.stream is None
        else [job.stream]
    )
    held_out = validation_batches(job) if job.held_out is None else job.held_out
    steps = job.run.plan(lambda: _decide_steps(job, streams, len(held_out)))
    _resume(job, streams)
    ceiling = job.trainer.matmul_rate()
    job.log(
        f"{job.step} of {steps} steps done"
        if job.step
        else f"{steps} steps of {job.config.batch_tokens:,} tokens, attention: {job.trainer.attention}"
    )
    with _figures(job, steps) as show, _stop_after_step() as stop:
        stopped = _train(job, streams, held_out, steps, ceiling, show, stop)
        _save(
            job, streams
        )  # in here: a rank whose signal comes late must not leave the others in an exchange
    if stopped and job.step < steps:
        job.log(f"stopped after step {job.step}; run the same command to continue")
        raise KeyboardInterrupt
    rate = steps * job.config.batch_tokens / job.elapsed
    summary = {
        "steps": steps,
        "loss": job.loss,
        "validation_loss": job.trainer.evaluate(held_out) if held_out else None,
        "tokens": steps * job.config.batch_tokens,
        "seconds": job.elapsed,
        "tokens_per_second": rate,
        "mfu": rate * job.trainer.operations_per_token() / ceiling,
        "memory": job.trainer.memory(),
        **job.figures(),
    }
    whole = job.trainer.whole_model()
    ranks.first(
        lambda: report(
            job.config.out,
            summary,
            complete(whole, job.tokenizer, job.corpus) if job.completes else (),
        )
    )
    job.run.finish(summary)
    return summary


@contextmanager
def _figures(job: Job, steps: int) -> Iterator[Callable[..., None]]:
    """How the figures of a step are kept and shown: by rank 0 alone."""
    if not ranks.leads():
        yield lambda **figures: None
        return
    with Metrics(job.config.out, step=job.step) as metrics, progress("Training", total=steps) as bar:

        def show(**figures: float) -> None:
            metrics.log(job.step, **figures)
            bar.set(job.step)
            if "loss" in figures:
                bar.describe(f"Training, loss {figures['loss']:.3f}")

        bar.set(job.step)
        yield show


@contextmanager
def _stop_after_step() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C or SIGTERM sets: a step is never cut in half. The second one ends."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop  # signals arrive in the main thread only
        return

    def request(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, request) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def training_stream(job: Job, index: int = 0) -> Stream:
    """The documents that are not held out, packed for a phase."""
    phase = job.phases[index]
    documents = np.flatnonzero(~job.corpus.held_out)
    if not len(documents):
        raise DataError("all documents fell into the held-out 1 %: give more data")
    if not job.split and job.corpus.lengths()[documents].min() - 1 > max(phase.row_lengths):
        raise DataError("every document is longer than the longest row: give a larger --row-length")
    stream = _stream(job, documents.tolist(), phase, seed=job.config.seed + index)
    if stream.left_out:
        job.log(f"{stream.left_out:,} documents are longer than the longest row and were left out")
    return stream


def validation_batches(job: Job) -> list[Batch]:
    """The same held-out micro-batches for every evaluation, in rows of the first phase; none of tiny data."""
    phase = job.phases[0]
    documents = np.flatnonzero(job.corpus.held_out)
    if not job.split:
        documents = documents[job.corpus.lengths()[documents] - 1 <= max(phase.row_lengths)]
    chosen = documents[np.cumsum(job.corpus.lengths()[documents]) <= job.config.validation_tokens]
    if not len(chosen):
        return []
    return list(_stream(job, chosen.tolist(), phase, seed=job.config.seed).epoch_batches(0))


def _stream(job: Job, documents: Sequence[int], phase: Phase, *, seed: int) -> Stream:
    return Stream(
        job.corpus,
        documents,
        row_lengths=phase.row_lengths,
        micro_tokens=job.config.micro_tokens,
        seed=seed,
        split=job.split,
    )


def _decide_steps(job: Job, streams: Sequence[Stream], held_out: int) -> int:
    config = job.config
    if config.steps is not None:
        return config.steps
    shares = [phase.share for phase in job.phases]
    if config.epochs is not None:
        batches = sum(x * len(stream.plan(0)) for x, stream in zip(shares, streams, strict=True))
        return max(1, round(config.epochs * batches / config.micro_steps))
    assert config.minutes is not None  # RunConfig checks that one of the three is set
    timed = [job.trainer.seconds_per_step(stream) for stream in streams]
    step_seconds = sum(x * seconds for x, seconds in zip(shares, timed, strict=True))
    evaluation = held_out * step_seconds / config.micro_steps * config.evaluations
    left = 60 * config.minutes * MINUTES_USED - (time.monotonic() - job.started) - evaluation
    job.log(f"a step takes {step_seconds:.2f} s, {config.batch_tokens / step_seconds:,.0f} tokens/s")
    return max(1, int(left / step_seconds))


def _train(
    job: Job,
    streams: Sequence[Stream],
    held_out: list[Batch],
    steps: int,
    ceiling: float,
    show: Callable[..., None],
    stop: threading.Event,
) -> bool:
    """Steps until the end or until a rank was asked to stop; returns whether one was."""
    every = max(1, steps // job.config.evaluations)
    entered, stopped, due = -1, 0.0, 0.0
    while True:
        now = phase_at(job.phases, job.step, steps)
        if now != entered:
            _enter(job, now)
            entered = now
        if job.step >= steps or stopped:
            return bool(stopped)
        begun = time.perf_counter()
        batches = streams[now].take_share(job.config.micro_steps, rank=ranks.rank(), ranks=ranks.count())
        scale = learning_rate_scale(job.step, steps, job.optim)
        job.loss, norm = job.trainer.step(batches, scale)
        seconds = time.perf_counter() - begun
        job.step, job.elapsed = job.step + 1, job.elapsed + seconds
        rate = job.config.batch_tokens / seconds
        show(
            loss=job.loss,
            learning_rate=job.optim.peak * scale,
            gradient_norm=norm,
            tokens=job.step * job.config.batch_tokens,
            tokens_per_second=rate,
            mfu=rate * job.trainer.operations_per_token() / ceiling,
            memory=job.trainer.memory(),
            elapsed=job.elapsed,
        )
        if held_out and (job.step % every == 0 or job.step == steps):
            validation = job.trainer.evaluate(held_out)
            show(validation_loss=validation, elapsed=job.elapsed)
            job.log(f"step {job.step}: loss {job.loss:.4f}, held out {validation:.4f}, {job.elapsed:.0f} s")
        stopped, due = ranks.total([stop.is_set(), ranks.leads() and job.run.save_due()])
        if due and not stopped:
            _save(job, streams)


def _enter(job: Job, index: int) -> None:
    """Set the model up for a phase; the config of a checkpoint is that of its phase."""
    phase, model = job.phases[index], job.trainer.model
    if phase.rope_theta is not None:
        model.rescale(replace(model.config, rope_theta=phase.rope_theta))
    if len(job.phases) > 1:
        lengths = ", ".join(map(str, phase.row_lengths))
        job.log(
            f"phase {index + 1} of {len(job.phases)} from step {job.step}: rows of {lengths}, "
            f"RoPE base {model.config.rope_theta:,.0f}"
        )


def _save(job: Job, streams: Sequence[Stream]) -> None:
    state = {
        "step": job.step,
        "elapsed": job.elapsed,
        "loss": job.loss,
        "streams": [stream.state for stream in streams],
        "optimizer": job.trainer.optimizer.state_dict(),
    }
    job.run.save(state, job.trainer.whole_model(), job.tokenizer)


def _resume(job: Job, streams: Sequence[Stream]) -> None:
    state = job.run.load_state(torch.device("cpu"))
    if state is not None:
        ranks.agree({"saved step": state["step"]})
        job.step, job.elapsed, job.loss = state["step"], state["elapsed"], state["loss"]
        for stream, position in zip(streams, state["streams"], strict=True):
            stream.state = tuple(position)
        job.trainer.optimizer.load_state_dict(state["optimizer"])
