"""`mathlm loop`: options to a configuration, and `training.expert_iteration` is run.

JSON: the loop's state: rounds, best checkpoint, what was refused, the curve. Exit codes: 0 finished, 2 bad
options or data, 3 the machine. The same command again continues a loop that was stopped, with more --rounds
too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mathlm.cli import options, output, train
from mathlm.config import cores
from mathlm.errors import UsageError
from mathlm.search import Part, SearchConfig
from training import expert_iteration
from training.expert_iteration import FIELDS, LoopConfig, Tools
from training.sft import OPTIM

if TYPE_CHECKING:
    from mathlm.search.lean import Lean
    from model.generation.base import Backend
    from verify.lean.verifier import LeanVerifier

DEFAULT_EPOCHS = 2.0
Ray = Annotated[str | None, typer.Option("--ray", help="Address of a Ray cluster, or auto: start one here.")]


class StartFrom(StrEnum):
    """Which checkpoint a round's fine-tuning starts from."""

    INIT = "init"
    BEST = "best"


def loop(
    out: train.Out,
    init: Annotated[Path, typer.Option("--init", help="Checkpoint folder to begin with.")],
    base_data: Annotated[list[Path], typer.Option("--base-data", help="Fine-tuning lines; may be repeated.")],
    rounds: Annotated[int, typer.Option("--rounds", min=1, max=99, help="Rounds in all.")] = 3,
    statements: Annotated[Path | None, typer.Option(help="Rollout problems: id, statement.")] = None,
    questions: Annotated[Path | None, typer.Option(help="Rollout problems: id, question, answer.")] = None,
    dev_prove: Annotated[Path | None, typer.Option(help="Development set: id, statement.")] = None,
    dev_solve: Annotated[Path | None, typer.Option(help="Development set: id, question, answer.")] = None,
    samples: options.Samples = 8,
    seed: options.Seed = 0,
    temperature: options.Temperature = None,
    keep: Annotated[int, typer.Option(min=1, help="Samples of one problem that are trained on.")] = 2,
    window: Annotated[
        tuple[float, float], typer.Option(help="Pass rates trained on: above LOW, at most HIGH.")
    ] = (0.0, 0.75),
    start_from: Annotated[StartFrom, typer.Option(help="Where each fine-tuning starts.")] = StartFrom.INIT,
    conjecture: Annotated[int, typer.Option(min=0, help="New statements that a round proposes.")] = 0,
    premises: Annotated[bool, typer.Option(help="Lemmas of the library in every second prompt.")] = True,
    sft_minutes: Annotated[float | None, typer.Option(help="Wall-clock budget of a fine-tuning.")] = None,
    sft_epochs: Annotated[float | None, typer.Option(help="Passes over the data; 2 if not told.")] = None,
    sft_steps: Annotated[int | None, typer.Option(help="Optimiser steps of a fine-tuning.")] = None,
    batch_tokens: train.BatchTokens = 16_384,
    micro_tokens: train.MicroTokens = 8_192,
    row_length: train.RowLength = train.ROW_LENGTHS,
    muon_lr: train.MuonLr = None,
    adam_lr: train.AdamLr = None,
    device: train.Device = "auto",
    precision: train.Precision = "auto",
    compile: train.Compile = "auto",
    checkpoint_minutes: train.CheckpointMinutes = 5.0,
    workers: options.Workers = 1,
    timeout: options.Timeout = options.DEFAULT_TIMEOUT,
    runtime: options.RuntimeOption = options.Runtime.AUTO,
    ray: Ray = None,
    as_json: output.Json = False,
) -> int:
    """Sample, verify, train, measure, again: the training loop."""
    if sft_minutes is None and sft_steps is None and sft_epochs is None:
        sft_epochs = DEFAULT_EPOCHS
    try:
        config = LoopConfig(
            out=out, init=init, base_data=tuple(base_data), rounds=rounds, samples=samples,
            params={k: options.sampling(seed, samples, temperature, proofs=k == "prove") for k in FIELDS},
            limits=options.solve_limits(timeout),
            problems=_given(prove=statements, solve=questions),
            development=_given(prove=dev_prove, solve=dev_solve),
            keep=keep, window=window, start_from=start_from.value, conjectures=conjecture,
            premises=premises, workers=workers,
            optim=train._optim_config(OPTIM, muon_lr=muon_lr, adam_lr=adam_lr),
            sft=train._run_config(
                out=out, minutes=sft_minutes, epochs=sft_epochs, steps=sft_steps, seed=seed,
                batch_tokens=batch_tokens, micro_tokens=micro_tokens, row_length=row_length, device=device,
                precision=precision, compile=compile, checkpoint_minutes=checkpoint_minutes,
                threads=cores(),
            ),
        )  # fmt: skip
    except ValueError as error:
        raise UsageError(f"{error}; see `mathlm loop --help`") from None
    return _run(config, runtime, ray, as_json=as_json)


