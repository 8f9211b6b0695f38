"""Figures of a run: `metrics.jsonl` and TensorBoard.

Lines of `metrics.jsonl`: `{"step", "loss", "learning_rate", "gradient_norm", "tokens",
"tokens_per_second", "mfu", "memory", "elapsed"}` for each step and `{"step", "validation_loss", "elapsed"}`.
Losses are nats per token with loss; `tokens` counts places of rows since the start of the run, empty ones
included; `mfu` is 6 x parameters x tokens/s over the matrix-product rate measured at the start, attention
scores left out; `memory` is the most bytes in use so far (device, or process on a CPU); `elapsed` is seconds
of training, over all continuations.
Contract: when a run continues at step s, lines after s are cut, so each step is there once.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Self

from mathlm.records import Records, read_jsonl, write_atomically


class Metrics:
    """Example: `with Metrics(out, step=0) as metrics: metrics.log(1, loss=8.3)`"""

    def __init__(self, out: Path, *, step: int) -> None:
        from torch.utils.tensorboard import SummaryWriter

        path = out / "metrics.jsonl"
        if path.exists():
            with Records(path):  # cuts a line that a kill tore
                kept = [line for line in read_jsonl(path) if line["step"] <= step]
            text = "".join(json.dumps(line) + "\n" for line in kept)
            write_atomically(path, lambda partial: partial.write_text(text, encoding="utf-8"))
        self._records = Records(path)
        self._board = SummaryWriter(str(out / "tensorboard"), purge_step=step + 1)

    def log(self, step: int, **figures: float) -> None:
        """One line of figures after `step` steps."""
        self._records.append({"step": step, **figures})
        for name, value in figures.items():
            self._board.add_scalar(name, value, step)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._records.close()
        self._board.close()
