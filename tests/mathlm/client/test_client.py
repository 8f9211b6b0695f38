"""`Client` and `AsyncClient` against a real HTTP server with scripted answers (see `contract`)."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from mathlm.client import AsyncClient, Client, KeyRefused, RequestRefused, ServerFailed, StateExpired
from mathlm.client.exchange import Policy, Reply, retry_after
from mathlm.client.servers import Servers, read_url
from mathlm.errors import UsageError
from mathlm.types import Certificate, Reason, Status
from tests.mathlm.client.contract import OTHER_WAY, TWO_WAYS, ContractServer

GOOD = "theorem t : 1 + 1 = 2 := by rfl"
QUICK = Policy(retries=2, patience=5, first_wait=0.01, rest=0.05)


@pytest.fixture
def server() -> Iterator[ContractServer]:
    with ContractServer() as server:
        yield server


@pytest.fixture
def client(server: ContractServer) -> Iterator[Client]:
    with Client(server.url, policy=QUICK) as client:
        yield client


def free_address() -> str:
    """Where nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{found.getsockname()[1]}"


def test_a_verdict_comes_as_a_record(client: Client, server: ContractServer) -> None:
    verdict = client.check(GOOD, statement="theorem t : 1 + 1 = 2 := sorry", timeout=7, forbidden=["Nat.rec"])
    assert verdict.accepted and verdict.theorems[0].axioms == ("propext",)
    (body,) = server.bodies("/v1/judge")
    assert body["timeout"] == 7 and body["forbidden"] == ["Nat.rec"] and body["statement"].endswith("sorry")


def test_messages_and_reasons_come_as_records(client: Client) -> None:
    judged = client.judge("theorem t : 1 = 1 := by\n  wrong")
    assert judged.record == "1" and not judged.cached
    assert judged.verdict.reason is Reason.ELABORATION
    assert (judged.verdict.messages[0].line, judged.verdict.messages[0].column) == (2, 2)


def test_a_busy_server_is_asked_again_when_it_says_so(client: Client, server: ContractServer) -> None:
    busy = {"retry-after": "0.01"}
    server.failures += [("/v1/judge", 429, busy)] * 5 + [("/v1/judge", 503, busy)]
    assert client.check(GOOD).accepted  # more often than `retries`: it did not fail
    assert len(server.seen) == 7


def test_retry_after_is_kept_to() -> None:
    servers = Servers(["http://a"], clock=lambda: 100.0)
    server = servers.take()
    assert not isinstance(server, float)
    servers.give_back(server, rest=retry_after(Reply(status=429, headers={"retry-after": "7"})))
    assert servers.take() == 7.0
    assert retry_after(Reply(status=429, headers={"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"})) == 1.0


def test_patience_ends(server: ContractServer) -> None:
    server.failures += [("/v1/judge", 429, {"retry-after": "30"})]
    with (
        Client(server.url, policy=Policy(patience=1)) as client,
        pytest.raises(ServerFailed, match="still too busy") as caught,
    ):
        client.check(GOOD)
    assert caught.value.exit_code == 3 and caught.value.status == 429


def test_a_server_that_breaks_is_tried_again_and_given_up(client: Client, server: ContractServer) -> None:
    server.failures += [("/v1/judge", 500, {})] * 2
    assert client.check(GOOD).accepted
    server.failures += [("/v1/judge", 502, {})] * 3
    with pytest.raises(ServerFailed, match="HTTP 502"):
        client.check(GOOD)


def test_nobody_there_says_what_to_do() -> None:
    with Client(free_address(), policy=QUICK) as client, pytest.raises(ServerFailed, match="see whether"):
        client.check(GOOD)


def test_a_search_that_may_have_begun_is_not_sent_twice(client: Client, server: ContractServer) -> None:
    server.failures += [("/v1/prove", 500, {})]
    with pytest.raises(ServerFailed):
        client.prove("theorem t : 1 = 1")
    assert len(server.seen) == 1


