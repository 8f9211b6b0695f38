"""`mathlm data …`: make training data and tokenizers; `data_prepare.py` and `data_roles.py` have more.

Exit codes: 0 made, 2 bad options or data, 3 the machine. Output files grow only; the same command again
continues where a stopped one ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mathlm.cli import data_prepare, data_roles, options
from mathlm.cli.output import ExitCode, Json, emit, progress
from mathlm.errors import UsageError

if TYPE_CHECKING:
    from mathlm.library import LibraryTheorem
    from training.data.problems.sources import Item
    from verify.lean.verifier import LeanVerifier

app = typer.Typer(help="Generate and extract training data.", no_args_is_help=True)
for _verb in (
    data_prepare.prepare,
    data_prepare.quality,
    data_prepare.mix,
    data_prepare.verify,
    data_roles.roles,
):
    app.command()(_verb)


@app.command()
def tokenizer(
    data: Annotated[list[Path], typer.Option("--data", help="JSON-lines file, also .gz; may be repeated.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for tokenizer.json.")],
    vocab_size: Annotated[int, typer.Option(min=260, max=1_000_000, help="Most ids, all counted.")] = 4096,
    as_json: Json = False,
) -> int:
    """Learn a tokenizer of words or letters from training texts."""
    from training.data.tokenizer import learn

    made = learn(data, vocab_size=vocab_size, out=out)
    emit(
        {"vocab_size": made.vocab_size, "out": str(out)},
        f"{out}: {made.vocab_size} ids",
        as_json=as_json,
    )
    return ExitCode.OK


@app.command()
def problems(
    out: Annotated[Path, typer.Option("--out", help="Folder for samples.jsonl and what was dropped.")],
    count: Annotated[int, typer.Option(min=0, help="Problems to generate.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Of the generated problems and of the choice.")] = 0,
    dm_math: Annotated[Path | None, typer.Option(help="DeepMind mathematics, JSON lines.")] = None,
    per_module: Annotated[int, typer.Option(min=1, help="Questions of each module of --dm-math.")] = 1000,
    gsm8k: Annotated[Path | None, typer.Option(help="GSM8K training file, JSON lines.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Programs at once.")] = 2,
    timeout: Annotated[float, typer.Option(min=0.1, max=3600, help="Seconds for one program.")] = 10.0,
    local: Annotated[
        bool, typer.Option("--local", help="Run the teacher's own programs in plain Python: quicker.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Questions with programs that were run and gave the right answer, as fine-tuning lines."""
    from training.data.problems import sources
    from training.data.problems.build import SAMPLES, ProgramVerifier, build
    from training.data.problems.local import LocalPrograms
    from verify.base import Limits
    from verify.python.verifier import PythonVerifier

    streams: list[Iterator[Item]] = [sources.generated(count, seed=seed)]
    if dm_math is not None:
        streams.append(sources.dm_math(dm_math, limit_per_module=per_module, seed=seed))
    if gsm8k is not None:
        streams.append(sources.grade_school(gsm8k, limit=1_000_000))
    limits = Limits(seconds=timeout, memory_mb=1024, heartbeats=1, output_bytes=65_536)
    with ExitStack() as stack:
        sandbox = stack.enter_context(PythonVerifier(workers=workers))
        verifier: ProgramVerifier = sandbox
        if local:
            verifier = stack.enter_context(LocalPrograms(sandbox, workers=workers))
        bar = stack.enter_context(progress("Running programs", total=None))
        items = chain.from_iterable(streams)
        counts = build(items, verifier=verifier, limits=limits, out=out, progress=bar.set)
    kept = sum(reasons.get("kept", 0) for reasons in counts.values())
    emit({"kept": kept, "counts": counts, "out": str(out)}, f"{out / SAMPLES}: {kept} kept", as_json=as_json)
    return ExitCode.OK


@app.command()
def theorems(
    out: Annotated[Path, typer.Option("--out", help="File of fine-tuning lines; grows only.")],
    count: Annotated[int, typer.Option(min=1, help="Statements to draw.")] = 5_000,
    seed: Annotated[int, typer.Option(min=0, help="Of the statements.")] = 0,
    family: Annotated[
        list[str] | None, typer.Option(help="Family to draw from; may be repeated. All, if not told.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Lean processes.")] = 1,
    runtime: options.RuntimeOption = options.Runtime.AUTO,
    as_json: Json = False,
) -> int:
    """Theorems of our own with proofs that both kernels accepted, as fine-tuning lines."""
    from training.data.theorems import build, conjectures

    items = list(conjectures(count, seed=seed, families=family or ()))
    with options.lean(workers, runtime, paranoid=True) as lean, progress("Proving", total=count) as bar:
        counts = build(items, lean=lean, out=out, progress=bar.set)
    text = f"{out}: {counts['written']} written"
    if counts["disagreements"]:
        text += f"; THE KERNELS DISAGREE on {counts['disagreements']} (see above): please report them"
    emit({**counts, "out": str(out)}, text, as_json=as_json)
    return ExitCode.OK


