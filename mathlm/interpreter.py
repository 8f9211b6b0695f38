"""Interpreter turns: a program that fails is shown its error, and the model is asked again.

Contract: `converse` gives one completion a prompt, the last that the model wrote for it; a program that
ran, or ended at a limit, gets no further turn. What the machine let down (infra_error) is left as it is.
Source: ToRA (arXiv:2309.17452, section 2.1); the `environment` role is InternLM2's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mathlm import extract
from mathlm.prompts import render_turn
from mathlm.types import Completion, Prompt, Reason, SamplingParams, Status, Verdict
from mathlm.voting import Python
from verify.base import Limits

if TYPE_CHECKING:
    from model.generation.base import Backend

MAX_OUTPUT = 500
"""Characters of an error that the model is shown; the end of it says most."""


class Once:
    """A Python verifier that runs equal programs once."""

    def __init__(self, python: Python) -> None:
        self._python = python
        self._verdicts: dict[str, Verdict] = {}

    def run_many(self, programs: Sequence[str], *, limits: Limits) -> list[Verdict]:
        """All under the same limits, whatever the call."""
        new = [program for program in dict.fromkeys(programs) if program not in self._verdicts]
        verdicts = self._python.run_many(new, limits=limits) if new else []
        found = dict(zip(new, verdicts, strict=True))
        self._verdicts |= {p: v for p, v in found.items() if v.status is not Status.INFRA_ERROR}
        return [self._verdicts.get(program) or found[program] for program in programs]

    def equivalent_many(self, pairs: Sequence[tuple[str, str]], *, limits: Limits) -> list[Verdict]:
        return self._python.equivalent_many(pairs, limits=limits)


def converse(
    prompts: Sequence[Prompt],
    completions: Sequence[Completion],
    *,
    backend: Backend,
    python: Python,
    params: SamplingParams,
    limits: Limits,
    turns: int,
) -> list[Completion]:
    """The completions after at most `turns` corrections each."""
    latest, asked = list(completions), list(prompts)
    for turn in range(1, turns + 1):
        programs = [extract.solution(completion.text).program for completion in latest]
        positions = [i for i, program in enumerate(programs) if program is not None]
        verdicts = python.run_many([programs[i] or "" for i in positions], limits=limits)
        failed = {
            i: verdict
            for i, verdict in zip(positions, verdicts, strict=True)
            if verdict.reason is Reason.PROGRAM_ERROR
        }
        if not failed:
            break
        for i, verdict in failed.items():
            asked[i] = render_turn(asked[i], latest[i].text, verdict.detail[-MAX_OUTPUT:])
        again = replace(params, seed=params.seed + turn * len(prompts))
        answers = backend.generate([asked[i] for i in failed], again)
        for i, answer in zip(failed, answers, strict=True):
            latest[i] = answer
    return latest
