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

if TYPE_CHECKING:
    from training.data.problems.sources import Item

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
    """Learn a byte-level BPE tokenizer from training texts."""
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
    workers: Annotated[int, typer.Option(min=1, max=256, help="Lean processes.")] = 1,
    runtime: options.RuntimeOption = options.Runtime.AUTO,
    as_json: Json = False,
) -> int:
    """Theorems of our own with proofs that both kernels accepted, as fine-tuning lines."""
    from training.data.theorems import build, conjectures

    with options.lean(workers, runtime, paranoid=True) as lean, progress("Proving", total=count) as bar:
        counts = build(list(conjectures(count, seed=seed)), lean=lean, out=out, progress=bar.set)
    text = f"{out}: {counts['written']} written"
    if counts["disagreements"]:
        text += f"; THE KERNELS DISAGREE on {counts['disagreements']} (see above): please report them"
    emit({**counts, "out": str(out)}, text, as_json=as_json)
    return ExitCode.OK


@app.command()
def library(
    out: Annotated[Path, typer.Option("--out", help="File of pre-training lines.")],
    longest: Annotated[int, typer.Option(min=1, help="Characters of the longest statement kept.")] = 300,
    runtime: options.RuntimeOption = options.Runtime.AUTO,
    as_json: Json = False,
) -> int:
    """Theorem statements of the core Lean library, test split left out, as pre-training lines."""
    from training.data.library import statements, write_texts

    with options.lean(1, runtime) as lean, progress("Reading modules", total=None) as bar:
        written = write_texts(statements(lean, progress=lambda done, _: bar.set(done)), out, longest=longest)
    emit({"written": written, "out": str(out)}, f"{out}: {written} statements", as_json=as_json)
    return ExitCode.OK


@app.command()
def texts(
    out: Annotated[Path, typer.Option("--out", help="File of pre-training lines.")],
    sft: Annotated[list[Path], typer.Option("--sft", help="Fine-tuning lines; may be repeated.")],
    text: Annotated[list[Path] | None, typer.Option("--text", help="Lines that are text already.")] = None,
    as_json: Json = False,
) -> int:
    """Plain pre-training text from fine-tuning lines and library statements."""
    from training.data.texts import write

    written = write(sft, text or [], out)
    emit({"written": written, "out": str(out)}, f"{out}: {written} texts", as_json=as_json)
    return ExitCode.OK
