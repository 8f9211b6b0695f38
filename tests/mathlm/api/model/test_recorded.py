"""What `/v1/prove` and `/v1/solve` tried and answered stands in the records, each before it was sent."""

from __future__ import annotations

from typing import Any

from tests.mathlm.api.model.conftest import Served


def recorded_since(served: Served, last: str) -> list[dict[str, Any]]:
    answer = served.http.get("/v1/records", params={"after": last, "limit": 1000})
    found: list[dict[str, Any]] = answer.json()["records"]
    return found


def latest(served: Served) -> str:
    found = recorded_since(served, "")
    return found[-1]["id"] if found else ""


def test_attempts_and_the_proof_are_recorded(served: Served) -> None:
    statement = "theorem recorded (a b : Nat) : a * b = b * a"
    before = latest(served)
    events = served.events("/v1/prove", statement=statement, search="automation", stream=True)
    *attempts, result = recorded_since(served, before)
    assert [item["kind"] for item in attempts] == ["attempt"] * (len(events) - 1)
    assert [item["status"] for item in attempts] == [data["status"] for _, data in events[:-1]]
    assert (result["kind"], result["status"]) == ("prove", "accepted")
    whole = served.http.get(f"/v1/records/{result['id']}").json()
    assert whole["statement_text"] == statement and whole["document"] == events[-1][1]
    assert whole["source_text"] == events[-1][1]["proof"]


def test_programs_and_the_solution_are_recorded(served: Served) -> None:
    before = latest(served)
    question = "What is the greatest common divisor of 84 and 126?"
    solution = served.post("/v1/solve", question=question, samples=2).json()
    *programs, result = recorded_since(served, before)
    assert [item["kind"] for item in programs] == ["program", "program"]
    assert (result["kind"], result["status"]) == ("solve", solution["certificate"])
    assert served.http.get(f"/v1/records/{result['id']}").json()["source_text"] == question