def test_the_work_is_shared_and_a_dead_server_rests() -> None:
    with ContractServer(delay=0.02) as first, ContractServer(delay=0.02) as second:
        urls = [first.url, second.url, free_address()]
        with Client(urls, policy=QUICK) as client:
            verdicts = client.check_many([(GOOD, None)] * 24, at_once=8)
        assert all(verdict.accepted for verdict in verdicts)
        assert len(first.seen) + len(second.seen) == 24
        assert min(len(first.seen), len(second.seen)) > 4


def test_a_failing_server_leaves_its_work_to_the_other() -> None:
    with ContractServer() as broken, ContractServer() as sound:
        broken.failures += [("/v1/judge", 500, {})] * 99
        with Client([broken.url, sound.url], policy=Policy(rest=60)) as client:
            assert all(client.check(GOOD).accepted for _ in range(5))
        assert (len(broken.seen), len(sound.seen)) == (1, 5)


def test_many_are_bounded_ordered_and_do_not_fail_together(server: ContractServer) -> None:
    server.delay = 0.01
    sources = [(f"{GOOD} -- {'wrong' if n % 3 == 0 else n}", None) for n in range(30)]
    server.failures += [("/v1/judge", 413, {})]
    told: list[int] = []
    with Client(server.url, policy=QUICK) as client:
        verdicts = client.check_many(sources, at_once=4, progress=told.append)
    refused = [verdict for verdict in verdicts if verdict.status is Status.INFRA_ERROR]
    assert len(refused) == 1 and "split it" in refused[0].detail
    for number, verdict in enumerate(verdicts):
        if verdict not in refused:
            assert verdict.accepted == (number % 3 != 0)
    assert told == list(range(1, 31)) and server.busiest <= 4


def test_the_key_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MATHLM_API_KEY", raising=False)
    with ContractServer(key="secret") as server:
        with Client(server.url, key="secret") as client:
            assert client.check(GOOD).accepted
        for wrong in ("", "other"):
            with Client(server.url, key=wrong) as client, pytest.raises(KeyRefused, match="MATHLM_API_KEY"):
                client.check_many([(GOOD, None)])
        monkeypatch.setenv("MATHLM_API_KEY", "secret")
        with Client(server.url) as client:
            assert client.check(GOOD).accepted


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_refusal_is_a_usage_error_at_once(client: Client, server: ContractServer, status: int) -> None:
    server.failures += [("/v1/judge", status, {})]
    with pytest.raises(RequestRefused, match="no room just now") as caught:
        client.check(GOOD)
    assert caught.value.exit_code == 2 and len(server.seen) == 1


def test_proving_streams_attempts_and_the_result(client: Client) -> None:
    events = list(client.prove_events("theorem t : 1 = 1", samples=2))
    assert [event.name for event in events] == ["attempt", "attempt", "result"]
    assert events[0].data["origin"] == "automation: rfl"
    assert events[-1].proof == client.prove("theorem t : 1 = 1")
    assert events[-1].proof.axioms == ("propext",)


def test_solving_streams_stages_and_the_result(client: Client, server: ContractServer) -> None:
    events = list(client.solve_events("What is gcd(84, 126)?", seed=3))
    assert [event.name for event in events] == ["stage", "attempt", "attempt", "stage", "result"]
    solved = events[-1].solved
    assert solved is not None and solved.solution.certificate is Certificate.LEAN
    assert solved.solution.answer == "42" and solved.origin == "automation: decide"
    assert solved == client.solve("What is gcd(84, 126)?")
    assert server.bodies("/v1/solve")[0] == {"question": "What is gcd(84, 126)?", "seed": 3, "stream": True}


def test_a_python_certificate_comes_with_both_programs(client: Client) -> None:
    solution = client.solve(TWO_WAYS).solution
    assert solution.certificate is Certificate.PYTHON and solution.second_program == OTHER_WAY
    assert client.solve("gcd?").solution.second_program is None


