"""`mathlm eval solve|prove|reward --data FILE.jsonl`: figures on a data file.

A run of `solve` or `prove` (`--samples N --out DIR`) is kept in DIR and continues when the same command is
given again; see `mathlm.evaluate`. `reward` measures a reward model (`--model CKPT`) on pairs, or with
`--judge` a language model in its verifier role; it is quick, and `--out` keeps its `summary.json` only.
JSON: the summary. Exit code 0 when the run is complete, 3 when some problems could not be judged.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mathlm import evaluate as evaluation
from mathlm import preferences, tasks
from mathlm.cli import options, output, views
from mathlm.config import DEFAULT_MODEL, git_hash
from mathlm.errors import DataError, UsageError
from mathlm.records import write_json
from mathlm.rerank import How, Reranker
from mathlm.search import Part
from mathlm.search.shared import SharedBackend

if TYPE_CHECKING:
    from model.generation.base import Backend


class Kind(StrEnum):
    """What to measure."""

    SOLVE = "solve"
    PROVE = "prove"
    REWARD = "reward"


def evaluate(
    kind: Annotated[Kind, typer.Argument(help="solve, prove or reward")],
    data: Annotated[
        Path, typer.Option("--data", help="JSON lines: id, question, answer; id, statement; or pairs.")
    ],
    out: Annotated[Path | None, typer.Option("--out", help="Folder that keeps the run.")] = None,
    samples: options.Samples = options.DEFAULT_SAMPLES,
    model: options.Model = DEFAULT_MODEL,
    seed: options.Seed = 0,
    temperature: options.Temperature = None,
    workers: options.Workers = 1,
    timeout: options.Timeout = options.DEFAULT_TIMEOUT,
    parts: options.Search = "all",
    seconds: options.Seconds = options.DEFAULT_SECONDS,
    use_model: Annotated[
        bool, typer.Option("--with-model/--no-model", help="Automation alone (prove only).")
    ] = True,
    judge: Annotated[
        bool, typer.Option("--judge", help="Reward only: ask a language model whether answers are right.")
    ] = False,
    turns: Annotated[
        int,
        typer.Option("--turns", min=0, max=16, help="Solve only: times a failing program may be corrected."),
    ] = 0,
    rerank: options.Rerank = How.VOTE,
    reward_folder: options.RewardFolder = None,
    runtime: options.RuntimeOption = options.Runtime.AUTO,
    verifier: options.VerifierUrls = None,
    as_json: output.Json = False,
) -> int:
    """Measure solving, proving or a reward model on a data file."""
    if kind is Kind.REWARD:
        return _reward(data, out, model=model, judge=judge, as_json=as_json)
    if out is None:
        raise UsageError(f"give --out DIR: `eval {kind}` keeps its samples there")
    if kind is Kind.SOLVE and not use_model:
        raise UsageError("solving needs a model: leave out --no-model")
    search = options.search(parts, samples=samples, seconds=seconds)
    ranked = options.reranker(rerank, reward_folder)
    required = ("id", "statement") if kind is Kind.PROVE else ("id", "question", "answer")
    total = len(evaluation.read_rows(data, required=required))
    hint = "; with --no-model only automation is measured" if kind is Kind.PROVE else ""
    backend = options.backend(model, otherwise=hint, beside=workers) if use_model else None
    run = evaluation.EvalConfig(
        verb="prove" if kind is Kind.PROVE else "solve",
        data=data,
        samples=samples if use_model and (kind is Kind.SOLVE or Part.WHOLE in search.parts) else 0,
        model=model if use_model else "",
        model_hash=_model_hash(model) if use_model else "",
        params=options.sampling(seed, samples, temperature, proofs=kind is Kind.PROVE),
        limits=options.solve_limits(timeout),
        search=search,
        turns=turns,
        rerank=rerank,
        reward_hash=_model_hash(reward_folder) if reward_folder else "",
        workers=workers,
    )
    with output.progress(f"Evaluating {kind}", total=total) as bar, _keeping(out):
        summary = _run(run, out, backend, bar, runtime, verifier, ranked)
    return _show(f"eval {kind}: {data.name}", summary, as_json=as_json)


@contextmanager
def _keeping(out: Path) -> Iterator[None]:
    """Say what an interrupt leaves."""
    try:
        yield
    except KeyboardInterrupt:
        output.note(f"what was judged is kept in {out}: run the same command again to continue")
        raise


def _run(
    run: evaluation.EvalConfig,
    out: Path,
    backend: Backend | None,
    bar: output.Bar,
    runtime: options.Runtime,
    urls: list[str] | None,
    rerank: Reranker | None,
) -> dict[str, Any]:
    backend = SharedBackend(backend) if backend is not None else None
    with ExitStack() as stack:
        task: evaluation.Task
        if run.verb == "prove":
            checker = options.checker(run.workers, runtime, urls=urls)
            stack.enter_context(checker)
            retriever = None
            if backend is not None:
                opened = options.retriever(checker, run.search)
                retriever = functools.cache(opened) if opened is not None else None
            task = tasks.ProveTask(run=run, lean=checker, backend=backend, retriever=retriever, rerank=rerank)
        else:
            from verify.python.verifier import PythonVerifier

            lean, missing = options.checker_or_none(run.workers, runtime, urls=urls)
            if lean is None:
                output.note(f"no Lean certificates in this run: {missing}")
            else:
                stack.enter_context(lean)
            python = stack.enter_context(PythonVerifier(workers=run.workers))
            task = tasks.SolveTask(run=run, python=python, lean=lean, backend=backend, rerank=rerank)
        return evaluation.evaluate(task, run, out, backend=backend, progress=bar.advance)


def _reward(data: Path, out: Path | None, *, model: str, judge: bool, as_json: bool) -> int:
    """Pairwise accuracy of a reward model, or of a language model as judge."""
    pairs = list(preferences.read_pairs(data))
    if not pairs:
        raise DataError(f"{data} has no pairs: make some with `mathlm data pairs`")
    scorer = options.judge(model) if judge else options.reward_model(model)
    with output.progress("Scoring", total=len(pairs)) as bar:
        figures = preferences.pairwise_accuracy(scorer, pairs, progress=bar.advance)
    facts = {"model": model, "model_hash": _model_hash(model), "git_hash": git_hash(), "data": str(data)}
    summary = {"verb": "reward", "judge": judge, **figures, **facts}
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_json(out / "summary.json", summary)
    return _show(f"eval reward: {data.name}", summary, as_json=as_json)


def _show(title: str, summary: dict[str, Any], *, as_json: bool) -> int:
    text = views.table(title, _rows(summary))
    if as_json:
        output.note(text)
    output.emit(summary, text, as_json=as_json)
    return output.ExitCode.OK


def _model_hash(model: str) -> str:
    from model.checkpoint import model_hash
    from model.generation import resolve_model

    return model_hash(resolve_model(model))


def _rows(summary: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and figure; a mean with its standard error, counts one by one, parts by their accuracy."""
    for name, value in summary.items():
        if name.endswith("_stderr"):
            continue
        if isinstance(value, dict):
            for part, figure in value.items():
                shown = (
                    f"accuracy {figure['accuracy']:.3f} ± {figure['accuracy_stderr']:.3f}"
                    if isinstance(figure, dict)
                    else str(figure)
                )
                yield f"{name}: {part}", shown
        elif isinstance(value, float):
            error = summary.get(f"{name}_stderr")
            yield name, f"{value:.4f}" + (f" ± {error:.4f}" if error is not None else "")
        else:
            yield name, str(value)
