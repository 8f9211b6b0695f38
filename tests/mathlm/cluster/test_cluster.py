"""Ray: a local cluster of two machines, one of which is lost in the middle, and no check with it.

`pip install 'mathlm[ray]'` for these tests; `pip install -e '.[dev]'` brings it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

ray = pytest.importorskip("ray", reason="needs Ray: pip install 'mathlm[ray]'")

from mathlm.cluster import actors, backend  # noqa: E402
from mathlm.cluster.backend import RayBackend  # noqa: E402
from mathlm.cluster.lean import RayLean  # noqa: E402
from mathlm.errors import InfraError, LimitHit, UsageError  # noqa: E402
from mathlm.types import Completion, Prompt, Reason, SamplingParams, Status  # noqa: E402
from verify.base import Limits  # noqa: E402
from verify.fake import FakeLeanVerifier  # noqa: E402
from verify.process import Stopped  # noqa: E402

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)
MEMORY = 80 * 1024 * 1024
CHECKS = 12


def test_no_cluster_says_what_to_do() -> None:
    with pytest.raises(InfraError, match="ray start --head"), actors.cluster("127.0.0.1:1"):
        pass


@pytest.fixture(scope="module")
def machines() -> Iterator[Any]:
    """A cluster whose first machine has no room for actors, so that any other may be lost."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 0, "object_store_memory": MEMORY, "include_dashboard": False},
    )
    cluster.add_node(num_cpus=1, object_store_memory=MEMORY)
    with actors.cluster(cluster.address):
        yield cluster
    cluster.shutdown()


def slow_lean() -> FakeLeanVerifier:
    import time

    def proves(source: str) -> bool:
        time.sleep(0.4)
        return source.endswith("good")

    class Lean(FakeLeanVerifier):
        def step(self, source: str, **options: Any) -> Any:
            raise LimitHit("too long", timeout=True)

    return Lean(proves)


def echo_model() -> Any:
    class Echo:
        name = "echo"

        def generate(
            self, prompts: Sequence[Prompt], params: SamplingParams, *, progress: Any = None
        ) -> list[Completion]:
            if any(not prompt.text for prompt in prompts):
                raise UsageError("a prompt is empty: give some text")
            return [
                Completion(text=f"{p.text} {params.seed + i}", finish="stop", tokens=1, logprob=0.0)
                for i, p in enumerate(prompts)
            ]

    return Echo()


def test_no_check_is_lost_with_a_machine(machines: Any) -> None:
    lost = machines.add_node(num_cpus=1, object_store_memory=MEMORY)
    with RayLean(workers=2, make=slow_lean) as lean, ThreadPoolExecutor(CHECKS) as pool:
        deadline = time.monotonic() + 40
        while lean.actors._free.qsize() < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert lean.actors._free.qsize() == 2, "an actor on each machine"
        sources = [f"theorem t{i} : 1 = 1 := by {'good' if i % 2 else 'bad'}" for i in range(CHECKS)]
        running = [pool.submit(lean.check, source, limits=LIMITS) for source in sources]
        threading.Timer(0.6, lambda: machines.remove_node(lost, allow_graceful=False)).start()
        verdicts = [future.result(timeout=50) for future in running]
        assert [v.status for v in verdicts] == [Status.REJECTED, Status.ACCEPTED] * (CHECKS // 2)
        assert {v.reason for v in verdicts[::2]} == {Reason.ELABORATION}
        assert lean.actors.restarts >= 1, "the machine was lost while it checked"

        # What the verifier raises comes back unchanged.
        assert lean.toolchain == "fake Lean"
        with pytest.raises(LimitHit, match="too long") as hit:
            lean.step("theorem t : 1 = 1 := by\n  sorry", hole=0, tactics=("rfl",), limits=LIMITS)
        assert hit.value.timeout


def test_a_check_that_ends_every_machine_is_an_infra_error(
    machines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actors, "RETRIES", 1)

    def deadly() -> Any:
        import os

        class Lean:
            toolchain = "deadly"

            def check(self, source: str, **options: Any) -> Any:
                os._exit(1)

        return Lean()

    with RayLean(workers=1, make=deadly) as lean:
        verdict = lean.check("theorem t : 1 = 1 := by good", limits=LIMITS)
    assert verdict.status is Status.INFRA_ERROR and "1 Ray workers were lost" in verdict.detail


def test_prompts_keep_their_order_and_their_seeds(machines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "CHUNK", 3)
    prompts = [Prompt(text=f"p{i}") for i in range(7)]
    told: list[int] = []
    with RayBackend(Path("echo"), actors=1, make=echo_model) as model:
        found = model.generate(prompts, SamplingParams(max_tokens=1, seed=100), progress=told.append)
        assert [c.text for c in found] == [f"p{i} {100 + i}" for i in range(7)]
        assert sum(told) == 7
        with pytest.raises(UsageError, match="empty"):
            model.generate([Prompt(text="")], SamplingParams(max_tokens=1))
        assert model.generate([], SamplingParams(max_tokens=1)) == []


def test_a_call_that_nobody_waits_for_costs_one_actor(machines: Any) -> None:
    def endless() -> Any:
        import time

        class Lean:
            toolchain = "endless"

            def step(self, source: str, **options: Any) -> Any:
                time.sleep(600)

            def close(self) -> None: ...

        return Lean()

    with RayLean(workers=1, make=endless) as lean:
        assert lean.toolchain == "endless"
        began = time.monotonic()
        with pytest.raises(Stopped):
            lean.step("", hole=0, tactics=(), limits=LIMITS, stop=lambda: time.monotonic() > began + 1)
        lean.__dict__.pop("toolchain")
        assert lean.toolchain == "endless", "the new actor answers"
        assert lean.actors._free.qsize() == 1
        assert (lean.actors.restarts, len(lean.actors._all)) == (1, 1)
