"""`kimina-client` as PyPI has it, and the habits of the wire that other clients rely on."""

from __future__ import annotations

import asyncio
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.mathlm.api.kimina import AsyncKiminaClient, KiminaClient, Snippet, SnippetStatus
from tests.mathlm.api.serving import ENDLESS, KEY, Running

NAT = {
    "severity": "info",
    "pos": {"line": 1, "column": 0},
    "endPos": {"line": 1, "column": 6},
    "data": "Nat : Type",
}
SNIPPETS = {
    "valid": "theorem t : 1 + 1 = 2 := rfl",
    "sorry": "theorem t : 1 + 1 = 2 := sorry",
    "lean_error": "theorem t : 1 + 1 = 3 := rfl",
    "timeout_error": ENDLESS,
    "server_error": "import Nowhere\n#check 1",
}


def check(http: httpx.Client, *codes: str, **options: Any) -> list[dict[str, Any]]:
    snippets = [{"id": str(number), "code": code} for number, code in enumerate(codes)]
    answer = http.post("/api/check", json={"snippets": snippets, **options})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def test_the_client_of_pypi(server: Running) -> None:
    client = KiminaClient(server.url, KEY, n_retries=1)
    assert client.health() == {"status": "ok"}
    client.test()
    snippets = [Snippet(id=name, code=code) for name, code in SNIPPETS.items()]
    checked = client.check(snippets, timeout=2, batch_size=2, show_progress=False)
    ended = {result.id: result.analyze().status for result in checked.results}
    assert ended == {name: SnippetStatus(name) for name in SNIPPETS}
    (one,) = client.check("#check Nat", debug=True, reuse=False, infotree=None, show_progress=False).results
    assert one.diagnostics is not None and one.diagnostics["memory_max"] > 0


def test_the_async_client_of_pypi(server: Running) -> None:
    async def main() -> None:
        client = AsyncKiminaClient(server.url, KEY, n_retries=1)
        await client.test()
        codes = [f"#reduce {number} + 1" for number in range(20)]
        checked = await client.check(codes, batch_size=3, show_progress=False)
        said = [result.response["messages"][0]["data"] for result in checked.results]
        assert said == [str(number + 1) for number in range(20)]
        await client.close()

    asyncio.run(main())


