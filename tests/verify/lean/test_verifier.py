"""The real embedded Lean: what is accepted, what is refused and why, and what happens when it dies."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace

import pytest

from mathlm.types import Candidate, Reason, Status
from verify.base import Limits
from verify.lean.runtimes import EMBEDDED
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=4096, heartbeats=200_000, output_bytes=20_000)
COMM = "theorem t (a b : Nat) : a + b = b + a"
FALSE = "theorem f : (1 : Nat) + 1 = 3"

ACCEPTED = {
    "omega": "by omega",
    "simp": "by simp [Nat.add_comm]",
    "term": "Nat.add_comm a b",
    "grind": "by grind",
    "rewriting": "by rw [Nat.add_comm]",
    "induction": "by\n  induction a with\n  | zero => simp\n  | succ n ih => omega",
    "structured": "by\n  have h : a + b = b + a := by omega\n  exact h",
    "classical": "by\n  by_cases h : a = b\n  · subst h; rfl\n  · omega",
    "local definition": "let x := a; show x + b = b + a from Nat.add_comm a b",
}


@pytest.mark.parametrize("proof", ACCEPTED.values(), ids=ACCEPTED)
def test_accepts_honest_proofs(lean: LeanVerifier, proof: str) -> None:
    verdict = lean.check(f"{COMM} := {proof}", statement=f"{COMM} := sorry", limits=LIMITS, describe=True)
    assert verdict.accepted, verdict.detail
    assert [t.name for t in verdict.theorems] == ["t"]
    assert verdict.theorems[0].statement == "t (a b : Nat) : a + b = b + a"
    assert "4.28.0" in verdict.toolchain


REFUSED = {
    "sorry": (f"{FALSE} := by sorry", Reason.SORRY),
    "sorryAx without the word": (f"{FALSE} := sorryAx _ false", Reason.SORRY),
    "hidden in a lemma": (f"theorem h : False := sorryAx _ true\n{FALSE} := h.elim", Reason.SORRY),
    "hidden in a definition": (
        f"def d : PLift False := ⟨sorryAx _ true⟩\n{FALSE} := d.down.elim",
        Reason.SORRY,
    ),
    "axiom": (f"axiom cheat : False\n{FALSE} := cheat.elim", Reason.AXIOM),
    "axiom under a library name": (f"axiom Nat.cheat : False\n{FALSE} := Nat.cheat.elim", Reason.AXIOM),
    "axiom named like a library one": (
        f"namespace Classical\naxiom choice2 : False\nend Classical\n{FALSE} := Classical.choice2.elim",
        Reason.AXIOM,
    ),
    "axiom whose one-part name prints like an allowed one": (
        f"axiom «Quot.sound» : False\n{FALSE} := «Quot.sound».elim",
        Reason.AXIOM,
    ),
    "no kernel check": (
        f"set_option debug.skipKernelTC true in\n{FALSE} := by decide +kernel",
        Reason.KERNEL,
    ),
    "native": ("theorem f : (10 : Nat) ^ 3 + 1 = 1001 := by native_decide", Reason.AXIOM),
    "another statement": ("theorem f : (1 : Nat) + 1 = 2 := rfl", Reason.STATEMENT_MISMATCH),
    "a definition instead": ("def f := 3", Reason.STATEMENT_MISMATCH),
    "nothing": ("", Reason.STATEMENT_MISMATCH),
    "another namespace": (f"namespace N\n{FALSE.replace('3', '2')} := rfl\nend N", Reason.STATEMENT_MISMATCH),
    "exit before it": (f"#exit\n{FALSE} := by decide", Reason.STATEMENT_MISMATCH),
    "local instance": (
        f"local instance : OfNat Nat 3 := ⟨2⟩\n{FALSE} := rfl",
        Reason.STATEMENT_MISMATCH,
    ),
    "local notation": (f'local notation "3" => 2\n{FALSE} := rfl', None),
    "a variable": (
        "variable (h : False)\ninclude h\ntheorem f : (1 : Nat) + 1 = 3 := h.elim",
        Reason.STATEMENT_MISMATCH,
    ),
    "partial": (
        "partial def loop (n : Nat) : PLift ((1 : Nat) + 1 = 3) := loop n\n"
        "theorem f : (1 : Nat) + 1 = 3 := (loop 0).down",
        None,
    ),
    "unsafe": ("unsafe def u : (1 : Nat) + 1 = 3 := u\nunsafe def f := u", Reason.STATEMENT_MISMATCH),
    "wrong": (f"{FALSE} := by decide", Reason.ELABORATION),
    "unknown tactic": (f"{FALSE} := by ring_nf_please", Reason.PARSE),
    "unparsable": ("theorem f : := 3", Reason.PARSE),
    "prelude": (f"prelude\n{FALSE} := by decide", Reason.FORBIDDEN),
    "an error elsewhere": (f"theorem g : 1 = 2 := rfl\n{FALSE} := by cases g", None),
    "option to be quiet": (f"set_option warn.sorry false in\n{FALSE} := by sorry", Reason.SORRY),
    "open an assumption": (f"{FALSE} := by\n  intro\n  assumption", Reason.ELABORATION),
}


@pytest.mark.parametrize(("source", "reason"), REFUSED.values(), ids=REFUSED)
def test_refuses_false_statements(lean: LeanVerifier, source: str, reason: Reason | None) -> None:
    statement = (
        "theorem f : (10 : Nat) ^ 3 + 1 = 1001 := sorry" if "native" in source else f"{FALSE} := sorry"
    )
    verdict = lean.check(source, statement=statement, limits=LIMITS)
    assert verdict.status is Status.REJECTED, verdict
    assert reason is None or verdict.reason is reason, verdict.detail
    assert verdict.detail


def test_redefined_definition_is_a_mismatch(lean: LeanVerifier) -> None:
    statement = "def B (n : Nat) : Prop := n = 5\ntheorem t : B 4 := sorry"
    source = "def B (_ : Nat) : Prop := True\ntheorem t : B 4 := trivial"
    verdict = lean.check(source, statement=statement, limits=LIMITS)
    assert verdict.reason is Reason.STATEMENT_MISMATCH
    assert "`B`" in verdict.detail


def test_definitions_of_the_statement_may_be_used(lean: LeanVerifier) -> None:
    head = "inductive Colour | red | blue\ndef other : Colour → Colour | .red => .blue | .blue => .red\n"
    theorem = "theorem t (c : Colour) : other (other c) = c"
    verdict = lean.check(
        f"{head}{theorem} := by cases c <;> rfl", statement=f"{head}{theorem} := sorry", limits=LIMITS
    )
    assert verdict.accepted, verdict.detail


def test_own_inductive_type_is_forbidden_against_a_statement(lean: LeanVerifier) -> None:
    own = "inductive T | a\ntheorem h (x : T) : x = .a := by cases x; rfl"
    source = f"{own}\n{COMM} := by\n  have := h .a\n  omega"
    verdict = lean.check(source, statement=f"{COMM} := sorry", limits=LIMITS)
    assert verdict.reason is Reason.FORBIDDEN


def test_file_without_statement_lists_its_theorems_in_order(lean: LeanVerifier) -> None:
    source = (
        "inductive T | a | b\ntheorem second (x : T) : x = .a ∨ x = .b := by cases x <;> simp\n"
        "namespace N\ntheorem first : 1 = 1 := rfl\nend N\nprivate theorem hidden : 2 = 2 := rfl"
    )
    verdict = lean.check(source, limits=LIMITS)
    assert verdict.accepted, verdict.detail
    assert [t.name for t in verdict.theorems] == ["second", "N.first", "hidden"]


def test_axioms_are_named(lean: LeanVerifier) -> None:
    verdict = lean.check(
        "theorem t (p : Prop) : p ∨ ¬p := by\n  have := @propext\n  exact Classical.em p", limits=LIMITS
    )
    assert verdict.accepted
    assert "propext" in verdict.theorems[0].axioms


def test_messages_have_positions_and_unicode_survives(lean: LeanVerifier) -> None:
    padding = "-- " + "∀ℕ𝔸é" * 400
    verdict = lean.check(f"{padding}\ntheorem t : ∀ n : Nat, n = n := fun _ => rfl\n#check ∀", limits=LIMITS)
    error = next(m for m in verdict.messages if m.severity == "error")
    assert (error.line, error.column) == (3, 8)
    assert verdict.reason is Reason.PARSE


def test_checks_share_nothing(lean: LeanVerifier) -> None:
    assert lean.check("theorem leak : 1 = 1 := rfl", limits=LIMITS).accepted
    verdict = lean.check("theorem t : 1 = 1 := leak", limits=LIMITS)
    assert verdict.reason is Reason.ELABORATION
    again = lean.check("theorem leak : 2 = 2 := rfl", limits=LIMITS)
    assert again.accepted


def test_imports_choose_the_environment(lean: LeanVerifier) -> None:
    theorem = "theorem t (n : Lean.FVarId) : n = n := rfl"
    assert lean.check(f"/- a comment -/\nimport Lean.Expr\nimport Std\n{theorem}", limits=LIMITS).accepted
    assert lean.check(theorem, limits=LIMITS).reason is Reason.ELABORATION


def test_a_worker_that_ran_metaprograms_answers_no_other_request(lean: LeanVerifier) -> None:
    poison = """import Lean
