"""Families of theorems in Mathlib's language, for statements under `import Mathlib`: sequences.

See `training.data.theorem_families_contest`. A closed form, a period, or a harmonic progression; proofs are
inductions, most of whose numbers can be read in the statement.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from random import Random
from textwrap import dedent, indent

from training.data.theorem_families import Drawn, Family
from training.data.theorem_families_contest import INDICES

NATURALS = ("ℕ", "Nat")
FACTS = 6
"""Terms that a proof reads, at most: with more it would not fit into the tokens of an answer."""


def closed_form(rng: Random) -> Drawn:
    """u (n + 1) = b u n + p n + q has u n = c b^n - (s n + t)."""
    n, u = rng.choice(INDICES), rng.choice("uaxfs")
    base, s, t = rng.randint(2, 5), rng.randint(0, 3), rng.randint(1, 3)
    c = rng.choice((base, rng.randint(t, t + 3)))
    start = c - t
    p, q = s * (base - 1), t * (base - 1) - s
    if q < 0 or start < 0:
        return closed_form(rng)
    by_n = n if p == 1 else f"{p} * {n}"
    linear = {(True, True): f" + ({by_n} + {q})", (True, False): f" + {by_n}"}.get((p > 0, q > 0), f" + {q}")
    power = {1: f"{base} ^ {n}", base: f"{base} ^ ({n} + 1)"}.get(c, f"{c} * {base} ^ {n}")
    rest = f"({n if s == 1 else f'{s} * {n}'} + {t})" if s else f"{t}"
    rule = f"(h₁ : ∀ {n}, {u} ({n} + 1) = {base} * {u} {n}{linear})"
    kind = rng.choice(NATURALS)
    head = f"({n} : {kind}) ({u} : {kind} → {kind}) (h₀ : {u} 0 = {start}) {rule}"
    steps = f"induction {n} with\n| zero => simp [h₀]\n| succ {n} ih => rw [h₁, pow_succ]; omega\n"
    if rng.random() < 0.3:
        return f"{head} : {u} {n} + {rest} = {power}", (f"by\n{indent(steps, '  ')}",)
    all_n = indent(f"intro {n}\n{steps}", "    ")
    return (
        f"{head} : {u} {n} = {power} - {rest}",
        (f"by\n  have h : ∀ {n}, {u} {n} + {rest} = {power} := by\n{all_n}  have := h {n}\n  omega",),
    )


def periodic_sequence(rng: Random) -> Drawn:
    """x n = x (n - 1) - x (n - 2), and of four terms: half a period turns the sign."""
    x, n = rng.choice("xatu"), rng.choice(INDICES)
    order, half = rng.choice(((2, 3), (4, 5), (4, 5)))
    first = [rng.randint(1, 600) if rng.random() < 0.5 else rng.randint(-9, 60) for _ in range(order)]
    terms = list(first)
    while len(terms) < 2 * half:
        back = terms[::-1]
        terms.append(back[0] - back[1] + (back[2] - back[3] if order == 4 else 0))
    asked = rng.sample(range(4 * half, rng.choice((100, 999, 2500))), rng.choice((1, 1, 2, 3)))
    value = sum(terms[(index - 1) % (2 * half)] for index in asked)
    rule = f"{x} ({n} - 1) - {x} ({n} - 2)" + (f" + {x} ({n} - 3) - {x} ({n} - 4)" if order == 4 else "")
    skipped = rng.choice((0, 1))  # contest statements begin with h₀ and may leave h₁ out
    names = ["h₀", *(f"h{chr(0x2081 + i + skipped)}" for i in range(order - 1))]
    law = rng.choice((f"h{chr(0x2080 + order + 2 * skipped)}", "hx"))
    given = " ".join(f"({name} : {x} {i + 1} = {first[i]})" for i, name in enumerate(names))
    natural, whole = rng.choice((("ℕ", "ℤ"), ("Nat", "Int")))
    head = f"({x} : {natural} → {whole}) {given} ({law} : ∀ {n} ≥ {order + 1}, {x} {n} = {rule})"
    places = [(index - 1) % (2 * half) + 1 for index in asked]
    if max(places) - order + len(asked) > FACTS:
        return periodic_sequence(rng)
    facts = {f"e{i}": f"{law} {i}" for i in range(order + 1, max(places) + 1)}
    facts |= {
        f"c{i}": f"p (({index} - 1) / {2 * half}) (({index} - 1) % {2 * half} + 1)"
        for i, index in enumerate(asked, 1)
    }
    read = "".join(f"  have {name} := {fact} (by omega)\n" for name, fact in facts.items())
    return (
        f"{head} : {' + '.join(f'{x} {index}' for index in asked)} = {value}",
        (f"{_period(x, n, law, half)}{read}  norm_num at {' '.join(facts)}\n  linarith",),
    )


def _period(x: str, n: str, law: str, half: int) -> str:
    """Steps to `h`, terms repeat (half a period on with the other sign), and `p`, for many periods."""
    whole = 2 * half
    steps = [f"{law} ({n} + {place}) (by omega)" for place in (half - 1, half, whole - 1, whole)]
    facts = "".join(f"    have a{i} := {step}\n" for i, step in enumerate(steps, 1))
    rest = f"""\
          have p : ∀ j, ∀ {n} ≥ 1, {x} ({n} + {whole} * j) = {x} {n} := by
            intro j
            induction j with
            | zero => simp
            | succ j ih =>
              intro {n} hn
              have b1 := h ({n} + {whole} * j) (by omega)
              have b2 := ih {n} hn
              grind
        """
    return (
        f"by\n  have h : ∀ {n} ≥ 1, {x} ({n} + {whole}) = {x} {n} := by\n    intro {n} hn\n{facts}"
        f"    simp at a1 a2 a3 a4\n    grind\n{indent(dedent(rest), '  ')}"
    )


def lyness_cycle(rng: Random) -> Drawn:
    """t n = (c t (n - 1) + c^2) / t (n - 2), c a fraction or not: the same five terms again and again.

    Source: Lyness, Note 1581, The Mathematical Gazette 26 (1942).
    """
    t, n = rng.choice("taxf"), rng.choice(INDICES)
    c, first, second = rng.randint(1, 6), rng.randint(1, 30), rng.randint(1, 30)
    scale = Fraction(1, c) if rng.random() < 0.6 else Fraction(c)
    terms = [Fraction(first), Fraction(second)]
    while len(terms) < 5:
        terms.append(scale * (terms[-1] + scale) / terms[-2])
    before, last = f"{t} ({n} - 1)", f"{t} ({n} - 2)"
    rule = (
        f"({c} * {before} + 1) / ({c * c} * {last})" if scale < 1 else f"({c} * {before} + {c * c}) / {last}"
    )
    rule = f"({before} + 1) / {last}" if c == 1 else rule
    index = rng.randint(11, rng.choice((60, 500, 2500)))
    place = (index - 1) % 5
    natural, rational = rng.choice((("ℕ", "ℚ"), ("Nat", "Rat")))
    goal, end = _value_of(f"{t} {index}", terms[place], rng)
    later = [f"a{i}" for i in range(3, place + 2)]
    facts = "".join(f"  have {a} := h₂ {index - place + i} (by omega)\n" for i, a in enumerate(later, 2))
    facts += f"  simp [i1, i2] at {' '.join(later)}\n" if later else ""
    read = ", ".join(later[::-1]) or ("i1", "i2")[place]
    proof = dedent(f"""\
        by
          have h : ∀ k : {natural}, {t} (5 * k + 1) = {first} ∧ {t} (5 * k + 2) = {second} := by
            intro k
            induction k with
            | zero => simp [h₀, h₁]
            | succ k ih =>
              obtain ⟨i1, i2⟩ := ih
              have a3 := h₂ (5 * k + 3) (by omega)
              have a4 := h₂ (5 * k + 4) (by omega)
              have a5 := h₂ (5 * k + 5) (by omega)
              have a6 := h₂ (5 * k + 6) (by omega)
              have a7 := h₂ (5 * k + 7) (by omega)
              simp [i1, i2] at a3 a4 a5 a6 a7
              norm_num [a3] at a4
              norm_num [a3, a4] at a5
              norm_num [a4, a5] at a6
              norm_num [a5, a6] at a7
              constructor <;> grind
          obtain ⟨i1, i2⟩ := h (({index} - 1) / 5)
          simp at i1 i2
        """)
    return (
        f"({t} : {natural} → {rational}) (h₀ : {t} 1 = {first}) (h₁ : {t} 2 = {second}) "
        f"(h₂ : ∀ {n} ≥ 3, {t} {n} = {rule}) : {goal}",
        (f"{proof}{facts}  rw [{read}]\n  {end}", f"{proof}{facts}  rw [{read}]"),
    )


def harmonic_progression(rng: Random) -> Drawn:
    """a n = p / (q n + s), given by a rule of two terms that makes reciprocals grow by the same each time."""
    a, n = rng.choice("axtu"), rng.choice(INDICES)
    p, q, s = rng.randint(1, 5), rng.randint(1, 7), rng.randint(-3, 6)
    low, next_, third = (q * i + s for i in (1, 2, 3))
    readable = gcd(p, next_) == 1 and (gcd(p, low) == 1 or p == low)  # p is the second term's numerator
    if low < 1 or not s or not readable:  # with s = 0 no a 0 obeys the rule: the theorem would say nothing
        return harmonic_progression(rng)
    index = rng.randint(5, rng.choice((60, 500, 2500)))
    natural, rational = rng.choice((("ℕ", "ℚ"), ("Nat", "Rat")))
    goal, end = _value_of(f"{a} {index}", Fraction(p, q * index + s), rng)
    times = "" if q == 1 else f"{q} * "
    proof = dedent(f"""\
        by
          have h : ∀ {n} : {natural}, {a} ({n} + 1) = {p} / ({times}{n} + {low}) ∧ \
{a} ({n} + 2) = {p} / ({times}{n} + {next_}) := by
            intro {n}
            induction {n} with
            | zero => norm_num [h₀, h₁]
            | succ {n} ih =>
              obtain ⟨i1, i2⟩ := ih
              have e := h₂ ({n} + 1)
              have p : (0 : {rational}) ≤ {n} := by positivity
              have q1 : 0 < {times}({n} : {rational}) + {low} := by linarith
              have q2 : 0 < {times}({n} : {rational}) + {next_} := by linarith
              have q3 : 0 < {times}({n} : {rational}) + {third} := by linarith
              rw [i1, i2] at e
              clear h₂
              refine ⟨by rw [i2]; push_cast; grind, ?_⟩
              rw [e]
              push_cast
              grind
          have e := (h ({index} - 1)).1
          norm_num at e
        """)
    return (
        f"({a} : {natural} → {rational}) (h₀ : {a} 1 = {_shown(Fraction(p, low))}) "
        f"(h₁ : {a} 2 = {_shown(Fraction(p, next_))}) "
        f"(h₂ : ∀ {n}, {a} ({n} + 2) = {a} {n} * {a} ({n} + 1) / (2 * {a} {n} - {a} ({n} + 1))) : {goal}",
        (f"{proof}  rw [e]\n  {end}", f"{proof}  linarith"),
    )


def _shown(value: Fraction) -> str:
    """`3 / 7`, or `2` of a whole number."""
    return f"{value.numerator}" + (f" / {value.denominator}" if value.denominator > 1 else "")


def _value_of(term: str, value: Fraction, rng: Random) -> tuple[str, str]:
    """A claim about the value of a rational term, and what proves it once the term is its value."""
    if rng.random() < 0.6:
        return f"↑({term}).den + ({term}).num = {value.denominator + value.numerator}", "decide +kernel"
    return f"{term} = {_shown(value)}", "norm_num"


FAMILIES: tuple[Family, ...] = (
    closed_form, closed_form, periodic_sequence, periodic_sequence, lyness_cycle, harmonic_progression,
)  # fmt: skip
