"""Verifiers with scripted verdicts, for tests and examples: no process, no runtime.

They have the methods of `verify.lean.verifier.LeanVerifier` and `verify.python.verifier.PythonVerifier`.
What the script does not name is rejected, so that nothing passes by accident.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from mathlm.errors import InfraError, LimitHit
from mathlm.types import Message, Reason, Status, TheoremVerdict, Verdict
from verify.base import Limits
from verify.lean.protocol import GoalsAnswer, StepAnswer

TOOLCHAIN = "fake Lean"


_THEOREM = re.compile(r"\btheorem ([^\s:({\[]+)")


class FakeLeanVerifier:
    """Accepts the sources that `proves` names or approves; elaborates every statement but those in `broken`.

    A step `exact PROOF` at the only `sorry` closes it when the source with the proof in it would be accepted;
    no other step does (with `credulous` every step does), and no source has goals. Checks are recorded in
    `sources`, their forbidden premises in `forbidden`, proofs that were tried as steps in `tried`.
    Example: `FakeLeanVerifier({"theorem t : 1 = 1 := by rfl"})`
    """

    toolchain = TOOLCHAIN

    def __init__(
        self,
        proves: set[str] | Callable[[str], bool | Verdict],
        *,
        broken: Sequence[str] = (),
        credulous: bool = False,
    ) -> None:
        self._proves = proves if callable(proves) else proves.__contains__
        self._broken = tuple(broken)
        self._credulous = credulous
        self._lock = threading.Lock()
        self.sources: list[str] = []
        self.tried: list[str] = []
        self.forbidden: list[tuple[str, ...]] = []

    def check(
        self,
        source: str,
        *,
        statement: str | None = None,
        limits: Limits,
        describe: bool = False,
        forbidden: frozenset[str] | tuple[str, ...] = (),
        stop: Callable[[], bool] | None = None,
    ) -> Verdict:
        with self._lock:
            self.sources.append(source)
            self.forbidden.append(tuple(forbidden))
        if any(text in source for text in self._broken):
            text = "unknown identifier"
            message = Message(severity="error", line=1, column=0, end_line=1, end_column=1, text=text)
            return Verdict(
                status=Status.REJECTED,
                reason=Reason.ELABORATION,
                detail=text,
                messages=(message,),
                toolchain=TOOLCHAIN,
            )
        if source.rstrip().endswith("sorry"):
            return Verdict(status=Status.REJECTED, reason=Reason.SORRY, toolchain=TOOLCHAIN)
        answer = self._proves(source)
        if isinstance(answer, Verdict):
            return answer
        if not answer:
            return Verdict(status=Status.REJECTED, reason=Reason.ELABORATION, toolchain=TOOLCHAIN)
        theorems = tuple(
            TheoremVerdict(name=name, status=Status.ACCEPTED, axioms=("propext",))
            for name in _THEOREM.findall(source) or ["t"]
        )
        return Verdict(status=Status.ACCEPTED, toolchain=TOOLCHAIN, theorems=theorems)

    def step(self, source: str, *, hole: int, tactics: Sequence[str], limits: Limits) -> StepAnswer:
        whole = source.removesuffix("by\n  sorry") + tactics[-1].removeprefix("exact ")
        with self._lock:
            self.tried.append(whole)
        answer = self._proves(whole)
        if isinstance(answer, Verdict) and answer.status is Status.INFRA_ERROR:
            raise InfraError(answer.detail)
        if isinstance(answer, Verdict) and answer.status in (Status.TIMEOUT, Status.RESOURCE):
            raise LimitHit(answer.detail, timeout=answer.status is Status.TIMEOUT)
        closed = answer.accepted if isinstance(answer, Verdict) else answer
        return StepAnswer() if closed or self._credulous else StepAnswer(error="it does not close the goal")

    def goals(self, source: str, *, limits: Limits) -> GoalsAnswer:
        return GoalsAnswer(holes=(), messages=())

    def check_many(
        self,
        requests: Sequence[tuple[str, str | None]],
        *,
        limits: Limits,
        progress: Callable[[int], None] | None = None,
    ) -> list[Verdict]:
        return [self.check(source, statement=statement, limits=limits) for source, statement in requests]

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class FakePythonVerifier:
    """Runs nothing: `outputs` maps a program to its output, or to a whole verdict.

    Two answers are equivalent when they are the same text or `equal` holds the pair in either order.
    Example: `FakePythonVerifier({"print(6)": "6\\n"}, equal={("1/2", "0.5")})`
    """

    def __init__(
        self, outputs: Mapping[str, str | Verdict], *, equal: set[tuple[str, str]] | None = None
    ) -> None:
        self._outputs = dict(outputs)
        self._equal = equal or set()
        self.programs: list[str] = []

    def run(self, program: str, *, limits: Limits) -> Verdict:
        self.programs.append(program)
        output = self._outputs.get(program)
        if isinstance(output, Verdict):
            return output
        if output is None:
            return Verdict(status=Status.REJECTED, reason=Reason.PROGRAM_ERROR, detail="NameError")
        return Verdict(status=Status.ACCEPTED, output=output)

    def run_many(
        self, programs: Sequence[str], *, limits: Limits, progress: Callable[[int], None] | None = None
    ) -> list[Verdict]:
        return [self.run(program, limits=limits) for program in programs]

    def equivalent(self, first: str, second: str, *, limits: Limits) -> Verdict:
        if first == second or (first, second) in self._equal or (second, first) in self._equal:
            return Verdict(status=Status.ACCEPTED)
        return Verdict(status=Status.REJECTED, reason=Reason.WRONG_ANSWER)

    def equivalent_many(
        self,
        pairs: Sequence[tuple[str, str]],
        *,
        limits: Limits,
        progress: Callable[[int], None] | None = None,
    ) -> list[Verdict]:
        return [self.equivalent(first, second, limits=limits) for first, second in pairs]

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
