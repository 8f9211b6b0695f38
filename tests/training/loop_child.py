"""Runs a loop with scripted Lean and Python on a tiny checkpoint, and dies by SIGKILL where it is told.

Usage: `loop_child.py FOLDER DIE_AT`. DIE_AT is `STEP` (dies inside that step of round 1) or `none`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch

from mathlm.pipeline import SolveLimits
from mathlm.types import Completion, Prompt, SamplingParams
from training import conjecture, expert_iteration, sft
from training.loop_config import LoopConfig, Tools
from training.optim import OptimConfig
from training.run import RunConfig
from verify.base import Limits
from verify.fake import FakeLeanVerifier, FakePythonVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)
GOOD, BETTER = "by good", "by better"


class Scripted:
    """A model whose samples depend on prompt and seed; better after round 1. It proposes conjectures too."""

    name = "scripted"

    def __init__(self, folder: Path, calls: Path) -> None:
        self.trained = "round-" in str(folder)
        self.calls = calls

    def generate(
        self, prompts: Sequence[Prompt], params: SamplingParams, *, progress: Any = None
    ) -> list[Completion]:
        with self.calls.open("a") as file:
            file.write(f"{len(prompts)}\n")
        return [self._complete(prompt.text, params.seed + i) for i, prompt in enumerate(prompts)]

    def _complete(self, prompt: str, seed: int) -> Completion:
        text = "by bad"
        if "State a new theorem" in prompt:
            text = f"theorem new : {seed % 7} + 3 = {seed % 7 + 3}"
        elif "gcd" in prompt:
            text = "```python\nimport math\nprint(math.gcd(12, 18))\n```" if seed % 2 else "print"
        elif self.trained or seed % 5 == 0:
            text = BETTER if self.trained else GOOD
        return Completion(text=text, finish="stop", tokens=3, logprob=-1.0)


class Deadly(FakeLeanVerifier):
    """Kills the process at the check with this number."""

    def __init__(self, *args: Any, at: int) -> None:
        super().__init__(*args)
        self.left = at

    def check(self, source: str, **options: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            die()
        return super().check(source, **options)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def config(folder: Path, *, rounds: int = 2, **options: Any) -> LoopConfig:
    run = RunConfig(
        out=folder, steps=4, batch_tokens=256, micro_tokens=256, row_lengths=(128,), evaluations=1,
        compile="off", precision="fp32", threads=1, device="cpu", checkpoint_minutes=1e-6,
    )  # fmt: skip
    params = SamplingParams(max_tokens=50, temperature=1.0, seed=0)
    base: dict[str, Any] = {
        "out": folder / "loop", "init": folder / "init", "base_data": (folder / "base.jsonl",),
        "rounds": rounds, "samples": 4, "params": {"prove": params, "solve": params},
        "limits": SolveLimits(program=LIMITS, comparison=LIMITS, lean=LIMITS), "sft": run,
        "optim": OptimConfig(muon_lr=0.001, adam_lr=0.001), "window": (0.0, 0.9), "conjectures": 3,
        "problems": {"prove": folder / "statements.jsonl", "solve": folder / "questions.jsonl"},
        "development": {"prove": folder / "dev.jsonl"},
    }  # fmt: skip
    return LoopConfig(**{**base, **options})


def tools(folder: Path, *, lean: Any = None) -> Tools:
    @contextlib.contextmanager
    def backend(model: Path) -> Iterator[Scripted]:
        yield Scripted(model, folder / "calls.txt")

    python = FakePythonVerifier({"import math\nprint(math.gcd(12, 18))": "6"})
    return Tools(backend=backend, lean=lean or FakeLeanVerifier(proves), python=python)


def proves(source: str) -> bool:
    return source.rstrip().endswith((GOOD, BETTER))


def main(folder: Path, die_at: str) -> None:
    torch.set_num_threads(1)
    lean: Any = None
    if die_at == "evaluate":
        lean = Deadly(proves, at=3)
    elif die_at == "rollout":
        lean = Deadly(proves, at=45)
    elif die_at == "conjecture":
        conjecture.elaborate = lambda *_, **__: die()  # type: ignore[attr-defined]
    elif die_at == "select":
        expert_iteration.select = lambda *_, **__: die()  # type: ignore[attr-defined]
    elif die_at == "train":
        step = sft.Trainer.step

        def dying(self: Any, *args: Any) -> Any:
            if self.optimizer.steps_done == 2:
                die()
            return step(self, *args)

        sft.Trainer.step = dying  # type: ignore[method-assign]
    elif die_at == "curve":
        expert_iteration.curve.write = lambda *_, **__: die()  # type: ignore[attr-defined]
    expert_iteration.main(config(folder), tools(folder, lean=lean))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
