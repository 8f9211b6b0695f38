"""Interpreter turns in `solve`: a failing program is shown its error and written again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mathlm.interpreter import Once
from mathlm.pipeline import Conclusion, SolveLimits, solve
from mathlm.types import SamplingParams, Status, Verdict
from model.generation.fake import FakeBackend
from verify.base import Limits
from verify.fake import FakePythonVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)
BAD, GOOD = "```python\nprint(gcd(12, 18))\n```", "```python\nprint(6)\n```"
SCRIPT = {"environment\nNameError": [GOOD], "": [BAD]}


def ask(turns: int, python: FakePythonVerifier, backend: FakeBackend) -> Conclusion:
    limits = SolveLimits(program=LIMITS, comparison=LIMITS, lean=LIMITS)
    return solve(
        "What is gcd(12, 18)?", backend=backend, python=python, lean=None, samples=2, turns=turns,
        params=SamplingParams(max_tokens=100), limits=limits,
    )  # fmt: skip


@pytest.mark.parametrize(("turns", "answer", "prompts"), [(0, None, 2), (1, "6", 4), (3, "6", 4)])
def test_a_program_that_fails_is_written_again(turns: int, answer: str | None, prompts: int) -> None:
    backend, python = FakeBackend(SCRIPT), FakePythonVerifier({"print(6)": "6"})
    assert ask(turns, python, backend).solution.answer == answer
    assert len(backend.prompts) == prompts
    assert len(python.programs) == len(set(python.programs))  # equal programs run once
    if turns:
        turn = f"<|im_start|>assistant\n{BAD}<|im_end|>\n<|im_start|>environment\nNameError<|im_end|>\n"
        assert backend.prompts[-1].text.endswith(f"{turn}<|im_start|>assistant\n")


def test_a_program_at_its_limit_gets_no_turn() -> None:
    slow = Verdict(status=Status.TIMEOUT, detail="NameError, or so it says")
    backend = FakeBackend(SCRIPT)
    ask(2, FakePythonVerifier({"print(gcd(12, 18))": slow}), backend)
    assert len(backend.prompts) == 2


def test_a_run_that_broke_is_made_again() -> None:
    class Recovering(FakePythonVerifier):
        def run_many(self, programs: Sequence[str], *, limits: Limits) -> list[Verdict]:
            found = super().run_many(programs, limits=limits)
            broke = Verdict(status=Status.INFRA_ERROR, detail="killed")
            return found if len(self.programs) > 1 else [broke for _ in found]

    python = Once(Recovering({"print(6)": "6"}))
    first, again, kept = (python.run_many(["print(6)"], limits=LIMITS)[0].status for _ in range(3))
    assert (first, again, kept) == (Status.INFRA_ERROR, Status.ACCEPTED, Status.ACCEPTED)
