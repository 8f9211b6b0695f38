"""What proving, solving, stepping and chatting need besides Lean: the model, Python, lemmas, sessions.

Contract. Each is opened when it is first asked for, once for all, and closed with the service; opening
blocks, so it is done in a thread. Text runs on `texts` and tactic steps on `steps`, queues of their own:
they take seconds, and must not wait behind searches that take minutes.
Errors: `NoModel`, whose text tells a client what to ask for instead.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mathlm.api.goals import GoalStates
from mathlm.api.queue import Queue
from mathlm.api.settings import Settings
from mathlm.config import cores
from mathlm.errors import InfraError, MathlmError
from mathlm.search.premises import Retriever

if TYPE_CHECKING:
    from mathlm.cluster.lean import RayLean
    from model.generation.engine import Engine
    from verify.lean.verifier import LeanVerifier
    from verify.python.verifier import PythonVerifier

TEXTS_AT_ONCE, TEXTS_WAITING, TEXTS_PER_CLIENT = 32, 256, 128
STEPPERS = 2
"""Lean processes for tactic stepping."""
STEPS_WAITING, STEPS_PER_CLIENT = 256, 64
log = logging.getLogger("mathlm.serve")


class NoModel(InfraError):
    """There is no model here to ask."""


class Tools:
    """See the module."""

    def __init__(self, settings: Settings, lean: LeanVerifier | RayLean) -> None:
        self._settings, self._lean = settings, lean
        self.texts = Queue(slots=TEXTS_AT_ONCE, bound=TEXTS_WAITING, per_client=TEXTS_PER_CLIENT, name="text")
        self.steps = Queue(  # a client has one session, in which one step is made at a time
            slots=STEPPERS, bound=STEPS_WAITING, per_client=STEPS_PER_CLIENT, at_once=1, name="step"
        )
        self.goals = GoalStates(lean.runtime.spawn, processes=STEPPERS)
        self._opening = threading.Lock()
        self._engine: Engine | None = None
        self._python: PythonVerifier | None = None
        self._retriever: Retriever | None = None

    @property
    def model_name(self) -> str | None:
        """The model's name, which says nothing of where it lies; None where there is none."""
        return Path(self._settings.model).name or None

    def engine(self) -> Engine:
        """The model, opened. Raises NoModel."""
        if self.model_name is None:
            raise NoModel(
                "this server runs without a model: ask for `search: automation,mathlib,disprove` on "
                "/v1/prove, or start `mathlm serve` without --no-model"
            )
        with self._opening:
            if self._engine is None:
                self._engine = self._open()
            return self._engine

    def _open(self) -> Engine:
        from model.generation import load_backend
        from model.generation.engine import Engine
        from model.generation.native import NativeBackend

        threads = max(1, cores() - self._settings.workers)  # checks run beside it
        try:
            backend = load_backend(self._settings.model, threads=threads)
        except MathlmError as error:
            log.error("the model cannot be opened", exc_info=error)
            raise NoModel(
                "the server's model cannot be opened; its log says why, and `--model NAME` names another"
            ) from None
        assert isinstance(backend, NativeBackend)
        return Engine(backend)

    def python(self) -> PythonVerifier:
        """The Python sandbox; its processes start with the first program."""
        from verify.python.verifier import PythonVerifier

        with self._opening:
            if self._python is None:
                self._python = PythonVerifier(workers=self._settings.jobs)
            return self._python

    def retriever(self) -> Callable[[], Retriever] | None:
        """What finds lemmas for prompts; None where the library was not read (`mathlm setup` does that)."""
        from mathlm import premises

        return self._lemmas if premises.is_ready(self._lean.runtime) else None

    def _lemmas(self) -> Retriever:
        from mathlm import premises

        with self._opening:
            if self._retriever is None:
                self._retriever = premises.retriever(self._lean)
            return self._retriever

    def stop(self) -> None:
        """Take no new work."""
        self.texts.stop()
        self.steps.stop()

    def abandon(self) -> None:
        """Answer what is still under way as not done."""
        self.texts.abandon()
        self.steps.abandon()

    def let_go(self) -> None:
        """Let go of the queues' threads."""
        self.texts.close()
        self.steps.close()

    def close(self) -> None:
        """End everything; blocks until the model's thread has ended."""
        self.goals.close()
        if self._engine is not None:
            self._engine.close()
        if self._python is not None:
            self._python.close()
