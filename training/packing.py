"""Documents to rows of fixed length, without attention between documents.

A document of n tokens takes n - 1 places: token i is the input, token i + 1 its target. Each document
goes to the row with the least room in which it fits, longest first; where none is open, a new row of the
shortest length that holds it is begun. Short rows make attention cheap: on 2 CPU cores rows of 128
places train 1.6 times as fast as rows of 512 (figures in LOG.md). Places carry document number and
position, which the model turns into a mask and RoPE angles.

Contract: the order of one epoch depends on seed, epoch number and documents only; every micro-batch has
`micro_tokens` places and one row length; `Stream.state` is the whole position in the data.
Documents too long for the longest row are cut into pieces (`text`) or left out (`chat`).
Shape suffixes: B rows, L places in a row.
Source: best-fit decreasing packing, as in arXiv:2404.10830.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.corpus import Corpus

IGNORE = -1
"""Target of places without loss."""

Piece = tuple[int, int]
"""A document, and the index of its first token in this piece."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """One micro-batch; places that hold nothing have document -1 and target IGNORE."""

    tokens_BL: npt.NDArray[np.int64]
    positions_BL: npt.NDArray[np.int64]
    """Restart at 0 with each document."""
    doc_ids_BL: npt.NDArray[np.int64]
    """Differ between documents of one row."""
    targets_BL: npt.NDArray[np.int64]


def pieces(
    corpus: Corpus, documents: Sequence[int], *, longest: int, split: bool
) -> tuple[list[Piece], npt.NDArray[np.int64], int]:
    """Pieces of at most `longest` places, the places of each, and how many documents were left out."""
    found: list[Piece] = []
    places: list[int] = []
    left_out = 0
    lengths = corpus.lengths() - 1
    for document in documents:
        length = int(lengths[document])
        if length > longest and not split:
            left_out += 1
            continue
        for first in range(0, length, longest):
            found.append((int(document), first))
            places.append(min(longest, length - first))
    return found, np.asarray(places, dtype=np.int64), left_out


def pack(places: npt.NDArray[np.int64], row_lengths: Sequence[int]) -> list[tuple[int, list[int]]]:
    """Rows as (row length, indices into `places`); best fit, longest first."""
    rows: list[tuple[int, list[int]]] = []
    open_rows: dict[int, list[int]] = {}
    room = 0  # bit r is set while an open row has r places left
    sizes = sorted(row_lengths)
    for index in np.argsort(-places, kind="stable").tolist():
        length = int(places[index])
        fitting = room >> length
        if fitting:
            left = length + (fitting & -fitting).bit_length() - 1
            row = open_rows[left].pop()
            if not open_rows[left]:
                room &= ~(1 << left)
        else:
            left = next(size for size in sizes if size >= length)
            row = len(rows)
            rows.append((left, []))
        rows[row][1].append(index)
        if left > length:
            open_rows.setdefault(left - length, []).append(row)
            room |= 1 << (left - length)
    return rows


class Stream:
    """Endless micro-batches; `state` (epoch, index in the epoch) is the position in the data."""

    def __init__(
        self,
        corpus: Corpus,
        documents: Sequence[int],
        *,
        row_lengths: Sequence[int],
        micro_tokens: int,
        seed: int,
        split: bool,
    ) -> None:
        if any(micro_tokens % length for length in row_lengths):
            raise ValueError(f"micro_tokens must be a multiple of every row length, got {micro_tokens}")
        self._corpus, self._sizes, self._micro, self._seed = corpus, row_lengths, micro_tokens, seed
        self._pieces, self._places, self.left_out = pieces(
            corpus, documents, longest=max(row_lengths), split=split
        )
        if not self._pieces:
            raise ValueError("no document fits a row")
        self.state = (0, 0)
        self._planned: tuple[int, list[tuple[int, list[list[int]]]]] | None = None

    def plan(self, epoch: int) -> list[tuple[int, list[list[int]]]]:
        """The micro-batches of an epoch: row length, and the pieces of each row."""
        if self._planned is None or self._planned[0] != epoch:
            random = np.random.default_rng([self._seed, epoch])
            order = random.permutation(len(self._pieces))
            batches: list[tuple[int, list[list[int]]]] = []
            rows = pack(self._places[order], self._sizes)
            for size in self._sizes:
                chosen = [[int(order[i]) for i in row] for length, row in rows if length == size]
                shuffled = [chosen[i] for i in random.permutation(len(chosen))]
                step = self._micro // size
                batches += [(size, shuffled[i : i + step]) for i in range(0, len(shuffled), step)]
            self._planned = epoch, [batches[i] for i in random.permutation(len(batches))]
        return self._planned[1]

    def take(self) -> Batch:
        """The next micro-batch; the state moves on."""
        return self._batch(*self._next())

    def take_share(self, count: int, *, rank: int, ranks: int) -> list[Batch]:
        """A rank's part of the next `count` micro-batches; the state moves on over all of them.

        So the position in the data is the same for any number of ranks.
        """
        entries = [self._next() for _ in range(count)]
        return [self._batch(*entry) for entry in entries[rank::ranks]]

    def _next(self) -> tuple[int, list[list[int]]]:
        epoch, index = self.state
        plan = self.plan(epoch)
        self.state = (epoch, index + 1) if index + 1 < len(plan) else (epoch + 1, 0)
        return plan[index]

    def example(self, size: int) -> Batch:
        """A micro-batch of one row length, from epoch 0; the state does not move."""
        return self._batch(*next(entry for entry in self.plan(0) if entry[0] == size))

    def epoch_batches(self, epoch: int) -> Iterator[Batch]:
        """All micro-batches of one epoch; the state does not move."""
        for size, rows in self.plan(epoch):
            yield self._batch(size, rows)

    def _batch(self, size: int, rows: list[list[int]]) -> Batch:
        shape = (self._micro // size, size)
        arrays: dict[str, Any] = {
            "tokens_BL": np.zeros(shape, np.int64),
            "positions_BL": np.zeros(shape, np.int64),
            "doc_ids_BL": np.full(shape, -1, np.int64),
            "targets_BL": np.full(shape, IGNORE, np.int64),
        }
        for b, row in enumerate(rows):
            start = 0
            for number, piece in enumerate(row):
                document, first = self._pieces[piece]
                length = int(self._places[piece])
                at = self._corpus.starts[document] + first
                ids = self._corpus.tokens[at : at + length + 1].astype(np.int64)
                place = slice(start, start + length)
                arrays["tokens_BL"][b, place] = ids[:-1]
                arrays["positions_BL"][b, place] = np.arange(length)
                arrays["doc_ids_BL"][b, place] = number
                skip = max(0, int(self._corpus.loss_from[document]) - 1 - first)
                arrays["targets_BL"][b, start + skip : start + length] = ids[1 + skip :]
                start += length
        return Batch(**arrays)
