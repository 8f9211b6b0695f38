"""Premises: the words of a signature, what may be offered, and who comes first."""

from __future__ import annotations

import pytest

from mathlm.library import PRELUDE, LibraryTheorem, forbidden, same_meaning
from mathlm.premises import Premise, Retriever, index_of, offered, words
from mathlm.search.premises import LEMMAS, PROMPT, SPREAD, draws, lines

SIGNATURES = {
    "Nat.add_comm": "Nat.add_comm (n m : Nat) : n + m = m + n",
    "Nat.mul_comm": "Nat.mul_comm (n m : Nat) : n * m = m * n",
    "Int.add_comm": "Int.add_comm (a b : Int) : a + b = b + a",
    "List.length_append": "List.length_append.{u_1} {α : Type u_1} {as bs : List α} :\n"
    "  (as ++ bs).length = as.length + bs.length",
    "List.reverse_append": "List.reverse_append.{u_1} {α : Type u_1} {as bs : List α} : "
    "(as ++ bs).reverse = bs.reverse ++ as.reverse",
    "Nat.le_trans": "Nat.le_trans {n m k : Nat} : n ≤ m → m ≤ k → n ≤ k",
}


def theorem(name: str, signature: str, module: str = "M", *, deprecated: bool = False) -> LibraryTheorem:
    return LibraryTheorem(name=name, module=module, signature=signature, alias=name, deprecated=deprecated)


@pytest.fixture(scope="module")
def retriever() -> Retriever:
    theorems = [theorem(name, text) for name, text in SIGNATURES.items()]
    theorems.append(theorem("Nat.cast_add", "Nat.cast_add (a b : ℕ) : ↑(a + b) = ↑a + ↑b", PRELUDE))
    return Retriever(theorems, index_of(theorems))


@pytest.mark.parametrize(
    ("statement", "best"),
    [
        ("theorem t (x y : Nat) : x + y = y + x", "Nat.add_comm"),
        ("theorem t (x y : ℕ) : x * y = y * x := by sorry", "Nat.mul_comm"),
        ("theorem t (x y : Int) : x + y = y + x", "Int.add_comm"),
        ("theorem t (l k : List Nat) : (l ++ k).length = k.length + l.length", "List.length_append"),
        ("theorem t (l k : List Nat) : (k ++ l).reverse = l.reverse ++ k.reverse", "List.reverse_append"),
    ],
)
def test_the_lemma_that_says_it_comes_first(retriever: Retriever, statement: str, best: str) -> None:
    found = retriever.retrieve(statement, k=3)
    assert found[0].name == best
    assert found[0].signature == " ".join(SIGNATURES[best].split())


def test_excluded_names_are_replaced_by_the_next(retriever: Retriever) -> None:
    statement = "theorem t (x y : Nat) : x + y = y + x"
    first = [p.name for p in retriever.retrieve(statement, k=2)]
    then = [p.name for p in retriever.retrieve(statement, k=2, exclude=frozenset(first))]
    assert len(first) == len(then) == 2 and not set(first) & set(then)


def test_prelude_is_offered_to_who_imports_it(retriever: Retriever) -> None:
    statement = "theorem t (a b : ℕ) : ↑(a + b) = ↑a + ↑b"
    assert "Nat.cast_add" not in {p.name for p in retriever.retrieve(statement, k=10)}
    assert retriever.retrieve(f"import Mathlib\n{statement}", k=1)[0].name == "Nat.cast_add"


def test_nothing_in_common_gives_nothing(retriever: Retriever) -> None:
    assert retriever.retrieve("theorem t : qqqq", k=3) == []
    assert retriever.retrieve("", k=3) == []


def test_names_of_variables_do_not_count() -> None:
    first = words("theorem t {xs : List Nat} (h : ∀ x, x ∈ xs → 0 < x) : xs.length = 0", named=False)
    other = words("theorem s {ys : List Nat} (g : ∀ z, z ∈ ys → 0 < z) : ys.length = 0", named=False)
    assert first == other
    assert {"List", "Nat", "mem", "length", "length eq"} <= set(first)
    assert not {"xs", "h", "x", "t"} & set(first)


def test_what_is_no_premise_is_not_offered() -> None:
    kept = theorem("A.b", "A.b : 1 = 1")
    others = [
        theorem("A.old", "A.old : 1 = 1", deprecated=True),
        theorem("A.mk.sizeOf_spec", "A.mk.sizeOf_spec : 1 = 1"),
        theorem("A.mk.injEq", "A.mk.injEq : 1 = 1"),
    ]
    assert offered([*others, kept]) == [kept]


def test_forbidden_are_the_theorem_its_twins_and_what_lean_made_of_them() -> None:
    one = LibraryTheorem(name="a", module="M", signature="a : p", alias="1", parts=("a._simp_1",))
    twin = LibraryTheorem(name="b", module="M", signature="b : p", alias="1")
    other = LibraryTheorem(name="c", module="M", signature="c : q", alias="2")
    assert forbidden(twin, same_meaning([one, other, twin])) == ["b", "a", "a._simp_1"]


def test_a_prompt_shows_the_best_premises_that_there_is_room_for() -> None:
    sizes = (300, 500, 300, 100)
    found = [Premise(name=f"p{i}", signature=f"p{i} {'x' * size}") for i, size in enumerate(sizes)]

    def names(*needed: str, statement: str = "") -> list[str]:
        shown = lines(found, statement=statement, needed=needed)
        assert sum(map(len, shown)) <= max(0, min(LEMMAS, PROMPT - len(statement)))
        return [line[:2] for line in shown]

    assert names() == ["p3", "p1", "p0"]
    assert names("p2") == ["p3", "p2", "p0"]
    assert names(statement="x" * (PROMPT - 200)) == ["p3"]
    assert names(statement="x" * 2 * PROMPT) == []


def test_prompts_draw_other_premises_each_time_and_the_best_ones_most_often() -> None:
    k = 8
    found = [Premise(name=f"p{i}", signature=f"p{i} : q") for i in range(SPREAD * k)]
    choices = [[p.name for p in choice] for choice in draws(found, k=k, count=400, seed=1)]
    assert choices[0] == [p.name for p in found[:k]]
    assert all(len(set(choice)) == k for choice in choices)
    assert all(choice == sorted(choice, key=lambda name: int(name[1:])) for choice in choices)
    often = [sum(p.name in choice for choice in choices) for p in found]
    assert often[0] > 360 and often[0] > often[4] > often[12] > often[-1] > 0
    assert len({tuple(choice) for choice in choices[:16]}) > 12
    assert choices[:9] == [[p.name for p in choice] for choice in draws(found, k=k, count=9, seed=1)]
    others = [[p.name for p in choice] for choice in draws(found, k=k, count=9, seed=2)]
    assert others[0] == choices[0] and others[1:] != choices[1:9]


def test_fewer_premises_than_a_prompt_shows_are_all_shown() -> None:
    found = [Premise(name=f"p{i}", signature=f"p{i} : q") for i in range(3)]
    assert list(draws(found, k=8, count=2, seed=1)) == [found, found]
    assert list(draws([], k=8, count=2, seed=1)) == [[], []]
