"""Copying texts: the same thing twice, reproducible, and longer than questions have it."""

from __future__ import annotations

import ast
from random import Random

from training.data import copying


def test_every_text_shows_its_thing_twice() -> None:
    for line in copying.texts(300, seed=1):
        before, after = line["text"].split("\n")
        frames = [(b.split("{}"), a.split("{}")) for b, a in copying.FRAMES]
        (thing,) = {
            before[len(b[0]) : len(before) - len(b[1])]
            for b, a in frames
            if before.startswith(b[0]) and before.endswith(b[1]) and after.startswith(a[0])
        }
        assert any(after == a.format(thing) for _, a in copying.FRAMES)


def test_a_longer_run_begins_with_the_shorter_one() -> None:
    assert list(copying.texts(20, seed=3)) == list(copying.texts(40, seed=3))[:20]
    assert list(copying.texts(20, seed=3)) != list(copying.texts(20, seed=4))


def test_numbers_and_expressions_are_well_formed() -> None:
    rng = Random(5)
    for _ in range(200):
        assert float(copying.number(rng)) is not None
        ast.parse(copying.terms(rng), mode="eval")
        ast.parse(copying.nested(rng), mode="eval")
