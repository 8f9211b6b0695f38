"""The page of a run: `report.html`, with `loss.png` beside it.

Contract: the page needs no other file and no network, is readable on a phone, and follows the reader's light
or dark setting, the curves too. It shows the summary, curves (loss, speed, gradient norm, learning rate),
completions of held-out prompts, settings, data hashes, commit and environment.
Not covered: comparing runs (TensorBoard does that).
"""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mathlm.records import read_jsonl, write_atomically
from mathlm.types import Prompt, SamplingParams
from model.generation.native import NativeBackend
from model.tokenizer import Tokenizer
from model.transformer import Transformer
from training.corpus import Corpus

COMPLETIONS = 4
COMPLETION_TOKENS = 256
LIGHT = {"ink": "#1f2328", "quiet": "#8a929a", "lines": ("#0b62c4", "#c2410c")}
DARK = {"ink": "#e6e8eb", "quiet": "#79828c", "lines": ("#6cb2ff", "#ff9a5c")}
SMALL_CURVES = (
    ("tokens_per_second", "tokens/s"),
    ("gradient_norm", "gradient norm"),
    ("learning_rate", "learning rate"),
)
STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --page: #ffffff; --quiet: #59636e; --card: #f4f6f8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --page: #14171a; --quiet: #9aa4ae; --card: #1e2327; }
}
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page);
       max-width: 52rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; margin: .5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { color: var(--quiet); margin: .25rem 0; }
img { display: block; width: 100%; height: auto; margin: .5rem 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .5rem; }
.cards div { background: var(--card); border-radius: .5rem; padding: .5rem .75rem; }
.cards span { display: block; color: var(--quiet); font-size: .8rem; }
.cards b { font-size: 1.15rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; table-layout: fixed; }
th { text-align: left; font-weight: normal; color: var(--quiet); width: 45%; }
td, th { padding: .2rem .5rem .2rem 0; vertical-align: top; overflow-wrap: anywhere;
         border-bottom: 1px solid var(--card); }
pre { background: var(--card); border-radius: .5rem; padding: .75rem; margin: .25rem 0 1rem;
      white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
"""


@torch.compiler.set_stance("force_eager")
def complete(model: Transformer, tokenizer: Tokenizer, corpus: Corpus) -> list[dict[str, str]]:
    """Greedy completions of the first held-out prompts, beside what the data says; none for plain text."""
    chosen = [int(i) for i in np.flatnonzero(corpus.held_out & (corpus.loss_from > 1))]
    pairs: list[tuple[str, str]] = []
    for i in chosen:
        ids = corpus.tokens[corpus.starts[i] : corpus.starts[i + 1]].tolist()
        cut = int(corpus.loss_from[i])
        if len(ids) < model.config.context:
            pairs.append((tokenizer.decode(ids[:cut]), tokenizer.decode(ids[cut:-1])))
        if len(pairs) == COMPLETIONS:
            break
    prompts = [Prompt(text=prompt) for prompt, _ in pairs]
    done = NativeBackend(model, tokenizer).generate(prompts, SamplingParams(max_tokens=COMPLETION_TOKENS))
    return [
        {"prompt": prompt, "completion": x.text, "expected": expected}
        for (prompt, expected), x in zip(pairs, done, strict=True)
    ]


def report(out: Path, summary: Mapping[str, Any], samples: Sequence[Mapping[str, str]] = ()) -> None:
    """Write `loss.png` and `report.html` from `metrics.jsonl`, `run.json` and what is given."""
    lines = list(read_jsonl(out / "metrics.jsonl"))
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    loss = {name: _loss_curve(lines, colours) for name, colours in (("light", LIGHT), ("dark", DARK))}
    small = {name: _small_curves(lines, colours) for name, colours in (("light", LIGHT), ("dark", DARK))}
    write_atomically(out / "loss.png", lambda partial: partial.write_bytes(loss["light"]))
    data = facts.pop("data", {})
    config = facts.pop("config", {})
    title = f"{facts['stage']}: {out.name}"
    page = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>{STYLE}</style>
<h1>{html.escape(title)}</h1>
<p>commit {html.escape(str(facts.get("git")))}</p>
<div class="cards">{_cards(summary)}</div>
<h2>Loss</h2>
{_picture(loss, "Training and held-out loss over steps")}
<h2>Speed, gradients, learning rate</h2>
{_picture(small, "Tokens per second, gradient norm and learning rate over steps")}
{_samples(samples)}
<h2>Settings</h2>
{_table(_flat(config))}
<h2>Data (sha256)</h2>
{_table(data)}
<h2>Environment</h2>
{_table(facts)}
</html>
"""
    write_atomically(out / "report.html", lambda partial: partial.write_text(page, encoding="utf-8"))


def smooth(values: Sequence[float], *, share: float = 0.02) -> list[float]:
    """Exponential average over about `share` of the values, corrected for its start."""
    weight = 1 / max(1.0, len(values) * share)
    total, norm, result = 0.0, 0.0, []
    for value in values:
        total += weight * (value - total)
        norm += weight * (1 - norm)
        result.append(total / norm)
    return result


def _points(lines: Sequence[Mapping[str, Any]], name: str) -> tuple[list[int], list[float]]:
    found = [(line["step"], line[name]) for line in lines if name in line]
    return [step for step, _ in found], [value for _, value in found]


def _loss_curve(lines: Sequence[Mapping[str, Any]], colours: Mapping[str, Any]) -> bytes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.8), layout="constrained")
    axes = figure.subplots()
    steps, losses = _points(lines, "loss")
    axes.plot(steps, losses, color=colours["lines"][0], alpha=0.3, linewidth=0.8)
    axes.plot(steps, smooth(losses), color=colours["lines"][0], linewidth=1.8, label="training (smoothed)")
    steps, losses = _points(lines, "validation_loss")
    if steps:
        axes.plot(steps, losses, color=colours["lines"][1], marker=".", linewidth=1.8, label="held out")
    axes.set_xlabel("step")
    axes.set_ylabel("loss (nats per token)")
    axes.legend(frameon=False, labelcolor=colours["ink"], fontsize=12)
    return _png(figure, colours)


