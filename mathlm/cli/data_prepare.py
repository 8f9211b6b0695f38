"""`mathlm data prepare|quality|mix|verify`: from sources to a clean training file.

Exit codes: 0 made (or intact), 1 a file is not what its manifest says, 2 bad options or data, 3 the machine.
The same command again continues where a stopped one ended. See `training.data.prepare`.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mathlm.cli.output import MAX_SEED, ExitCode, Json, emit, progress
from mathlm.errors import UsageError

if TYPE_CHECKING:
    from training.data.prepare.sources import FieldMap

Fields = Annotated[
    list[str] | None,
    typer.Option("--field", help="TARGET=FIELD; TARGET is id, text, prompt or answer; may be repeated."),
]


class Form(StrEnum):
    """What the lines become."""

    AUTO = "auto"
    TEXT = "text"
    CHAT = "chat"


def prepare(
    source: Annotated[
        list[str],
        typer.Argument(
            help="[NAME=]WHAT: a JSONL, Parquet or CSV file (also .gz), a folder or hub name "
            "ORG/NAME[@REVISION][:CONFIG][:SPLIT], or leandojo:FILE."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="New folder.")],
    field: Fields = None,
    carry: Annotated[list[str] | None, typer.Option("--carry", help="Field to write as it is.")] = None,
    form: Annotated[Form, typer.Option(help="text: for pre-training; chat: for fine-tuning.")] = Form.AUTO,
    against: Annotated[
        list[Path] | None, typer.Option("--against", help="Evaluation file, JSON lines; may be repeated.")
    ] = None,
    quality: Annotated[Path | None, typer.Option(help="Model of `mathlm data quality`.")] = None,
    min_quality: Annotated[float, typer.Option(min=0, max=1, help="Drop lines that score less.")] = 0.0,
    min_chars: Annotated[int, typer.Option(min=0, help="Characters of the shortest text or question.")] = 3,
    max_chars: Annotated[int, typer.Option(min=1, help="Characters of the longest text.")] = 100_000,
    duplicates: Annotated[bool, typer.Option("--dedup/--no-dedup", help="Drop duplicates.")] = True,
    threshold: Annotated[float, typer.Option(min=0.1, max=1, help="Likeness of near duplicates.")] = 0.7,
    numbers: Annotated[
        bool, typer.Option("--numbers/--no-numbers", help="Texts with other numbers are no duplicates.")
    ] = True,
    shard_lines: Annotated[int, typer.Option(min=1, help="Lines of one file.")] = 100_000,
    as_json: Json = False,
) -> int:
    """Clean, score, deduplicate and decontaminate sources into one folder with a manifest and a report."""
    from training.data.prepare import pipeline
    from training.data.prepare.cleaning import Rules
    from training.data.prepare.sources import FieldMap, read_source

    try:
        config = pipeline.PrepareConfig(
            sources=tuple(map(read_source, source)), out=out, form=form.value,
            fields=FieldMap.parse(field or (), carry=carry or ()),
            rules=Rules(min_chars=min_chars, max_chars=max_chars), against=tuple(against or ()),
            quality=quality, min_quality=min_quality, duplicates=duplicates, threshold=threshold,
            numbers_matter=numbers, shard_lines=shard_lines,
        )  # fmt: skip
    except ValueError as error:
        raise UsageError(f"{error}") from None
    with progress("Preparing lines", total=None) as bar:
        manifest = pipeline.prepare(config, progress=bar.set)
    counts = manifest["counts"]["all"]
    text = (
        f"{out}: {counts.get('kept', 0):,} of {counts.get('read', 0):,} lines kept; see {out / 'report.md'}"
    )
    emit(manifest | {"out": str(out)}, text, as_json=as_json)
    return ExitCode.OK


def quality(
    good: Annotated[list[str], typer.Option("--good", help="Source of good texts, as in prepare.")],
    bad: Annotated[list[str], typer.Option("--bad", help="Source of bad texts.")],
    out: Annotated[Path, typer.Option("--out", help="File for the model (JSON).")],
    field: Fields = None,
    as_json: Json = False,
) -> int:
    """Learn a quality score from good and bad examples."""
    from training.data.prepare.quality import learn
    from training.data.prepare.sources import FieldMap

    fields = FieldMap.parse(field or ())
    model = learn(_texts(good, fields), _texts(bad, fields))
    model.save(out)
    figures = ", ".join(f"{name} {value}" for name, value in model.figures.items())
    emit({**model.figures, "out": str(out)}, f"{out}: {figures}", as_json=as_json)
    return ExitCode.OK


def mix(
    part: Annotated[
        list[str], typer.Argument(help="PATH[=WEIGHT]: a folder of `mathlm data`, or a JSONL file.")
    ],
    out: Annotated[Path, typer.Option("--out", help="New folder.")],
    lines: Annotated[
        int | None, typer.Option(min=1, help="Size of the mix; else as large as it can be.")
    ] = None,
    repeats: Annotated[float, typer.Option(min=1, help="Passes over a part, at most.")] = 1.0,
    order: Annotated[
        str,
        typer.Option(
            help="shuffled; or a curriculum by `length` or a field's number, `-` in front: falling."
        ),
    ] = "shuffled",
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Of the choice and the order.")] = 0,
    as_json: Json = False,
) -> int:
    """Mix folders and files in given proportions into one training file."""
    from training.data.prepare.mix import mix as make
    from training.data.prepare.mix import read_part

    with progress("Mixing lines", total=None) as bar:
        manifest = make(
            list(map(read_part, part)),
            out,
            size=lines,
            repeats=repeats,
            order=order,
            seed=seed,
            progress=bar.set,
        )
    emit(manifest | {"out": str(out)}, f"{out}: {manifest['lines']:,} lines", as_json=as_json)
    return ExitCode.OK


def verify(
    folder: Annotated[Path, typer.Argument(help="Folder made by prepare, mix or roles.")],
    as_json: Json = False,
) -> int:
    """Recompute the hashes of a folder's manifest."""
    from training.data.prepare.folder import verify as check

    wrong = check(folder)
    emit({"folder": str(folder), "wrong": wrong}, "\n".join(wrong) or f"{folder}: intact", as_json=as_json)
    return ExitCode.NOT_VERIFIED if wrong else ExitCode.OK


def _texts(specs: list[str], fields: FieldMap) -> Iterator[str]:
    from training.data.prepare.normalise import clean
    from training.data.prepare.sources import lines, read_source

    for spec in specs:
        for line in lines(read_source(spec), fields, form="text"):
            yield clean(line.text or "")
