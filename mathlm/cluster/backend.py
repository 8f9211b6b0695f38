"""A model on the actors of a Ray cluster, which each opened the checkpoint.

`RayBackend` is a `model.generation.base.Backend`. Prompt i has the seed `params.seed + i`, whoever takes it.
Machines see checkpoint folders under the same path (a shared file system). Errors: see
`mathlm.cluster.actors`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Self

from mathlm.cluster.actors import Actors, has_gpus
from mathlm.types import Completion, Prompt, SamplingParams
from model.generation import load_backend
from model.generation.base import Backend

GENERATE_SECONDS = 7200.0
"""Wall time of one call to a model."""
CHUNK = 64
"""Prompts of one call to a model, at most."""


class RayBackend:
    """A model on `actors` actors. Example: `with RayBackend(folder, actors=4) as backend: …`"""

    def __init__(self, folder: Path, *, actors: int, make: Callable[[], Backend] | None = None) -> None:
        self.name = folder.name
        self._size = actors
        gpus = 1 if has_gpus() else 0
        self.actors = Actors(
            make or functools.partial(load_backend, str(folder.resolve())), size=actors, gpus=gpus
        )

    def generate(
        self,
        prompts: Sequence[Prompt],
        params: SamplingParams,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Completion]:
        """See `model.generation.base.Backend`."""
        size = max(1, min(CHUNK, -(-len(prompts) // self._size)))

        def chunk(start: int) -> list[Completion]:
            part = list(prompts[start : start + size])
            own = replace(params, seed=params.seed + start)
            found: list[Completion] = self.actors.call("generate", part, own, seconds=GENERATE_SECONDS)
            if progress is not None:
                progress(len(found))
            return found

        with ThreadPoolExecutor(self._size) as pool:
            return [c for found in pool.map(chunk, range(0, len(prompts), size)) for c in found]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.actors.close()
