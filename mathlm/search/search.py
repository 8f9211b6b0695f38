"""`Search`: one statement being proved, with everything that a strategy needs and what it may still spend.

Contract: candidates go through `check`, prompts through `ask`, tactics through `step`; these three keep the
limits and the budget and do the counting. `over` is true once something was accepted, the budget is
spent or the caller is gone, and strategies return then. An infra_error is kept as an attempt but is never a
rejection.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from mathlm.errors import CheckpointError, UsageError
from mathlm.extract import Statement
from mathlm.rerank import Reranker
from mathlm.search.attempts import attempt, first_accepted
from mathlm.search.config import Part, SearchConfig
from mathlm.search.finish import Gaps, finished, shorter
from mathlm.search.lean import Lean, Opening, Step, run
from mathlm.search.mend import mended
from mathlm.search.premises import SPREAD, Premise, Retriever, draws, lines
from mathlm.types import Attempt, Candidate, Completion, Prompt, SamplingParams, Status
from mathlm.watch import NOBODY, Watch
from verify.base import Limits

if TYPE_CHECKING:
    from model.generation.base import Backend

STEP_SECONDS = 8.0
"""Wall time of one tactic: what takes longer blocks the search."""
MODEL = "model"
"""Begins the origin of what the model wrote."""
MENDED, FINISHED = ", mended", ", finished"
"""Stand in the origin of a proof that was corrected so."""
ROUNDS = 6
"""Corrections of one proof, one after the other: Lean names one unknown or forbidden constant at a time."""
FINISHING = 40_000
"""Heartbeats of a proof with automation in its gaps."""
SHORTENING = 10.0
"""Seconds that the search for a text which is easier to read may take."""
SHORTEST = 0.1
"""Seconds that the last check of a search still gets."""


@dataclass(kw_only=True, slots=True)
class Search:
    """See the module. `found` is the accepted proof, `disproof` the text of a proved negation."""

    target: Statement
    lean: Lean
    backend: Backend | None
    params: SamplingParams
    limits: Limits
    config: SearchConfig
    workers: int = 1
    retriever: Callable[[], Retriever] | None = None
    """Opens premise retrieval, which takes a while; asked on first use, by one thread."""
    forbidden: frozenset[str] = frozenset()
    """Library constants that a proof may not use, nor a prompt show."""
    rerank: Reranker | None = None
    """Puts whole proofs in order before they are checked, and is the critic of best-first search."""
    watch: Watch = NOBODY
    started: float = field(default_factory=time.monotonic)
    attempts: list[Attempt] = field(default_factory=list)
    refutations: list[Attempt] = field(default_factory=list)
    """Attempts to prove the negation."""
    disproof: str | None = None
    asked: int = 0
    """Completions that the model was asked for."""
    steps: int = 0
    """Tactics that were run outside of whole proofs."""
    _found: Sequence[Premise] | None = None
    """What retrieval gave, best first; asked on first use."""
    reads_otherwise: bool = False
    """Whether the statement would say something else below `import Mathlib`."""
    _unfinished: dict[str, str] = field(default_factory=dict)
    """Finished proofs, mended or not, and what they were before."""

    @property
    def found(self) -> Attempt | None:
        """The attempt that was accepted."""
        return self.attempts[-1] if self.attempts and self.attempts[-1].verdict.accepted else None

    @property
    def seconds_left(self) -> float:
        return self.config.seconds - (time.monotonic() - self.started)

    @property
    def over(self) -> bool:
        """Whether there is nothing more to do: proved, disproved, or out of time."""
        return self.found is not None or self.disproof is not None or self._ended

    @property
    def _ended(self) -> bool:
        """Out of time, or nobody waits any longer."""
        return self.seconds_left <= 0 or self.watch.cancelled()

    def has(self, part: Part) -> bool:
        return part in self.config.parts

    def check(self, candidates: Iterable[tuple[Candidate, Limits]]) -> Attempt | None:
        """Judge the proofs until one is accepted or the time is over; gives the accepted one.

        Those that failed are corrected, as far as these parts are on, and what comes of that is judged too.
        """
        judged = len(self.attempts)
        self._judge(candidates)
        for _ in range(ROUNDS):
            failed, judged = self.attempts[judged:], len(self.attempts)
            self._judge([(corrected, self.limits_of(corrected)) for corrected in self._corrections(failed)])
        return self.found

    def _judge(self, candidates: Iterable[tuple[Candidate, Limits]]) -> None:
        in_time = ((c, self.within(limits)) for c, limits in takewhile(lambda _: not self._ended, candidates))
        self.attempts += first_accepted(
            self.target, in_time, lean=self.lean, workers=self.workers, watch=self.watch,
            forbidden=self.forbidden,
        )  # fmt: skip

    def _corrections(self, failed: Sequence[Attempt]) -> list[Candidate]:
        """What the failing proofs become, but for what was tried before; the quick ones first."""
        if self.over:
            return []
        tried = {attempt.candidate.source for attempt in self.attempts}
        found = (corrected for tried_out in failed if (corrected := self.correct(tried_out)) is not None)
        new = {corrected.source: corrected for corrected in found if corrected.source not in tried}
        return sorted(new.values(), key=lambda candidate: FINISHED in candidate.origin)

    def correct(self, failed: Attempt) -> Candidate | None:
        """A failing proof without what Lean complained about, or else with automation in its gaps.

        None where nothing can be done about it.
        """
        candidate, verdict = failed.candidate, failed.verdict
        if verdict.status is not Status.REJECTED:
            return None
        text = self._mended(candidate.source, verdict.detail)
        if text is not None:
            if candidate.source in self._unfinished:
                self._unfinished[text] = self._unfinished[candidate.source]
            return replace(candidate, source=text, origin=_once(candidate.origin, MENDED))
        if (
            not self.has(Part.FINISH)
            or not candidate.origin.startswith(MODEL)
            or FINISHED in candidate.origin
        ):
            return None
        text = finished(candidate.source, **self._gaps())
        if text is None:
            return None
        self._unfinished[text] = candidate.source
        return replace(candidate, source=text, origin=f"{candidate.origin}{FINISHED}")

    def limits_of(self, candidate: Candidate) -> Limits:
        """Closers look far: fewer heartbeats end them long before the clock ends their worker."""
        if FINISHED not in candidate.origin:
            return self.limits
        return replace(self.limits, heartbeats=min(FINISHING, self.limits.heartbeats))

    def shorten(self) -> None:
        """Put a proof that is easier to read in place of a finished one that was accepted, if there is one.

        Ends after `SHORTENING` seconds, or with the search. Not for disproofs.
        """
        found, until = self.found, time.monotonic() + SHORTENING
        if found is None or found.candidate.source not in self._unfinished:
            return
        for text in shorter(self._unfinished[found.candidate.source], **self._gaps()):
            left = until - time.monotonic()
            if self._ended or left <= 0:
                return
            candidate = replace(found.candidate, source=text)
            limits = self.within(self.limits_of(candidate))
            tried = attempt(
                self.target, candidate, lean=self.lean, forbidden=self.forbidden,
                limits=replace(limits, seconds=min(limits.seconds, max(SHORTEST, left))),
            )  # fmt: skip
            self.watch.attempt(tried)
            if tried.verdict.accepted:
                self.attempts.append(tried)
                return
            self.attempts.insert(len(self.attempts) - 1, tried)  # the accepted one stays the last

    def spare(self, until: float) -> Limits | None:
        """Limits of a check that only makes a result plainer; None after that time, or where nobody waits."""
        left = until - time.monotonic()
        if self.watch.cancelled() or left <= 0:
            return None
        return replace(self.limits, seconds=max(SHORTEST, min(self.limits.seconds, left)))

    def _gaps(self) -> Gaps:
        """What gaps are filled with."""
        return {"lemmas": self._names, "header": self.target.preamble, "forbidden": self.forbidden}

    def _mended(self, proof: str, said: str) -> str | None:
        if not self.has(Part.MEND):
            return None
        return mended(proof, said, lemmas=self._names, theorem=self.target.theorem)

    def _names(self) -> list[str]:
        return [premise.name for premise in self.retrieved]

    def check_texts(self, proofs: Iterable[str], origin: str) -> Attempt | None:
        """The same for proof texts of one origin; those that were tried before are left out."""
        tried = {attempt.candidate.source for attempt in self.attempts}
        new = [text for text in dict.fromkeys(proofs) if text not in tried]
        return self.check((Candidate(kind="proof", source=text, origin=origin), self.limits) for text in new)

    def step(self, at: Opening, tactics: Sequence[str]) -> Step:
        """Run tactics at an opening, the last of them new."""
        self.steps += 1
        limits = replace(self.limits, seconds=min(STEP_SECONDS, self.limits.seconds))
        return run(self.lean, at, tactics, limits=self.within(limits))

    def within(self, limits: Limits) -> Limits:
        """These limits, ended by the search's own time."""
        return replace(limits, seconds=max(SHORTEST, min(limits.seconds, self.seconds_left)))

    def ask(self, prompts: Sequence[Prompt], *, max_tokens: int | None = None) -> list[Completion | None]:
        """A completion for each prompt; None where the prompt is too long or the budget is spent."""
        if self.backend is None or self.watch.cancelled():
            return [None] * len(prompts)
        affordable = list(prompts[: max(0, self.config.budget - self.asked)])
        tokens = min(self.params.max_tokens, max_tokens or self.params.max_tokens)
        params = replace(self.params, max_tokens=tokens, seed=self.params.seed + self.asked)
        self.asked += len(affordable)
        found = _generate(self.backend, affordable, params) if affordable else []
        return [*found, *[None] * (len(prompts) - len(found))]

    @property
    def lemmas(self) -> tuple[str, ...]:
        """Lines for a prompt, the best last."""
        return self.variants(1)[0]

    def variants(self, count: int) -> list[tuple[str, ...]]:
        """Lines for each of `count` prompts: those of `lemmas` first, then others (`premises.draws`)."""
        statement = self.target.text
        seed = self.params.seed
        chosen = draws(self.retrieved, k=self.config.premises, count=count, seed=seed)
        return [tuple(lines(some, statement=statement)) for some in chosen]

    @property
    def retrieved(self) -> Sequence[Premise]:
        """Premises for the statement, best first; asked for on first use, none where that part is off."""
        if self._found is None:
            wanted = SPREAD * self.config.premises if self.has(Part.PREMISES) else 0
            statement = self.target.text
            self._found = (
                self.retriever().retrieve(statement, k=wanted, exclude=self.forbidden)
                if self.retriever is not None and wanted
                else ()
            )
        return self._found


def _once(origin: str, word: str) -> str:
    """The origin with this word at its end, and only there."""
    return f"{origin.replace(word, '')}{word}"


def _generate(backend: Backend, prompts: Sequence[Prompt], params: SamplingParams) -> list[Completion | None]:
    """Completions; a prompt that the model has no room for costs only its own."""
    try:
        return list(backend.generate(prompts, params))
    except CheckpointError:
        raise
    except UsageError:
        if len(prompts) == 1:
            return [None]
        half = len(prompts) // 2
        second = replace(params, seed=params.seed + half)
        return [*_generate(backend, prompts[:half], params), *_generate(backend, prompts[half:], second)]
