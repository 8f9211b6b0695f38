"""`/v1/judge`, its cache and its records, on the real server."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import httpx
import pytest

from tests.mathlm.api.serving import ENDLESS, TRIVIAL, Running

STATED = "theorem t (n : Nat) : n + 0 = n := sorry"


def judge(http: httpx.Client, source: str, **options: Any) -> dict[str, Any]:
    answer = http.post("/v1/judge", json={"source": source, **options})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def metric(http: httpx.Client, line: str) -> float:
    text = http.get("/metrics").text
    return sum(float(row.split()[-1]) for row in text.splitlines() if row.startswith(line))


def test_the_document_is_that_of_the_command_line(http: httpx.Client) -> None:
    found = judge(http, TRIVIAL, statement=STATED)
    assert found["status"] == "accepted" and found["limits"]["seconds"] == 30
    (theorem,) = found["theorems"]
    assert theorem["statement"] == "t (n : Nat) : n + 0 = n" and theorem["vacuous"] is False
    assert "Lean 4" in found["toolchain"]


@pytest.mark.parametrize(
    ("source", "options", "reason"),
    [
        ("theorem t : 1 + 1 = 3 := by decide", {}, "elaboration"),
        ("theorem t (n : Nat) : n + 0 = n := sorry", {}, "sorry"),
        ("axiom a : False\ntheorem t : False := a", {}, "axiom"),
        ("theorem t : 1 = 1 := rfl", {"statement": STATED}, "statement_mismatch"),
        ("theorem t (n : Nat) : n + 0 = n := Nat.add_zero n", {"forbidden": ["Nat.add_zero"]}, "forbidden"),
    ],
)
def test_rejections(http: httpx.Client, source: str, options: dict[str, Any], reason: str) -> None:
    found = judge(http, source, **options)
    assert (found["status"], found["reason"]) == ("rejected", reason)


def test_a_verdict_is_kept_for_the_same_question_only(http: httpx.Client) -> None:
    source = f"{TRIVIAL} -- {time.time_ns()}"
    hits = metric(http, 'mathlm_cache_lookups_total{result="hit"}')
    first, again = judge(http, source), judge(http, source)
    assert (first["cached"], again["cached"]) == (False, True)
    assert metric(http, 'mathlm_cache_lookups_total{result="hit"}') == hits + 1
    same = {"cached", "id"}
    assert {k: v for k, v in first.items() if k not in same} == {
        k: v for k, v in again.items() if k not in same
    }
    assert first["id"] < again["id"]
    for other in ({"timeout": 29}, {"statement": STATED}, {"forbidden": ["Nat.rec"]}, {"vacuity": False}):
        assert judge(http, source, **other)["cached"] is False


def test_only_verdicts_are_kept(http: httpx.Client) -> None:
    for _ in range(2):
        found = judge(http, ENDLESS, timeout=0.5)
        assert (found["status"], found["cached"]) == ("timeout", False)


def test_records_of_what_was_answered(http: httpx.Client, server: Running) -> None:
    before = judge(http, TRIVIAL)["id"]
    wanted = [judge(http, f"{TRIVIAL} -- {number} {time.time_ns()}")["id"] for number in range(3)]
    page = http.get("/v1/records", params={"after": before, "limit": 2}).json()
    assert [record["id"] for record in page["records"]] == wanted[:2] and page["next"] == wanted[1]
    page = http.get("/v1/records", params={"after": page["next"], "limit": 2, "status": "accepted"}).json()
    assert [record["id"] for record in page["records"]] == wanted[2:] and page["next"] is None
    whole = http.get(f"/v1/records/{wanted[0]}").json()
    assert whole["source_text"].startswith(TRIVIAL) and whole["document"]["status"] == "accepted"
    assert http.get("/v1/records/0").status_code == 404
    assert http.get("/v1/records", params={"limit": 0}).status_code == 422


def test_a_client_who_left_frees_the_worker(server: Running, http: httpx.Client) -> None:
    restarts = metric(http, 'mathlm_worker_restarts{pool="worker"}')

    def leave() -> None:
        with server.client() as client, pytest.raises(httpx.ReadTimeout):
            client.post("/v1/judge", json={"source": ENDLESS, "timeout": 500}, timeout=1)

    leaving = [threading.Thread(target=leave) for _ in range(4)]
    for one in leaving:
        one.start()
    for one in leaving:
        one.join()
    assert judge(http, f"{TRIVIAL} -- {time.time_ns()}", timeout=60)["status"] == "accepted"
    assert metric(http, 'mathlm_worker_restarts{pool="worker"}') > restarts
    assert metric(http, 'mathlm_queue_length{queue="check"}') == 0


def test_the_metrics_and_the_log_know_of_it(http: httpx.Client, server: Running) -> None:
    judge(http, TRIVIAL)
    http.get("/health", headers={"X-Request-ID": "find-me"})
    assert metric(http, "mathlm_verdicts_total") > 0
    assert metric(http, "mathlm_queue_wait_seconds_count") > 0
    assert metric(http, 'mathlm_request_seconds_count{route="/v1/judge"}') > 0
    until = time.monotonic() + 10
    while not any("find-me" in line for line in server.log) and time.monotonic() < until:
        time.sleep(0.05)
    (line,) = [json.loads(line) for line in server.log if "find-me" in line]
    assert (line["request"], line["code"], line["route"]) == ("find-me", 200, "/health")


def test_a_misspelt_field_is_refused(http: httpx.Client) -> None:
    """`statment` would be judged without the statement that counts."""
    answer = http.post("/v1/judge", json={"source": TRIVIAL, "statment": TRIVIAL})
    assert answer.status_code == 422 and answer.json()["detail"][0]["loc"] == ["body", "statment"]


def test_a_body_that_is_not_said_to_be_json(http: httpx.Client) -> None:
    text = json.dumps({"source": TRIVIAL})
    answer = http.post("/v1/judge", content=text, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 422 and "Content-Type: application/json" in answer.text
