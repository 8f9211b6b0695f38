"""Who watches `solve` and `prove` hears everything in order, and can leave at any time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mathlm.errors import Abandoned
from mathlm.pipeline import Conclusion, SolveLimits, prove, solve
from mathlm.search import Part, SearchConfig
from mathlm.types import Attempt, Certificate, ProofResult, SamplingParams
from mathlm.watch import Sample, Stage, Watch
from model.generation.fake import FakeBackend
from verify.base import Limits
from verify.fake import FakeLeanVerifier, FakePythonVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)
PARAMS = SamplingParams(max_tokens=100)
THEOREM = "theorem t (a b : Nat) : a + b = b + a"
CONFIG = SearchConfig(parts=frozenset({Part.AUTOMATION, Part.WHOLE, Part.REPAIR}), samples=4)
ONE, OTHER = "import math\nprint(math.gcd(12, 18))", "print(2 * 3)"


def find(watch: Watch, *, backend: FakeBackend) -> ProofResult:
    lean = FakeLeanVerifier({f"{THEOREM} := by good"})
    return prove(
        THEOREM, backend=backend, lean=lean, config=CONFIG, params=PARAMS, limits=LIMITS, watch=watch
    )


def answer(watch: Watch) -> Conclusion:
    texts = [f"Greatest.\n```python\n{program}\n```" for program in (ONE, OTHER)]
    return solve(
        "What is gcd(12, 18)?",
        backend=FakeBackend([*texts, "no program"]),
        python=FakePythonVerifier({ONE: "6\n", OTHER: "log\n6"}),
        lean=None,
        samples=3,
        params=PARAMS,
        limits=SolveLimits(program=LIMITS, comparison=LIMITS, lean=LIMITS),
        watch=watch,
    )


def after(count: int) -> tuple[list[object], Callable[[object], None], Callable[[], bool]]:
    """What was heard, a listener, and a `cancelled` that turns true when so much was heard."""
    heard: list[object] = []
    return heard, heard.append, lambda: len(heard) >= count


def test_every_proof_that_is_checked_is_told() -> None:
    attempts: list[Attempt] = []
    found = find(Watch(attempt=attempts.append), backend=FakeBackend(["by bad", "by good"]))
    assert len(attempts) == found.attempts
    assert [x.candidate.source for x in attempts if x.verdict.accepted] == [found.proof] == ["by good"]
    assert attempts[-1].verdict.accepted
    assert {"automation: omega", "model"} <= {x.candidate.origin for x in attempts}


def test_a_search_ends_when_nobody_waits() -> None:
    heard, listen, cancelled = after(2)
    backend = FakeBackend(["by good"])
    with pytest.raises(Abandoned):
        find(Watch(attempt=listen, cancelled=cancelled), backend=backend)
    assert len(heard) == 2 and backend.prompts == []


def test_a_solution_tells_its_stages_and_programs() -> None:
    heard: list[object] = []
    found = answer(Watch(stage=heard.append, sample=heard.append))
    assert [x for x in heard if isinstance(x, Stage)] == list(Stage)
    samples = [x for x in heard if isinstance(x, Sample)]
    assert [(x.number, x.program, x.answer) for x in samples] == [
        (1, ONE, "6"),
        (2, OTHER, "6"),
        (3, None, None),
    ]
    assert samples[1].verdict is not None and samples[1].verdict.output == "log\n6"
    assert samples[2].verdict is None
    assert heard.index(Stage.RUNNING) < heard.index(samples[0]) < heard.index(Stage.COMPARING)
    assert found.solution.certificate is not Certificate.NONE


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6])
def test_a_solution_ends_when_nobody_waits(count: int) -> None:
    heard, listen, cancelled = after(count)
    with pytest.raises(Abandoned):
        answer(Watch(stage=listen, sample=listen, cancelled=cancelled))
    assert Stage.PROVING not in heard
