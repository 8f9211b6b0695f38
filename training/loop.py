"""The training loop that pre-training and fine-tuning share: resume, plan, steps, figures, saves.

Contract: `fit` may be killed at any moment; called again in the same run folder it continues from the
last saved state with the same batches, learning rates and losses. Ctrl-C and SIGTERM end the step, save
and stop; a second one stops at once.
Not covered: early stopping.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np
import torch

from mathlm.cli.output import Bar, progress
from mathlm.errors import DataError
from model.tokenizer import Tokenizer
from training.corpus import Corpus
from training.metrics import Metrics, plot, report
from training.optim import OptimConfig, learning_rate_scale
from training.packing import Batch, Stream
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
    figures: Callable[[], dict[str, float]] = dict
    """Further figures of the trained model, for the summary."""
    step: int = field(default=0, init=False)
    elapsed: float = field(default=0.0, init=False)
    """Seconds of training up to `step`, over all continuations."""


def fit(job: Job) -> dict[str, Any]:
    """Train to the planned step; returns the summary, which is also in `summary.json`."""
    stream = training_stream(job) if job.stream is None else job.stream
    held_out = validation_batches(job) if job.held_out is None else job.held_out
    steps = job.run.plan(lambda: _decide_steps(job, stream, len(held_out)))
    _resume(job, stream)
    job.log(
        f"{job.step} of {steps} steps done"
        if job.step
        else f"{steps} steps of {job.config.batch_tokens:,} tokens"
    )
    with (
        Metrics(job.config.out, step=job.step) as metrics,
        progress("Training", total=steps) as bar,
        _stop_after_step() as stop,
    ):
        loss, rate = _train(job, stream, held_out, steps, metrics, bar, stop)
    _save(job, stream)
    if stop.is_set() and job.step < steps:
        job.log(f"stopped after step {job.step}; run the same command to continue")
        raise KeyboardInterrupt
    plot(job.config.out)
    summary = {
        "steps": steps,
        "loss": loss,
        "validation_loss": job.trainer.evaluate(held_out) if held_out else None,
        "tokens": steps * job.config.batch_tokens,
        "seconds": job.elapsed,
        "tokens_per_second": rate,
        "matmul_share": rate * job.trainer.operations_per_token() / job.trainer.matmul_rate(),
        **job.figures(),
    }
    report(job.config.out, summary)
    job.run.finish(summary)
    return summary


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


def training_stream(job: Job) -> Stream:
    """The documents that are not held out."""
    documents = np.flatnonzero(~job.corpus.held_out)
    if not len(documents):
        raise DataError("all documents fell into the held-out 1 %: give more data")
    if not job.split and job.corpus.lengths()[documents].min() - 1 > max(job.config.row_lengths):
        raise DataError("every document is longer than the longest row: give a larger --row-length")
    stream = _stream(job, documents.tolist())
    if stream.left_out:
        job.log(f"{stream.left_out:,} documents are longer than the longest row and were left out")
    return stream


def validation_batches(job: Job) -> list[Batch]:
    """The same held-out micro-batches for every evaluation; none when the data is tiny."""
    documents = np.flatnonzero(job.corpus.held_out)
    if not job.split:
        documents = documents[job.corpus.lengths()[documents] - 1 <= max(job.config.row_lengths)]
    chosen = documents[np.cumsum(job.corpus.lengths()[documents]) <= job.config.validation_tokens]
    return list(_stream(job, chosen.tolist()).epoch_batches(0)) if len(chosen) else []


def _stream(job: Job, documents: Sequence[int]) -> Stream:
    return Stream(
        job.corpus,
        documents,
        row_lengths=job.config.row_lengths,
        micro_tokens=job.config.micro_tokens,
        seed=job.config.seed,
        split=job.split,
    )


def _decide_steps(job: Job, stream: Stream, held_out: int) -> int:
    config = job.config
    if config.steps is not None:
        return config.steps
    if config.epochs is not None:
        return max(1, round(config.epochs * len(stream.plan(0)) / config.micro_steps))
    assert config.minutes is not None  # RunConfig checks that one of the three is set
    step_seconds = job.trainer.seconds_per_step(stream)
    evaluation = held_out * step_seconds / config.micro_steps * config.evaluations
    left = 60 * config.minutes * MINUTES_USED - (time.monotonic() - job.started) - evaluation
    job.log(f"a step takes {step_seconds:.2f} s, {config.batch_tokens / step_seconds:,.0f} tokens/s")
    return max(1, int(left / step_seconds))


def _train(
    job: Job,
    stream: Stream,
    held_out: list[Batch],
    steps: int,
    metrics: Metrics,
    bar: Bar,
    stop: threading.Event,
) -> tuple[float, float]:
    """Steps until the end or `stop`; returns the last loss and this process's mean tokens per second."""
    bar.set(job.step)
    every = max(1, steps // job.config.evaluations)
    loss, first, spent = float("nan"), job.step, 0.0
    while job.step < steps and not stop.is_set():
        begun = time.perf_counter()
        batches = [stream.take() for _ in range(job.config.micro_steps)]
        scale = learning_rate_scale(job.step, steps, job.optim)
        loss, norm = job.trainer.step(batches, scale)
        seconds = time.perf_counter() - begun
        job.step, job.elapsed, spent = job.step + 1, job.elapsed + seconds, spent + seconds
        metrics.log(
            job.step,
            loss=loss,
            learning_rate=job.optim.muon_lr * scale,
            gradient_norm=norm,
            tokens=job.step * job.config.batch_tokens,
            tokens_per_second=job.config.batch_tokens / seconds,
            elapsed=job.elapsed,
        )
        bar.set(job.step)
        bar.describe(f"Training, loss {loss:.3f}")
        if held_out and (job.step % every == 0 or job.step == steps):
            validation = job.trainer.evaluate(held_out)
            metrics.log(job.step, validation_loss=validation, elapsed=job.elapsed)
            job.log(f"step {job.step}: loss {loss:.4f}, held out {validation:.4f}, {job.elapsed:.0f} s")
        if job.run.save_due():
            _save(job, stream)
    return loss, (job.step - first) * job.config.batch_tokens / max(spent, 1e-9)


def _save(job: Job, stream: Stream) -> None:
    state = {
        "step": job.step,
        "elapsed": job.elapsed,
        "stream": stream.state,
        "optimizer": job.trainer.optimizer.state_dict(),
    }
    job.run.save(state, job.trainer.model, job.tokenizer)


def _resume(job: Job, stream: Stream) -> None:
    state = job.run.load_state(torch.device("cpu"))
    if state is not None:
        job.step, job.elapsed, stream.state = state["step"], state["elapsed"], tuple(state["stream"])
        job.trainer.optimizer.load_state_dict(state["optimizer"])
