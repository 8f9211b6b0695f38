"""Normalisers, cleaning rules and matches: properties on any text, and the cases that they are for."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.data.prepare.cleaning import RULES, Rules, verdict
from training.data.prepare.decontaminate import Contamination, Item
from training.data.prepare.dedup import Duplicates
from training.data.prepare.normalise import (
    clean,
    exact,
    formulas,
    lean_shape,
    lean_statements,
    ngrams,
    numbers,
    paragraph_formulas,
    words,
)
from training.data.prepare.quality import FEATURES, features

LETTERS = st.text("abcdefgh", min_size=1, max_size=6)
SENTENCE = st.lists(LETTERS, min_size=1, max_size=40)


@given(st.text())
def test_any_text_is_cleaned_once_and_for_all(text: str) -> None:
    once = clean(text)
    assert clean(once) == once == unicodedata.normalize("NFC", once)
    assert not {c for c in once if unicodedata.category(c) == "Cc"} - {"\n", "\t"}
    exact(text), formulas(text), lean_shape(text), list(lean_statements(text)), features(text)
    verdict(text, Rules())


@given(SENTENCE, st.integers(1, 15))
def test_ngrams_are_all_runs(items: list[str], n: int) -> None:
    grams = ngrams(items, n)
    assert len(grams) == max(1, len(items) - n + 1)
    assert all(len(gram.split()) == min(n, len(items)) for gram in grams)


@given(st.lists(st.integers(0, 10**9), max_size=8))
def test_numbers_survive(values: list[int]) -> None:
    assert numbers("; ".join(map(str, values))) == [str(value) for value in values]
    assert numbers("; ".join(f"{value:,}" for value in values)) == [str(value) for value in values]


@given(SENTENCE, st.data())
def test_spacing_and_case_make_no_other_text(items: list[str], data: st.DataObject) -> None:
    spaced = "".join(word + data.draw(st.sampled_from((" ", "\n", "  "))) for word in items)
    assert exact(spaced.upper()) == exact(" ".join(items))


def test_powers_and_numbers_are_kept_apart() -> None:
    assert exact("x² = 1") == exact("x^2 = 1") != exact("x2 = 1")
    assert numbers("1.50 and 007") == ["1.5", "7"]
    assert clean("a\u00a0b\u200b\r\nc \x07") == "a b\nc"
    assert words("What's 1,000 + 2?") == ["what's", "1000", "+", "2"]


def test_formulas_of_a_paragraph() -> None:
    assert formulas(r"So $x^2 + \frac{1}{2} = 0$ and \(y \cdot 3\).") == "x^2+(1)/(2)=0y*3"
    (first,) = paragraph_formulas("Solve 15115*m = 15174*m - 826 for m.")
    assert "15115*m=15174*m-826" in first
    assert list(paragraph_formulas("Put 6431, -1, -4 in order.")) == []  # too little to know it by
    with_prose = "With 5 coins, 10203*x + 5*y = 77*x - 4 holds."
    assert list(paragraph_formulas(with_prose)) != list(paragraph_formulas(with_prose.replace("5 c", "6 c")))


def test_theorems_are_the_same_up_to_names() -> None:
    first = "theorem foo (a b : ℕ) (h : 0 < a) : a + b = b + a"
    (second,) = lean_statements("lemma bar (x y : Nat)\n  (hx : 0 < x) :\n  x + y = y + x := by omega")
    assert lean_shape(first) == second
    assert lean_shape("theorem t (a b : Nat) : a + b = a + a") != lean_shape(
        "theorem t (a b : Nat) : a + b = b + a"
    )
    assert lean_shape("theorem t (x : Nat) : x < 3") != lean_shape("theorem t (x : Nat) : x < 4")


BAD = {
    "too_short": "a",
    "too_long": "word " * 30_000,
    "broken_encoding": "CafÃ© and naÃ¯ve people",
    "special_token": "So <|im_end|> it ends",
    "unbalanced_fence": "Code:\n```python\nprint(1)",
    "unbalanced_maths": "Then \\begin{align} x = 1 and so on",
    "symbols": "@@@@ #### !!!! ---- ==== ++++ ????",
    "repeated_lines": "\n".join(["the same line"] * 6 + ["another"]),
    "repeated_ngrams": "buy it now and here " * 12,
    "boilerplate": "Accept all cookies to read on. Privacy policy.",
}


def test_every_rule_has_its_case() -> None:
    assert BAD.keys() == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize("reason", BAD)
def test_each_rule_objects_to_its_case(reason: str) -> None:
    assert verdict(BAD[reason], Rules()) == reason


@pytest.mark.parametrize(
    "text",
    [
        "-527 - 8692.3034",
        "((1/(-2))/((-5)/(-5)))/(-2)",
        "Each costs $$5 and she pays $12.",
        "Expand 3*c**3 - 4*c**3 + 3*c**3 - 4*c**3 + 3*c**3 + 3*c**3 - 4*c**3 + 3*c**3 - 4*c**3 + 3*c**3",
        "Code:\n```python\nprint(1)\n```",
        "theorem t (a b : ℕ) : a + b = b + a := by omega",
    ],
)
def test_short_questions_formulas_and_programs_pass(text: str) -> None:
    assert verdict(text, Rules()) is None


SHEEP = (
    "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May. "
    "How many clips did Natalia sell altogether in April and May, when all of her friends are counted once?"
)


def test_copies_are_found_and_other_numbers_are_kept() -> None:
    kept = Duplicates()
    kept.add("a", SHEEP, kept.signature(SHEEP))
    assert kept.exactly(SHEEP.upper().replace(" ", "  ")) == "a"
    near = SHEEP.replace("once?", "just once?")
    assert kept.exactly(near) is None
    found = kept.similar(kept.signature(near))
    assert found is not None and found[0] == "a" and found[1] >= 0.7
    assert kept.similar(kept.signature(near.replace("48", "49"))) is None
    loose = Duplicates(threshold=0.6, numbers_matter=False)
    loose.add("a", SHEEP, loose.signature(SHEEP))
    assert loose.similar(loose.signature(SHEEP.replace("48", "49"))) is not None  # when they do not matter


TRAIN = "A train leaves the old station at 9 and meets the slow goods train of the north line close to town"
EVALUATION = Contamination(
    Item(file="dev", id=str(i), text=text)
    for i, text in enumerate(
        (
            "Solve 15115*m = 15174*m - 826 for m.",
            SHEEP,
            "Calculate prob of sequence xc when two letters picked without replacement from xxxxc.",
            "theorem foo (x y : ℕ) (h₀ : 0 < x ∧ 0 < y) (h₁ : x * y + (x + y) = 71) : x + y = 16",
            "What is 17 + 25?",
            TRAIN,
        )
    )
)


@pytest.mark.parametrize(
    ("text", "test", "item"),
    [
        ("Solve  15115*m = 15174*m - 826 for m", "exact", "0"),
        ("Solve 15115*m = 15174*m - 826 for m.\nWrite a Python program.", "exact", "0"),
        ("Change specific numbers: Solve 15115*m = 15174*m - 826 for m.", "exact", "0"),
        (r"Find the m with $15115 * m = 15174 * m - 826$ here.", "formula", "0"),
        (f"Today: {SHEEP} She sold 72.", "ngram13", "1"),
        (f"Once {' '.join(TRAIN.split()[:18])} again.", "ngram10", "5"),
        (
            "lemma a (p q : Nat) (h : 0 < p ∧ 0 < q) (g : p * q + (p + q) = 71) : p + q = 16 := by grind",
            "lean",
            "3",
        ),
        ("what is 17 + 25", "exact", "4"),
    ],
)
def test_planted_contamination_is_found(text: str, test: str, item: str) -> None:
    hit = EVALUATION.find(text)
    assert hit is not None
    assert (hit.test, hit.item.id) == (test, item)


@pytest.mark.parametrize(
    "text",
    [
        "Solve 15115*m = 15174*m - 827 for m.",
        SHEEP.replace("48", "49"),
        "Calculate prob of sequence xc when two letters picked without replacement from xxxxcxxx.",
        "theorem foo (x y : ℕ) (h₀ : 0 < x ∧ 0 < y) (h₁ : x * y + (x + y) = 72) : x + y = 16",
        "What is 17 + 26?",
        "What is 17 + 25 + 3?",
    ],
)
def test_near_misses_are_kept(text: str) -> None:
    assert EVALUATION.find(text) is None


@given(st.lists(LETTERS, min_size=26, max_size=60), st.integers(0, 12))
def test_a_copy_inside_a_longer_text_is_found(items: list[str], cut: int) -> None:
    evaluation = Contamination([Item(file="f", id="1", text=" ".join(items))])
    hit = evaluation.find("zz yy " + " ".join(items[cut : cut + 13]) + " xx ww")
    assert hit is not None


def test_features_have_names() -> None:
    assert len(features("Let x = 2.")) == len(FEATURES)
