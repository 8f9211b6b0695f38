"""`import Mathlib` above the proofs of statements that import nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from mathlm.errors import InfraError
from mathlm.extract import MATHLIB, read_statement
from mathlm.pipeline import prove
from mathlm.search import Part, SearchConfig, imports
from mathlm.search.search import Search
from mathlm.types import Candidate, ProofResult, SamplingParams, Status, Verdict
from mathlm.watch import NOBODY, Watch
from verify.base import Limits
from verify.fake import FakeLeanVerifier
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=3072, heartbeats=200_000, output_bytes=65_536)
PARAMS = SamplingParams(max_tokens=64, temperature=0)
CONFIG = SearchConfig(parts=frozenset({Part.AUTOMATION, Part.MATHLIB, Part.DISPROVE}))
NEEDS_IT = "theorem t (a b : Int) : 0 ≤ a ^ 2 + b ^ 2 + 1"
NEEDS_NONE = "theorem t (a b : Nat) : a + b = b + a"
READS_OTHERWISE = "theorem t (x : ℕ) (h : x = x) : x = x ∧ x = x"
"""Without the import ℕ is a variable, a sort of its own."""


@pytest.fixture(scope="module")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1) as verifier:
        yield verifier


def proved(lean: LeanVerifier, statement: str, *without: Part) -> ProofResult:
    config = replace(CONFIG, parts=CONFIG.parts - set(without))
    return prove(statement, backend=None, lean=lean, params=PARAMS, limits=LIMITS, config=config)


@pytest.mark.parametrize("header", ["", "open Nat\n", "-- no import here\n", "def f := 1\n"])
def test_what_imports_nothing_may_have_proofs_below_mathlib(header: str) -> None:
    statement = read_statement(f"{header}{NEEDS_NONE}")
    target = imports.offer(statement, CONFIG, frozenset())
    assert target.with_proof("p") == f"{MATHLIB}{header}{NEEDS_NONE} := p"
    assert target.challenge == f"{header}{NEEDS_NONE} := sorry"
    assert target.showings == (MATHLIB + NEEDS_NONE, NEEDS_NONE)
    assert target.alone == statement


@pytest.mark.parametrize(
    "header", ["import Std\n", "  import Lean\n", "import Mathlib\n", "prelude\n", "module\n"]
)
def test_what_imports_something_stays_as_it_is(header: str) -> None:
    statement = read_statement(f"{header}{NEEDS_NONE}")
    assert imports.offer(statement, CONFIG, frozenset()) == statement


def test_no_import_where_constants_are_forbidden_or_the_part_is_off() -> None:
    statement = read_statement(NEEDS_NONE)
    assert imports.offer(statement, CONFIG, frozenset({"Nat.add_comm"})) == statement
    assert imports.offer(statement, replace(CONFIG, parts=frozenset()), frozenset()) == statement


def test_a_proof_that_needs_the_import_is_given_with_it(lean: LeanVerifier) -> None:
    found = proved(lean, NEEDS_IT)
    assert found.statement == MATHLIB + NEEDS_IT and "core+prelude" in found.toolchain
    assert found.detail == imports.NEEDED
    verdict = lean.check(
        f"{found.statement} := {found.proof}", statement=f"{NEEDS_IT} := sorry", limits=LIMITS
    )
    assert verdict.accepted
    alone = lean.check(f"{NEEDS_IT} := {found.proof}", statement=f"{NEEDS_IT} := sorry", limits=LIMITS)
    assert not alone.accepted
    assert proved(lean, NEEDS_IT, Part.MATHLIB).proof is None


def test_a_proof_that_needs_none_is_given_without(lean: LeanVerifier) -> None:
    found = proved(lean, NEEDS_NONE)
    assert (found.statement, found.proof, found.detail) == (NEEDS_NONE, "by omega", "")
    assert "prelude" not in found.toolchain
    assert found.attempts == proved(lean, NEEDS_NONE, Part.MATHLIB).attempts


def test_of_alternatives_the_one_that_works_is_shown(lean: LeanVerifier) -> None:
    found = proved(lean, "theorem t : ∃ x y : Nat, x ^ 2 + y ^ 2 = 65 ∧ x < y")
    assert found.proof == "by exact ⟨1, 8, by decide⟩" and found.origin == "automation: witnesses"


def test_where_the_import_changes_what_is_said_there_is_none(lean: LeanVerifier) -> None:
    found = proved(lean, READS_OTHERWISE)
    assert (found.statement, found.status) == (READS_OTHERWISE, Status.ACCEPTED)
    assert "a variable that stands for any type" in found.detail
    assert "prelude" not in found.toolchain
    below = f"{MATHLIB}{READS_OTHERWISE} := ⟨rfl, rfl⟩"
    assert lean.check(below, limits=LIMITS).accepted
    assert not lean.check(below, statement=f"{READS_OTHERWISE} := sorry", limits=LIMITS).accepted


def test_what_is_not_proved_is_shown_as_it_was_given(lean: LeanVerifier) -> None:
    false = proved(lean, "theorem t (n : Nat) : n ^ 2 = n")
    assert false.statement == "theorem t (n : Nat) : n ^ 2 = n"
    assert false.disproof is not None and "import" not in false.disproof and "first" not in false.disproof
    assert "prelude" not in false.toolchain
    bad = proved(lean, "theorem t : Foo.bar = 1")
    assert (bad.statement, bad.status) == ("theorem t : Foo.bar = 1", Status.REJECTED)
    assert "Foo.bar" in bad.detail


def test_words_of_mathlib_without_its_import_are_explained(lean: LeanVerifier) -> None:
    assert "need `import Mathlib`" in proved(lean, "theorem t (n : ℕ) : n + 0 = n").detail
    assert "need `import Mathlib`" not in proved(lean, "theorem t : Foo.bar = 1").detail
    assert "need `import Mathlib`" not in proved(lean, "import Mathlib\ntheorem t (n : ℕ) : foo = n").detail


def searching(lean: FakeLeanVerifier, watch: Watch = NOBODY) -> Search:
    target = imports.offer(read_statement(NEEDS_NONE), CONFIG, frozenset())
    return Search(
        target=target, lean=lean, backend=None, params=PARAMS, limits=LIMITS, config=CONFIG, watch=watch
    )  # fmt: skip


PROOF = Candidate(kind="proof", source="p", origin="model")


def test_a_proof_is_judged_without_the_import_while_somebody_waits() -> None:
    fake = FakeLeanVerifier({f"{MATHLIB}{NEEDS_NONE} := p"})
    search = searching(fake)
    tried = imports.without(search, search.target, PROOF)
    assert tried is not None and tried.verdict.status is Status.REJECTED
    gone = searching(fake, Watch(cancelled=lambda: True))
    assert imports.without(gone, gone.target, PROOF) is None


class Failing(FakeLeanVerifier):
    """Fails on sources that begin so, and says this."""

    def __init__(self, beginning: str, said: str = "not here") -> None:
        super().__init__(set())
        self.beginning, self.said = beginning, said

    def check(self, source: str, **named: Any) -> Verdict:
        if source.startswith(self.beginning):
            return Verdict(status=Status.INFRA_ERROR, detail=self.said)
        return super().check(source, **named)


def test_a_lean_without_mathlib_proves_without_it() -> None:
    search = searching(Failing("import Mathlib", "`import Mathlib`: the Lean that comes with mathlm …"))
    assert imports.settle(search) is None
    assert search.target == read_statement(NEEDS_NONE) and not search.reads_otherwise


def test_what_the_judge_says_of_a_missing_module_is_known(lean: LeanVerifier) -> None:
    verdict = lean.check("import Nowhere\ntheorem t : 1 = 1 := rfl", limits=LIMITS)
    assert verdict.status is Status.INFRA_ERROR and verdict.detail.startswith(imports.NO_SUCH_IMPORT)


@pytest.mark.parametrize("beginning", ["", "import Mathlib"])
def test_a_machine_that_fails_is_no_refusal(beginning: str) -> None:
    with pytest.raises(InfraError, match="not here"):
        imports.settle(searching(Failing(beginning)))


@pytest.mark.parametrize("header", ["/- c -/ import Lean\n", "-- c\nimport Std\n"])
def test_an_import_behind_a_comment_is_one(header: str) -> None:
    statement = read_statement(f"{header}{NEEDS_NONE}")
    assert statement.below_mathlib == statement


def test_an_import_in_a_comment_is_none() -> None:
    statement = read_statement(f"/-\nimport Lean\n-/\n{NEEDS_NONE}")
    assert statement.below_mathlib.imports == MATHLIB
