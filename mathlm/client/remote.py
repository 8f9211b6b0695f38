"""`RemoteVerifier`: the calls of `verify.lean.verifier.LeanVerifier`, answered by `mathlm serve`.

Contract. As there: thread-safe, a bad candidate never raises, and a server that cannot be asked is a verdict
`infra_error`. Of the limits only the seconds go to the server; memory and heartbeats are its own. Steps run
on proof states that one server keeps; a state that has expired is made again from its source.
Errors: KeyRefused (setting it right needs a person); LimitHit where the server could not answer a step
inside its limits; UsageError for what a server does not offer.
Not covered: reading the library (`library`), so the model sees no lemmas; rules of one's own; the second
kernel, which the server has or has not (`mathlm serve --paranoid`).
"""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NoReturn, Self

from mathlm.client import wire
from mathlm.client.errors import KeyRefused, RequestRefused, ServerFailed, StateExpired
from mathlm.client.synchronous import Client
from mathlm.errors import LimitHit, UsageError
from mathlm.types import Candidate, Status, Verdict
from verify.base import Limits
from verify.lean.protocol import GoalsAnswer, Hole, StepAnswer

PROBE = "theorem probe : True := trivial"
KEPT_STATES = 4096
_Place = tuple[str, int, tuple[str, ...]]
"""A source, the number of a `sorry` in it, and the tactics that ran there."""


class RemoteVerifier:
    """Example: `with RemoteVerifier(["http://a:8000"]) as lean: lean.check(source, limits=limits)`"""

    def __init__(self, urls: str | Sequence[str], *, key: str | None = None, at_once: int = 16) -> None:
        self.client = Client(urls, key=key)
        self._at_once = at_once
        self._states: OrderedDict[_Place, tuple[wire.State, tuple[str, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    @functools.cached_property
    def toolchain(self) -> str:
        """What judges there, asked once."""
        return self.client.check(PROBE, vacuity=False).toolchain

    def warm(self, *, judges: bool = True) -> None:
        """Nothing to start: the server has."""

    def check(
        self,
        source: str,
        *,
        statement: str | None = None,
        limits: Limits,
        describe: bool = False,
        forbidden: frozenset[str] | tuple[str, ...] = (),
    ) -> Verdict:
        """See `LeanVerifier.check`; with `describe` the server also looks for contradicting hypotheses."""
        try:
            return self.client.check(
                source,
                statement=statement,
                timeout=limits.seconds,
                forbidden=sorted(forbidden),
                vacuity=describe,
            )
        except KeyRefused:
            raise
        except (RequestRefused, ServerFailed) as error:
            return Verdict(status=Status.INFRA_ERROR, detail=str(error))

    def check_timed(
        self,
        source: str,
        *,
        statement: str | None = None,
        limits: Limits,
        describe: bool = False,
        forbidden: frozenset[str] | tuple[str, ...] = (),
    ) -> tuple[Verdict, tuple[float, float]]:
        """The verdict, and its milliseconds in the server, not told apart: (all, 0)."""
        verdict = self.check(
            source, statement=statement, limits=limits, describe=describe, forbidden=forbidden
        )
        return verdict, (verdict.seconds * 1000, 0.0)

    def check_many(
        self,
        requests: Sequence[tuple[str, str | None]],
        *,
        limits: Limits,
        progress: Callable[[int], None] | None = None,
    ) -> list[Verdict]:
        """Verdicts for (source, statement) pairs, in order."""
        return self.client.check_many(
            requests, timeout=limits.seconds, at_once=self._at_once, progress=progress
        )

    def verify(self, candidate: Candidate, *, limits: Limits) -> Verdict:
        """The verdict on a proof candidate: its source, against its formal statement."""
        if candidate.kind != "proof" or candidate.formal_statement is None:
            raise ValueError("this checks proofs of a formal statement, got a candidate without one")
        return self.check(candidate.source, statement=candidate.formal_statement, limits=limits)

    def goals(self, source: str, *, limits: Limits) -> GoalsAnswer:
        """The goals at each `sorry`."""
        found = self._goals(source, limits)
        holes = tuple(
            Hole(goals=p.goals, line=p.line, column=p.column, end_line=p.end_line, end_column=p.end_column)
            for p in found.sorries
        )
        return GoalsAnswer(holes=holes, messages=found.messages)

    def step(self, source: str, *, hole: int, tactics: Sequence[str], limits: Limits) -> StepAnswer:
        """The goals after running `tactics` at the `hole`-th `sorry` of the source (for search only)."""
        place = (source, hole, tuple(tactics))
        try:
            return self._step(place, limits)
        except StateExpired:
            self._forget(place)
        except ServerFailed:
            if len(self.client.servers) == 1:
                raise
            self._forget(place)  # the server that kept its states is gone: another makes them again
        try:
            return self._step(place, limits)
        except StateExpired as error:
            raise ServerFailed(f"{error}; the server forgets states before they are used") from None

    def library(self, module: int, *, start: int = 0, limits: Limits) -> NoReturn:
        """Not offered."""
        raise UsageError("a server does not list Lean's library: leave out --verifier for this")

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _goals(self, source: str, limits: Limits) -> wire.Goals:
        try:
            found = self.client.goals(source, timeout=limits.seconds, tactics=False)
        except RequestRefused as error:
            raise _limit(error) from None
        for number, place in enumerate(found.sorries):
            if place.state is not None:
                self._keep((source, number, ()), place.state, place.goals)
        return found

    def _step(self, place: _Place, limits: Limits) -> StepAnswer:
        """Run what of the tactics has not run yet, from the longest beginning that is known."""
        source, hole, tactics = place
        done = next((n for n in range(len(tactics), -1, -1) if self._kept((source, hole, tactics[:n]))), -1)
        if done < 0:
            places = self._goals(source, limits).sorries
            if hole >= len(places):
                return StepAnswer(error=f"the source has {len(places)} holes, there is none of number {hole}")
            done = 0
        kept = self._kept((source, hole, tactics[:done]))
        if kept is None:  # pushed out by others meanwhile, or a hole whose state the server does not give
            raise ServerFailed("the server gave no state to step from: use another version of it")
        state, goals = kept
        for count in range(done, len(tactics)):
            try:
                stepped = self.client.step(state, tactics[count], timeout=limits.seconds)
            except StateExpired:
                raise
            except RequestRefused as error:
                raise _limit(error) from None
            if stepped.error is not None or stepped.state is None:
                return StepAnswer(error=stepped.error or stepped.status)
            state, goals = stepped.state, stepped.goals
            self._keep((source, hole, tactics[: count + 1]), state, goals)
        return StepAnswer(goals=goals)

    def _forget(self, place: _Place) -> None:
        """All that is known of this hole."""
        with self._lock:
            for known in [other for other in self._states if other[:2] == place[:2]]:
                del self._states[known]

    def _kept(self, place: _Place) -> tuple[wire.State, tuple[str, ...]] | None:
        with self._lock:
            found = self._states.get(place)
            if found is not None:
                self._states.move_to_end(place)
            return found

    def _keep(self, place: _Place, state: wire.State, goals: tuple[str, ...]) -> None:
        with self._lock:
            self._states[place] = (state, goals)
            while len(self._states) > KEPT_STATES:
                self._states.popitem(last=False)


def _limit(error: RequestRefused) -> Exception:
    """A refused step is one that came to the server's limits, but for the key."""
    return error if isinstance(error, KeyRefused) else LimitHit(str(error))
