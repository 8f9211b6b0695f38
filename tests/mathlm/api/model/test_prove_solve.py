"""`/v1/prove` and `/v1/solve` on the shipped model and the real Lean: documents, events, who leaves."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from mathlm.errors import InfraError
from mathlm.watch import Stage
from tests.mathlm.api.model.conftest import Served

THEOREM = "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q ∧ p"
OPEN = "theorem t (f : Nat → Nat) (h : ∀ n, f (f n) = n + 1987) : f 0 = 3"
QUESTION = "What is the greatest common divisor of 84 and 126?"
PROVED = {
    "statement", "proof", "status", "reason", "axioms", "origin", "attempts", "steps", "disproof", "detail",
    "vacuous", "toolchain", "seconds",
}  # fmt: skip
SOLVED = {
    "question", "answer", "certificate", "formal_statement", "program", "second_program", "reasoning",
    "votes", "proof", "seconds", "axioms", "toolchain", "origin",
}  # fmt: skip
ATTEMPT = {"number", "origin", "source", "status", "reason", "detail", "seconds"}
LEFT_SECONDS = 60
"""A search that ends so soon after its client was cancelled: it was allowed ten times as long."""


def judged(served: Served, source: str) -> str:
    return served.post("/v1/judge", source=source).json()["status"]


def test_a_proof_is_found_and_holds(served: Served) -> None:
    answer = served.post("/v1/prove", statement=THEOREM, samples=4, search="automation,whole")
    assert answer.status_code == 200 and set(answer.json()) == PROVED
    found = answer.json()
    assert found["status"] == "accepted" and found["attempts"] >= 1
    assert judged(served, f"{found['statement']} := {found['proof']}") == "accepted"


def test_each_attempt_comes_as_an_event(served: Served) -> None:
    events = served.events("/v1/prove", statement=THEOREM, samples=4, search="whole,repair", stream=True)
    names = [name for name, _ in events]
    assert names == ["attempt"] * (len(events) - 1) + ["result"] and len(events) > 1
    attempts, result = [data for _, data in events[:-1]], events[-1][1]
    assert set(result) == PROVED and all(set(data) == ATTEMPT for data in attempts)
    assert [data["number"] for data in attempts] == list(range(1, len(attempts) + 1))
    assert {data["origin"].split(":")[0] for data in attempts} == {"model"}
    assert result["attempts"] == len(attempts)
    accepted = [data["source"] for data in attempts if data["status"] == "accepted"]
    assert accepted == ([] if result["proof"] is None else [result["proof"]])


def test_events_may_be_asked_for_by_the_accept_header(served: Served) -> None:
    body = {"statement": "theorem t (a b : Nat) : a + b = b + a", "search": "automation"}
    answer = served.http.post("/v1/prove", json=body, headers={"Accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("event: attempt\ndata: {")
    result = json.loads(answer.text.split("event: result\ndata: ")[1])
    assert result["status"] == "accepted"


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/v1/prove", {"statement": "lemma"}, "theorem NAME"),
        ("/v1/prove", {"statement": THEOREM, "search": "magic"}, "no part 'magic'"),
        ("/v1/prove", {"statement": THEOREM, "samples": 0}, "greater than or equal"),
        ("/v1/solve", {"question": " "}, "empty"),
        ("/v1/solve", {"question": "x" * 20_001}, "at most"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_read_is_refused_at_once(served: Served, path, body, words, stream) -> None:
    answer = served.post(path, **body, stream=stream)
    assert answer.status_code == 422 and words in answer.text


def test_a_solution_has_stages_programs_and_a_certificate(served: Served) -> None:
    events = served.events("/v1/solve", question=QUESTION, samples=2, stream=True)
    stages = [data["stage"] for name, data in events if name == "stage"]
    assert stages == list(Stage)
    samples = [data for name, data in events if name == "attempt"]
    assert [data["number"] for data in samples] == [1, 2]
    assert all({"program", "output", "answer"} <= set(data) for data in samples)
    assert events[-1][0] == "result" and set(events[-1][1]) == SOLVED
    whole = served.post("/v1/solve", question=QUESTION, samples=2).json()
    assert {**whole, "seconds": 0} == {**events[-1][1], "seconds": 0}
    assert (whole["answer"], whole["certificate"]) == ("42", "lean")


def test_a_stream_is_kept_alive(served: Served, monkeypatch) -> None:
    monkeypatch.setattr("mathlm.api.streams.LOOK_SECONDS", 0.005)
    monkeypatch.setattr("mathlm.api.streams.KEEP_ALIVE_SECONDS", 0.005)
    answer = served.post("/v1/prove", statement=THEOREM, samples=4, search="whole", stream=True)
    assert ": keep-alive\n\n" in answer.text and "event: result" in answer.text


def test_what_breaks_on_the_way_is_an_event_that_tells_no_secrets(served: Served, monkeypatch) -> None:
    def breaks() -> None:
        raise InfraError("cannot open /secret/path")

    monkeypatch.setattr(served.service.tools, "retriever", breaks)
    ((name, data),) = served.events("/v1/prove", statement=THEOREM, stream=True)
    assert name == "error" and "again" in data["detail"] and "secret" not in data["detail"]
    answer = served.post("/v1/prove", statement=THEOREM)
    assert answer.status_code == 503 and "secret" not in answer.text


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_leaves_ends_its_search(served: Served, stream: bool) -> None:
    body = {"statement": OPEN, "samples": 64, "search": "all,-disprove", "seconds": 600, "stream": stream}
    try:
        with served.http.stream("POST", "/v1/prove", json=body, timeout=4) as response:
            assert stream
            next(response.iter_text())
    except httpx.ReadTimeout:
        assert not stream
    until = time.monotonic() + LEFT_SECONDS
    while served.service.jobs.running:
        assert time.monotonic() < until, "the search goes on"
        time.sleep(0.05)


def test_a_client_that_leaves_ends_its_text(served: Served) -> None:
    body = {
        "model": "mathlm-mini",
        "prompt": "a",
        "max_tokens": 1000,
        "n": 64,
        "temperature": 2,
        "stream": True,
    }
    with served.http.stream("POST", "/v1/completions", json=body) as response:
        next(response.iter_text())
    engine = served.service.tools.engine()
    until = time.monotonic() + LEFT_SECONDS
    while engine._jobs:
        assert time.monotonic() < until, "the text goes on"
        time.sleep(0.05)
