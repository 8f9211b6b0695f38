"""Preference pairs to packed micro-batches: both texts of a pair in one batch, each attending to itself only.

A pair is two documents, `encode` of `model.reward` each. Rows hold several documents (`training.packing`);
the target of a document's last place is its number in the batch (chosen 2k, rejected 2k + 1), all other
places are IGNORE: that is where the trainer reads the scores, in this order.

Contract: as `training.packing.Stream`; every micro-batch has `micro_tokens` places and one row length. Pairs
with a text that is longer than the longest row are left out and counted.
Not covered: keeping the tokens on disk (pairs are few beside pre-training text).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mathlm.errors import DataError
from mathlm.preferences import Pair, read_pairs
from mathlm.prompts import Domain
from model.reward import encode
from model.tokenizer import Tokenizer
from training.corpus import Corpus, file_hash
from training.packing import IGNORE, Batch, Stream

HELD_OUT = 0.05
"""Share of the questions that is for validation only; pairs are fewer than documents of text."""
FITS = 1 << 30
"""More tokens than any text has: `PairStream` sorts out what is too long for a row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pairs:
    """Pairs and their tokens. Documents 2i and 2i + 1 of `corpus` are chosen and rejected of pair i."""

    pairs: list[Pair]
    corpus: Corpus

    def chosen(self, *, held_out: bool) -> list[int]:
        """Numbers of the pairs for validation, or of the others."""
        return np.flatnonzero(self.corpus.held_out[::2] == held_out).tolist()


def load(paths: Sequence[Path], *, tokenizer: Tokenizer, log: Callable[[str], None]) -> Pairs:
    """All pairs of the files in order."""
    pairs = [pair for path in paths for pair in read_pairs(path)]
    if not pairs:
        raise DataError(f"{', '.join(map(str, paths))}: no pairs; make some with `mathlm data pairs`")
    documents: list[list[int]] = [[] for _ in range(2 * len(pairs))]
    for domain in Domain:
        numbers = [i for i, pair in enumerate(pairs) if pair.domain is domain]
        items = [(pairs[i].prompt, text) for i in numbers for text in (pairs[i].chosen, pairs[i].rejected)]
        encoded = encode(tokenizer, items, domain=domain, longest=FITS) if items else []
        for place, i in enumerate(numbers):
            documents[2 * i], documents[2 * i + 1] = encoded[2 * place], encoded[2 * place + 1]
    lengths = [len(document) for document in documents]
    held_out = np.repeat([_is_held_out(pair.prompt) for pair in pairs], 2)
    corpus = Corpus(
        tokens=np.asarray([token for document in documents for token in document], dtype=np.int64),
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        loss_from=np.asarray(lengths, dtype=np.int64),
        held_out=held_out if not held_out.all() else np.zeros_like(held_out),
        hashes={str(path): file_hash(path) for path in paths},
    )
    log(f"{len(pairs):,} pairs, {len(corpus.tokens):,} tokens")
    return Pairs(pairs=pairs, corpus=corpus)


def _is_held_out(prompt: str) -> bool:
    digest = hashlib.sha256(f"reward {prompt}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >= (1 - HELD_OUT) * 2**64


class PairStream(Stream):
    """Endless micro-batches of whole pairs; `state` is the position in the data."""

    def __init__(
        self,
        corpus: Corpus,
        numbers: Sequence[int],
        *,
        row_lengths: Sequence[int],
        micro_tokens: int,
        seed: int,
    ) -> None:
        self._corpus, self._sizes, self._micro, self._seed = corpus, sorted(row_lengths), micro_tokens, seed
        self._lengths = corpus.lengths()
        longest = self._lengths.reshape(-1, 2).max(1)
        self._numbers = [
            i for i in numbers if longest[i] <= self._sizes[-1] and 2 * longest[i] <= micro_tokens
        ]
        both = self._lengths.reshape(-1, 2).sum(1)  # rows that hold one short text each would be half empty
        self._row_of = {
            i: next((size for size in self._sizes if size >= both[i]), self._sizes[-1]) for i in self._numbers
        }
        self.left_out = len(numbers) - len(self._numbers)
        if not self._numbers:
            raise DataError("every pair has a text longer than a row: give a larger --row-length")
        self.state = (0, 0)
        self._planned: tuple[int, list[tuple[int, list[list[int]]]]] | None = None

    def plan(self, epoch: int) -> list[tuple[int, list[list[int]]]]:
        """The micro-batches of an epoch: row length, and the documents of each row."""
        if self._planned is None or self._planned[0] != epoch:
            random = np.random.default_rng([self._seed, epoch])
            order = [self._numbers[i] for i in random.permutation(len(self._numbers))]
            batches: list[tuple[int, list[list[int]]]] = []
            for size in self._sizes:
                batches += self._fill(size, [i for i in order if self._row_of[i] == size])
            self._planned = epoch, [batches[i] for i in random.permutation(len(batches))]
        return self._planned[1]

    def _fill(self, size: int, numbers: Sequence[int]) -> list[tuple[int, list[list[int]]]]:
        """Pairs in order, each document in the row with the least room for it; a full batch is closed."""
        batches: list[tuple[int, list[list[int]]]] = []
        rows: list[list[int]] = []
        room: list[int] = []
        for number in numbers:
            trial, left = [list(row) for row in rows], list(room)
            if not rows or not all(
                self._place(document, trial, left) for document in (2 * number, 2 * number + 1)
            ):
                trial, left = [[] for _ in range(self._micro // size)], [size] * (self._micro // size)
                for document in (2 * number, 2 * number + 1):
                    self._place(document, trial, left)
                batches.append((size, trial))
            else:
                batches[-1] = (size, trial)
            rows, room = trial, left
        return batches

    def _place(self, document: int, rows: list[list[int]], room: list[int]) -> bool:
        length = int(self._lengths[document])
        fitting = [r for r, left in enumerate(room) if left >= length]
        if fitting:
            best = min(fitting, key=lambda r: room[r])
            rows[best].append(document)
            room[best] -= length
        return bool(fitting)

    def _batch(self, size: int, rows: list[list[int]]) -> Batch:
        shape = (self._micro // size, size)
        arrays: dict[str, npt.NDArray[Any]] = {
            "tokens_BL": np.zeros(shape, np.int64),
            "positions_BL": np.zeros(shape, np.int64),
            "doc_ids_BL": np.full(shape, -1, np.int64),
            "targets_BL": np.full(shape, IGNORE, np.int64),
        }
        numbers = {
            pair: k for k, pair in enumerate(sorted({document // 2 for row in rows for document in row}))
        }
        for b, row in enumerate(rows):
            start = 0
            for place, document in enumerate(row):
                at, length = self._corpus.starts[document], int(self._lengths[document])
                span = slice(start, start + length)
                arrays["tokens_BL"][b, span] = self._corpus.tokens[at : at + length]
                arrays["positions_BL"][b, span] = np.arange(length)
                arrays["doc_ids_BL"][b, span] = place
                arrays["targets_BL"][b, start + length - 1] = 2 * numbers[document // 2] + document % 2
                start += length
        return Batch(**arrays)
