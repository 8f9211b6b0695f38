"""Figures of a run: `metrics.jsonl`, TensorBoard, a loss curve and a small report page.

Lines of `metrics.jsonl`: `{"step", "loss", "learning_rate", "gradient_norm", "tokens",
"tokens_per_second", "elapsed"}` for each step and `{"step", "validation_loss", "elapsed"}`. Losses are
nats per token with loss; `tokens` counts places of rows since the start of the run, empty ones included;
`elapsed` is seconds of training, over all continuations.
Contract: when a run continues at step s, lines after s are cut, so each step is there once.
`report.html` needs no other file.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mathlm.records import Records, read_jsonl, write_atomically

PLOT_COLOURS = ("tab:blue", "tab:orange")


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


def smooth(values: Sequence[float], *, share: float = 0.02) -> list[float]:
    """Exponential average over about `share` of the values, corrected for its start."""
    weight = 1 / max(1.0, len(values) * share)
    total, norm, result = 0.0, 0.0, []
    for value in values:
        total += weight * (value - total)
        norm += weight * (1 - norm)
        result.append(total / norm)
    return result


def plot(out: Path) -> None:
    """Write `loss.png` from `metrics.jsonl`."""
    from matplotlib.figure import Figure

    lines = list(read_jsonl(out / "metrics.jsonl"))
    training = [(line["step"], line["loss"]) for line in lines if "loss" in line]
    validation = [(line["step"], line["validation_loss"]) for line in lines if "validation_loss" in line]
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    steps, losses = zip(*training, strict=True)
    axes.plot(steps, losses, color=PLOT_COLOURS[0], alpha=0.25, linewidth=0.8)
    axes.plot(steps, smooth(losses), color=PLOT_COLOURS[0], label="training (smoothed)")
    if validation:
        axes.plot(*zip(*validation, strict=True), color=PLOT_COLOURS[1], marker=".", label="held out")
    axes.set(xlabel="step", ylabel="loss (nats per token)")
    axes.legend()
    axes.grid(alpha=0.3)
    write_atomically(out / "loss.png", lambda partial: figure.savefig(partial, format="png", dpi=110))


def report(out: Path, summary: dict[str, Any]) -> None:
    """Write `report.html`: summary, loss curve, configuration. Needs `loss.png` and `run.json`."""
    image = base64.b64encode((out / "loss.png").read_bytes()).decode("ascii")
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    page = f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{html.escape(facts["stage"])}: {html.escape(out.name)}</title>
<style>body{{font:15px sans-serif;max-width:50em;margin:2em auto}}img{{max-width:100%}}
td{{padding:.1em 1em .1em 0;vertical-align:top;overflow-wrap:anywhere}}</style>
<h1>{html.escape(facts["stage"])}: {html.escape(out.name)}</h1>
{_table(summary)}
<img alt="Loss over steps" src="data:image/png;base64,{image}">
<h2>Settings</h2>
{_table(_flat(facts))}
</html>
"""
    write_atomically(out / "report.html", lambda partial: partial.write_text(page, encoding="utf-8"))


def _flat(value: dict[str, Any], name: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, item in value.items():
        flat |= _flat(item, f"{name}{key}.") if isinstance(item, dict) else {f"{name}{key}": item}
    return flat


def _table(values: dict[str, Any]) -> str:
    rows = (f"<tr><td>{html.escape(k)}<td>{html.escape(_shown(v))}" for k, v in values.items())
    return "<table>\n" + "\n".join(rows) + "\n</table>"


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