open Lean
#eval show IO Unit from do
  let table ← Parser.builtinTokenTable.get
  Parser.builtinTokenTable.set (table.erase "theorem")
theorem t : True := trivial"""
    before = lean.pool.restarts
    lean.check(poison, limits=LIMITS)
    assert lean.check(f"{COMM} := by omega", statement=f"{COMM} := sorry", limits=LIMITS).accepted
    assert lean.pool.restarts == before + 1


@pytest.mark.parametrize(
    "command", ["#eval 1", "#guard true", 'macro "x" : term => `(1)', "initialize pure ()"]
)
def test_a_worker_that_may_have_run_code_is_replaced(lean: LeanVerifier, command: str) -> None:
    before = lean.pool.restarts
    lean.check(f"{command}\ntheorem t : True := trivial", limits=LIMITS)
    assert lean.pool.restarts == before + 1


def test_a_theorem_that_a_macro_swallows_is_not_proved(lean: LeanVerifier) -> None:
    source = (
        "theorem honest : True := trivial\n"
        'macro "make" : command => `(theorem quoted : True := trivial)\n'
        "macro_rules | `(theorem $_ $_:declSig $_:declVal) => `(example : True := trivial)\n"
        "theorem swallowed : False := trivial"
    )
    verdict = lean.check(source, limits=LIMITS)
    assert verdict.status is Status.REJECTED, verdict
    assert {t.name: t.status for t in verdict.theorems} == {
        "honest": Status.ACCEPTED,
        "swallowed": Status.REJECTED,
    }


def test_compiled_code_run_by_the_kernel_is_named(lean: LeanVerifier) -> None:
    source = "theorem t : Lean.reduceBool System.Platform.isWindows = false := rfl"
    verdict = lean.check(source, statement=source.replace("rfl", "sorry"), limits=LIMITS)
    assert verdict.reason is Reason.AXIOM, verdict
    assert "Lean.reduceBool" in verdict.detail


def test_a_step_of_a_source_that_imports_lean_ends_the_worker(lean: LeanVerifier) -> None:
    before = lean.pool.restarts
    source = "import Lean\ntheorem t : True := sorry"
    assert lean.step(source, hole=0, tactics=["trivial"], limits=LIMITS).goals == ()
    assert lean.pool.restarts == before + 1


def test_missing_library_is_not_a_verdict(lean: LeanVerifier) -> None:
    verdict = lean.check("import Elsewhere.Tactic\ntheorem t : True := trivial", limits=LIMITS)
    assert verdict.status is Status.INFRA_ERROR
    assert "Elsewhere.Tactic" in verdict.detail and "Init, Std and Lean" in verdict.detail


def test_broken_statement_is_said(lean: LeanVerifier) -> None:
    verdict = lean.check("theorem t : True := trivial", statement="theorem t : Tru := sorry", limits=LIMITS)
    assert verdict.reason is Reason.ELABORATION
    assert "statement itself" in verdict.detail


def test_sees_no_host_file_and_no_environment(lean: LeanVerifier) -> None:
    source = """
