"""`mathlm data prepare`: sources -> one clean folder of training lines, with a manifest and a report.

    read -> clean -> decontaminate -> score -> drop exact duplicates -> drop similar ones -> write

One pass in the order of the sources; each line is kept or dropped with the step and the reason. Files:
`data-NNNNN.jsonl` (lines `{"id", "source", "text"}` or `{"id", "source", "prompt", "answer"}`, with `quality`
where a model scored them), `dropped.jsonl` (id, step, reason, an excerpt; for a duplicate the kept line that
it `resembles`, for a contaminated line the evaluation item), `report.md`, `report.json`, `manifest.json`.

Contract: the same inputs, settings and code give the same bytes, however often the run was stopped. Memory:
the evaluation items, and about 6 KB for each kept line (see `dedup`).
Errors: DataError for a line that cannot be read (with its place), UsageError for settings.
Not covered: more than one process.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from mathlm.errors import UsageError
from mathlm.prompts import IM_END, IM_START
from training.data.prepare import decontaminate, dedup, report, sources
from training.data.prepare.cleaning import Rules, verdict
from training.data.prepare.decontaminate import Contamination
from training.data.prepare.folder import Folder, Json, file_sha256, shards
from training.data.prepare.normalise import clean
from training.data.prepare.sources import FieldMap, Line, Source

CHUNK = 1000
"""Lines between two writes: what a stopped run may lose."""
EXCERPT = 300
"""Characters of a dropped line that `dropped.jsonl` shows."""
_HEAD, _TAIL = f"{IM_START}user\n", f"{IM_END}\n{IM_START}assistant\n"


DEFAULT_FIELDS, DEFAULT_RULES = FieldMap(), Rules()


@dataclass(frozen=True, kw_only=True, slots=True)
class PrepareConfig:
    """What to make. Example: `PrepareConfig(sources=(read_source("a.jsonl"),), out=Path("clean"))`."""

    sources: tuple[Source, ...]
    out: Path
    fields: FieldMap = DEFAULT_FIELDS
    form: Literal["auto", "text", "chat"] = "auto"
    rules: Rules = DEFAULT_RULES
    against: tuple[Path, ...] = ()
    """Evaluation files."""
    quality: Path | None = None
    """A model of `quality`; its score is written to each line."""
    min_quality: float = 0.0
    duplicates: bool = True
    """Drop duplicates."""
    threshold: float = dedup.THRESHOLD
    numbers_matter: bool = True
    shard_lines: int = 100_000

    def __post_init__(self) -> None:
        if not self.sources:
            raise ValueError("give at least one source")
        if not 0 < self.threshold <= 1 or not 0 <= self.min_quality <= 1:
            raise ValueError("threshold and min_quality are shares between 0 and 1")
        if self.min_quality and self.quality is None:
            raise ValueError("min_quality needs a quality model")
        if self.shard_lines < 1:
            raise ValueError(f"shard_lines must be at least 1, got {self.shard_lines}")

    def settings(self, form: str) -> Json:
        """All that decides the result, files by their hashes."""
        found = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        del found["out"]
        return found | {
            "form": form,
            "sources": [_described(source) for source in self.sources],
            "fields": dataclasses.asdict(self.fields),
            "rules": dataclasses.asdict(self.rules),
            "against": [{"file": p.name, "sha256": file_sha256(p)} for p in self.against],
            "quality": None if self.quality is None else file_sha256(self.quality),
            "seed": dedup.SEED,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class _Parts:
    """A line after normalisation: what the rules look at."""

    line: Line
    pieces: tuple[str, ...]
    """The text; or the question and the answer."""

    @property
    def whole(self) -> str:
        return "\n".join(self.pieces)


def prepare(config: PrepareConfig, *, progress: Callable[[int], None] | None = None) -> Json:
    """Make the folder, or what is missing of it; returns its manifest."""
    sources.distinct(config.sources)
    form = _form(config)
    with Folder(config.out, config.settings(form)) as folder:
        if folder.finished is not None:
            return folder.finished
        steps = _Steps(config)
        stream = _Stream(config, form)
        lines, number = stream.lines(), 0
        while rows := list(islice(lines, CHUNK)):
            records = folder.chunk(number)
            if records is None:
                records = [steps.judge(line) for line in rows]
                folder.keep_chunk(number, records)
            else:
                for record in records:
                    steps.remember(record)
            number += 1
            if progress is not None:
                progress(stream.read)
        return _write(config, folder, stream, number, items=len(steps.evaluation.items))


class _Stream:
    """The lines of all sources one after the other, hashed as they are read."""

    def __init__(self, config: PrepareConfig, form: str) -> None:
        self._config, self._form = config, form
        self.read = 0
        self.rows: Counter[str] = Counter()
        self._digests = {source.name: hashlib.sha256() for source in config.sources}

    def lines(self) -> Iterator[Line]:
        for source in self._config.sources:
            digest = self._digests[source.name]
            for line in sources.lines(source, self._config.fields, form=self._form):
                digest.update(sources.fingerprint(line.to_json()))
                self.rows[source.name] += 1
                self.read += 1
                yield line

    def facts(self) -> list[Json]:
        return [
            {
                "name": source.name,
                "lines": self.rows[source.name],
                "lines_sha256": self._digests[source.name].hexdigest(),
            }
            for source in self._config.sources
        ]


class _Steps:
    """All that decides about a line; knows the lines that were kept before it."""

    def __init__(self, config: PrepareConfig) -> None:
        self._config = config
        self.evaluation = Contamination(decontaminate.read_items(config.against))
        self._kept = dedup.Duplicates(threshold=config.threshold, numbers_matter=config.numbers_matter)
        self._score: Callable[[str], float] | None = None
        if config.quality is not None:
            from training.data.prepare.quality import Quality

            self._score = Quality.load(config.quality).score

    def judge(self, line: Line) -> Json:
        """`{"kept": line}` or `{"dropped": why}`."""
        parts = _normalise(line)
        if parts is None:
            return _dropped(line, "clean", "not_one_turn", line.prompt or "")
        whole = parts.whole
        for piece in parts.pieces:
            rules = (
                self._config.rules if piece is parts.pieces[0] else replace(self._config.rules, min_chars=1)
            )
            # An answer may be one digit: length and letters are asked of the question.
            if len(parts.pieces) == 2 and piece is parts.pieces[1]:
                rules = replace(rules, letters=0.0)
            if (reason := verdict(piece, rules)) is not None:
                return _dropped(line, "clean", reason, whole)
        if (hit := self.evaluation.find(*parts.pieces)) is not None:
            found = {"file": hit.item.file, "id": hit.item.id, "text": hit.item.text[:EXCERPT]}
            return _dropped(line, "decontaminate", hit.test, whole, evaluation=found)
        made = parts.line.to_json()
        if self._score is not None:
            made["quality"] = self._score(whole)
            if made["quality"] < self._config.min_quality:
                return _dropped(line, "quality", "low_score", whole, quality=made["quality"])
        return self._deduplicated(made, line, whole)

    def remember(self, record: Json) -> None:
        """What an earlier call kept counts for the lines to come."""
        if self._config.duplicates and (made := record.get("kept")) is not None:
            whole = _whole(made)
            self._kept.add(made["id"], whole, self._kept.signature(whole))

    def _deduplicated(self, made: Json, line: Line, whole: str) -> Json:
        if not self._config.duplicates:
            return {"kept": made}
        if (other := self._kept.exactly(whole)) is not None:
            return _dropped(line, "exact_duplicate", "same_text", whole, resembles=other)
        signature = self._kept.signature(whole)
        if (near := self._kept.similar(signature)) is not None:
            return _dropped(line, "near_duplicate", "minhash", whole, resembles=near[0], likeness=near[1])
        self._kept.add(line.id, whole, signature)
        return {"kept": made}


def _normalise(line: Line) -> _Parts | None:
    """The line with clean texts; None for a prompt that is not one turn of the user."""
    if line.text is not None:
        text = clean(line.text)
        return _Parts(line=replace(line, text=text), pieces=(text,))
    prompt, answer = line.prompt or "", line.answer or ""
    if not (prompt.startswith(_HEAD) and prompt.endswith(_TAIL)):
        return None
    asked, answer = clean(prompt[len(_HEAD) : -len(_TAIL)]), clean(answer)
    rendered = f"{_HEAD}{asked}{_TAIL}"
    return _Parts(line=replace(line, prompt=rendered, answer=answer), pieces=(asked, answer))


def _whole(made: Json) -> str:
    if "text" in made:
        return str(made["text"])
    return f"{made['prompt'][len(_HEAD) : -len(_TAIL)]}\n{made['answer']}"


def _dropped(line: Line, step: str, reason: str, text: str, **more: Any) -> Json:
    facts = {"id": line.id, "source": line.source, "step": step, "reason": reason}
    return {"dropped": {**facts, **more, "excerpt": text[:EXCERPT]}}


def _form(config: PrepareConfig) -> str:
    if config.form != "auto":
        return config.form
    found = {sources.detect_form(source, config.fields) for source in config.sources}
    if len(found) > 1:
        raise UsageError(
            "some sources are texts, some have prompts and answers: give --form text or --form chat"
        )
    return found.pop()


def _described(source: Source) -> Json:
    return {
        "name": source.name,
        "spec": source.spec,
        "kind": source.kind,
        "files": sources.file_hashes(source),
    }


def _write(config: PrepareConfig, folder: Folder, stream: _Stream, chunks: int, *, items: int) -> Json:
    """Put the chunks together; the manifest comes last."""

    def records(kind: str) -> Iterator[Json]:
        for number in range(chunks):
            for record in folder.chunk(number) or []:
                if kind in record:
                    yield record[kind]

    for name, lines in shards(records("kept"), config.shard_lines):
        folder.write(name, lines)
    folder.write("dropped.jsonl", records("dropped"))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for source in config.sources:
        counts[source.name]["read"] = stream.rows[source.name]
    for line in records("kept"):
        counts[line["source"]]["kept"] += 1
    for line in records("dropped"):
        counts[line["source"]][f"{line['step']}: {line['reason']}"] += 1
    found = report.build(counts, records("dropped"), evaluation_items=items)
    folder.write_text("report.json", report.as_json(found))
    folder.write_text("report.md", report.as_markdown(found))
    return folder.finish({"sources": stream.facts(), "evaluation_items": items, "counts": found["counts"]})
