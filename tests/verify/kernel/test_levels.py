"""Universe levels against their meaning: equal exactly where they are equal for all parameters' values."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.verify.kernel.cases import LIBRARY, LIMITS
from tests.verify.kernel.export import Export, Level, imax, lmax, param, sort, succ, zero
from verify.kernel import KernelChecker

Tree = tuple  # ("zero",), ("param", "u"), ("succ", t), ("max", t, t) or ("imax", t, t)
MAKE: dict[str, Callable[..., Level]] = {"succ": succ, "max": lmax, "imax": imax}
VALUES = [dict(zip("uv", pair, strict=True)) for pair in itertools.product((0, 1, 2, 3, 4, 5, 50), repeat=2)]
"""Trees of depth four do not add up to more than 50, so these tell any two of them apart."""

leaves = st.sampled_from([("zero",), ("param", "u"), ("param", "v")])
trees = st.recursive(
    leaves,
    lambda below: st.one_of(
        st.tuples(st.just("succ"), below),
        st.tuples(st.just("max"), below, below),
        st.tuples(st.just("imax"), below, below),
    ),
    max_leaves=6,
)


def level(tree: Tree) -> Level:
    if tree[0] == "zero":
        return zero
    return param(tree[1]) if tree[0] == "param" else MAKE[tree[0]](*map(level, tree[1:]))


def value(tree: Tree, at: dict[str, int]) -> int:
    if tree[0] == "zero":
        return 0
    if tree[0] == "param":
        return at[tree[1]]
    below = [value(part, at) for part in tree[1:]]
    if tree[0] == "succ":
        return below[0] + 1
    return 0 if tree[0] == "imax" and below[1] == 0 else max(below)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=trees, b=trees, simplified=st.booleans())
def test_levels_mean_what_they_say(kernel: KernelChecker, a: Tree, b: Tree, simplified: bool) -> None:
    if simplified:  # a pair that is often equal: b against what b absorbs
        a = ("max", ("imax", a, b), b)
    text = Export().define("t", sort(succ(level(b))), sort(level(a)), levels=["u", "v"]).text()
    same = all(value(a, at) == value(b, at) for at in VALUES)
    assert kernel.check(text, LIBRARY, "t", LIMITS).accepted == same


@pytest.mark.parametrize("depth", [12, 40])
def test_levels_that_explode_are_declined_or_answered(kernel: KernelChecker, depth: int) -> None:
    """imax under imax doubles the work at every step."""
    tower: Level = param("u")
    for i in range(depth):
        tower = _shared(imax(imax(param(f"v{i}"), tower), lmax(tower, param(f"w{i}"))))
    names = ["u", *(f"{x}{i}" for x in "vw" for i in range(depth))]
    out = Export().define("t", sort(succ(lmax(tower, param("u")))), sort(tower), levels=names)
    answer = kernel.check(out.text(), LIBRARY, "t", LIMITS)
    assert answer.accepted or answer.rule in {"budget", "value-type"}


def _shared(made: Level) -> Level:
    """The level, written down once: the text would grow as a tree otherwise."""
    known: dict[int, int] = {}

    def write(out: Export) -> int:
        if id(out) not in known:
            known[id(out)] = made(out)
        return known[id(out)]

    return write
