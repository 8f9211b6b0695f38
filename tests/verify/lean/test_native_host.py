"""The native host's Lean sources, run by the embedded Lean: it answers as the embedded host does.

Two processes run `lean_workspace/Main.lean` itself, as `worker` and as `judge` (see native_host.cjs), through
the same protocol as a native build. What is compared: exported text byte for byte, whole answers, and which
malformed texts are refused at which line. Not covered: the compiled program, and Lean 4.34.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from verify import runtime
from verify.base import Limits
from verify.confine import ROOT
from verify.lean import protocol
from verify.lean.verifier import LeanVerifier
from verify.process import WorkerProcess

LIMITS = Limits(seconds=120, memory_mb=4096, heartbeats=200_000, output_bytes=20_000)
READY_SECONDS = 600
SCRIPT = Path(__file__).with_name("native_host.cjs")
WORKSPACE = ROOT / "lean_workspace"

SOURCES = {
    "term": "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := ⟨h.2, h.1⟩",
    "omega": "theorem t (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega",
    "decide": "theorem t : (List.range 12).sum = 66 := by decide",
    "induction": "theorem t (n : Nat) : 0 + n = n := by induction n with | zero => rfl | succ n ih => omega",
    "simp": "theorem t (xs : List Nat) : (xs ++ []).length = xs.length := by simp",
    "grind": "theorem t (a b c : Nat) (h : a = b) (g : b = c) : c = a := by grind",
    "big numbers": "theorem t : (2^200 : Nat) - 1 = "
    "1606938044258990275541962092341162602522202993782792835301375 := "
    "by decide",
    "numbers around the boxed ones": "theorem t : [1073741823, 1073741824, 2147483647, 2147483648, "
    "4294967295,"
    " 4294967296, 9223372036854775808, 18446744073709551616].length = 8 := rfl",
    "strings": 'theorem t : ["a\\"b\\\\c\\n\\t\\r", "∀ 𝕜 é\\x7f\\u0080", "\\x00\\x01\\x08\\x0b\\x0c\\x1f", '
    '"",'
    ' "/\\u2028\U0010ffff"].length = 5 := rfl',
    "characters": "theorem t : ['a', '∀', '𝕜', '\\x00'].length = 4 := rfl",
    "universes": "universe u v w\ntheorem t (α : Type u) (β : Type v) (f : α → β → Sort (max (u+1) (imax v "
    "w))) : f = f := "
    "rfl",
    "universe lemma": "theorem t.{u, v} (α : Sort u) (β : α → Sort v) (f g : (x : α) → β x) (h : ∀ x, f x = "
    "g x) : f = g "
    ":= funext h",
    "let": "theorem t (n : Nat) : (let a := n + 1; let b := a * 2; have c := b; c) = (n + 1) * 2 := rfl",
    "projections": "structure P (α : Type) where\n  a : α\n  b : α\n  h : a = b\n"
    "theorem t (p : P Nat) : p.b = p.a := p.h.symm",
    "raw projections": "theorem t (p : Nat × Nat) (q : Nat × Nat × Nat) : (p.1, q.2.2).2 = q.2.2 := by "
    "cases p; rfl",
    "an inductive type": "inductive T | leaf | node (l r : T) (n : Nat)\n"
    "theorem t (l : T) : T.node l l 1 ≠ .leaf := by intro h; cases h",
    "an inductive family": "inductive V (α : Type) : Nat → Type | nil : V α 0 | cons {n} : α → V α n → V α "
    "(n+1)\n"
    "def V.len {α n} (_ : V α n) : Nat := n\ntheorem t (α) (v : V α 3) : v.len = 3 := rfl",
    "mutual types": "mutual\ninductive Even : Nat → Prop | zero : Even 0 | succ : Odd n → Even (n+1)\n"
    "inductive Odd : Nat → Prop | succ : Even n → Odd (n+1)\nend\ntheorem t : Even 2 := .succ (.succ .zero)",
    "nested types": "inductive Rose | mk (cs : List Rose) (n : Nat)\n"
    "theorem t (a : Rose) : ∃ l n, a = .mk l n := by cases a; exact ⟨_, _, rfl⟩",
    "a class": "class C (α : Type) where\n  op : α → α → α\n  comm (a b : α) : op a b = op b a\n"
    "instance : C Nat := ⟨(· + ·), Nat.add_comm⟩\ntheorem t (a b : Nat) : C.op a b = C.op b a := C.comm a b",
    "binders": "theorem t {p : Prop} ⦃q : Prop⦄ [inst : Decidable p] (hp : p) (hq : q) : p ∧ q := ⟨hp, hq⟩",
    "definitions": "def f (n : Nat) : Nat := n + 1\n@[reducible] def g := f\ntheorem t : g (f 1) = 3 := rfl",
    "recursion": "def f : Nat → Nat | 0 => 1 | n+1 => (n+1) * f n\ntheorem t : f 5 = 120 := rfl",
    "well-founded recursion": "def f (n : Nat) : Nat := if h : n < 2 then n else f (n / 2)\n"
    "theorem t : f 1 = 1 := by unfold f; simp",
    "an opaque constant": "opaque f : Nat → Nat\ntheorem t : f = f := rfl",
    "an axiom": "axiom a : 1 = 2\ntheorem t : 1 = 2 := a",
    "partial and unsafe": "unsafe def f : Nat := 1\npartial def g (n : Nat) : Nat := g n\ntheorem t : g = g "
    ":= rfl",
    "sorry": "theorem t : 1 = 2 := sorry",
    "quotients": "theorem t (α : Type) (r : α → α → Prop) (a b : α) (h : r a b) : Quot.mk r a = Quot.mk r b "
    ":= "
    "Quot.sound h",
    "odd names": 'theorem «a b».«∀ "x"».t\' : True := trivial\ntheorem «a b».u : True := «∀ "x"».t\'',
    "a private one": "private theorem s : 1 = 1 := rfl\ntheorem t : 1 = 1 := s",
    "a section": "section\nvariable (n : Nat)\nnamespace A\ntheorem t : n = n := rfl\nend A\nend",
    "metadata": "theorem t (n : Nat) : n = n := by\n  show n = n\n  have h : n = n := rfl\n  exact (h : n = "
    "n)",
    "classical": "theorem t (p : Prop) : p ∨ ¬p := Classical.em p",
    "several": "theorem t : 1 = 1 := rfl\nlemma' u\ntheorem v : 2 = 2 := rfl",
    "an error": "theorem t : 1 = 2 := by decide",
    "no theorem": "def f := 1",
    "nothing": "",
    "a parse error": "theorem t : := rfl",
    "import Lean": "import Lean\nopen Lean\ntheorem t (n : Name) : n = n := rfl",
    "prelude": "prelude\ntheorem t : True := trivial",
    "messages": '#eval 1 + 1\n#check Nat\nexample : True := by trivial\n#eval (throw <| IO.userError "no" : '
    "IO Unit)",
}


NOTHING_TO_EXPORT = {"no theorem", "nothing", "prelude", "messages", "a parse error"}


def start(mode: str, *rest: str) -> WorkerProcess:
    lean = runtime.lean_dir()
    read = (lean, WORKSPACE, SCRIPT, ROOT / "verify" / "lean" / "lean.cjs")
    argv = [*runtime.locked_down_node(read=read), *map(str, (SCRIPT, lean, WORKSPACE, mode, *rest))]
    process = WorkerProcess(argv, name=f"native {mode}", ready_seconds=READY_SECONDS)
    assert process.start()["version"].startswith("4.28.0")
    return process


@pytest.fixture(scope="module")
def worker() -> Iterator[WorkerProcess]:
    process = start("worker")
    yield process
    process.kill()


@pytest.fixture(scope="module")
def judge() -> Iterator[WorkerProcess]:
    process = start("judge", "mathlib")  # says that it has Mathlib; all else is as without
    yield process
    process.kill()


def ask(process: WorkerProcess, request: dict[str, Any]) -> dict[str, Any]:
    answer = process.request(request, seconds=LIMITS.seconds, memory_mb=LIMITS.memory_mb)
    assert isinstance(answer.pop("ms"), float)
    return answer


def embedded(pool: Any, request: dict[str, Any]) -> dict[str, Any]:
    reply = pool.run(request, limits=LIMITS)
    assert reply.answer is not None, reply.detail
    assert isinstance(reply.answer.pop("ms"), float)
    answer: dict[str, Any] = reply.answer
    return answer


def exported(lean: LeanVerifier, source: str) -> protocol.Elaborated:
    claim = protocol.read_elaborated(embedded(lean.pool, protocol.check_request(source, LIMITS)))
    assert isinstance(claim, protocol.Elaborated)
    return claim


@pytest.mark.parametrize("name", SOURCES)
def test_both_hosts_answer_alike(
    lean: LeanVerifier, worker: WorkerProcess, judge: WorkerProcess, name: str
) -> None:
    """`check`, and what the judge says of its answer: the same answers, the same text."""
    request = protocol.check_request(SOURCES[name], LIMITS)
    expected, found = embedded(lean.pool, request), ask(worker, request)
    assert found.get("export") == expected.get("export")
    assert found == expected
    assert bool(expected.get("export")) is (name not in NOTHING_TO_EXPORT)
    if "export" not in expected:
        return
    claim = protocol.read_elaborated(expected)
    assert isinstance(claim, protocol.Elaborated)
    for statement in (None, SOURCES[name]):
        request = protocol.judge_request(claim, statement, LIMITS, describe=True)
        assert ask(judge, request) == embedded(lean.judges, request)


def test_the_other_operations_answer_alike(lean: LeanVerifier, worker: WorkerProcess) -> None:
    source = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry"
    for request in (
        protocol.goals_request(source, LIMITS),
        protocol.step_request(source, 0, ("constructor",), LIMITS),
        protocol.step_request(source, 0, ("no_such_tactic",), LIMITS),
        protocol.library_request(3, 0),
        {"op": "nothing"},
    ):
        ours, theirs = embedded(lean.pool, request), ask(worker, request)
        if "modules" in ours:
            ours["modules"] -= 1  # the prelude counts as one; a native worker has it only with Mathlib
        assert theirs == ours


def test_a_line_that_is_no_request_is_answered(worker: WorkerProcess) -> None:
    assert "error" in ask(worker, {"op": 1})


def test_a_worker_judges_nothing(lean: LeanVerifier, worker: WorkerProcess) -> None:
    claim = exported(lean, SOURCES["term"])
    assert ask(worker, protocol.judge_request(claim, None, LIMITS, describe=False)) == {
        "error": "unknown operation"
    }


def test_the_second_kernels_share_is_the_same(lean: LeanVerifier, judge: WorkerProcess) -> None:
    claim = exported(lean, "theorem t : 1 = 1 := rfl")
    request = {**protocol.judge_request(claim, None, LIMITS, describe=False), "library": "all"}
    expected, found = embedded(lean.judges, request), ask(judge, request)
    assert found["claims"] == expected["claims"]
    assert len(found["export"]) > 10_000 and found["export"] == expected["export"]


def test_mathlib_is_looked_for_where_it_is_said_to_be(lean: LeanVerifier, judge: WorkerProcess) -> None:
    """There is none here, so the import itself fails."""
    claim = exported(lean, "theorem t : 1 = 1 := rfl")
    for header in ("import Mathlib", "import Batteries.Data.List\npublic import Lean", "import Aesop"):
        statement = f"{header}\ntheorem t : 1 = 1 := sorry"
        request = protocol.judge_request(claim, statement, LIMITS, describe=False)
        assert "Mathlib" in ask(judge, request)["error"]
    unknown = protocol.judge_request(claim, "import Foo\ntheorem t : 1 = 1", LIMITS, describe=False)
    found = ask(judge, unknown)
    assert found == embedded(lean.judges, unknown) and found["missing_import"] == "Foo"


def test_a_claim_of_a_library_that_is_not_here_is_one_of_core(lean: LeanVerifier) -> None:
    claim = exported(lean, "theorem t : 1 = 1 := rfl")
    request = protocol.judge_request(claim, None, LIMITS, describe=False)
    assert embedded(lean.judges, {**request, "environment": "mathlib"}) == embedded(lean.judges, request)


META = '{"meta":{"x":1}}\n'
BROKEN = {
    "no first line": '{"in":1,"str":{"pre":0,"str":"a"}}\n',
    "an unfinished line": META[:-1],
    "an empty line": META + "\n",
    "a gap": META + '{"in":2,"str":{"pre":0,"str":"a"}}\n',
    "an index too far": META + '{"in":1,"str":{"pre":1,"str":"a"}}\n',
    "an index of ten digits": META + '{"in":1,"str":{"pre":0000000000,"str":"a"}}\n',
    "a leading zero": META + '{"in":01,"str":{"pre":0,"str":"a"}}\n',
    "a space": META + '{"in":1, "str":{"pre":0,"str":"a"}}\n',
    "another order": META + '{"in":1,"str":{"str":"a","pre":0}}\n',
    "a key twice": META + '{"in":1,"str":{"pre":0,"pre":0,"str":"a"}}\n',
    "a longer escape": META + '{"in":1,"str":{"pre":0,"str":"\\u0041"}}\n',
    "an escaped slash": META + '{"in":1,"str":{"pre":0,"str":"\\/"}}\n',
    "a capital escape": META + '{"in":1,"str":{"pre":0,"str":"\\u001F"}}\n',
    "an escape with a short form": META + '{"in":1,"str":{"pre":0,"str":"\\u0009"}}\n',
    "half a pair": META + '{"in":1,"str":{"pre":0,"str":"\\ud835"}}\n',
    "a pair as escapes": META + '{"in":1,"str":{"pre":0,"str":"\\ud835\\udd5c"}}\n',
    "a bare control character": META + '{"in":1,"str":{"pre":0,"str":"\t"}}\n',
    "an open string": META + '{"in":1,"str":{"pre":0,"str":"a}}\n',
    "a long number": META + '{"in":1,"num":{"pre":0,"i":' + "9" * 100_001 + "}}\n",
    "a negative number": META + '{"in":1,"num":{"pre":0,"i":-1}}\n',
    "a universe too far": META + '{"il":1,"succ":1}\n',
    "a universe metavariable": META + '{"il":1,"mvar":0}\n',
    "three universes": META + '{"il":1,"max":[0,0,0]}\n',
    "too many universes": META + "".join(f'{{"il":{i},"succ":{i - 1}}}\n' for i in range(1, 65_537)),
    "the first bound variable too far": META + '{"ie":0,"bvar":524288}\n',
    "a free variable": META + '{"ie":0,"fvar":0}\n',
    "a list with a comma": META
    + '{"in":1,"str":{"pre":0,"str":"a"}}\n{"ie":0,"const":{"name":1,"us":[0,]}}\n',
    "another binder": META
    + '{"ie":0,"sort":0}\n{"ie":1,"lam":{"name":0,"type":0,"body":0,"binderInfo":"x"}}\n',
    "a hole for nondep": META
    + '{"ie":0,"sort":0}\n{"ie":1,"letE":{"name":0,"type":0,"value":0,"body":0,"nondep":null}}\n',
    "a literal as a number": META + '{"ie":0,"natVal":7}\n',
    "an unknown declaration": META + '{"theorem":{}}\n',
    "an empty object": META + "{}\n",
    "an array": META + "[]\n",
    "null": META + "null\n",
    "more behind": META + '{"in":1,"str":{"pre":0,"str":"a"}} \n',
    "a declaration of nothing": META + '{"axiom":{"name":0,"levelParams":[],"type":0,"isUnsafe":false}}\n',
    "a long line": META + '{"in":1,"str":{"pre":0,"str":"' + "x" * 1_100_000 + '"}}\n',
}
GOOD = {
    "nothing": "",
    "a first line alone": META,
    "escapes": META + '{"in":1,"str":{"pre":0,"str":"\\u0000\\b\\t\\n\\f\\r\\u001f\\"\\\\/"}}\n',
    "the last bound variable": META + '{"ie":0,"bvar":524287}\n',
    "a number as a name": META + '{"in":1,"num":{"pre":0,"i":123456789012345678901234567890}}\n',
    "as many universes as there may be": META
    + "".join(f'{{"il":{i},"succ":{i - 1}}}\n' for i in range(1, 1_000)),
}


EMPTY = {"environment": "core", "theorems": [], "not_in_library": []}


def said_of(text: str) -> dict[str, Any]:
    empty = protocol.Elaborated(
        parse_error=False, messages=(), theorems=(), environment="core", export=text, export_error=None
    )
    return protocol.judge_request(empty, None, LIMITS, describe=False)


def line_of(answer: dict[str, Any]) -> str:
    """Which kind of refusal, at which line."""
    ((kind, why),) = [(key, answer[key]) for key in ("malformed", "exhausted") if key in answer]
    found = re.match(r"line \d+: |more than \d+ characters", why)
    assert found is not None, answer
    return f"{kind} {found[0]}"


@pytest.mark.parametrize("name", BROKEN)
def test_both_readers_refuse_the_same_line(lean: LeanVerifier, judge: WorkerProcess, name: str) -> None:
    request = said_of(BROKEN[name])
    assert line_of(ask(judge, request)) == line_of(embedded(lean.judges, request))


@pytest.mark.parametrize("name", GOOD)
def test_both_readers_take_what_is_well_formed(lean: LeanVerifier, judge: WorkerProcess, name: str) -> None:
    request = said_of(GOOD[name])
    assert ask(judge, request) == embedded(lean.judges, request) == EMPTY


def damaged(text: str, chance: random.Random) -> str:
    """A text with one line changed, dropped, doubled or swapped."""
    lines = text.splitlines()
    at = chance.randrange(len(lines))
    line = lines[at]
    match chance.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, line)
        case 2:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], line
        case 3:
            numbers = list(re.finditer(r"\d+", line))
            if numbers:
                where = chance.choice(numbers)
                value = chance.choice(
                    ["0", "1", "9", "99", "1000000000", "4294967296", "00", "-1", "1.0", "1e3"]
                )
                lines[at] = line[: where.start()] + value + line[where.end() :]
        case 4:
            place = chance.randrange(len(line) + 1)
            piece = chance.choice([*'0:{}[],"\\ ', "null", "true", '"a":1,', "\\u0041"])
            lines[at] = line[:place] + piece + line[place + chance.randrange(3) :]
        case _:
            place = chance.randrange(len(line) + 1)
            lines[at] = line[:place] + line[place + 1 :]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", ["an inductive family", "definitions", "strings", "let", "universes"])
def test_both_readers_judge_damaged_text_alike(lean: LeanVerifier, judge: WorkerProcess, name: str) -> None:
    """Fifteen damages of a real export each: the same refusals, or the same facts."""
    claim = exported(lean, SOURCES[name])
    chance = random.Random(name)
    refused = 0
    for _ in range(15):
        text = damaged(claim.export, chance)
        request = {**protocol.judge_request(claim, None, LIMITS, describe=False), "export": text}
        found, expected = ask(judge, request), embedded(lean.judges, request)
        if "malformed" in expected or "exhausted" in expected:
            refused += 1
            assert line_of(found) == line_of(expected), text
        else:
            assert found == expected, text
    assert refused > 5


def test_every_module_of_the_workspace_is_built_and_tested() -> None:
    """What native_host.cjs joins is what a native build compiles, in an order in which imports come first."""
    script = SCRIPT.read_text()
    order = re.findall(r'"(\w+)"', script[script.index("const MODULES") : script.index("].map")])
    modules = {path.stem for path in (WORKSPACE / "MathLM").glob("*.lean")}
    assert set(order) == modules - {"Freeze", "Prelude", "Prepare", "Tactics"}  # the embedded runtime's own
    for name in order:
        text = (WORKSPACE / "MathLM" / f"{name}.lean").read_text()
        imports = re.findall(r"^import MathLM\.(\w+)$", text, re.MULTILINE)
        assert all(order.index(needed) < order.index(name) for needed in imports), name
    assert json.dumps(order)
