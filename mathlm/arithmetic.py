"""Proof texts for the prelude's arithmetic, made from what a statement says.

`read` takes a theorem's text apart as far as text tells, `texts` gives the proofs by name. Names, numbers and
what stands between bars go in, nothing else; what does not fit fails in Lean. A text is a kind of argument:

    squares      nonlinear arithmetic with squares of differences, products of what is positive
    residues     powers modulo a small number, case by case
    witnesses    small numbers, tried in turn
    instances    hypotheses for all numbers, at small ones
    inductions   from a bound on, or behind `∀ n`
    absolutes    absolute values, by cases
    divisors     a divisor of the parts divides the whole
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mathlm.extract import blank_comments, colon

TYPES = {
    "ℕ": "Nat", "Nat": "Nat", "ℤ": "Int", "Int": "Int", "ℚ": "Rat", "Rat": "Rat", "ℝ": "Real", "Real": "Real",
}  # fmt: skip
MOST_HINTED = 4
"""Variables that hints are made for: their number grows with the square."""
MOST_INSTANCES = 24
"""Facts that hypotheses on all numbers are asked for."""
CENTRES = 8
"""Numbers that a single variable is compared with in its squares."""
MODULI = (4, 3, 8)
"""What squares are looked at modulo, besides the statement's own numbers."""
LARGEST_MODULUS = 30
MOST_MODULI = 5
WITNESSES = {
    ("Nat",): (range(101),), ("Int",): (range(-30, 61),),
    ("Nat", "Nat"): (range(17),) * 2, ("Int", "Int"): (range(-6, 13),) * 2,
}  # fmt: skip
"""What is tried for variables of these types."""

_NAME = r"[^\W\d][\w']*"
_NAMES = rf"((?:{_NAME} )+)"
_TYPE = r"(Nat|ℕ|Int|ℤ|Rat|ℚ|Real|ℝ)"
_BINDER = re.compile(rf"[(]{_NAMES}: {_TYPE}[)]")
_ALL = re.compile(rf"∀ (?:[(]{_NAMES}: {_TYPE}[)]|{_NAMES}: {_TYPE}(?=,)|({_NAME}(?: {_NAME})*)(?=,)), *")
_ALL_BOUNDED = re.compile(rf"∀ ({_NAME}) (?:≥|>) \d+, *")
_EXISTS = re.compile(rf"(¬ ?\(?)?∃ {_NAMES}: {_TYPE}, ")
_FOR_ALL = re.compile(rf"[(]({_NAME}) : ∀ (?:[(]?{_NAMES}: {_TYPE}[)]?|({_NAME}(?: {_NAME})*)), ")
_NUMBER = re.compile(r"(?<![\w.^])(\d{1,4})(?![\w.])")
_BOUND = re.compile(rf"[(]({_NAME}) : (?:\d+ [≤<] (\w+)|(\w+) [≥>] \d+)[)]")
_ABSOLUTE = re.compile(r"\|([^|\n]+)\|")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A theorem's text, taken apart. Example: `read("theorem t (n : ℕ) : ∀ m : ℕ, m = n → n = m")`"""

    theorem: str
    given: str
    """The text before the goal: binders and hypotheses."""
    variables: tuple[tuple[str, str], ...]
    """Names and types (`Nat`, `Int`, `Rat`, `Real`; "" where the text does not say) of numbers."""
    begin: str
    """Tactics that bring the goal's own variables into the context, each with `; ` behind it."""
    goal: str
    """What is left to show after them."""

    def of(self, *types: str) -> list[str]:
        """Names of the numbers of these types."""
        return [name for name, kind in self.variables if kind in types]


def read(theorem: str) -> Reading:
    """What the text says plainly; types are those of binders such as `(a b : ℚ)`."""
    text = " ".join(blank_comments(theorem).split())
    at = colon(text)
    goal = "" if at is None else text[at + 1 :].strip()
    binders = text[:at] if at is not None else text
    variables = [(n, TYPES[kind]) for names, kind in _BINDER.findall(binders) for n in names.split()]
    begin = ""
    while found := _ALL.match(goal) or _ALL_BOUNDED.match(goal):
        if found.re is _ALL:
            names = (found[1] or found[3] or found[5]).split()
            variables += [(n, TYPES.get(found[2] or found[4] or "", "")) for n in names]
            begin += f"intro {' '.join(names)}; "
        else:
            variables.append((found[1], ""))
            begin += f"intro {found[1]} h_bound; "
        goal = goal[found.end() :]
    hypotheses = len(_split(goal, "→")) - 1
    if hypotheses and not goal.startswith(("∃", "¬")):
        begin += f"intro {' '.join(f'h_{i}' for i in range(hypotheses))}; "
        goal = _split(goal, "→")[-1].strip()
    negated = _EXISTS.match(goal)
    if negated is not None and negated[1]:
        names = negated[2].split()
        variables += [(n, TYPES[negated[3]]) for n in names]
        begin += f"rintro ⟨{', '.join(names)}, h_not⟩; "
        goal = "False"
    given = text if goal == "False" else text.removesuffix(goal)
    return Reading(theorem=text, given=given, variables=tuple(variables), begin=begin, goal=goal)


