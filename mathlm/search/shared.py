"""One model for several searches at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mathlm.types import Completion, Prompt, SamplingParams

if TYPE_CHECKING:
    from model.generation.base import Backend


class SharedBackend:
    """A backend whose calls wait for each other: a model generates faster for one caller at a time."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._backend.name

    def generate(
        self,
        prompts: Sequence[Prompt],
        params: SamplingParams,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Completion]:
        """See `model.generation.base.Backend`."""
        with self._lock:
            return self._backend.generate(prompts, params, progress=progress)
