"""`AsyncClient`: `Client`, awaited.

What is decided (servers, retries, errors, records) is decided in one place for both: `exchange`, `calls` and
`wire`. A task that is cancelled closes its request, which ends the work on the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager, closing
from typing import Self

import httpx

from mathlm.client import calls, wire
from mathlm.client.errors import KeyRefused, RequestRefused, ServerFailed
from mathlm.client.exchange import Call, Policy, Reply, exchange
from mathlm.client.servers import Server, Servers
from mathlm.types import ProofResult, Status, Verdict


class AsyncClient:
    """Example: `async with AsyncClient("http://127.0.0.1:8000") as client: await client.check(source)`

    Arguments as of `Client`.
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
        self._http = httpx.AsyncClient(headers=calls.headers(key), timeout=calls.TIMEOUT, limits=calls.LIMITS)

    async def check(
        self,
        source: str,
        *,
        statement: str | None = None,
        timeout: float = 30,
        forbidden: Iterable[str] = (),
        vacuity: bool = True,
    ) -> Verdict:
        """See `Client.check`."""
        judged = await self.judge(
            source, statement=statement, timeout=timeout, forbidden=forbidden, vacuity=vacuity
        )
        return judged.verdict

    async def judge(
        self,
        source: str,
        *,
        statement: str | None = None,
        timeout: float = 30,
        forbidden: Iterable[str] = (),
        vacuity: bool = True,
    ) -> wire.Judged:
        """See `Client.judge`."""
        call = calls.judge(source, statement, timeout=timeout, forbidden=forbidden, vacuity=vacuity)
        return wire.read_judged((await self._ask(call))[1])

    async def check_many(
        self,
        requests: Sequence[tuple[str, str | None]],
        *,
        timeout: float = 30,
        vacuity: bool = False,
        at_once: int = 16,
        progress: Callable[[int], None] | None = None,
    ) -> list[Verdict]:
        """See `Client.check_many`."""
        places = asyncio.Semaphore(at_once)
        done = 0

        async def one(request: tuple[str, str | None]) -> Verdict:
            nonlocal done
            async with places:
                try:
                    found = await self.check(
                        request[0], statement=request[1], timeout=timeout, vacuity=vacuity
                    )
                except KeyRefused:
                    raise
                except (RequestRefused, ServerFailed) as error:
                    found = Verdict(status=Status.INFRA_ERROR, detail=str(error))
            done += 1
            if progress is not None:
                progress(done)
            return found

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(request)) for request in requests]
        except* KeyRefused as errors:
            raise errors.exceptions[0] from None
        return [task.result() for task in tasks]

    async def prove(
        self,
        statement: str,
        *,
        samples: int | None = None,
        seconds: float | None = None,
        search: str | None = None,
        seed: int | None = None,
    ) -> ProofResult:
        """See `Client.prove`."""
        options = {"samples": samples, "seconds": seconds, "search": search, "seed": seed}
        return wire.read_proof((await self._ask(calls.prove(statement, options)))[1])

    def prove_events(
        self,
        statement: str,
        *,
        samples: int | None = None,
        seconds: float | None = None,
        search: str | None = None,
        seed: int | None = None,
    ) -> AsyncIterator[wire.Event]:
        """See `Client.prove_events`."""
        options = {"samples": samples, "seconds": seconds, "search": search, "seed": seed}
        return self._events(calls.prove(statement, options, stream=True))

    async def solve(
        self, question: str, *, samples: int | None = None, seed: int | None = None
    ) -> wire.Solved:
        """See `Client.solve`."""
        call = calls.solve(question, {"samples": samples, "seed": seed})
        return wire.read_solved((await self._ask(call))[1])

    def solve_events(
        self, question: str, *, samples: int | None = None, seed: int | None = None
    ) -> AsyncIterator[wire.Event]:
        """See `Client.solve_events`."""
        return self._events(calls.solve(question, {"samples": samples, "seed": seed}, stream=True))

    async def goals(self, source: str, *, timeout: float = 30, tactics: bool = True) -> wire.Goals:
        """See `Client.goals`."""
        server, text = await self._ask(calls.goals(source, timeout=timeout, tactics=tactics))
        return wire.read_goals(text, url=server.url)

    async def step(self, state: wire.State, tactic: str, *, timeout: float = 30) -> wire.Stepped:
        """See `Client.step`."""
        try:
            server, text = await self._ask(calls.step(state, tactic, timeout=timeout))
        except RequestRefused as error:
            raise calls.expired(error) or error from None
        return wire.read_step(text, url=server.url)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def _ask(self, call: Call) -> tuple[Server, str]:
        async with self._exchanged(call, self._post) as (server, reply):
            return server, reply.text

    @asynccontextmanager
    async def _exchanged(
        self, call: Call, send: Callable[[Server, Call], Awaitable[Reply]]
    ) -> AsyncIterator[tuple[Server, Reply]]:
        """See `Client._exchanged`."""
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
                    await asyncio.sleep(wanted)
                else:
                    answer = await send(wanted.server, wanted.call)
        try:
            yield server, reply
        finally:
            self.servers.give_back(server)

    async def _post(self, server: Server, call: Call) -> Reply:
        try:
            answer = await self._http.post(server.url + call.path, json=call.body)
        except calls.LOST as error:
            return calls.lost(error)
        return Reply(status=answer.status_code, headers=answer.headers, text=answer.text)

    async def _events(self, call: Call) -> AsyncIterator[wire.Event]:
        opened: list[httpx.Response] = []

        async def send(server: Server, call: Call) -> Reply:
            request = self._http.build_request(
                "POST", server.url + call.path, json=call.body, timeout=calls.STREAM_TIMEOUT
            )
            try:
                answer = await self._http.send(request, stream=True)
                if answer.is_success:
                    opened.append(answer)
                    return Reply(status=answer.status_code, headers=answer.headers)
                await answer.aread()
            except calls.LOST as error:
                return calls.lost(error)
            return Reply(status=answer.status_code, headers=answer.headers, text=answer.text)

        async with self._exchanged(call, send), aclosing(opened[-1]) as answer:
            reader = wire.EventReader()
            try:
                async for line in answer.aiter_lines():
                    event = reader.feed(line)
                    if event is None:
                        continue
                    yield wire.result_event(event, call.path)
                    if event.name == "result":
                        return
            except calls.LOST as error:
                raise ServerFailed(f"the connection broke before the result ({error}): try again") from None
        raise ServerFailed("the stream ended before its result: try again")