def _run(config: LoopConfig, runtime: options.Runtime, ray: str | None, *, as_json: bool) -> int:
    out = config.out
    with ExitStack() as stack:
        try:
            state = expert_iteration.main(config, _tools(config, stack, runtime, ray))
        except KeyboardInterrupt:
            output.note(f"every verified sample is kept in {out}: run the same command again to continue")
            raise
    best = state["best"]
    text = f"best: round {best['round']}, {best['figure']:.4f} ({state['promotion']})\nmodel: {best['model']}"
    output.emit(state, f"{text}\nreport: {out / 'report.html'}", as_json=as_json)
    return output.ExitCode.OK


def _given(**paths: Path | None) -> dict[Any, Path]:
    return {kind: path for kind, path in paths.items() if path is not None}


def _tools(config: LoopConfig, stack: ExitStack, runtime: options.Runtime, address: str | None) -> Tools:
    """Open what the loop works with; the stack closes it."""
    from verify.python.verifier import PythonVerifier

    kinds = {*config.problems, *config.development}
    local, missing = options.lean_or_none(config.workers, runtime)
    if local is None and "prove" in kinds:
        options.lean(config.workers, runtime)  # raises with what to do
    if local is None:
        output.note(f"no Lean certificates in this loop: {missing}")
    else:
        stack.enter_context(local)
    lean: Lean | None = local
    backend: Callable[[Path], AbstractContextManager[Backend]] = functools.partial(_open, config.workers)
    if address is not None:
        try:
            from mathlm.cluster.actors import cluster
            from mathlm.cluster.backend import RayBackend
            from mathlm.cluster.lean import RayLean
        except ImportError:
            raise UsageError("--ray needs Ray: pip install 'mathlm[ray]'") from None

        size = stack.enter_context(cluster(address))
        if local is not None:
            lean = stack.enter_context(RayLean(workers=config.workers, runtime=local.runtime))
        backend = functools.partial(RayBackend, actors=size)
    python = stack.enter_context(PythonVerifier(workers=config.workers)) if "solve" in kinds else None
    search = SearchConfig(parts=frozenset({Part.PREMISES} if config.premises else ()))
    found = options.retriever(local, search) if local is not None else None
    return Tools(
        backend=backend,
        lean=lean,
        python=python,
        retriever=functools.cache(found) if found is not None else None,
        held_out=_held_out(local, config) if local is not None else frozenset(),
    )


@contextmanager
def _open(workers: int, folder: Path) -> Iterator[Backend]:
    yield options.backend(str(folder), beside=workers)


def _held_out(lean: LeanVerifier, config: LoopConfig) -> frozenset[str]:
    """The library's test theorems; it is read for that only where the loop makes statements of its own."""
    from mathlm import library
    from training.data.library import held_out
    from training.rollout import normal

    if "prove" not in config.problems or not (config.conjectures or library.is_ready(lean.runtime)):
        return frozenset()
    with output.progress("Reading Lean's library", total=None) as bar:
        theorems = library.theorems(lean, progress=lambda done, total: bar.set(done, total=total))
    kept_back = held_out(theorems)
    return frozenset(normal(f"theorem {t.signature}") for t in theorems if t.name in kept_back)
