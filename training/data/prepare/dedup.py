"""Duplicates: equal texts by hash, similar ones by MinHash and locality-sensitive hashing.

128 hashes of the 5-grams of a text's words, threshold 0.7 (InternLM2, arXiv:2403.17297, section 3.1.1), by
`datasketch`. With `numbers_matter` (the default) two texts are similar only when they have the same numbers
in the same order: questions of one template are not duplicates. That costs nothing: the signature is changed
by a hash of the numbers, so that texts with other numbers never meet.

Contract: the first of several duplicates is kept; `similar` names the kept text that one resembles. About
6 KB of memory for each kept text.
Not covered: duplicates inside one text (see `cleaning`).
"""

from __future__ import annotations

import hashlib

import numpy as np
from datasketch import MinHash, MinHashLSH

from training.data.prepare.normalise import exact, ngrams, numbers, words

HASHES, NGRAM, THRESHOLD = 128, 5, 0.7
SEED = 1
"""Of the permutations that the hashes are made by."""


class Duplicates:
    """The texts that were kept so far. Example: `Duplicates().seen("a text") is None`."""

    def __init__(self, *, threshold: float = THRESHOLD, numbers_matter: bool = True) -> None:
        self._threshold, self._numbers_matter = threshold, numbers_matter
        self._exact: dict[bytes, str] = {}
        self._similar = MinHashLSH(threshold=threshold, num_perm=HASHES)
        self._signatures: list[np.ndarray] = []
        self._ids: list[str] = []

    def exactly(self, text: str) -> str | None:
        """The id of a kept text that says the same, spacing and case aside."""
        return self._exact.get(_digest(text))

    def similar(self, signature: MinHash) -> tuple[str, float] | None:
        """The kept text that resembles one of this signature most, and how much."""
        best: tuple[float, int] | None = None
        for place in self._similar.query(signature):
            likeness = float(np.mean(self._signatures[place] == signature.hashvalues))
            if likeness >= self._threshold and (best is None or (-likeness, place) < best):
                best = (-likeness, place)
        return None if best is None else (self._ids[best[1]], round(-best[0], 3))

    def add(self, line_id: str, text: str, signature: MinHash) -> None:
        """Remember a text that is kept."""
        self._exact.setdefault(_digest(text), line_id)
        self._similar.insert(len(self._ids), signature, check_duplication=False)
        self._signatures.append(signature.hashvalues)
        self._ids.append(line_id)

    def signature(self, text: str) -> MinHash:
        """The 128 hashes of a text."""
        found = MinHash(num_perm=HASHES, seed=SEED)
        grams = sorted({gram.encode() for gram in ngrams(words(text), NGRAM)})
        found.update_batch(grams)
        if self._numbers_matter:
            salt = hashlib.sha256(" ".join(numbers(text)).encode()).digest()[:8]
            found.hashvalues = found.hashvalues ^ np.frombuffer(salt, dtype="<u8")
        return found


def _digest(text: str) -> bytes:
    return hashlib.sha256(exact(text).encode()).digest()[:16]
