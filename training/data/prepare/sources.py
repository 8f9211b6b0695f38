"""Where lines come from: JSONL, Parquet and CSV files, folders and hub names of `datasets`, LeanDojo traces.

A source is written `[NAME=]WHAT`, where WHAT is
    FILE.jsonl, FILE.json (one object a line), also .gz      read strictly: a bad line is named
    FILE.parquet, FILE.csv, FILE.tsv, also .gz               read by `datasets`, every CSV cell as text
    FOLDER[:CONFIG][:SPLIT], ORG/NAME[@REVISION][:CONFIG][:SPLIT]    `datasets.load_dataset`, split `train`
    leandojo:FILE                                            traced theorems, as next-tactic lines
NAME goes into the ids and counts; without one it is made from the file's or data set's name.

Fields become a text, or a prompt and an answer, by `FieldMap`, else by what is there: `text`; `prompt` and
`answer`; `question` and `answer`; `statement` and `proof`. A prompt that `mathlm.prompts` did not render is
rendered as a question. All but LeanDojo is streamed, so a source may be larger than the memory.

Contract: the lines of a source and their order are fixed by its content. Errors: DataError that names the
place, UsageError for a source that cannot be found.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mathlm.errors import DataError, UsageError
from mathlm.prompts import IM_START, render_prove, render_reason, render_tactic
from mathlm.records import read_jsonl
from training.data import leandojo

JSON_LINES = (".jsonl", ".json", ".ndjson")
TABLES = {".parquet": "parquet", ".csv": "csv", ".tsv": "csv"}
TARGETS = ("id", "text", "prompt", "answer")
_PAIRS = (("prompt", "answer"), ("question", "answer"), ("statement", "proof"))

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line on its way: a text, or a rendered prompt with its answer.

    Example: `Line(id="gsm8k/3", source="gsm8k", prompt="<|im_start|>user\\n…", answer="…")`
    """

    id: str
    source: str
    text: str | None = None
    prompt: str | None = None
    answer: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    """Fields that are carried along as they are (`--carry`)."""

    def to_json(self) -> dict[str, Any]:
        """As it is written: no field that is None."""
        named = {name: getattr(self, name) for name in ("id", "source", "text", "prompt", "answer")}
        return {name: value for name, value in named.items() if value is not None} | self.extra


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldMap:
    """Which field of a row becomes what. Example: `FieldMap(prompt="problem", answer="solution")`."""

    id: str | None = None
    text: str | None = None
    prompt: str | None = None
    answer: str | None = None
    carry: tuple[str, ...] = ()
    """Fields that are written as they are."""

    @classmethod
    def parse(cls, settings: Sequence[str], *, carry: Sequence[str] = ()) -> FieldMap:
        """From `TARGET=FIELD` words, for instance `prompt=problem`."""
        found: dict[str, str] = {}
        for setting in settings:
            target, mark, name = setting.partition("=")
            if not mark or target not in TARGETS or not name:
                raise UsageError(
                    f"--field {setting!r}: write TARGET=FIELD, TARGET one of {', '.join(TARGETS)}"
                )
            found[target] = name
        if "text" in found and found.keys() & {"prompt", "answer"}:
            raise UsageError("--field: map to text, or to prompt and answer, not to both")
        return cls(**found, carry=tuple(carry))


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Example: `Source(name="gsm8k", spec="gsm8k_train.jsonl.gz", kind="json")`."""

    name: str
    spec: str
    kind: str
    """`json`, `parquet`, `csv`, `datasets` or `leandojo`."""

    @property
    def files(self) -> list[Path]:
        """The local files that it reads; none for a hub name."""
        path = Path(self.spec.split(":")[0] if self.kind == "datasets" else self.spec)
        if path.is_dir():
            return sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
        return [path] if path.is_file() else []

    def rows(self) -> Iterator[Row]:
        """Its rows, in order."""
        if self.kind == "json":
            yield from read_jsonl(Path(self.spec))
        elif self.kind == "leandojo":
            for theorem in leandojo.read(Path(self.spec)):
                for pair in leandojo.next_tactics(theorem):
                    prompt = render_tactic(pair["state"]).text
                    yield {"id": pair["id"], "prompt": prompt, "answer": pair["tactic"]}
        else:
            yield from _from_datasets(self)


def read_source(text: str) -> Source:
    """The source that the words name. UsageError says what is wrong with them."""
    name, mark, spec = text.partition("=")
    if not mark or not re.fullmatch(r"[\w.-]+", name):
        name, spec = "", text
    if spec.startswith("leandojo:"):
        spec = spec.removeprefix("leandojo:")
        return Source(name=name or _stem(spec), spec=spec, kind="leandojo")
    path = Path(spec)
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    kind = "json" if suffix in JSON_LINES else TABLES.get(suffix, "datasets")
    if kind != "datasets" and not path.is_file():
        raise UsageError(f"cannot read {spec}: name a file that is there")
    if kind == "datasets" and path.is_file():
        known = ", ".join((*JSON_LINES, *TABLES))
        raise UsageError(f"{spec}: unknown kind of file; known are {known} (also .gz), and folders")
    return Source(name=name or _stem(spec.split(":")[0].split("@")[0]), spec=spec, kind=kind)


def distinct(sources: Sequence[Source]) -> None:
    """UsageError when two sources would have the same ids."""
    names = [source.name for source in sources]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"two sources are called {twice[0]!r}: give them names, NAME=WHAT")


def lines(source: Source, fields: FieldMap, *, form: str) -> Iterator[Line]:
    """The rows as lines of one form, `text` or `chat`."""
    for index, row in enumerate(source.rows()):
        where = f"{source.spec}, row {index + 1}"
        key = row.get(fields.id or "id")
        wanted = {name: row.get(name) for name in fields.carry}
        line_id = f"{source.name}/{index if key is None else key}"
        if form == "text":
            yield Line(id=line_id, source=source.name, text=_text(row, fields, where), extra=wanted)
        else:
            prompt, answer = _pair(row, fields, where)
            yield Line(id=line_id, source=source.name, prompt=prompt, answer=answer, extra=wanted)


def detect_form(source: Source, fields: FieldMap) -> str:
    """`text` or `chat`, from the fields of the first row."""
    row = next(iter(source.rows()), None)
    if fields.text is not None or row is None:
        return "text"
    if fields.prompt is not None:
        return "chat"
    return "chat" if _names(row) is not None else "text"


def fingerprint(row: Row) -> bytes:
    """A row as bytes, for the hash of everything that was read."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