def test_a_stream_that_ends_early_is_an_error(client: Client, server: ContractServer) -> None:
    server.breaks_off = True
    with pytest.raises(ServerFailed, match="before its result"):
        list(client.prove_events("theorem t : 1 = 1"))


def test_a_server_that_streams_counts_as_asked(client: Client) -> None:
    events = client.prove_events("theorem t : 1 = 1")
    next(events)
    assert client.servers._servers[0].open == 1
    events.close()  # type: ignore[attr-defined]
    assert client.servers._servers[0].open == 0


def test_goals_are_stepped_where_they_are_kept() -> None:
    with ContractServer() as first, ContractServer() as second, Client([first.url, second.url]) as client:
        found = client.goals("theorem t (n : Nat) : n + 0 = n := by\n  sorry")
        state = found.sorries[0].state
        assert state is not None and state.url == first.url and found.tactics[0].tactic == "omega"
        stepped = client.step(state, "simp")
        assert stepped.goals == ("after simp",) and stepped.error is None and stepped.state is not None
        assert client.step(stepped.state, "fail").error == "tactic failed"
        assert second.seen == []


def test_a_state_that_expired_says_so(client: Client, server: ContractServer) -> None:
    state = client.goals("sorry").sorries[0].state
    assert state is not None
    for status in (404, 410):
        server.failures += [("/v1/goals/step", status, {})]
        with pytest.raises(StateExpired):
            client.step(state, "simp")


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://a", "http://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="http://HOST:PORT"):
        read_url(url)
    with pytest.raises(UsageError, match="at least one"):
        Client([])


def test_an_answer_that_is_none_is_an_infrastructure_error(client: Client, server: ContractServer) -> None:
    server.failures += [("/v1/judge", 200, {})]
    with pytest.raises(ServerFailed, match="client of the server's version"):
        client.check(GOOD)


def awaited(work: Callable[[AsyncClient], Awaitable[Any]], url: str) -> Any:
    async def run() -> Any:
        async with AsyncClient(url, policy=QUICK) as client:
            return await work(client)

    return asyncio.run(run())


def test_the_async_client_does_the_same(server: ContractServer) -> None:
    async def work(client: AsyncClient) -> None:
        server.failures += [("/v1/judge", 429, {"retry-after": "0.01"}), ("/v1/judge", 500, {})]
        assert (await client.check(GOOD)).accepted
        events = [event async for event in client.prove_events("theorem t : 1 = 1")]
        assert events[-1].proof == await client.prove("theorem t : 1 = 1")
        stages = [event async for event in client.solve_events("gcd?")]
        assert stages[-1].solved == await client.solve("gcd?")
        state = (await client.goals("sorry")).sorries[0].state
        assert state is not None and (await client.step(state, "done")).goals == ()
        server.failures += [("/v1/goals/step", 410, {})]
        with pytest.raises(StateExpired):
            await client.step(state, "done")

    awaited(work, server.url)


def test_async_many_are_bounded_and_ordered(server: ContractServer) -> None:
    server.delay = 0.01
    sources = [(f"{GOOD} -- {'wrong' if n % 3 == 0 else n}", None) for n in range(30)]
    told: list[int] = []
    verdicts = awaited(lambda client: client.check_many(sources, at_once=4, progress=told.append), server.url)
    assert [verdict.accepted for verdict in verdicts] == [n % 3 != 0 for n in range(30)]
    assert told == list(range(1, 31)) and server.busiest <= 4
    server.key = "secret"
    with pytest.raises(KeyRefused):
        awaited(lambda client: client.check_many(sources), server.url)


def test_a_client_serves_threads(client: Client, server: ContractServer) -> None:
    found: list[bool] = []
    threads = [threading.Thread(target=lambda: found.append(client.check(GOOD).accepted)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 16
