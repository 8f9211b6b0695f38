"""`Client`: every route of `mathlm serve` as a call that blocks.

Contract. Thread-safe. Verdicts, proofs and solutions come as the records of `mathlm.types`; a timeout of a
check is a verdict, not an error. `timeout` is seconds inside the server, which has a limit of its own.
Retries, waiting and balancing: `mathlm.client.exchange`. Errors: `mathlm.client.errors`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Self

import httpx

from mathlm.client import calls, wire
from mathlm.client.errors import KeyRefused, RequestRefused, ServerFailed
from mathlm.client.exchange import Call, Policy, Reply, exchange
from mathlm.client.servers import Server, Servers
from mathlm.types import ProofResult, Status, Verdict
from verify.ordered import in_order


class Client:
    """Example: `with Client(["http://a:8000", "http://b:8000"], key="…") as client: client.check(source)`

    Without `key`, the environment's `MATHLM_API_KEY` is sent.
    """

    def __init__(
        self,
        urls: str | Sequence[str] = calls.DEFAULT_URL,
        *,
        key: str | None = None,
        policy: Policy | None = None,
    ) -> None:
        self.servers = Servers([urls] if isinstance(urls, str) else urls)
        self._policy = policy or Policy()
        self._http = httpx.Client(headers=calls.headers(key), timeout=calls.TIMEOUT, limits=calls.LIMITS)

    def check(
        self,
        source: str,
        *,
        statement: str | None = None,
        timeout: float = 30,
        forbidden: Iterable[str] = (),
        vacuity: bool = True,
    ) -> Verdict:
        """The verdict on a file; with `statement`, on whether it proves every theorem stated there."""
        judged = self.judge(
            source, statement=statement, timeout=timeout, forbidden=forbidden, vacuity=vacuity
        )
        return judged.verdict

    def judge(
        self,
        source: str,
        *,
        statement: str | None = None,
        timeout: float = 30,
        forbidden: Iterable[str] = (),
        vacuity: bool = True,
    ) -> wire.Judged:
        """`check`, with the record's id and whether the server remembered the verdict."""
        call = calls.judge(source, statement, timeout=timeout, forbidden=forbidden, vacuity=vacuity)
        return wire.read_judged(self._ask(call)[1])

    def check_many(
        self,
        requests: Sequence[tuple[str, str | None]],
        *,
        timeout: float = 30,
        vacuity: bool = False,
        at_once: int = 16,
        progress: Callable[[int], None] | None = None,
    ) -> list[Verdict]:
        """Verdicts for (source, statement) pairs, in order, `at_once` of them open at a time.

        What no server answers, or one refuses, is an `infra_error` of its own; a refused key raises.
        `progress` is told the number that is done.
        """

        def one(request: tuple[str, str | None]) -> Verdict:
            try:
                return self.check(request[0], statement=request[1], timeout=timeout, vacuity=vacuity)
            except KeyRefused:
                raise
            except (RequestRefused, ServerFailed) as error:
                return Verdict(status=Status.INFRA_ERROR, detail=str(error))

        return list(in_order(one, requests, threads=at_once, progress=progress))

    def prove(
        self,
        statement: str,
        *,
        samples: int | None = None,
        seconds: float | None = None,
        search: str | None = None,
        seed: int | None = None,
    ) -> ProofResult:
        """A proof of `theorem NAME BINDERS : TYPE`, or why there is none. None is the server's default."""
        options = {"samples": samples, "seconds": seconds, "search": search, "seed": seed}
        return wire.read_proof(self._ask(calls.prove(statement, options))[1])

    def prove_events(
        self,
        statement: str,
        *,
        samples: int | None = None,
        seconds: float | None = None,
        search: str | None = None,
        seed: int | None = None,
    ) -> Iterator[wire.Event]:
        """`prove` as it happens: attempts, then the result. Closing the iterator stops the search."""
        options = {"samples": samples, "seconds": seconds, "search": search, "seed": seed}
        return self._events(calls.prove(statement, options, stream=True))

    def solve(self, question: str, *, samples: int | None = None, seed: int | None = None) -> wire.Solved:
        """An answer to a question, with its certificate."""
        return wire.read_solved(self._ask(calls.solve(question, {"samples": samples, "seed": seed}))[1])

    def solve_events(
        self, question: str, *, samples: int | None = None, seed: int | None = None
    ) -> Iterator[wire.Event]:
        """`solve` as it happens: stages and attempts, then the result."""
        return self._events(calls.solve(question, {"samples": samples, "seed": seed}, stream=True))

    def goals(self, source: str, *, timeout: float = 30, tactics: bool = True) -> wire.Goals:
        """The goals at each `sorry`, and before each tactic unless `tactics` is false."""
        server, text = self._ask(calls.goals(source, timeout=timeout, tactics=tactics))
        return wire.read_goals(text, url=server.url)

    def step(self, state: wire.State, tactic: str, *, timeout: float = 30) -> wire.Stepped:
        """What a tactic does at a state. Raises `StateExpired` when the server has forgotten it."""
        try:
            server, text = self._ask(calls.step(state, tactic, timeout=timeout))
        except RequestRefused as error:
            raise calls.expired(error) or error from None
        return wire.read_step(text, url=server.url)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _ask(self, call: Call) -> tuple[Server, str]:
        """The server that answered, and the text of its answer."""
        with self._exchanged(call, self._post) as (server, reply):
            return server, reply.text

    @contextmanager
    def _exchanged(self, call: Call, send: Callable[[Server, Call], Reply]) -> Iterator[tuple[Server, Reply]]:
        """Run the exchange; the server counts as asked until the context ends."""
        with closing(exchange(call, self.servers, self._policy)) as steps:
            answer: Reply | None = None
            while True:
                try:
                    wanted = steps.send(answer)
                except StopIteration as done:
                    server, reply = done.value
                    break
                answer = None
                if isinstance(wanted, float):
                    time.sleep(wanted)
                else:
                    answer = send(wanted.server, wanted.call)
        try:
            yield server, reply
        finally:
            self.servers.give_back(server)

    def _post(self, server: Server, call: Call) -> Reply:
        try:
            answer = self._http.post(server.url + call.path, json=call.body)
        except calls.LOST as error:
            return calls.lost(error)
        return Reply(status=answer.status_code, headers=answer.headers, text=answer.text)

    def _events(self, call: Call) -> Iterator[wire.Event]:
        opened: list[httpx.Response] = []

        def send(server: Server, call: Call) -> Reply:
            request = self._http.build_request(
                "POST", server.url + call.path, json=call.body, timeout=calls.STREAM_TIMEOUT
            )
            try:
                answer = self._http.send(request, stream=True)
                if answer.is_success:
                    opened.append(answer)
                    return Reply(status=answer.status_code, headers=answer.headers)
                answer.read()
            except calls.LOST as error:
                return calls.lost(error)
            return Reply(status=answer.status_code, headers=answer.headers, text=answer.text)

        with self._exchanged(call, send), closing(opened[-1]) as answer:
            reader = wire.EventReader()
            try:
                for line in answer.iter_lines():
                    event = reader.feed(line)
                    if event is None:
                        continue
                    yield wire.result_event(event, call.path)
                    if event.name == "result":
                        return
            except calls.LOST as error:
                raise ServerFailed(f"the connection broke before the result ({error}): try again") from None
        raise ServerFailed("the stream ended before its result: try again")
