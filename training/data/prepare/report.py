"""The report of a prepared folder: counts for each source and step, and examples of what was dropped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

EXAMPLES = 3
"""Of each step and reason."""
SHOWN = 160
"""Characters of an example in the Markdown."""

Json = dict[str, Any]


def build(counts: Mapping[str, Mapping[str, int]], dropped: Iterable[Json], *, evaluation_items: int) -> Json:
    """The report as plain values."""
    examples: dict[str, list[Json]] = {}
    for line in dropped:
        found = examples.setdefault(f"{line['step']}: {line['reason']}", [])
        if len(found) < EXAMPLES:
            found.append(line)
    total: dict[str, int] = {}
    for source in counts.values():
        for what, number in source.items():
            total[what] = total.get(what, 0) + number
    by_source = {name: dict(sorted(found.items())) for name, found in sorted(counts.items())}
    return {
        "counts": {"all": dict(sorted(total.items())), **by_source},
        "evaluation_items": evaluation_items,
        "examples": dict(sorted(examples.items())),
    }


def as_json(report: Json) -> str:
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def as_markdown(report: Json) -> str:
    """Tables and examples for a person."""
    counts: dict[str, dict[str, int]] = report["counts"]
    names = [name for name in counts if name != "all"]
    rows = ["read", *sorted(counts["all"].keys() - {"read", "kept"}), "kept"]
    lines = ["# What was kept and dropped", ""]
    lines += ["| step: reason | all | " + " | ".join(names) + " |", "|---" * (len(names) + 2) + "|"]
    for row in rows:
        figures = [f"{counts[name].get(row, 0):,}" for name in ("all", *names)]
        lines.append(f"| {row} | " + " | ".join(figures) + " |")
    lines += ["", f"Compared with {report['evaluation_items']:,} evaluation items.", "", "## Examples", ""]
    for what, examples in report["examples"].items():
        lines += [f"### {what}", ""]
        for line in examples:
            lines.append(f"- `{line['id']}`: {_shown(line['excerpt'])}")
            if "resembles" in line:
                lines.append(f"  - resembles `{line['resembles']}`")
            if "evaluation" in line:
                item = line["evaluation"]
                lines.append(f"  - evaluation item `{item['id']}` of {item['file']}: {_shown(item['text'])}")
        lines.append("")
    return "\n".join(lines)


def _shown(text: str) -> str:
    one = " ".join(text.split())
    return (one[:SHOWN] + " …" if len(one) > SHOWN else one).replace("`", "'")
