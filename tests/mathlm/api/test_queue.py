"""The queue: bounded, fair, and it lets go of work that nobody waits for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from mathlm.api.logs import REQUEST
from mathlm.api.queue import Cancelled, DeadlinePassed, Queue, QueueFull, Stopping


def make(slots: int = 1, bound: int = 8, per_client: int | None = None) -> Queue:
    return Queue(slots=slots, bound=bound, per_client=per_client)


class Gate:
    """Work that lasts until it is opened, and notes that it ran."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.order: list[str] = []
        self.flags: list[Cancelled] = []

    def work(self, name: str) -> Any:
        def run(flag: Cancelled) -> str:
            self.flags.append(flag)
            assert self.opened.wait(30)
            self.order.append(name)
            return name

        return run


def test_results_and_errors_come_back() -> None:
    async def main() -> None:
        queue = make()
        assert await queue.run("a", lambda flag: 6 * 7, deadline=30) == 42
        with pytest.raises(ZeroDivisionError):
            await queue.run("a", lambda flag: 1 // 0, deadline=30)
        assert queue.idle and len(queue) == 0
        queue.close()

    asyncio.run(main())


def test_clients_take_turns() -> None:
    async def main() -> None:
        queue, gate = make(), Gate()
        many = queue.start_all("greedy", [gate.work(f"g{n}") for n in range(5)], deadline=30)
        one = queue.start_all("modest", [gate.work("m0"), gate.work("m1")], deadline=30)
        gate.opened.set()
        await asyncio.gather(*many, *one)
        assert gate.order == ["g0", "g1", "m0", "g2", "m1", "g3", "g4"]
        queue.close()

    asyncio.run(main())


def test_a_full_queue_takes_a_batch_whole_or_not_at_all() -> None:
    async def main() -> None:
        queue, gate = make(slots=1, bound=3), Gate()
        taken = queue.start_all("a", [gate.work(str(n)) for n in range(3)], deadline=30)
        with pytest.raises(QueueFull) as refused:
            queue.start_all("b", [gate.work("x"), gate.work("y")], deadline=30)
        assert refused.value.retry_after >= 1
        taken += queue.start_all("b", [gate.work("z")], deadline=30)
        gate.opened.set()
        await asyncio.gather(*taken)
        assert sorted(gate.order) == ["0", "1", "2", "z"]
        queue.close()

    asyncio.run(main())


def test_one_client_cannot_fill_the_queue_for_others() -> None:
    async def main() -> None:
        queue, gate = make(slots=1, bound=10, per_client=2), Gate()
        taken = queue.start_all("a", [gate.work(str(n)) for n in range(3)], deadline=30)
        with pytest.raises(QueueFull):
            queue.start_all("a", [gate.work("x")], deadline=30)
        taken += queue.start_all("b", [gate.work("y")], deadline=30)
        gate.opened.set()
        assert (await asyncio.gather(*taken))[-1] == "y"
        queue.close()

    asyncio.run(main())


def test_waiting_work_of_a_caller_who_left_never_runs() -> None:
    async def main() -> None:
        queue, gate = make(), Gate()
        (first,) = queue.start_all("a", [gate.work("first")], deadline=30)
        left, stays = (
            asyncio.create_task(queue.run("a", gate.work(n), deadline=30)) for n in ("left", "stays")
        )
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.wait([left])
        assert len(queue) == 1
        gate.opened.set()
        await asyncio.gather(first, stays)
        assert gate.order == ["first", "stays"]
        queue.close()

    asyncio.run(main())


def test_running_work_of_a_caller_who_left_is_told() -> None:
    async def main() -> None:
        queue, gate = make(), Gate()
        task = asyncio.create_task(queue.run("a", gate.work("x"), deadline=30))
        while not gate.flags:
            await asyncio.sleep(0.01)
        assert not gate.flags[0].is_set()
        task.cancel()
        await asyncio.wait([task])
        assert gate.flags[0].is_set()
        gate.opened.set()
        queue.close()

    asyncio.run(main())


def test_the_deadline_counts_from_the_queue() -> None:
    async def main() -> None:
        queue, gate = make(), Gate()
        (first,) = queue.start_all("a", [gate.work("first")], deadline=30)
        with pytest.raises(DeadlinePassed, match="timed out") as passed:
            await queue.run("b", gate.work("late"), deadline=0.05)
        assert passed.value.waiting
        gate.opened.set()
        await first
        assert gate.order == ["first"]
        queue.close()

    asyncio.run(main())


def test_the_end_answers_everything() -> None:
    async def main() -> None:
        queue, gate = make(), Gate()
        futures = queue.start_all("a", [gate.work(str(n)) for n in range(3)], deadline=30)
        queue.stop()
        with pytest.raises(Stopping):
            queue.start_all("a", [gate.work("new")], deadline=30)
        queue.abandon()
        ended = await asyncio.gather(*futures, return_exceptions=True)
        assert [type(one) for one in ended] == [Stopping] * 3
        gate.opened.set()
        queue.close()

    asyncio.run(main())


def test_a_client_with_one_session_takes_one_slot() -> None:
    async def run() -> list[str]:
        queue = Queue(slots=2, bound=10, at_once=1)
        order: list[str] = []
        let_go = threading.Event()

        def work(name: str) -> Callable[[Cancelled], None]:
            def body(flag: Cancelled) -> None:
                order.append(name)
                if name == "a1":
                    let_go.wait(10)

            return body

        greedy = queue.start_all("a", [work("a1"), work("a2")], deadline=20)
        (other,) = queue.start_all("b", [work("b1")], deadline=20)
        await other
        assert not greedy[1].done() and queue.running == 1
        let_go.set()
        await asyncio.gather(*greedy)
        queue.close()
        return order

    assert asyncio.run(run()) == ["a1", "b1", "a2"]


def test_work_logs_with_the_id_of_its_request() -> None:
    async def run() -> str:
        queue = Queue(slots=1, bound=1)
        REQUEST.set("mine")
        found = await queue.run("a", lambda flag: REQUEST.get(), deadline=5)
        queue.close()
        return found

    assert asyncio.run(run()) == "mine"
