"""`mathlm serve --ray`: checks run on a Ray cluster, here one of this machine."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil
import pytest

from tests.mathlm.api.serving import ENDLESS, TRIVIAL, Running

pytest.importorskip("ray", reason="needs Ray: pip install 'mathlm[ray]'")

STATEMENT = "theorem t (n : Nat) : n + 0 = n"


def judged(server: Running, candidate: str) -> dict[str, object]:
    body = {"statement": f"{STATEMENT} := by sorry", "source": candidate}
    with server.client() as http:
        answer = http.post("/v1/judge", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_checks_run_on_the_cluster_and_survive_a_lost_worker(tmp_path: Path) -> None:
    server = Running.start(tmp_path, "--ray", "auto", "--workers", "1", "--no-model")
    try:
        assert judged(server, TRIVIAL)["status"] == "accepted"
        assert judged(server, f"{STATEMENT} := by simp [nothing]")["status"] == "rejected"
        with server.client() as http:
            body = {"snippets": [{"id": "a", "code": TRIVIAL}, {"id": "b", "code": ENDLESS}], "timeout": 5}
            first, second = http.post("/api/check", json=body).json()["results"]
            assert not first.get("error") and "timed out" in second["error"]
            assert "mathlm_worker_restarts" in http.get("/metrics").text

        everything = psutil.Process(server.process.pid).children(recursive=True)
        owners = [process for process in everything if "_Owner" in process.name()]
        assert owners, "an actor has a process"
        for owner in owners:
            owner.kill()
        assert judged(server, f"{TRIVIAL} -- again")["status"] == "accepted"
    finally:
        status = server.end(signal.SIGTERM)
    assert status == 0, server.log
    _, alive = psutil.wait_procs(everything, timeout=20)
    assert alive == [], "the cluster ended with the server"