@app.command()
def library(
    out: Annotated[
        Path | None, typer.Option("--out", help="File of pre-training lines, test split left out.")
    ] = None,
    longest: Annotated[int, typer.Option(min=1, help="Characters of the longest statement kept.")] = 300,
    benchmark: Annotated[
        Path | None, typer.Option(help="File of held-out statements for `eval prove`, from the test split.")
    ] = None,
    statements: Annotated[
        Path | None, typer.Option(help="File of training statements for `loop`, from the training split.")
    ] = None,
    recall: Annotated[
        Path | None, typer.Option(help="File of fine-tuning lines, each with its theorem among the lemmas.")
    ] = None,
    count: Annotated[int, typer.Option(min=1, help="Lines of a file other than --out.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Of their choice.")] = 0,
    runtime: options.RuntimeOption = options.Runtime.AUTO,
    as_json: Json = False,
) -> int:
    """Theorem statements of the core Lean library: to train on, to measure with, to prove in a loop."""
    from mathlm import premises
    from training.data import library_benchmark
    from training.data.library import write_texts
    from training.data.library_recall import recalled

    given = [path for path in (out, benchmark, statements, recall) if path is not None]
    if len(given) != 1:
        raise UsageError("give one of --out, --benchmark, --statements and --recall FILE")
    target = given[0]
    with options.lean(2, runtime) as lean:
        theorems = _library(lean)
        if target is out:
            written = write_texts(theorems, target, longest=longest)
        else:
            retriever = premises.retriever(lean) if target is recall else None
            with progress("Checking statements", total=count) as bar:
                lines = (
                    library_benchmark.benchmark(
                        theorems, count, seed=seed, lean=lean, test=target is benchmark, progress=bar.set
                    )
                    if retriever is None
                    else recalled(theorems, retriever, count, seed=seed, lean=lean, progress=bar.set)
                )
            library_benchmark.write(lines, target)
            written = len(lines)
    emit({"written": written, "out": str(target)}, f"{target}: {written} statements", as_json=as_json)
    return ExitCode.OK


@app.command(name="library-proofs")
def library_proofs(
    out: Annotated[Path, typer.Option("--out", help="File of fine-tuning lines; grows only.")],
    count: Annotated[int, typer.Option(min=1, help="Theorems to try.")] = 1_000,
    seed: Annotated[int, typer.Option(min=0, help="Of the order of the theorems.")] = 0,
    minutes: Annotated[float | None, typer.Option(min=0.1, help="Stop after so long.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Lean processes.")] = 2,
    runtime: options.RuntimeOption = options.Runtime.AUTO,
    as_json: Json = False,
) -> int:
    """Proofs of library theorems found by templates with retrieved premises, accepted by both kernels."""
    from mathlm import premises
    from training.data import library_proofs as teacher

    with options.lean(workers, runtime, paranoid=True) as lean:
        theorems = _library(lean)
        retriever = premises.retriever(lean)
        with progress("Proving the library", total=count) as bar:
            report = teacher.build(
                theorems, retriever, lean=lean, out=out, count=count, seed=seed,
                seconds=None if minutes is None else minutes * 60, progress=bar.set,
            )  # fmt: skip
    text = f"{out}: {report['proved']} of {report['tried']} theorems proved"
    emit({**report, "out": str(out)}, text, as_json=as_json)
    return ExitCode.OK


@app.command()
def pairs(
    run: Annotated[
        list[Path],
        typer.Option("--run", help="Folder of `mathlm eval`, or its samples.jsonl; may be repeated."),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for train.jsonl, test.jsonl, manifest.json.")],
    per_question: Annotated[int, typer.Option(min=1, help="Most pairs of one question.")] = 8,
    steps: Annotated[bool, typer.Option(help="Pairs of steps too, beside whole answers.")] = True,
    seed: Annotated[int, typer.Option(min=0, help="Of the choice of pairs.")] = 0,
    as_json: Json = False,
) -> int:
    """Accepted and failed answers to the same question, for the reward model."""
    from training.data.pairs import build

    counts = build(run, out, per_question=per_question, steps=steps, seed=seed)
    shown = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    emit({"counts": counts, "out": str(out)}, f"{out}: {shown}", as_json=as_json)
    return ExitCode.OK


@app.command()
def texts(
    out: Annotated[Path, typer.Option("--out", help="File of pre-training lines.")],
    sft: Annotated[
        list[Path] | None, typer.Option("--sft", help="Fine-tuning lines; may be repeated.")
    ] = None,
    text: Annotated[list[Path] | None, typer.Option("--text", help="Lines that are text already.")] = None,
    copies: Annotated[int, typer.Option(min=0, help="Copying exercises to add.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Of the copying exercises.")] = 0,
    as_json: Json = False,
) -> int:
    """Plain pre-training text from fine-tuning lines and library statements."""
    from training.data.texts import write

    written = write(sft or [], text or [], out, copies=copies, seed=seed)
    emit({"written": written, "out": str(out)}, f"{out}: {written} texts", as_json=as_json)
    return ExitCode.OK


def _library(lean: LeanVerifier) -> list[LibraryTheorem]:
    """The library's theorems, with a progress bar where they have to be read first."""
    from mathlm.library import theorems

    with progress("Reading Lean's library", total=None) as bar:
        return theorems(lean, progress=lambda done, total: bar.set(done, total=total))
