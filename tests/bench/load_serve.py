"""Load on `mathlm serve`: many clients, against the pool's own throughput; latency when idle; cached answers.

    python tests/bench/load_serve.py [--seconds 600] [--clients 64] [--workers 2] [--kill]

Prints one JSON document: what the pool alone does with as many threads as the server has slots, what the
server does, its median latency added over the pool's when idle, cached answers per second, and the
memory of the server at the start and the end. Every answer is compared with what it must be. `--kill`
kills a random worker every few seconds while the load runs; then a wrong or missing answer is one that
is neither right nor a timeout.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.mathlm.api.serving import Running
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=2048, heartbeats=400_000, output_bytes=65_536)
KILL_SECONDS = 3.0
IDLE = 100
NUMBERS = itertools.count(random.SystemRandom().randrange(10**9) * 1000)


def question() -> tuple[dict[str, Any], str]:
    """A request that nobody has made before, and the status of its answer."""
    number = next(NUMBERS)
    right = number % 4 != 0
    total = number + 1 if right else number
    source = f"theorem t : {number} + 1 = {total} := by decide"
    body = {"source": source, "timeout": 60, "vacuity": False}
    return body, "accepted" if right else "rejected"


def pool_alone(lean: LeanVerifier, seconds: float) -> float:
    """Checks per second of the verifier itself."""
    until = time.monotonic() + seconds

    def work(_: int) -> int:
        done = 0
        while time.monotonic() < until:
            body, wanted = question()
            assert lean.check(body["source"], limits=LIMITS, describe=True).status == wanted
            done += 1
        return done

    threads = lean.pool.size + lean.judges.size
    with ThreadPoolExecutor(threads) as executor:
        return sum(executor.map(work, range(threads))) / seconds


def idle_alone(lean: LeanVerifier) -> float:
    """Median milliseconds of one check at a time."""
    times = []
    for _ in range(IDLE):
        began = time.perf_counter()
        lean.check(question()[0]["source"], limits=LIMITS, describe=True)
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


class Caller:
    """A kept connection, by raw HTTP/1.1: what the client does shares the machine, so it does little."""

    def __init__(self, url: str) -> None:
        self._host = url.removeprefix("http://")
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def judge(self, body: dict[str, Any]) -> str:
        """The status in the answer, or what came instead."""
        text = json.dumps(body).encode()
        head = f"POST /v1/judge HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
        try:
            if self._streams is None:
                host, _, port = self._host.partition(":")
                self._streams = await asyncio.open_connection(host, int(port))
            reader, writer = self._streams
            writer.write(f"{head}Content-Length: {len(text)}\r\n\r\n".encode() + text)
            said = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(said.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            answer = await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            return type(error).__name__
        code = said[9:12].decode()
        return str(json.loads(answer)["status"]) if code == "200" else f"HTTP {code}"

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def idle_served(url: str) -> float:
    """The same through the server."""
    times = []
    caller = Caller(url)
    for _ in range(IDLE):
        body, wanted = question()
        began = time.perf_counter()
        status = await caller.judge(body)
        times.append(time.perf_counter() - began)
        assert status == wanted, status
    caller.close()
    return 1000 * statistics.median(times)


async def load(url: str, clients: int, seconds: float) -> tuple[Counter[str], float]:
    """How the answers of so many clients were, and how many came each second while all of them asked."""
    ended: Counter[str] = Counter()
    began = time.monotonic()
    in_time = 0

    async def one() -> None:
        nonlocal in_time
        caller = Caller(url)
        while time.monotonic() < began + seconds:
            body, wanted = question()
            status = await caller.judge(body)
            ended["right" if status == wanted else f"wrong: {status} for {wanted}"] += 1
            in_time += time.monotonic() < began + seconds
        caller.close()

    await asyncio.gather(*(one() for _ in range(clients)))
    return ended, in_time / seconds


async def cached(url: str, clients: int, seconds: float) -> float:
    """Answers per second to one question."""
    body, wanted = question()

    async def one(until: float) -> int:
        caller, done = Caller(url), 0
        while time.monotonic() < until:
            assert await caller.judge(body) == wanted
            done += 1
        caller.close()
        return done

    await one(time.monotonic() + 0.01)
    until = time.monotonic() + seconds
    return sum(await asyncio.gather(*(one(until) for _ in range(clients)))) / seconds


async def killer(parent: int, ended: asyncio.Event) -> int:
    """Kill a random child of the server every few seconds; how many."""
    killed = 0
    while not ended.is_set():
        await asyncio.sleep(KILL_SECONDS)
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        for task in Path(f"/proc/{parent}/task").iterdir():
            children += (task / "children").read_text().split()
        if children:
            os.kill(int(random.choice(children)), signal.SIGKILL)
            killed += 1
    return killed


def memory_mb(pid: int) -> float:
    """Resident memory of the server itself."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def served(server: Running, options: argparse.Namespace) -> dict[str, Any]:
    """Everything that is measured through the server."""
    found: dict[str, Any] = {"idle_ms": await idle_served(server.url)}
    await load(server.url, options.clients, min(5, options.seconds))
    found["memory_mb"] = [memory_mb(server.process.pid)]
    ended = asyncio.Event()
    killing = asyncio.create_task(killer(server.process.pid, ended)) if options.kill else None
    answers, found["per_second"] = await load(server.url, options.clients, options.seconds)
    found["answers"] = dict(answers)
    if killing is not None:
        ended.set()
        found["killed"] = await killing
    found["memory_mb"].append(memory_mb(server.process.pid))
    found["cached_per_second"] = await cached(server.url, options.clients, min(5, options.seconds))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill", action="store_true")
    options = parser.parse_args()
    with LeanVerifier(workers=options.workers) as lean:
        lean.warm()
        pool_alone(lean, 3)
        alone = {
            "idle_ms": idle_alone(lean),
            "per_second": pool_alone(lean, min(60, options.seconds)),
        }
    with tempfile.TemporaryDirectory() as folder:
        server = Running.start(Path(folder), "--workers", str(options.workers))
        found = asyncio.run(served(server, options))
        server.end()
    share = found["per_second"] / alone["per_second"]
    added = found["idle_ms"] - alone["idle_ms"]
    print(json.dumps({"pool": alone, "served": found, "share": share, "added_ms": added}, indent=1))


if __name__ == "__main__":
    main()