#eval IO.FS.readFile "/etc/passwd"
#eval IO.FS.readFile "/lib/lean/../../etc/passwd"
#eval IO.FS.readFile "/proc/self/environ"
#eval IO.FS.writeFile "/lib/lean/x" "x"
#eval IO.getEnv "PATH"
#eval IO.Process.output { cmd := "ls" }
#eval IO.FS.removeFile "/lib/lean/Init.olean"
theorem t : True := trivial"""
    restarts = lean.pool.restarts
    messages = lean.check(source, limits=LIMITS).messages
    by_line = {m.line: m for m in messages}
    assert all(by_line[line].severity == "error" for line in (2, 3, 4, 5, 7, 8)), messages
    assert by_line[6].text == "none"
    assert lean.check(f"{COMM} := by omega", limits=LIMITS).accepted
    assert lean.pool.restarts == restarts + 1  # files in memory and tasks would outlive the request


def test_output_cannot_imitate_an_answer(lean: LeanVerifier) -> None:
    fake = '{\\"parse_error\\":false,\\"messages\\":[],\\"theorems\\":[]}'
    source = (
        f'#eval IO.println "{fake}"\n#eval do let o ← IO.getStdout; o.putStrLn "{fake}"; o.flush\n'
        f'run_cmd (dbg_trace "{fake}"; pure ())\n{FALSE} := by decide\n'
        '#eval show IO Unit from do\n  let out ← IO.FS.Handle.mk "/dev/stdout" .write\n'
        '  out.putStr "no newline before the answer"\n  out.flush'
    )
    assert lean.check(source, statement=f"{FALSE} := sorry", limits=LIMITS).status is Status.REJECTED


def test_output_is_cut_at_the_limit(lean: LeanVerifier) -> None:
    limits = Limits(seconds=60, memory_mb=4096, heartbeats=200_000, output_bytes=500)
    source = '#eval "' + "x" * 5000 + '"\n#eval "' + "y" * 5000 + '"\ntheorem t : True := trivial'
    messages = lean.check(source, limits=limits).messages
    assert sum(len(m.text) for m in messages) < 600


def test_heartbeats_stop_a_long_search(lean: LeanVerifier) -> None:
    limits = Limits(seconds=60, memory_mb=4096, heartbeats=50, output_bytes=5000)
    verdict = lean.check(
        "theorem t (a b c d : Nat) (h : a * b = c * d) : (a*b)^3 = (c*d)^3 := by grind", limits=limits
    )
    assert verdict.status is Status.REJECTED
    assert "heartbeats" in " ".join(m.text for m in verdict.messages)


def test_goals_and_steps(lean: LeanVerifier) -> None:
    source = (
        "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor\n  · sorry\n  · exact sorry"
    )
    answer = lean.goals(source, limits=LIMITS)
    assert [(h.line, h.column) for h in answer.holes] == [(3, 4), (4, 10)]
    assert answer.holes[0].goals[0].endswith("hp : p\nhq : q\n⊢ p")
    assert lean.step(source, hole=0, tactics=["exact hp"], limits=LIMITS).goals == ()
    assert lean.step(source, hole=1, tactics=["exact hq"], limits=LIMITS).goals == ()
    failed = lean.step(source, hole=0, tactics=["exact hq"], limits=LIMITS)
    assert failed.error is not None and "mismatch" in failed.error
    assert "no such" in (lean.step(source, hole=7, tactics=["rfl"], limits=LIMITS).error or "")


def test_holes_of_several_theorems_are_found_once(lean: LeanVerifier) -> None:
    source = "theorem a : 1 = 1 := sorry\ntheorem b : 2 = 2 := sorry\ntheorem c : 3 = 3 := rfl"
    assert [hole.line for hole in lean.goals(source, limits=LIMITS).holes] == [1, 2]


def test_code_that_does_not_compile_is_an_error_where_it_would_run(lean: LeanVerifier) -> None:
    """Only definitions are noncomputable: a program that cannot run must not vanish silently."""
    fine = "def isP (n : Nat) : Bool := (List.range n).all fun k => k < n\n"
    assert lean.check(fine + "theorem f : isP 3 = true := by decide", limits=LIMITS).accepted
    lost = "import Lean\n#eval (pure 3 : IO Nat)\ntheorem f : True := trivial"
    verdict = lean.check(lost, limits=LIMITS)
    assert [m.line for m in verdict.messages if m.severity in ("error", "info")] == [2]


def test_a_worker_is_replaced_as_often_as_its_runtime_says(lean: LeanVerifier) -> None:
    once = replace(EMBEDDED, checks_per_worker=1)
    with LeanVerifier(runtime=once) as single:
        for _ in range(2):
            assert single.check("theorem t : 1 = 1 := rfl", limits=LIMITS).accepted
        assert single.pool.restarts == 2


def test_steps_go_on_from_each_other(lean: LeanVerifier) -> None:
    source = "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := sorry"
    one = lean.step(source, hole=0, tactics=["constructor"], limits=LIMITS)
    assert len(one.goals) == 2
    two = lean.step(source, hole=0, tactics=["constructor", "have h := hp\nexact h"], limits=LIMITS)
    assert len(two.goals) == 1
    assert (
        lean.step(source, hole=0, tactics=["constructor", "exact hp", "exact hq"], limits=LIMITS).goals == ()
    )


def test_endless_loop_is_a_timeout_and_the_next_check_works(lean: LeanVerifier) -> None:
    limits = Limits(seconds=3, memory_mb=4096, heartbeats=200_000, output_bytes=5000)
    source = "partial def spin (n : Nat) : IO Unit := spin (n + 1)\n#eval spin 0\ntheorem t : True := trivial"
    assert lean.check(source, limits=limits).status is Status.TIMEOUT
    assert lean.check(f"{COMM} := by omega", limits=LIMITS).accepted


def test_deep_terms_and_recursions_are_proofs_like_others(lean: LeanVerifier) -> None:
    nested = "(" * 1000 + "1" + ")" * 1000
    assert lean.check(f"theorem t : {nested} = 1 := rfl", limits=LIMITS).accepted
    long = (
        "set_option maxRecDepth 100000 in\ntheorem t : (List.range 1000).foldl (· + ·) 0 = 499500 := by rfl"
    )
    assert lean.check(long, limits=LIMITS).accepted


def test_stack_overflow_is_said_at_once(lean: LeanVerifier) -> None:
    source = "set_option maxRecDepth 1000000 in\ntheorem x : (List.range 20000).length = 20000 := by decide"
    before = lean.pool.restarts
    verdict = lean.check(source, limits=LIMITS)
    assert verdict.status is Status.RESOURCE
    assert "stack is exhausted" in verdict.detail
    assert lean.pool.restarts == before + 1
    assert lean.check(f"{COMM} := by omega", limits=LIMITS).accepted


def test_killed_worker_is_retried_on_a_fresh_one(lean: LeanVerifier) -> None:
    assert lean.check(f"{COMM} := by omega", limits=LIMITS).accepted
    before = lean.pool.restarts
    (pid,) = lean.pool.pids()

    def kill() -> None:
        time.sleep(0.5)
        os.kill(pid, signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()
    slow = "theorem s : True := by\n  sleep 2000\n  trivial"
    verdict = lean.check(slow, limits=LIMITS)
    assert verdict.accepted, verdict.detail
    assert lean.pool.restarts > before


def test_candidate_goes_through_verify(lean: LeanVerifier) -> None:
    candidate = Candidate(
        kind="proof", source=f"{COMM} := by omega", origin="model", formal_statement=f"{COMM} := sorry"
    )
    assert lean.verify(candidate, limits=LIMITS).accepted
    for bad in (replace(candidate, formal_statement=None), replace(candidate, kind="program")):
        with pytest.raises(ValueError, match="formal statement"):
            lean.verify(bad, limits=LIMITS)
