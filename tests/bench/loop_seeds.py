"""What loops of several seeds did, round by round: mean and standard deviation over the seeds.

    python tests/bench/loop_seeds.py LOOP_FOLDER LOOP_FOLDER …

Reads `curve.json` of folders of `mathlm loop` that differ in their seeds alone, as `config.json` must say.
Prints each share of the development sets in each round and how far the last round is above the first model;
the gain's standard deviation is over the seeds' own gains. Rounds that some folder lacks are left out.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    folders: list[Path] = parser.parse_args().folders
    if len({settings(folder) for folder in folders}) > 1:
        parser.error("these loops differ in more than their seeds")
    curves: list[list[Row]] = [
        json.loads((folder / "curve.json").read_text(encoding="utf-8")) for folder in folders
    ]
    rounds = min(map(len, curves))
    shares = [key for key in curves[0][0] if key.startswith(("prove ", "solve ")) and "stderr" not in key]
    for key in (key for key in shares if key != "solve wrong certified"):
        print(f"{key}, {len(curves)} seeds")
        for number in range(rounds):
            print(f"  round {number}  {spread([curve[number][key] for curve in curves])}")
        print(f"  gain     {spread([curve[rounds - 1][key] - curve[0][key] for curve in curves])}")


def settings(folder: Path) -> str:
    """The loop's configuration without its seeds."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    for part in (config, config["sft"], *config["params"].values()):
        part.pop("seed", None)
    return json.dumps(config, sort_keys=True)


def spread(shares: Sequence[float]) -> str:
    """`0.297 ± 0.012  (0.281, 0.297, 0.313)`."""
    deviation = f" ± {statistics.stdev(shares):.3f}" if len(shares) > 1 else ""
    each = ", ".join(f"{share:.3f}" for share in shares)
    return f"{statistics.mean(shares):.3f}{deviation}  ({each})"


if __name__ == "__main__":
    main()
