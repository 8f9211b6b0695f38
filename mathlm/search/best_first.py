"""Best-first search over tactic states: the most probable state is expanded first.

A state is the goals that a list of tactics leaves. Its priority is the sum of the log-probabilities of
these tactics divided by their number of tokens, plus, where a reward model is the critic, the logarithm of
the probability that they lead to a proof. Several states are expanded in one call of the model, `width`
tactics each; a state whose printed goals were met before is dropped. A list of tactics that leaves no goal
is put together as a file and judged like any proof.
Source: GPT-f (arXiv:2009.03393, section 3.3); length normalisation and critic from InternLM2.5-StepProver
(arXiv:2410.15700, section 3).
"""

from __future__ import annotations

import heapq
import itertools
import re
import textwrap
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from mathlm.prompts import render_tactic
from mathlm.search.config import Part
from mathlm.search.lean import Step, opening
from mathlm.search.search import Search
from mathlm.types import Completion, Status

ORIGIN = "model: best-first"
BATCH = 8
"""States that are expanded together."""
MAX_TACTIC = 96
"""Tokens of a tactic."""
MAX_STATE = 4_000
"""Characters of a state that is still expanded."""

_UNWANTED = re.compile(r"\b(sorry|admit|stop)\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """Goals, and how they were reached."""

    goals: tuple[str, ...]
    tactics: tuple[str, ...] = ()
    logprob: float = 0.0
    tokens: int = 0

    @property
    def text(self) -> str:
        """All goals as Lean prints them, the current one first."""
        return "\n\n".join(self.goals)

    @property
    def priority(self) -> float:
        return self.logprob / max(1, self.tokens)


def best_first(search: Search) -> None:
    """Expand states until one leads to a proof that the judge accepts, or the expansions are used up."""
    at = opening(search.target)
    root = search.step(at, ("skip",)) if at is not None else None
    if at is None or root is None or root.status is not Status.ACCEPTED:
        return
    number = itertools.count()  # states of equal priority: the older one first
    frontier: list[tuple[float, int, State]] = []
    met: set[tuple[str, ...]] = set()

    def add(states: Sequence[State]) -> None:
        new = {s.goals: s for s in reversed(states) if s.goals not in met and len(s.text) <= MAX_STATE}
        met.update(new)
        kept = list(reversed(new.values()))
        for state, worth in zip(kept, _worth(search, kept), strict=True):
            heapq.heappush(frontier, (-worth, next(number), state))

    add([State(goals=root.goals)])
    left = search.config.expansions
    with ThreadPoolExecutor(search.workers) as pool:
        while frontier and left > 0 and not search.over and search.asked < search.config.budget:
            batch = [heapq.heappop(frontier)[2] for _ in range(min(BATCH, left, len(frontier)))]
            left -= len(batch)
            tried = list(_expand(search, batch))
            steps = pool.map(lambda state: search.step(at, state.tactics), tried)
            reached: list[State] = []
            for state, step in zip(tried, steps, strict=True):
                if step.status is not Status.ACCEPTED or search.over:
                    continue
                if not step.goals and search.check_texts([proof(state.tactics)], ORIGIN):
                    return
                if step.goals:
                    reached.append(_reached(state, step))
            add(reached)


def _worth(search: Search, states: Sequence[State]) -> list[float]:
    """What is expanded first has most."""
    if search.rerank is None or not search.has(Part.CRITIC) or not states:
        return [state.priority for state in states]
    statement = search.target.text
    judged = search.rerank.steps(statement, [proof(state.tactics) for state in states])
    return [state.priority + said for state, said in zip(states, judged, strict=True)]


def _expand(search: Search, batch: Sequence[State]) -> Iterator[State]:
    """The model's different tactics for each state, not run yet."""
    width = search.config.width
    lemmas = search.lemmas
    prompts = [render_tactic(state.text, premises=lemmas) for state in batch for _ in range(width)]
    completions = search.ask(prompts, max_tokens=MAX_TACTIC)
    for i, state in enumerate(batch):
        seen: set[str] = set()
        for completion in completions[i * width : (i + 1) * width]:
            text = tactic(completion) if completion is not None else None
            if completion is not None and text is not None and text not in seen:
                seen.add(text)
                yield State(
                    goals=state.goals,
                    tactics=(*state.tactics, text),
                    logprob=state.logprob + completion.logprob,
                    tokens=state.tokens + completion.tokens,
                )


def _reached(state: State, step: Step) -> State:
    return State(goals=step.goals, tactics=state.tactics, logprob=state.logprob, tokens=state.tokens)


def tactic(completion: Completion) -> str | None:
    """The tactic in a completion; None for one that was cut off, is empty or gives up."""
    text = completion.text.strip("\n").rstrip()
    unusable = completion.finish == "length" or not text.strip() or _UNWANTED.search(text)
    return None if unusable else textwrap.dedent(text)


def proof(tactics: Sequence[str]) -> str:
    """A `by` block of these tactics."""
    return "by\n" + "\n".join(textwrap.indent(text, "  ") for text in tactics)