def texts(theorem: str) -> dict[str, str]:
    """Tactics, by name, those that are quick first."""
    reading = read(theorem)
    found: dict[str, str] = {}
    for kind in (witnesses, instances, absolutes, divisors, squares, inductions, residues):
        for name, tactics in kind(reading):
            if (text := reading.begin + tactics) not in found.values():
                found[name] = text
    return found


def squares(reading: Reading) -> Iterator[tuple[str, str]]:
    """Nonlinear arithmetic with hints: squares are not negative, nor are products of what is not."""
    names = reading.of("Int", "Rat", "Real")
    if not 1 <= len(names) <= MOST_HINTED:
        return
    positive = _positive(reading, names)
    pairs = list(itertools.combinations(names, 2))
    plain = [f"sq_nonneg {name}" for name in names]
    plain += [f"sq_nonneg ({a} {sign} {b})" for a, b in pairs for sign in "-+"]
    if len(names) <= 2:
        plain += [f"sq_nonneg ({name} - {c})" for name in names for c in _centres(reading, len(names))]
    products = [f"mul_pos {_sign(a)} {_sign(b)}" for a, b in pairs if {a, b} <= set(positive)]
    weighted = [
        f"mul_nonneg (le_of_lt {_sign(a)}) (sq_nonneg ({b} - {c}))" for a in positive for b, c in pairs
    ]
    chosen = {
        "two inequalities": [] if _is_equation(reading.goal) else None,
        "differences": [f"sq_nonneg ({a} - {b})" for a, b in pairs] or None,
        "squares": plain,
        "products": products or None,
        "products and squares": [*products, *weighted, *plain] if products else None,
        "fourth powers": [*_fourth(names, pairs), *plain] if pairs else None,
    }
    for name, hints in chosen.items():
        if hints is not None:
            yield name, _closed(reading.goal, f"nlinarith [{', '.join(hints)}]".replace(" []", ""))
    below = [name for name in names if re.search(rf"/ ?{name}\b", reading.goal)]
    if below:
        facts = "".join(f"(have h_pos_{name} : 0 < {name} := by grind); " for name in positive)
        hints = [*plain, *products]
        inverses = "".join(f"(have h_inv_{d} : {d} * (1 / {d}) = 1 := by field_simp); " for d in below)
        yield "inverses", f"{facts}{inverses}nlinarith [{', '.join(hints)}]"
        cleared = "(first | rw [le_div_iff₀ (by positivity)] | rw [div_le_iff₀ (by positivity)])"
        added = "(try rw [ge_iff_le]); (try rw [div_add_div _ _ (by grind) (by grind)])"
        yield "a common denominator", f"{facts}{added}; {cleared}; nlinarith [{', '.join(hints)}]"


