"""Decontamination: training lines that hold an evaluation item are dropped, each with the item named.

A line collides with an item when one of these holds, in this order:
    exact     its question (or a paragraph, or the whole text) says the same, spacing and case aside
    lean      it states the same theorem, up to the theorem's name, the binders' names and ℕ for Nat
    formula   a paragraph has the same formulas, concatenated (InternLM2-Math, arXiv:2402.06332, section 3.1)
    ngram     it shares runs of words with the item: one 13-gram, or half of the item's 10-grams; all of them
              where the item has fewer than 2n words

Numbers are words, and for `ngram` the text must also have all of the item's numbers. So two questions of one
template with other numbers do not collide, while a copy in a longer text does. An item with fewer than n
words is found by the other tests only.

Contract: pure functions of texts; the order of the items decides which of several is named. Evaluation files
are JSON lines with any of FIELDS.
Not covered: translations and rewordings.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mathlm.errors import DataError
from mathlm.records import read_jsonl
from training.data.prepare.normalise import (
    exact,
    lean_statements,
    ngrams,
    numbers,
    paragraph_formulas,
    words,
)

FIELDS = ("question", "problem", "statement", "text", "prompt")
"""Where an evaluation item has its text; all that are there are looked for."""
SHARES = {13: 0.0, 10: 0.5}
"""Share of an item's n-grams that a text may have before it collides, for items of 2n words or more."""


_LABEL = re.compile(r"[^\W\d][\w ]{0,60}:\s*")
"""`Question:`, `Change specific numbers:`, in front of a question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One text of an evaluation set. Example: `Item(file="dev.jsonl", id="q1", text="What is 2 + 2?")`."""

    file: str
    id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A collision: how it was found and with which item."""

    test: str
    """`exact`, `lean`, `formula`, `ngram13` or `ngram10`."""
    item: Item


def read_items(paths: Sequence[Path]) -> Iterator[Item]:
    """The items of evaluation files. DataError for a line without any of FIELDS."""
    for path in paths:
        for index, row in enumerate(read_jsonl(path)):
            texts = [row[name] for name in FIELDS if isinstance(row.get(name), str)]
            if not texts:
                raise DataError(
                    f"{path}, row {index + 1}: an evaluation item needs one of {', '.join(FIELDS)}"
                )
            key = next((row[name] for name in ("id", "task_id") if name in row), index)
            for text in texts:
                yield Item(file=path.name, id=str(key), text=text)


class Contamination:
    """Evaluation items, indexed. Example: `Contamination(read_items(paths)).find("What is 2 + 2?")`."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items: list[Item] = []
        self._keys: dict[str, dict[str, Item]] = {"exact": {}, "lean": {}, "formula": {}}
        self._grams: dict[int, dict[str, list[int]]] = {n: defaultdict(list) for n in SHARES}
        self._sizes: dict[int, list[int]] = {n: [] for n in SHARES}
        self._long: list[int] = []
        self._numbers: list[Counter[str]] = []
        for item in items:
            self._add(item)

    def find(self, *texts: str) -> Hit | None:
        """The first collision of the parts of a line (question, answer; or a text)."""
        if not self.items:
            return None
        for test, keys in (("exact", _exacts), ("lean", lean_statements), ("formula", paragraph_formulas)):
            known = self._keys[test]
            for text in texts:
                for key in keys(text):
                    if key in known:
                        return Hit(test=test, item=known[key])
        return self._shared("\n".join(texts))

    def _add(self, item: Item) -> None:
        place = len(self.items)
        self.items.append(item)
        if key := exact(item.text):
            self._keys["exact"].setdefault(key, item)
        for shape in lean_statements(item.text):
            self._keys["lean"].setdefault(shape, item)
        joined = list(paragraph_formulas(item.text))
        if len(joined) == 1:  # the formulas of one paragraph of many are not the item
            self._keys["formula"].setdefault(joined[0], item)
        found = words(item.text)
        self._numbers.append(Counter(numbers(item.text)))
        self._long.append(len(found))
        for n in SHARES:
            grams = set(ngrams(found, n)) if len(found) >= n else set()
            self._sizes[n].append(len(grams))
            for gram in grams:
                self._grams[n][_key(gram)].append(place)

    def _shared(self, text: str) -> Hit | None:
        found = words(text)
        own: Counter[str] | None = None
        for n, share in SHARES.items():
            index = self._grams[n]
            hits: Counter[int] = Counter()
            for gram in set(ngrams(found, n)) if len(found) >= n else ():
                hits.update(index.get(_key(gram), ()))
            for place, count in sorted(hits.items()):
                needed = 1.0 if self._long[place] < 2 * n else share
                if count < needed * self._sizes[n][place]:
                    continue
                own = Counter(numbers(text)) if own is None else own
                if self._numbers[place] <= own:
                    return Hit(test=f"ngram{n}", item=self.items[place])
        return None


def _exacts(text: str) -> Iterator[str]:
    """Keys of the text, of its paragraphs and lines, and of it without an instruction around the question."""
    yield exact(text)
    lines = text.strip().split("\n")
    parts = [*re.split(r"\n\s*\n", text), *lines] if len(lines) > 1 else []
    parts += ["\n".join(lines[1:]), "\n".join(lines[:-1])]
    parts += [_LABEL.sub("", part) for part in (text, *lines) if _LABEL.match(part)]
    for part in parts:
        if (key := exact(part)).count(" ") >= 3:
            yield key


def _key(gram: str) -> str:
    """Short keys for long runs of words: evaluation sets may be large."""
    return gram if len(gram) <= 24 else hashlib.blake2b(gram.encode(), digest_size=12).hexdigest()
