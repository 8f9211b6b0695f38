"""How a server ends: what it accepted is answered, what it answered is kept."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx

from mathlm.api.store import Store
from tests.mathlm.api.serving import ENDLESS, TRIVIAL, Running


def test_records_outlive_a_kill_and_requests_a_request_to_end(tmp_path: Path) -> None:
    ids = _answered_until_killed(tmp_path)
    store = Store(f"sqlite:///{tmp_path / 'serve.sqlite3'}")
    kept = {row["id"] for row in store.page(client=None, after="", limit=10_000, status=None)}
    store.close()
    assert ids and set(ids) <= kept

    server = Running.start(tmp_path, "--workers", "1", "--grace", "2", wait=False)
    with server.client("") as client:  # the cache outlived it too
        assert client.post("/v1/judge", json={"source": TRIVIAL}).json()["cached"] is True
    _asked_while_it_ends(server)


def _answered_until_killed(folder: Path) -> list[str]:
    server = Running.start(folder, "--workers", "1")
    ids: list[str] = []

    def ask(name: int) -> None:
        number = 0
        with server.client("") as client:
            while True:
                source = TRIVIAL if number % 2 == 0 else f"{TRIVIAL} -- {name} {number}"
                try:
                    ids.append(client.post("/v1/judge", json={"source": source}).json()["id"])
                except httpx.TransportError:
                    return
                number += 1

    askers = [threading.Thread(target=ask, args=(name,)) for name in range(4)]
    for one in askers:
        one.start()
    until = time.monotonic() + 30
    while len(ids) < 40 and time.monotonic() < until:
        time.sleep(0.01)
    server.end(signal.SIGKILL)
    for one in askers:
        one.join()
    return ids


def _asked_while_it_ends(server: Running) -> None:
    answers: list[Any] = []

    def ask(path: str, body: dict[str, Any]) -> None:
        try:
            with server.client("") as client:
                answers.append(client.post(path, json=body))
        except httpx.TransportError as error:
            answers.append(error)

    check = {"snippets": [{"id": "a", "code": ENDLESS}, {"id": "b", "code": ENDLESS}], "timeout": 300}
    judged = {"source": ENDLESS, "timeout": 300}
    quick = {"source": "theorem quick : 2 + 2 = 4 := rfl"}
    bodies = [*[("/v1/judge", judged)] * 4, *[("/api/check", check)] * 2, *[("/v1/judge", quick)] * 4]
    askers = [threading.Thread(target=ask, args=one) for one in bodies]
    for one in askers:
        one.start()
    with server.client("") as client:
        while 'mathlm_queue_running{queue="check"} 0' in (text := client.get("/metrics").text):
            assert text
            time.sleep(0.05)
    time.sleep(0.5)  # all of them have been accepted
    assert server.end() == 0
    for one in askers:
        one.join()
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert len(answers) == len(bodies)
    assert {answer.status_code for answer in answers} <= {200, 503}
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused and all("shutting down" in answer.json()["detail"] for answer in refused)


def test_an_address_in_use_is_told(server: Running, tmp_path: Path) -> None:
    port = server.url.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-m", "mathlm.cli.app", "serve", "--port", port, "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and "choose another by --host and --port" in done.stderr