def file_hashes(source: Source) -> dict[str, str]:
    """sha256 of each local file, by its name below the source."""
    found = {}
    for path in source.files:
        with path.open("rb") as stream:
            found[path.name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found


def _from_datasets(source: Source) -> Iterator[Row]:
    import datasets

    datasets.disable_progress_bars()
    place, config, split = _parts(source.spec)
    try:
        if source.kind == "datasets":
            name, _, revision = place.partition("@")
            data = datasets.load_dataset(name, config, split=split, streaming=True, revision=revision or None)
        else:
            options = _csv_options(Path(source.spec)) if source.kind == "csv" else {}
            data = datasets.load_dataset(
                source.kind, data_files={"train": source.spec}, split="train", streaming=True, **options
            )
        yield from data
    except (OSError, ValueError, RuntimeError) as error:
        raise DataError(
            f"{source.spec}: `datasets` cannot read it ({type(error).__name__}: {error}): "
            "check the name, the configuration and the split"
        ) from None


def _csv_options(path: Path) -> dict[str, Any]:
    """Every cell as text: 007, 1.50 and NA are what they are."""
    import datasets

    sep = "\t" if ".tsv" in path.suffixes else ","
    with (
        gzip.open(path, "rt", encoding="utf-8-sig", newline="")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8-sig", newline="") as stream
    ):
        names = next(csv.reader(stream, delimiter=sep), [])
    features = datasets.Features({name: datasets.Value("string") for name in names})
    return {"features": features, "keep_default_na": False, "sep": sep}


def _parts(spec: str) -> tuple[str, str | None, str]:
    """Place, configuration and split of `PLACE[:CONFIG][:SPLIT]`; one word after the place is the split."""
    place, *rest = spec.split(":")
    if len(rest) > 2:
        raise UsageError(f"{spec!r}: write NAME, NAME:SPLIT or NAME:CONFIG:SPLIT")
    return place, rest[0] if len(rest) == 2 else None, rest[-1] if rest else "train"


def _names(row: Row) -> tuple[str, str] | None:
    return next((pair for pair in _PAIRS if all(name in row for name in pair)), None)


def _pair(row: Row, fields: FieldMap, where: str) -> tuple[str, str]:
    names = _names(row)
    if fields.prompt is not None or fields.answer is not None:
        names = (fields.prompt or "prompt", fields.answer or "answer")
    if names is None:
        raise DataError(
            f"{where}: no prompt and answer; name its fields with --field prompt=… --field answer=…"
        )
    prompt, answer = (_value(row, name, where) for name in names)
    if prompt.startswith(IM_START):
        return prompt, answer
    rendered = render_prove(prompt) if names == ("statement", "proof") else render_reason(prompt)
    return rendered.text, answer


def _text(row: Row, fields: FieldMap, where: str) -> str:
    if fields.text is not None or (fields.prompt is None and isinstance(row.get("text"), str)):
        return _value(row, fields.text or "text", where)
    from training.data.texts import plain_text

    prompt, answer = _pair(row, fields, where)
    return plain_text(prompt, answer)


def _value(row: Row, name: str, where: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        got = "nothing" if value is None else type(value).__name__
        raise DataError(f"{where}: field {name!r} must be text, got {got}; name another with --field")
    return value


def _stem(spec: str) -> str:
    name = Path(spec).name.split(".")[0]
    return re.sub(r"[^\w.-]", "-", name) or "source"
