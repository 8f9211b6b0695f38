"""Tactic stepping: over HTTP with the real Lean, and the book of states with a clock of its own."""

from __future__ import annotations

import pytest

from mathlm.api.goals import Expired, GoalStates, Unknown
from mathlm.errors import UsageError
from tests.mathlm.api.model.conftest import Served
from verify.base import Limits
from verify.lean import embedded
from verify.lean.session import SessionError

SOURCE = "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor\n  · exact hp\n  · sorry"
HOLE = "theorem t (n : Nat) : 0 + n = n := by\n  sorry"
LIMITS = Limits(seconds=60, memory_mb=2048, heartbeats=200_000, output_bytes=65_536)


def test_goals_and_steps(served: Served) -> None:
    answer = served.post("/v1/goals", source=SOURCE).json()
    assert [message["severity"] for message in answer["messages"]] == ["warning"]
    (hole,) = answer["sorries"]
    assert (hole["line"], hole["column"], hole["end_line"], hole["end_column"]) == (4, 4, 4, 9)
    assert hole["goals"] == ["case right\np q : Prop\nhp : p\nhq : q\n⊢ q"]
    assert [tactic["tactic"] for tactic in answer["tactics"]] == ["constructor", "exact hp", "sorry"]
    assert answer["expires"] > 0
    first = answer["tactics"][0]["state"]
    left = served.post("/v1/goals/step", state=first, tactic="refine ⟨?_, hq⟩").json()
    assert left["status"] == "Incomplete: open goals remain" and len(left["goals"]) == 1
    done = served.post("/v1/goals/step", state=left["state"], tactic="exact hp").json()
    assert (done["status"], done["goals"]) == ("Completed", [])
    again = served.post("/v1/goals/step", state=left["state"], tactic="assumption").json()
    assert again["status"] == "Completed" and again["state"] != done["state"]


def test_a_tactic_that_fails_is_an_answer(served: Served) -> None:
    (hole,) = served.post("/v1/goals", source=HOLE, tactics=False).json()["sorries"]
    failed = served.post("/v1/goals/step", state=hole["state"], tactic="exact n").json()
    assert failed["state"] is None and failed["status"].startswith("Error: ")
    assert "mismatch" in failed["status"]
    assert served.post("/v1/goals/step", state=hole["state"], tactic="simp").json()["status"] == "Completed"


def test_errors_of_a_source_are_messages(served: Served) -> None:
    answer = served.post("/v1/goals", source='theorem t (n : Nat) : n = "a" := by\n  sorry')
    assert answer.status_code == 200
    assert "error" in [message["severity"] for message in answer.json()["messages"]]


@pytest.mark.parametrize("state", ["", "0", "a.b", "ü.ü", "x" * 200])
def test_a_state_that_never_was_is_not_found(served: Served, state: str) -> None:
    answer = served.post("/v1/goals/step", state=state, tactic="rfl")
    assert answer.status_code == 404 and "/v1/goals" in answer.json()["detail"]


def test_what_takes_too_long_is_refused(served: Served) -> None:
    endless = "#eval IO.sleep 100000"
    answer = served.post("/v1/goals", source=endless, timeout=1)
    assert answer.status_code == 422 and "timed out" in answer.json()["detail"]
    assert served.post("/v1/goals", source=HOLE).json()["sorries"]


def test_an_expired_state_is_gone(served: Served) -> None:
    (hole,) = served.post("/v1/goals", source=HOLE, tactics=False).json()["sorries"]
    book = served.service.tools.goals
    clock = book._clock
    try:
        book._clock = lambda: clock() + book.seconds
        answer = served.post("/v1/goals/step", state=hole["state"], tactic="simp")
    finally:
        book._clock = clock
    assert answer.status_code == 410 and "/v1/goals again" in answer.json()["detail"]
    assert len(book) == 0


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_book_of_states() -> None:
    clock = Clock()
    book = GoalStates(embedded.spawn, processes=1, seconds=10, states=4, per_client=3, clock=clock)
    try:
        _, (mine,) = book.open("a", HOLE, limits=LIMITS, all_tactics=False)
        with pytest.raises(Unknown):
            book.step("b", mine, "simp", limits=LIMITS)  # another client's
        clock.now = 9
        _, after = book.step("a", mine, "skip", limits=LIMITS)
        clock.now = 18  # each use starts the time anew
        made, _ = book.step("a", mine, "simp", limits=LIMITS)
        assert made.answer["status"] == "Completed"
        # another client takes the only process; the first one's states are made again when it returns
        book.open("b", HOLE, limits=LIMITS, all_tactics=False)
        assert [holder.session.pid is None for holder in book._clients.values()] == [True, False]
        made, _ = book.step("a", after, "simp", limits=LIMITS)
        assert made.answer["status"] == "Completed"
        # a client may have three: the one that was used longest ago is gone
        book.open("a", HOLE, limits=LIMITS, all_tactics=False)
        with pytest.raises(Expired):
            book.step("a", mine, "skip", limits=LIMITS)
        assert len(book) == 4
        with pytest.raises(UsageError, match="at most 3"):
            book.open("a", SOURCE, limits=LIMITS, all_tactics=True)
        with pytest.raises(SessionError, match="mismatch"):
            book.step("a", after, "exact n", limits=LIMITS)
        clock.now = 100
        with pytest.raises(Expired):
            book.step("a", after, "simp", limits=LIMITS)
        assert len(book) == 0 and list(book._clients) == ["a"]
    finally:
        book.close()