def _fourth(names: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Hints of degree four; of four variables the squares behind Cauchy and Schwarz."""
    if len(names) == MOST_HINTED:
        a, b, c, d = names
        crossed = (f"{a} * {d} - {b} * {c}", f"{a} * {b} - {c} * {d}", f"{a} * {c} - {b} * {d}")
        return [f"sq_nonneg ({x})" for x in crossed]
    hints = [f"sq_nonneg ({a} ^ 2 - {b} ^ 2), sq_nonneg ({a} * {b})" for a, b in pairs]
    times = [(a, b, c) for a, b in pairs for c in (a, f"({a} + {b})")]
    return hints + [f"mul_nonneg (sq_nonneg ({a} - {b})) (sq_nonneg {c})" for a, b, c in times]


def _sign(name: str) -> str:
    """A term, since each fact in the context is multiplied with all others."""
    return f"(by grind : 0 < {name})"


def _positive(reading: Reading, names: Sequence[str]) -> list[str]:
    """Which of the names the statement says to be positive."""
    says = r"(?<![\w.-])(?:\d+ < {0}(?![\w'])|[1-9]\d* ≤ {0}(?![\w'])|{0} > \d+|{0} ≥ [1-9])"
    return [name for name in names if re.search(says.format(re.escape(name)), reading.given)]


def _centres(reading: Reading, variables: int) -> list[str]:
    """Where a square may vanish: at what an equation says, else at all numbers there are and their halves."""
    if _is_equation(reading.goal):
        found = _NUMBER.findall(reading.goal)
        centres = [c for n in found for c in (n, f"(-{n})")]
    else:
        numbers = [int(n) for n in _NUMBER.findall(reading.theorem)]
        halves = [str(n // 2) if n % 2 == 0 else f"{n} / 2" for n in numbers]
        centres = ["1", *map(str, numbers), *halves]
    return [c for c in dict.fromkeys(centres) if c != "0"][: CENTRES // variables**2]


def _is_equation(goal: str) -> bool:
    return " = " in goal and not any(sign in goal for sign in "∧∨≤≥<>≠∣↔")


def _closed(goal: str, tactic: str) -> str:
    """The tactic on every part of the goal; an equation is two inequalities."""
    parts = _split(goal, "∧")
    if len(parts) > 1 and "∨" not in goal:
        each = f"(first | {tactic} | (apply le_antisymm <;> {tactic}))"
        return f"refine ⟨{', '.join('?_' for _ in parts)}⟩ <;> {each}"
    return f"apply le_antisymm <;> {tactic}" if _is_equation(goal) else tactic


def residues(reading: Reading) -> Iterator[tuple[str, str]]:
    """Powers modulo a small number: each variable case by case, then linear arithmetic on the powers."""
    names = reading.of("Nat", "Int")
    powers = _exponents(reading.theorem)
    names = [name for name in names if name in powers][:3]
    if not names:
        return
    for modulus in _moduli(reading.theorem):
        if modulus ** len(names) > 600:
            continue
        facts = [_residue_fact(name, modulus, powers[name], linked=len(names) < 3) for name in names]
        yield f"powers modulo {modulus}", "".join(facts) + "omega"


def _exponents(theorem: str) -> dict[str, list[int]]:
    """Exponents from 2 to 6 of each name."""
    found: dict[str, set[int]] = {}
    for name, exponent in re.findall(rf"(?<![\w.])({_NAME}) ?\^ ?([2-6])(?!\d)", theorem):
        found.setdefault(name, set()).add(int(exponent))
    return {name: sorted(exponents) for name, exponents in found.items()}


def _moduli(theorem: str) -> list[int]:
    """The statement's own moduli and divisors, then those that squares are looked at by, then its numbers."""
    own = re.findall(r"% ?(\d{1,2})(?!\d)|(?<![\w.])(\d{1,2}) ∣", theorem)
    numbers = [int(a or b) for a, b in own] + list(MODULI) + [int(n) for n in _NUMBER.findall(theorem)]
    return [n for n in dict.fromkeys(numbers) if 2 < n <= LARGEST_MODULUS][:MOST_MODULI]


def _residue_fact(name: str, modulus: int, exponents: Sequence[int], *, linked: bool) -> str:
    """`have : n % 4 = 0 ∧ n ^ 2 % 4 = 0 ∨ …`; without `linked` only what the powers can be."""
    cases = " ∨ ".join(f"{name} % {modulus} = {r}" for r in range(modulus))
    values = [
        ([f"{name} % {modulus} = {r}"] if linked else [])
        + [f"{name} ^ {k} % {modulus} = {pow(r, k, modulus)}" for k in exponents]
        for r in range(modulus)
    ]
    claim = " ∨ ".join(dict.fromkeys(" ∧ ".join(value) for value in values))
    return (
        f"(have h_res_{name} : {claim} := by rcases (by omega : {cases}) with "
        f"{' | '.join(['h_case'] * modulus)} <;> simp [pow_succ, Int.mul_emod, Nat.mul_mod, h_case]); "
    )


def witnesses(reading: Reading) -> Iterator[tuple[str, str]]:
    """Small numbers for what the goal says there is."""
    found = _EXISTS.match(reading.goal)
    if found is None or found[1]:
        return
    names = found[2].split()
    ranges = WITNESSES.get((TYPES[found[3]],) * len(names))
    if ranges is not None:
        tries = (", ".join(map(str, values)) for values in itertools.product(*ranges))
        yield "witnesses", "first " + " ".join(f"| exact ⟨{values}, by decide⟩" for values in tries)


def instances(reading: Reading) -> Iterator[tuple[str, str]]:
    """Hypotheses on all numbers, at small ones; one variable or two."""
    facts: list[str] = []
    for name, typed, kind, untyped in _FOR_ALL.findall(reading.theorem):
        count = len((typed or untyped).split())
        small = ("0", "1", "2", "3") if TYPES.get(kind) == "Nat" else ("0", "1", "(-1)", "2")
        if count <= 2:
            facts += [f"{name} {' '.join(v)}" for v in itertools.product(small[: 5 - count], repeat=count)]
    if facts:
        haves = "".join(f"(try have h_at_{i} := {fact}); " for i, fact in enumerate(facts[:MOST_INSTANCES]))
        close = "(first | omega | linarith | grind | (constructor <;> linarith))"
        yield "instances", f"{haves}(try norm_num at *); {close}"


def absolutes(reading: Reading) -> Iterator[tuple[str, str]]:
    """Absolute values as two inequalities, or by the sign of what is inside."""
    inside = list(dict.fromkeys(_ABSOLUTE.findall(reading.theorem)))[:2]
    if inside:
        bounds = "(first | omega | linarith | (constructor <;> linarith) | grind)"
        yield "absolute values", f"(try simp only [abs_lt, abs_le] at *); {bounds}"
        cases = " <;> ".join(f"(rcases abs_cases ({e}) with h_abs | h_abs)" for e in inside)
        close = "(first | linarith | (left; linarith) | (right; linarith) | nlinarith | grind)"
        yield "cases of absolute values", f"{cases} <;> {close}"


def divisors(reading: Reading) -> Iterator[tuple[str, str]]:
    """What divides the parts divides sums, differences and multiples."""
    if " ∣ " in reading.goal:
        rules = ("dvd_sub", "dvd_add", "Dvd.dvd.mul_left", "Dvd.dvd.mul_right", "dvd_refl")
        yield "divisors", f"repeat' (first | assumption | {' | '.join(f'apply {rule}' for rule in rules)})"


def inductions(reading: Reading) -> Iterator[tuple[str, str]]:
    """From a bound on, as of `(h : 4 ≤ n)` or `∀ n ≥ 4`, and behind `∀ n`."""
    bounds = [(a or b, h) for h, a, b in _BOUND.findall(reading.theorem)]
    bounds += [(name, "h_bound") for name in re.findall(r"intro (\S+) h_bound", reading.begin)]
    for name, bound in bounds[:2]:
        if name in reading.of("Nat", ""):
            yield f"induction {name} from a bound", _from_bound(name, bound, reading.theorem)
    if reading.begin.startswith("intro"):
        for name in [name for name, kind in reading.variables if kind in ("Nat", "")][-1:]:
            yield (
                f"induction {name} behind ∀",
                (
                    f"induction {name} with | zero => (first | (simp_all; done) | grind) | succ n ih => "
                    "(simp_all [pow_succ, Finset.sum_range_succ, Finset.prod_range_succ, Nat.factorial]; "
                    "first | done | ring | omega | grind)"
                ),
            )


def _from_bound(name: str, bound: str, theorem: str) -> str:
    base = "(first | norm_num [Nat.factorial] | (simp_all; done) | grind)"
    hints = "h_from, Nat.mul_le_mul h_from h_from, Nat.mul_le_mul h_from (Nat.le_refl (n_next * n_next))"
    if "factorial" in theorem or "!" in theorem:
        hints += ", Nat.factorial_pos n_next"
    unfold = "simp only [pow_succ, pow_zero, one_mul, Nat.factorial, Finset.sum_range_succ] at *"
    step = f"(({unfold}); (first | omega | nlinarith [{hints}] | (push_cast at *; nlinarith)))"
    cases = f"| base => {base} | succ n_next h_from ih => {step}"
    return f"induction {name}, {bound} using Nat.le_induction with {cases}"


def _split(text: str, connective: str) -> list[str]:
    """Parts of a proposition between connectives outside of brackets."""
    parts, depth, begin = [], 0, 0
    for i, char in enumerate(text):
        depth += (char in "([{⟨") - (char in ")]}⟩")
        if char == connective and depth == 0:
            parts.append(text[begin:i])
            begin = i + 1
    return [*parts, text[begin:]]