def test_its_benchmark(server: Running, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = [{"id": str(number), "code": f"#eval {number}"} for number in range(5)]
    features = "".join(f"\n  - name: {name}\n    dtype: string" for name in rows[0])
    (tmp_path / "README.md").write_text(f"---\ndataset_info:\n  features:{features}\n---\n")
    (tmp_path / "train.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    with caplog.at_level("INFO", logger="kimina-client"):
        KiminaClient(server.url, KEY, n_retries=1).run_benchmark(str(tmp_path), n=5, show_progress=False)
    assert "5 (100 %)" in caplog.text


@pytest.mark.parametrize(("key", "detail"), [("", "Missing API key"), ("wrong", "Invalid API key")])
def test_the_key(server: Running, key: str, detail: str) -> None:
    with server.client(key) as client:
        answer = client.post("/api/check", json={"snippets": [{"id": "a", "code": "#check Nat"}]})
    assert (answer.status_code, answer.json()) == (401, {"detail": detail})


def test_the_bytes(http: httpx.Client) -> None:
    nulls = {"timeout": None, "debug": None, "reuse": None, "infotree": None}
    (result,) = check(http, "#check Nat", **nulls)
    assert set(result) == {"id", "time", "response"}
    assert result["response"] == {"messages": [NAT], "env": 0}
    (result,) = check(http, "def f : Nat := by sorry", debug=True)
    assert result["response"]["sorries"][0]["goal"] == "⊢ Nat"
    assert set(result["diagnostics"]) == {"repl_uuid", "cpu_max", "memory_max"}
    assert uuid.UUID(result["diagnostics"]["repl_uuid"])
    assert http.post("/api/check/", json={"snippets": [{"id": "a", "code": ""}]}).json()["results"]


def test_one_snippet_does_not_fail_the_others(http: httpx.Client) -> None:
    crash = (
        "def f (n : Nat) : Nat := f (n + 1) + 1\npartial def g (n : Nat) : Nat := g (n + 1) + 1\n#eval g 0"
    )
    codes = ["#check Nat", ENDLESS, crash, "import Mathlib.Nowhere", "\0", "#check Nat", "-- no code"]
    results = check(http, *codes, timeout=2)
    assert [result["id"] for result in results] == [str(number) for number in range(len(codes))]
    for number in (0, 5):
        assert results[number]["response"] == {"messages": [NAT], "env": 0}
    assert "timed out" in results[1]["error"]
    for result in results:
        assert ("error" in result) != ("response" in result)
        assert "/" not in result.get("error", "")


@pytest.mark.parametrize("timeout", [0, 1])
def test_a_timeout_is_an_answer_with_these_words(http: httpx.Client, timeout: int) -> None:
    (result,) = check(http, ENDLESS, timeout=timeout)
    assert result["error"] == f"Lean REPL command timed out in {timeout}.0 seconds"


@pytest.mark.parametrize(
    "header",
    ["", "import Lean\n", "import Mathlib\nimport Aesop\n", "/- x -/ import Mathlib -- y\n", "import Init\n"],
)
def test_imports_choose_the_environment(http: httpx.Client, header: str) -> None:
    (result,) = check(http, f"{header}#check Nat")
    assert result["response"]["messages"][-1]["data"] == "Nat : Type"


def test_a_snippet_leaves_nothing_behind(http: httpx.Client) -> None:
    for _ in range(6):  # more than there are workers
        (result,) = check(http, "def left := 1\n#eval left")
        assert [message["data"] for message in result["response"]["messages"]] == ["1"]


def test_reuse_false_takes_a_worker_of_its_own(http: httpx.Client) -> None:
    used = {one["diagnostics"]["repl_uuid"] for one in check(http, *["#check Nat"] * 6, debug=True)}
    (fresh,) = check(http, "#check Nat", debug=True, reuse=False)
    assert fresh["diagnostics"]["repl_uuid"] not in used
    assert fresh["response"]["messages"] == [NAT]


def test_infotrees(http: httpx.Client) -> None:
    (result,) = check(http, "theorem t : 1 + 1 = 2 := by decide", infotree="tactics")
    assert result["response"]["infotree"]
    refused = http.post("/api/check", json={"snippets": [{"id": "a", "code": ""}], "infotree": "full"})
    assert refused.status_code == 422 and "full" in refused.json()["detail"]


def test_the_older_routes(http: httpx.Client) -> None:
    codes = [
        {"custom_id": 1234, "proof": "#check Nat", "code": "#check Int"},
        {"custom_id": "b", "proof": None, "code": ENDLESS},
    ]
    for path in ("/verify", "/one_pass_verify_batch"):
        body = {"codes": codes, "timeout": 1, "infotree_type": None, "disable_cache": False}
        first, second = http.post(path, json=body).json()["results"]
        assert first["response"].pop("time") >= 0
        assert first == {"custom_id": "1234", "response": {"messages": [NAT], "env": 0}}
        assert set(second) == {"custom_id", "error"} and "timed out" in second["error"]


@pytest.mark.parametrize(
    "body",
    [
        {"snippets": []},
        {"snippets": [{"id": "a", "code": ""}, {"id": "a", "code": ""}]},
        {"snippets": [{"id": "a"}]},
        {"snippets": [{"id": "a", "code": ""}], "timeout": -1},
        {"snippets": [{"id": "a", "code": ""}], "infotree": "odd"},
    ],
)
def test_a_bad_batch_is_refused_whole(http: httpx.Client, body: dict[str, Any]) -> None:
    answer = http.post("/api/check", json=body)
    assert answer.status_code == 422 and isinstance(answer.json()["detail"], list)


def test_many_clients_at_once_get_their_own_answers(server: Running) -> None:
    def one(number: int) -> bool:
        with server.client() as client:
            (result,) = check(client, f"#reduce {number} * 2")
        return bool(result["response"]["messages"][0]["data"] == str(2 * number))

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(one, range(48)))
