"""How high the premises that proofs really use stand among those retrieved: recall@k, reciprocal rank.

    python tests/bench/bench_premises.py library.proofs.jsonl [--json]

The file has records of `mathlm data library-proofs`: `name`, `statement`, `premises_used`. The teacher takes
its premises from the first eight retrieved, so on its own proofs recall@8 is 1 by construction, and what says
something is recall at smaller k. Other records with these fields can be given for what lies beyond.
Units: shares of premises. Errors: as `mathlm.premises.retriever`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from mathlm import library, premises
from mathlm.records import read_jsonl
from verify.lean.verifier import LeanVerifier

AT = (1, 2, 4, 8, 16, 32, 64)


def ranks(rows: list[dict[str, object]], *, lean: LeanVerifier) -> list[int | None]:
    """The rank (from 1) of each used premise; None beyond the last k."""
    retriever = premises.retriever(lean)
    theorems = library.theorems(lean)
    groups, by_name = library.same_meaning(theorems), {t.name: t for t in theorems}
    found: list[int | None] = []
    for row in rows:
        exclude = frozenset(library.forbidden(by_name[str(row["name"])], groups))
        names = [p.name for p in retriever.retrieve(str(row["statement"]), k=AT[-1], exclude=exclude)]
        used = row["premises_used"]
        assert isinstance(used, list)
        found += [names.index(name) + 1 if name in names else None for name in used if name in by_name]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("proofs", type=Path)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rows = list(read_jsonl(args.proofs, required=("name", "statement", "premises_used")))
    with LeanVerifier(workers=2) as lean:
        found = ranks(rows, lean=lean)
    count = max(len(found), 1)
    figures = {f"recall@{k}": round(sum(r is not None and r <= k for r in found) / count, 3) for k in AT}
    figures["mean reciprocal rank"] = round(sum(1 / r for r in found if r is not None) / count, 3)
    result = {"proofs": len(rows), "premises": len(found), **figures}
    print(json.dumps(result) if args.json else "\n".join(f"{key}: {value}" for key, value in result.items()))


if __name__ == "__main__":
    main()
