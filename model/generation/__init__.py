"""Text generation behind one seam, `Backend`; `load_backend` opens one by model name or path.

Importing this package loads no torch: each backend is imported when it is opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from mathlm.errors import CheckpointError
from model.generation.base import Backend

__all__ = ["WEIGHTS", "Backend", "load_backend", "resolve_model"]

WEIGHTS = Path(__file__).parent.parent / "weights"
"""Where the models that ship with the package are: a name is a folder here."""


def resolve_model(name_or_path: str | Path) -> Path:
    """The checkpoint folder of a shipped model's name, or of a path (a folder that exists wins)."""
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        return path
    named = WEIGHTS / str(name_or_path)
    if len(path.parts) == 1 and named.is_dir():
        return named
    shipped = sorted(x.name for x in WEIGHTS.iterdir() if x.is_dir()) if WEIGHTS.is_dir() else []
    raise CheckpointError(
        f"there is no model {str(name_or_path)!r}: give the path of a checkpoint folder"
        + (f" or one of {', '.join(shipped)}" if shipped else "")
    )


def load_backend(
    name_or_path: str | Path,
    *,
    kind: Literal["native", "hf"] = "native",
    device: str | None = None,
    max_batch: int = 64,
    threads: int | None = None,
    context: int | None = None,
) -> Backend:
    """Open a model for generation.

    `native` is this project's decoder, `hf` transformers' `generate`. `device` defaults to the GPU when
    there is one. `threads` sets torch's CPU threads for the whole process: beside checks on the same cores
    fewer threads are quicker than threads that wait for each other. `context` makes the native decoder read
    so many tokens, beyond the trained length by scaling RoPE.
    Raises CheckpointError for a missing or corrupt model, ValueError for another kind.
    """
    folder = resolve_model(name_or_path)
    if threads is not None:
        import torch

        torch.set_num_threads(threads)
    if kind == "native":
        from model.generation.native import NativeBackend

        return NativeBackend.load(folder, device=device, max_batch=max_batch, context=context)
    if kind == "hf":
        from model.generation.hf import HFBackend

        return HFBackend.load(folder, device=device, max_batch=max_batch)
    raise ValueError(f"kind must be 'native' or 'hf', got {kind!r}")