def _small_curves(lines: Sequence[Mapping[str, Any]], colours: Mapping[str, Any]) -> bytes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 6), layout="constrained")
    for axes, (name, label) in zip(figure.subplots(3, 1, sharex=True), SMALL_CURVES, strict=True):
        steps, values = _points(lines, name)
        axes.plot(steps, values, color=colours["lines"][0], alpha=0.3, linewidth=0.8)
        axes.plot(steps, smooth(values), color=colours["lines"][0], linewidth=1.8)
        axes.set_ylabel(label)
    figure.axes[-1].set_xlabel("step")
    return _png(figure, colours)


def _png(figure: Any, colours: Mapping[str, Any]) -> bytes:
    """The figure on a transparent ground, in letters that a phone can show."""
    for axes in figure.axes:
        axes.patch.set_alpha(0)
        axes.grid(alpha=0.25, color=colours["quiet"])
        axes.tick_params(colors=colours["ink"], labelsize=11)
        for label in (axes.xaxis.label, axes.yaxis.label):
            label.set(color=colours["ink"], fontsize=12)
        for spine in axes.spines.values():
            spine.set_color(colours["quiet"])
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=150, transparent=True)
    return buffer.getvalue()


def _picture(images: Mapping[str, bytes], words: str) -> str:
    light, dark = (f"data:image/png;base64,{base64.b64encode(images[x]).decode()}" for x in ("light", "dark"))
    return (
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="{dark}">'
        f'<img alt="{html.escape(words)}" src="{light}"></picture>'
    )


def _cards(summary: Mapping[str, Any]) -> str:
    return "".join(
        f"<div><span>{html.escape(name.replace('_', ' '))}</span><b>{html.escape(_shown(name, x))}</b></div>"
        for name, x in summary.items()
        if x is not None
    )


def _samples(samples: Sequence[Mapping[str, str]]) -> str:
    parts = []
    for sample in samples:
        texts = {"prompt": sample["prompt"], "completion": sample["completion"]}
        if sample["expected"] != sample["completion"]:
            texts["in the data"] = sample["expected"]
        shown = (f"<p>{name}</p><pre>{html.escape(text)}</pre>" for name, text in texts.items())
        parts.append("\n".join(shown) + ("" if "in the data" in texts else "<p>as in the data</p>"))
    return "<h2>Completions of held-out prompts</h2>\n" + "\n<hr>\n".join(parts) if parts else ""


def _flat(value: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, item in value.items():
        flat |= _flat(item, f"{name}{key}.") if isinstance(item, dict) else {f"{name}{key}": item}
    return flat


def _table(values: Mapping[str, Any]) -> str:
    rows = (f"<tr><th>{html.escape(k)}<td>{html.escape(_shown(k, v))}" for k, v in values.items())
    return "<table>\n" + "\n".join(rows) + "\n</table>"


def _shown(name: str, value: Any) -> str:
    if name == "memory":
        return f"{value / 2**30:.2f} GiB"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
