"""The public REPL's JSON on a real session: shapes, branching, tactics, lost workers, pickles."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from verify.lean.repl import Repl
from verify.lean.session import DEFAULT_LIMITS, Session

Json = dict[str, Any]


class Client:
    """Sends dictionaries; a new one has a worker of its own."""

    def __init__(self, session: Session) -> None:
        self.session, self._repl = session, Repl(session)

    def __call__(self, **request: Any) -> Json:
        return self._repl.answer(json.dumps(request).encode())

    def goal(self, statement: str) -> int:
        """A proof state for a theorem to be proved."""
        return int(self(cmd=f"theorem t {statement} := by sorry")["sorries"][0]["proofState"])


@pytest.fixture(scope="module")
def repl() -> Iterator[Client]:
    with Session() as session:
        yield Client(session)


def errors(answer: Json) -> list[str]:
    return [m["data"] for m in answer.get("messages", []) if m["severity"] == "error"]


def test_the_first_lines_are_the_public_ones() -> None:
    """Values and, since some clients compare texts, the order of the keys."""
    with Session() as session:
        repl = Client(session)
        first, second = repl(cmd="def f : Nat := by sorry"), repl(tactic="exact 42", proofState=0)
    assert json.dumps(first, ensure_ascii=False, separators=(",", ":")) == (
        '{"sorries":[{"proofState":0,"pos":{"line":1,"column":18},"goal":"⊢ Nat",'
        '"endPos":{"line":1,"column":23}}],"messages":[{"severity":"warning","pos":{"line":1,"column":4},'
        '"endPos":{"line":1,"column":5},"data":"declaration uses `sorry`"}],"env":0}'
    )
    assert json.dumps(second) == '{"proofStatus": "Completed", "proofState": 1, "goals": []}'


def test_environments_branch(repl: Client) -> None:
    base = repl(cmd="def k : Nat := 1")["env"]
    left = repl(cmd="theorem a : k + 1 = 2 := rfl", env=base)
    right = repl(cmd="theorem a : k + 2 = 3 := rfl", env=base)
    assert set(left) == set(right) == {"env"}
    assert "3" in repl(cmd="#check a", env=right["env"])["messages"][0]["data"]
    assert "already been declared" in errors(repl(cmd="theorem a : True := trivial", env=left["env"]))[0]
    assert errors(repl(cmd="#check a", env=base)) and errors(repl(cmd="#check k"))


def test_scopes_last_from_one_command_to_the_next(repl: Client) -> None:
    env = repl(cmd="namespace N\nvariable (n : Nat)\nopen Nat")["env"]
    env = repl(cmd="theorem t : succ n = n + 1 := rfl", env=env)["env"]
    answer = repl(cmd="end N\n#check N.t", env=env)
    assert answer["messages"][0] == {
        "severity": "info",
        "pos": {"line": 2, "column": 0},
        "endPos": {"line": 2, "column": 6},
        "data": "N.t (n : Nat) : n.succ = n + 1",
    }


def test_imports(repl: Client) -> None:
    env = repl(cmd="import Lean\nopen Lean")["env"]
    assert repl(cmd="#check Expr", env=env)["messages"][0]["data"] == "Lean.Expr : Type"
    message = repl(cmd="import Elsewhere\ntheorem t : 1 = 1 := rfl")["message"]
    assert "unknown module prefix 'Elsewhere'" in message and "Init, Std and Lean" in message
    prelude = repl(cmd="import Mathlib\n#check Nat.Prime")["messages"]
    assert "prelude" in prelude[0]["data"] and prelude[1]["data"] == "Nat.Prime (p : ℕ) : Prop"
    assert "invalid 'import' command" in errors(repl(cmd="import Lean", env=env))[0]
    assert "prelude" in repl(cmd="prelude\ndef f := 1")["message"]


@pytest.mark.parametrize("text", ["import Std", "import Lean", "/- a -/ import Std"])
def test_a_block_may_end_with_its_import(repl: Client, text: str) -> None:
    assert set(repl(cmd=text)) == {"env"}


@pytest.mark.parametrize("text", ["import", "import ", "impor", "import Std.", "import .", "/- open"])
def test_a_head_cut_short_is_an_error(repl: Client, text: str) -> None:
    answer = repl(cmd=text)
    assert "message" in answer or errors(answer), answer


def test_positions_count_code_points_of_the_block(repl: Client) -> None:
    env = repl(cmd="-- one line\n-- and another")["env"]
    answer = repl(cmd="-- 𝔸 ünï\nexample : ∀ 𝔸 : Prop, 𝔸 → 𝔸 := by sorry", env=env)
    assert answer["sorries"][0]["pos"] == {"line": 2, "column": 34}
    assert answer["sorries"][0]["goal"] == "⊢ ∀ (𝔸 : Prop), 𝔸 → 𝔸"


def test_errors_are_messages_of_an_environment(repl: Client) -> None:
    answer = repl(cmd="theorem t : 1 = 2 := by decide\ntheorem u : := 3")
    assert set(answer) == {"messages", "env"} and len(errors(answer)) == 2
    assert set(repl(cmd="")) == {"env"}


def test_the_kernel_checks_what_is_declared(repl: Client) -> None:
    """`decide +kernel` leaves the evaluation to the kernel alone."""
    assert errors(repl(cmd="theorem t : 3 * 3 = 10 := by decide +kernel"))


def test_a_proof_in_steps(repl: Client) -> None:
    start = repl.goal("(p q : Prop) (h : p ∧ q) : q ∧ p")
    both = repl(tactic="apply And.intro", proofState=start)
    assert both["goals"] == [
        "case left\np q : Prop\nh : p ∧ q\n⊢ q",
        "case right\np q : Prop\nh : p ∧ q\n⊢ p",
    ]
    assert both["proofStatus"] == "Incomplete: open goals remain"
    one = repl(tactic="exact h.2", proofState=both["proofState"])
    assert len(one["goals"]) == 1
    done = repl(tactic="exact h.1", proofState=one["proofState"])
    assert (done["goals"], done["proofStatus"]) == ([], "Completed")
    at_once = repl(tactic="· exact h.2\n· exact h.1", proofState=both["proofState"])
    assert at_once["proofStatus"] == "Completed"  # earlier states stay as they were


@pytest.mark.parametrize(
    ("statement", "tactic", "status"),
    [
        ("(n : Nat) : n + 0 = n", "simp", "Completed"),
        ("(n : Nat) : n + 0 = n", "sorry", "Incomplete: contains sorry"),
        ("(n : Nat) : n + 0 = n", "exact nowhere", "Incomplete: contains sorry"),
        (": ∃ n : Nat, n = n", "refine ⟨?_, ?_⟩", "Incomplete: open goals remain"),
        (": ∃ n : Nat, n = 1", "apply Exists.intro; rfl", "Completed"),
        (": 1 = 0", "exact t", "Error: kernel type check failed: "),
    ],
)
def test_proof_status(repl: Client, statement: str, tactic: str, status: str) -> None:
    answer = repl(tactic=tactic, proofState=repl.goal(statement))
    assert answer["proofStatus"].startswith(status)
    assert status.endswith(" ") or answer["proofStatus"] == status


def test_a_have_leaves_its_own_state_and_the_rest(repl: Client) -> None:
    answer = repl(tactic="have h : x = 1 := by sorry", proofState=repl.goal("(x : Int) : x = x"))
    assert list(answer) == ["sorries", "proofStatus", "proofState", "goals"]
    (inner,) = answer["sorries"]
    assert inner == {"proofState": answer["proofState"] - 1, "goal": "x : Int\n⊢ x = 1"}
    assert answer["goals"] == ["x : Int\nh : x = 1\n⊢ x = x"]
    assert repl(tactic="rfl", proofState=answer["proofState"])["proofStatus"] == "Incomplete: contains sorry"
    assert "goals" in repl(tactic="skip", proofState=inner["proofState"])


def test_messages_and_traces_of_a_tactic(repl: Client) -> None:
    answer = repl(tactic="exact nowhere", proofState=repl.goal("(n : Nat) : n = n"))
    nowhere = {"line": 0, "column": 0}
    assert answer["messages"] == [
        {"severity": "error", "pos": nowhere, "endPos": nowhere, "data": "Unknown identifier `nowhere`"}
    ]
    traced = repl(cmd="set_option trace.Meta.Tactic.simp true\nexample (n : Nat) : n + 0 = n := by sorry")
    answer = repl(tactic="simp only [Nat.add_zero]", proofState=traced["sorries"][0]["proofState"])
    assert "Nat.add_zero" in answer["traces"][0]


def test_term_sorries_have_states_too(repl: Client) -> None:
    (sorry,) = repl(cmd="def two : Nat × Bool := (sorry, true)")["sorries"]
    assert sorry["goal"] == "⊢ Nat"
    assert repl(tactic="exact 2", proofState=sorry["proofState"])["proofStatus"] == "Completed"


def test_all_tactics_and_root_goals(repl: Client) -> None:
    answer = repl(cmd="def f : Nat := by have t := 37; exact t", allTactics=True)
    first, second = answer["tactics"]
    assert first == {
        "usedConstants": ["instOfNatNat", "Nat", "OfNat.ofNat"],
        "tactic": "have t := 37",
        "proofState": first["proofState"],
        "pos": {"line": 1, "column": 18},
        "goals": "⊢ Nat",
        "endPos": {"line": 1, "column": 30},
    }
    assert (second["tactic"], second["goals"]) == ("exact t", "t : Nat\n⊢ Nat")
    assert second["proofState"] == first["proofState"] + 1
    assert repl(tactic="exact t + 1", proofState=second["proofState"])["proofStatus"] == "Completed"

    answer = repl(cmd="theorem a : 1 = 1 := by rfl\ntheorem b : 2 = 2 := by\n  rfl", rootGoals=True)
    assert [s["goal"] for s in answer["sorries"]] == ["⊢ 1 = 1", "⊢ 2 = 2"]
    assert all(s["pos"] == s["endPos"] for s in answer["sorries"])
    assert repl(tactic="decide", proofState=answer["sorries"][1]["proofState"])["proofStatus"] == "Completed"


def test_the_status_of_an_inner_sorry_is_that_of_the_whole_proof(repl: Client) -> None:
    answer = repl(tactic="have h : 1 = 1 := by sorry", proofState=repl.goal(": 2 = 2"))
    inner = answer["sorries"][0]["proofState"]
    answer = repl(tactic="rfl", proofState=inner)
    assert (answer["goals"], answer["proofStatus"]) == ([], "Incomplete: contains metavariable(s)")


def test_the_tactics_as_a_tree(repl: Client) -> None:
    source = "example (h : Int) : Nat := by\n  (constructor)"
    (node,) = repl(cmd=source, infotree="substantive")["infotree"]
    assert node == {
        "node": {
            "stx": {
                "range": {
                    "synthetic": False,
                    "start": {"line": 2, "column": 3},
                    "finish": {"line": 2, "column": 14},
                },
                "pp": "constructor",
                "kind": "Lean.Parser.Tactic.constructor",
                "argKinds": ["constructor"],
            },
            "name": "Lean.Parser.Tactic.constructor",
            "goalsBefore": ["h : Int\n⊢ Nat"],
            "goalsAfter": [],
        },
        "kind": "TacticInfo",
        "children": [],
    }
    (by,) = repl(cmd=source, infotree="tactics")["infotree"]
    assert by["node"]["name"] == "Lean.Parser.Term.byTactic" and by["children"]
    assert "infotree" not in repl(cmd=source, infotree="what else")
    assert "not supported" in repl(cmd=source, infotree="full")["message"]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"cmd": "#check 1", "env": 10**6}, "Unknown environment."),
        ({"cmd": "#check 1", "env": 10**60}, "Unknown environment."),
        ({"tactic": "rfl", "proofState": 10**6}, "Unknown proof state."),
        ({"pickleTo": "x", "env": 10**6}, "Unknown environment."),
        ({"pickleTo": "x", "proofState": 10**6}, "Unknown proof state."),
        ({"unpickleProofStateFrom": "x", "env": 10**6}, "Unknown environment."),
    ],
)
def test_unknown_states(repl: Client, request_: Json, message: str) -> None:
    assert repl(**request_) == {"message": message}


def test_a_tactic_that_does_not_parse(repl: Client) -> None:
    state = repl.goal(": 1 = 1")
    assert repl(tactic="no such", proofState=state)["message"].startswith("Lean error:\n<input>:1:")
    assert repl(tactic="omega_not", proofState=state)["message"] == "Lean error:\n<input>:1:1: unknown tactic"
    assert repl(tactic="intro x", proofState=state)["message"].startswith("Lean error:\n")


def test_fields_of_forks_and_nulls_are_accepted(repl: Client) -> None:
    answer = repl(cmd="#eval 1", env=None, gc=True, timeout=20, infotree=None, declarations=False, other=[1])
    assert answer["messages"][0]["data"] == "1"


def test_a_killed_worker_is_replaced_and_its_states_made_again() -> None:
    with Session() as session:
        repl = Client(session)
        env = repl(cmd="def k : Nat := 7\nnamespace M")["env"]
        env = repl(cmd="def m : Nat := k + 1", env=env)["env"]
        state = repl(cmd="theorem t : m = 8 := by sorry", env=env)["sorries"][0]["proofState"]
        state = repl(tactic="unfold m", proofState=state)["proofState"]
        assert session.pid is not None
        os.kill(session.pid, signal.SIGKILL)
        assert repl(tactic="rfl", proofState=state)["proofStatus"] == "Completed"
        assert session.rebuilt == 4
        assert repl(cmd="#eval M.m", env=env)["messages"][0]["data"] == "8"


def test_a_worker_that_grew_is_replaced() -> None:
    with Session() as session:
        env = session.block("def k : Nat := 7").id
        before = session.pid
        small = dataclasses.replace(DEFAULT_LIMITS, memory_mb=int(session.rss_mb() / 0.95))
        answer = session.block("#eval k", env=env, limits=small).answer
        assert answer["messages"][0]["text"] == "7" and session.pid != before


def test_an_endless_command_times_out_and_the_session_goes_on() -> None:
    with Session() as session:
        repl = Client(session)
        env = repl(cmd="def k : Nat := 7")["env"]
        loop = "partial def loop (n : Nat) : IO Nat := loop (n + 1)\n#eval loop 0"
        answer = repl(cmd=loop, env=env, timeout=1.5)
        assert answer == {"message": "Lean REPL command timed out in 1.5 seconds"}
        assert repl(cmd="#eval k", env=env)["messages"][0]["data"] == "7"


def test_a_crash_is_a_message() -> None:
    with Session() as session:
        repl = Client(session)
        env = repl(cmd="def k : Nat := 7")["env"]
        answer = repl(cmd="partial def d (n : Nat) : Nat := d (n + 1) + 1\n#eval d 0", env=env, timeout=60)
        assert "message" in answer or errors(answer)
        assert repl(cmd="#eval k", env=env)["messages"][0]["data"] == "7"


def test_states_that_were_freed_are_made_again_when_asked_for() -> None:
    with Session(cache=24) as session:
        repl = Client(session)
        env = repl(cmd="def base : Nat := 1")["env"]
        state = repl(cmd="theorem t (n : Nat) : n = n := by sorry", env=env)["sorries"][0]["proofState"]
        states = [state]
        for i in range(150):
            states.append(repl(tactic=f"have h{i} := {i}", proofState=states[-1])["proofState"])
        branches = [repl(cmd=f"def d{i} : Nat := base + {i}", env=env)["env"] for i in range(150)]
        for i in (0, 75, 149):
            assert repl(cmd=f"#eval d{i}", env=branches[i])["messages"][0]["data"] == str(1 + i)
        assert session.rebuilt >= 2
        answer = repl(tactic="rfl", proofState=states[120])
        assert answer["proofStatus"] == "Completed" and session.rebuilt >= 120
        assert repl(tactic="rfl", proofState=states[3])["proofStatus"] == "Completed"


def test_the_oldest_ids_are_forgotten_at_last() -> None:
    with Session(remembered=2) as session:
        repl = Client(session)
        for _ in range(3):
            repl(cmd="def x := 1")
        assert repl(cmd="#check x", env=0) == {"message": "Unknown environment."}
        assert repl(cmd="#eval x", env=2)["messages"][0]["data"] == "1"


def test_pickles_survive_the_session(tmp_path: Path) -> None:
    env_file, state_file = str(tmp_path / "env.olean"), str(tmp_path / "state.olean")
    with Session() as session:
        repl = Client(session)
        env = repl(cmd="import Lean\nopen Lean\ndef k : Nat := 7")["env"]
        env = repl(cmd="theorem t : k = 7 ∧ True := by sorry", env=env)
        assert repl(pickleTo=env_file, env=env["env"]) == {"env": env["env"]}
        state = repl(tactic="constructor", proofState=0)["proofState"]
        pickled = repl(pickleTo=state_file, proofState=state)
        assert pickled["proofState"] == state + 1 and len(pickled["goals"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["env.olean", "state.olean"]
    with Session() as session:
        repl = Client(session)
        assert repl(unpickleEnvFrom=env_file) == {"env": 0}
        assert repl(cmd="#check (mkNatLit k)", env=0)["messages"][0]["data"] == "mkNatLit k : Expr"
        again = repl(unpickleProofStateFrom=state_file, env=0)
        assert (again["goals"], again["proofStatus"]) == (pickled["goals"], "Incomplete: open goals remain")
        done = repl(tactic="all_goals (first | rfl | trivial)", proofState=again["proofState"])
        assert done["proofStatus"] == "Completed"
        assert "not 'env'" in repl(unpickleEnvFrom=state_file)["message"]
        assert "No such file" in repl(unpickleEnvFrom=str(tmp_path / "none"))["message"]
        assert "message" in repl(pickleTo=str(tmp_path / "no" / "folder"), env=0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "x"}, "damaged"),
        ({"version": 2}, "version"),
        ({"toolchain": "4.0"}, "Lean '4.0'"),
        ({"kind": "proofState"}, "proofState"),
        ({"runs": []}, "damaged"),
        ({"runs": [{"text": 3, "index": None, "allTactics": False, "rootGoals": False}]}, "damaged"),
        ({"runs": [{"text": "x", "index": 0, "allTactics": False, "rootGoals": False}]}, "damaged"),
        ({"runs": [{"text": "x", "index": -1, "allTactics": False, "rootGoals": False}]}, "damaged"),
        ({"index": 3}, "damaged"),
        (b"\x00olean", "cannot read the pickle"),
        (b"[" * 100_000, "damaged"),
        (b"[]", "damaged"),
    ],
)
def test_foreign_and_damaged_pickles(repl: Client, tmp_path: Path, change: Json | bytes, said: str) -> None:
    path = tmp_path / "env.json"
    repl(pickleTo=str(path), env=repl(cmd="def k := 1")["env"])
    good = json.loads(path.read_text("utf-8"))
    path.write_bytes(change if isinstance(change, bytes) else json.dumps({**good, **change}).encode())
    assert said in repl(unpickleEnvFrom=str(path))["message"]


def test_a_file_is_read_and_elaborated(repl: Client, tmp_path: Path) -> None:
    path = tmp_path / "α.lean"
    path.write_text("theorem t : 1 = 1 := by\n  rfl\n#check t\n", encoding="utf-8")
    answer = repl(path=str(path), allTactics=True)
    assert [t["tactic"] for t in answer["tactics"]] == ["rfl"]
    assert answer["messages"][0]["pos"] == {"line": 3, "column": 0}
    path.write_bytes(b"\xff")
    assert "not UTF-8" in repl(path=str(path))["message"]
