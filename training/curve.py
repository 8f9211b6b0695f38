"""The curve of a training loop: `curve.json`, `curve.png` and `report.html` from the results of its rounds.

A result has `round`, `model`, `promoted`, `figure` (what promotion compares, see `figure_of`) and
`evaluation`: the summaries of `mathlm.evaluate` on the development sets, by name (`prove`, `solve`).
Contract: the files are written whole, and again from the results alone; `report.html` needs no other file.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mathlm.records import write_atomically, write_json

Row = dict[str, Any]


def figure_of(evaluation: Mapping[str, Row], *, samples: int) -> float:
    """What decides on promotion: pass@`samples`, the mean over the development sets."""
    values = [summary[f"pass@{samples}"] for summary in evaluation.values()]
    return float(sum(values) / len(values))


def point(result: Row, *, samples: int) -> Row:
    """The figures of one round, flat, with standard errors: `prove pass@1`, `prove pass@1 stderr`, …

    A proof is right when it is accepted, so the accuracy of `prove` is its pass@k and left out.
    """
    figures: Row = {key: result[key] for key in ("round", "figure", "promoted", "kept")}
    for name, summary in result["evaluation"].items():
        keys = ["pass@1", f"pass@{samples}"]
        keys += ["accuracy", "certified_right", "wrong_certified"] if name == "solve" else []
        for key in (f"{one}{end}" for one in dict.fromkeys(keys) for end in ("", "_stderr")):
            if key in summary:
                figures[f"{name} {key.replace('_', ' ')}"] = summary[key]
    return figures


def write(out: Path, results: Sequence[Row], *, samples: int, settings: Row) -> list[Row]:
    """All three files; returns the points of the curve."""
    points = [point(result, samples=samples) for result in results]
    write_json(out / "curve.json", points)
    _plot(out / "curve.png", points)
    _report(out, points, settings)
    return points


def _plot(path: Path, points: Sequence[Row]) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    drawn = [key for key in _columns(points) if points[0].get(key) is not None and key.split(" ")[0] in SETS]
    for key in (key for key in drawn if key != "solve wrong certified" and not key.endswith(STDERR)):
        rounds, values, errors = zip(
            *((p["round"], p[key], p.get(key + STDERR, 0.0)) for p in points if key in p), strict=True
        )
        axes.errorbar(rounds, values, yerr=errors, marker="o", capsize=3, label=key)
    for p in points:
        if p["promoted"]:
            axes.axvline(p["round"], color="grey", alpha=0.25, linewidth=0.8)
    axes.set(xlabel="round (grey line: promoted)", ylabel="share, with standard error")
    axes.set_ylim(0, min(1.02, 1.2 * axes.get_ylim()[1]))
    axes.set_xticks([p["round"] for p in points])
    axes.legend(fontsize="small")
    axes.grid(alpha=0.3)
    write_atomically(path, lambda partial: figure.savefig(partial, format="png", dpi=110))


SETS = ("prove", "solve")
"""Names of the development sets."""
STDERR = " stderr"


def _report(out: Path, points: Sequence[Row], settings: Row) -> None:
    image = base64.b64encode((out / "curve.png").read_bytes()).decode("ascii")
    columns = _columns(points)
    head = "".join(f"<th>{html.escape(name)}" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_shown(p.get(name, '')))}" for name in columns) + "\n"
        for p in points
    )
    facts = "".join(f"<tr><td>{html.escape(k)}<td>{html.escape(str(v))}\n" for k, v in settings.items())
    page = f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>loop: {html.escape(out.name)}</title>
<style>body{{font:15px sans-serif;max-width:60em;margin:2em auto}}img{{max-width:100%}}
td,th{{padding:.1em 1em .1em 0;vertical-align:top;text-align:left;overflow-wrap:anywhere}}</style>
<h1>loop: {html.escape(out.name)}</h1>
<table><tr>{head}
{body}</table>
<img alt="Figures over rounds" src="data:image/png;base64,{image}">
<h2>Settings</h2>
<table>
{facts}</table>
</html>
"""
    write_atomically(out / "report.html", lambda partial: partial.write_text(page, encoding="utf-8"))


def _columns(points: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(key for p in points for key in p))


def _shown(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
