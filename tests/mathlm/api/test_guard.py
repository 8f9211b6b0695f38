"""What stands in front of the routes, on the application without its processes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from mathlm.api import keys, limits
from mathlm.api.app import create_app
from mathlm.api.keys import Client
from mathlm.api.settings import Settings
from mathlm.errors import UsageError


def ask(app: FastAPI, method: str, path: str, **options: Any) -> httpx.Response:
    async def main() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            return await client.request(method, path, **options)

    return asyncio.run(main())


def make(folder: Path, **settings: Any) -> FastAPI:
    return create_app(Settings(data=folder, runtime="embedded", workers=1, **settings))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    made = make(tmp_path, body_bytes=2048)
    yield made
    made.state.service.store.close()


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[FastAPI]:
    made = make(tmp_path, host="0.0.0.0")
    yield made
    made.state.service.store.close()


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_keys_open_what_is_closed(guarded: FastAPI) -> None:
    url = guarded.state.service.settings.database_url()
    mine, other = keys.add(url, "me"), keys.add(url, "other")
    for path in ("/v1/records", "/metrics"):
        assert ask(guarded, "GET", path).json() == {"detail": "Missing API key"}
        wrong = ask(guarded, "GET", path, headers=bearer(mine[:-1] + ("0" if mine[-1] != "0" else "1")))
        assert (wrong.status_code, wrong.json()) == (401, {"detail": "Invalid API key"})
        assert ask(guarded, "GET", path, headers=bearer(mine)).status_code == 200
        assert ask(guarded, "GET", path, headers={"Authorization": mine}).status_code == 200
    for free in ("/health", "/health/live", "/", "/openapi.json", "/docs"):
        assert ask(guarded, "GET", free).status_code == 200
    keys.revoke(url, mine.split("_")[1])
    guarded.state.service.keys._known.clear()  # what a few seconds do
    assert ask(guarded, "GET", "/v1/records", headers=bearer(mine)).status_code == 401
    assert ask(guarded, "GET", "/v1/records", headers=bearer(other)).status_code == 200


def test_keys_are_kept_as_hashes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    made = keys.add(url, "me", concurrency=3)
    (row,) = keys.all_keys(url)
    assert row["name"] == "me" and row["concurrency"] == 3 and "hash" not in row
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert made.split("_")[2].encode() not in stored
    with pytest.raises(UsageError, match="no key"):
        keys.revoke(url, "nobody")


def test_a_key_has_limits_of_its_own(guarded: FastAPI) -> None:
    url = guarded.state.service.settings.database_url()
    few, many = keys.add(url, "few", per_minute=2), keys.add(url, "many")
    codes = [ask(guarded, "GET", "/v1/records", headers=bearer(few)) for _ in range(3)]
    assert [one.status_code for one in codes] == [200, 200, 429]
    assert int(codes[-1].headers["Retry-After"]) >= 1
    assert ask(guarded, "GET", "/v1/records", headers=bearer(many)).status_code == 200


def test_only_so_many_requests_of_a_client_run_at_once() -> None:
    throttle, client = limits.Throttle(concurrency=5, per_minute=0), Client(id="a", concurrency=1)
    with throttle.admit(client):
        with pytest.raises(limits.TooMany), throttle.admit(client):
            pass
        with throttle.admit(Client(id="b")):
            pass
    with throttle.admit(client):
        pass


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""])
def test_a_name_that_was_bound_to_loopback_is_not_answered(app: FastAPI, host: str) -> None:
    assert ask(app, "GET", "/v1/records", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "[::1]:8000"])
def test_loopback_names_are_answered(app: FastAPI, host: str) -> None:
    assert ask(app, "GET", "/v1/records", headers={"Host": host}).status_code == 200


def test_pages_of_other_sites_are_refused(app: FastAPI) -> None:
    assert ask(app, "GET", "/v1/records", headers={"Origin": "https://evil.example"}).status_code == 403
    assert ask(app, "GET", "/v1/records", headers={"Origin": "null"}).status_code == 403
    assert ask(app, "GET", "/v1/records", headers={"Origin": "http://127.0.0.1:8000"}).status_code == 200


def test_a_body_that_is_too_large_is_refused(app: FastAPI) -> None:
    async def pieces() -> Any:
        for _ in range(100):
            yield b" " * 100

    json_type = {"Content-Type": "application/json"}
    announced = ask(app, "POST", "/v1/judge", content=b" " * 5000, headers=json_type)
    chunked = ask(app, "POST", "/v1/judge", content=pieces(), headers=json_type)
    for refused in (announced, chunked):
        assert refused.status_code == 413 and "2,048 bytes" in refused.json()["detail"]


def test_every_answer_has_its_headers(app: FastAPI) -> None:
    for path in ("/", "/health", "/nothing", "/v1/records", "/docs"):
        headers = ask(app, "GET", path, headers={"X-Request-ID": "mine-1"}).headers
        assert headers["X-Request-ID"] == "mine-1"
        assert headers["X-Content-Type-Options"] == "nosniff"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self';" in policy
    assert ask(app, "GET", "/", headers={"X-Request-ID": "a b"}).headers["X-Request-ID"] != "a b"


def test_a_fault_of_ours_tells_nothing(app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("secret /some/path")

    answer = ask(app, "GET", "/broken")
    assert answer.status_code == 500 and "logged" in answer.json()["detail"]
    assert "secret" not in answer.text and "secret" in caplog.text


BAD_BODIES = (
    b"", b"{", b"[]", b"null", b'{"source":1}', b'{"source":""}', b'{"source":"\\ud800"}',
    b'{"source":"x","timeout":-1}', b'{"source":"x","timeout":1e999}', b'{"source":"x","timeout":NaN}',
)  # fmt: skip


@pytest.mark.parametrize("body", BAD_BODIES)
def test_a_bad_body_is_a_422_that_sends_nothing_back(app: FastAPI, body: bytes) -> None:
    answer = ask(app, "POST", "/v1/judge", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert all(set(item) == {"type", "loc", "msg"} for item in answer.json()["detail"])


def test_a_body_that_is_no_text_is_refused(app: FastAPI) -> None:
    answer = ask(app, "POST", "/v1/judge", content=b"\xff", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400 and answer.json()["detail"]


def test_readiness_is_apart_from_liveness(app: FastAPI) -> None:
    assert ask(app, "GET", "/health/live").status_code == 200
    assert ask(app, "GET", "/health/ready").json() == {"detail": "Lean is starting"}
    app.state.service.ready = True
    assert ask(app, "GET", "/health/ready").status_code == 200
    app.state.service.stop()
    assert ask(app, "GET", "/health/ready").status_code == 503
    assert ask(app, "GET", "/health/live").status_code == 200
