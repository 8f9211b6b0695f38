"""What a training loop is (`LoopConfig`), what does its work (`Tools`), and whether a folder holds the same
one.

Errors: ValueError for settings that make no loop; UsageError for data that cannot be read and for a folder
that holds another loop.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mathlm.errors import UsageError
from mathlm.pipeline import SolveLimits
from mathlm.records import write_json
from mathlm.search import Part, SearchConfig
from mathlm.search.lean import Lean
from mathlm.search.premises import Retriever
from mathlm.types import SamplingParams, to_json
from mathlm.voting import Python
from model.checkpoint import model_hash
from model.generation.base import Backend
from training.optim import OptimConfig
from training.run import MAY_CHANGE, RunConfig
from training.select import Window
from training.sft import OPTIM

Row = dict[str, Any]
Kind = Literal["prove", "solve"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LoopConfig:
    """What a loop is. Example: `LoopConfig(out=Path("loop"), init=Path("sft"), rounds=3, samples=8, …)`"""

    out: Path
    init: Path
    """Checkpoint folder that the loop begins with."""
    base_data: tuple[Path, ...]
    """Fine-tuning lines that every round trains on besides."""
    rounds: int
    samples: int
    """Of each problem, in rollouts and on the development sets."""
    params: Mapping[Kind, SamplingParams]
    """Of proofs and of programs, in round 0; rollouts of other rounds have other seeds."""
    limits: SolveLimits
    sft: RunConfig
    """Of each round's fine-tuning; its `out` is not read."""
    optim: OptimConfig = OPTIM
    problems: Mapping[Kind, Path]
    """Rollout problems: JSON lines `{"id","statement"}` and `{"id","question","answer"}`."""
    development: Mapping[Kind, Path]
    """Development sets, the same lines."""
    keep: int = 2
    """Samples of one problem that are trained on, at most."""
    window: Window = (0.0, 0.75)
    """Pass rates that are trained on: above the first, at most the second (see `training.select`)."""
    start_from: Literal["init", "best"] = "init"
    """Checkpoint that each fine-tuning starts from."""
    conjectures: int = 0
    """New statements that the model proposes in a round."""
    premises: bool = True
    """Whether half of the prompts show lemmas of the library, where it was read."""
    workers: int = 1

    def __post_init__(self) -> None:
        if not self.problems or not self.development:
            raise ValueError("give problems to roll out and a development set, of statements or of questions")
        if not 0 <= self.window[0] < self.window[1] <= 1:
            raise ValueError(f"window must be LOW < HIGH in [0, 1], got {self.window}")
        for name in ("rounds", "samples", "keep", "workers"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.conjectures < 0:
            raise ValueError(f"conjectures must not be negative, got {self.conjectures}")
        if self.conjectures and "prove" not in self.problems:
            raise ValueError("conjectures are made from proved statements: give statements to roll out")

    @property
    def search(self) -> SearchConfig:
        """How samples become proofs: mended, but without automation and without what learns from failures."""
        parts = {Part.WHOLE, Part.MEND, *([Part.PREMISES] if self.premises else [])}
        return SearchConfig(parts=frozenset(parts), samples=self.samples)

    def identity(self) -> Row:
        """What must be the same for a loop to be continued."""
        free = ("out", "rounds", "workers", "base_data", "problems", "development", "init", "sft")
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name not in free}
        run = {k: v for k, v in dataclasses.asdict(self.sft).items() if k not in ("out", *MAY_CHANGE)}
        files = [*self.base_data, *self.problems.values(), *self.development.values()]
        data = {str(path): _sha256(path) for path in files}
        whole = {
            **to_json(fields), "sft": run, "data": data, "init": model_hash(self.init),
            "search": self.search.identity(),
        }  # fmt: skip
        plain: Row = json.loads(json.dumps(whole, default=str))
        return plain


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """What does the work. `backend(folder)` opens a checkpoint for generation, for a `with` block."""

    backend: Callable[[Path], AbstractContextManager[Backend]]
    lean: Lean | None
    python: Python | None
    retriever: Callable[[], Retriever] | None = None
    held_out: frozenset[str] = frozenset()
    """Normal texts (`training.rollout.normal`) that are never rolled out: the library's test theorems."""


def same_run(config: LoopConfig) -> Row:
    """Write the configuration of a new loop; refuse a folder that holds another one."""
    path, wanted = config.out / "config.json", config.identity()
    if not path.exists():
        write_json(path, wanted)
    before: Row = json.loads(path.read_text(encoding="utf-8"))
    if changed := sorted(key for key in {*before, *wanted} if before.get(key) != wanted.get(key)):
        raise UsageError(
            f"{config.out} holds a loop with other settings ({', '.join(changed)}): "
            "repeat the old ones to continue it, or choose another --out"
        )
    return wanted


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror}): name a readable file") from None
