"""Packing: every token once, no document seen from another, the same order each time."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.corpus import Corpus
from training.packing import IGNORE, Stream, pack, pieces


def make_corpus(lengths: list[int], *, loss_from: int = 1) -> Corpus:
    """Documents of these lengths in tokens; all tokens differ."""
    return Corpus(
        tokens=np.arange(sum(lengths), dtype=np.uint32),
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        loss_from=np.full(len(lengths), loss_from, np.int64),
        held_out=np.zeros(len(lengths), np.bool_),
        hashes={},
    )


def make_stream(corpus: Corpus, *, split: bool = True, seed: int = 0) -> Stream:
    documents = list(range(len(corpus)))
    return Stream(corpus, documents, row_lengths=(8, 16), micro_tokens=32, seed=seed, split=split)


@given(st.lists(st.integers(1, 16), min_size=1, max_size=200))
def test_pack_places_each_piece_once_and_overfills_no_row(places: list[int]) -> None:
    array = np.asarray(places, dtype=np.int64)
    rows = pack(array, (8, 16))
    assert sorted(i for _, row in rows for i in row) == list(range(len(places)))
    assert all(sum(places[i] for i in row) <= length for length, row in rows)


def test_pack_fills_gaps_with_short_pieces() -> None:
    rows = pack(np.asarray([3, 12, 5, 4], dtype=np.int64), (8, 16))
    assert [(length, sorted(row)) for length, row in rows] == [(16, [1, 3]), (8, [0, 2])]


@given(st.lists(st.integers(2, 40), min_size=1, max_size=40))
def test_every_target_appears_once_per_epoch_with_its_own_past(lengths: list[int]) -> None:
    corpus = make_corpus(lengths)
    seen: list[int] = []
    for batch in make_stream(corpus).epoch_batches(0):
        assert batch.tokens_BL.size == 32
        used = batch.targets_BL != IGNORE
        assert np.array_equal(batch.targets_BL[used], batch.tokens_BL[used] + 1)
        assert np.array_equal(used, batch.doc_ids_BL >= 0)
        seen += batch.targets_BL[used].tolist()
        for tokens, positions, documents in zip(
            batch.tokens_BL, batch.positions_BL, batch.doc_ids_BL, strict=True
        ):
            for document in set(documents.tolist()) - {-1}:
                inside = documents == document
                assert positions[inside].tolist() == list(range(inside.sum()))
                owner = np.searchsorted(corpus.starts, tokens[inside], side="right")
                assert len(set(owner.tolist())) == 1
    first_tokens = set(corpus.starts[:-1].tolist())
    assert sorted(seen) == [t for t in range(sum(lengths)) if t not in first_tokens]


def test_loss_starts_at_the_first_answer_token_even_in_a_later_piece() -> None:
    corpus = make_corpus([40], loss_from=20)
    batches = make_stream(corpus).epoch_batches(0)
    targets = sorted(t for b in batches for t in b.targets_BL[b.targets_BL != IGNORE].tolist())
    assert targets == list(range(20, 40))


def test_documents_too_long_are_left_out_and_counted_without_split() -> None:
    corpus = make_corpus([5, 18, 17])
    found, places, left_out = pieces(corpus, [0, 1, 2], longest=16, split=False)
    assert (found, places.tolist(), left_out) == ([(0, 0), (2, 0)], [4, 16], 1)


def test_order_depends_on_seed_and_epoch_only() -> None:
    corpus = make_corpus([3, 9, 4, 12, 6, 2, 15, 7] * 5)

    def tokens(seed: int, epoch: int) -> list[int]:
        batches = make_stream(corpus, seed=seed).epoch_batches(epoch)
        return [t for b in batches for t in b.tokens_BL.reshape(-1).tolist()]

    assert tokens(0, 0) == tokens(0, 0)
    assert tokens(0, 0) != tokens(0, 1)
    assert tokens(0, 0) != tokens(1, 0)


def test_state_is_the_whole_position() -> None:
    corpus = make_corpus([3, 9, 4, 12, 6, 2, 15, 7] * 5)
    stream = make_stream(corpus)
    length = len(stream.plan(0))
    for _ in range(length + 1):
        stream.take()
    assert stream.state == (1, 1)
    other = make_stream(corpus)
    other.state = stream.state
    for _ in islice(range(length), 5):
        assert np.array_equal(stream.take().tokens_BL, other.take().tokens_BL)


def test_a_row_length_that_does_not_divide_the_batch_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple of every row length"):
        Stream(make_corpus([4]), [0], row_lengths=(7,), micro_tokens=32, seed=0, split=True)
