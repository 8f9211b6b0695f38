"""Chosen/rejected pairs for the reward model, from samples that the verifier judged.

Input: `samples.jsonl` of `mathlm eval solve|prove` (or the folder of the run). Output: a folder with
`train.jsonl` and `test.jsonl` (`mathlm.preferences.Pair`) and `manifest.json`. Questions are split by their
ids (`training.data.split`); all samples of a question, from whatever run, are on one side.

Labels come from the verifier only, and only from verdicts that say something about mathematics: a proof that
was accepted or rejected, a program whose answer was compared with the gold answer. A sample that ran out of
time, crashed or printed nothing is in no pair.

Steps: a step is a line of a solution or of a proof. It is right when some sample that begins with it (and
all before it) was right, wrong when at least ROLLOUTS begin with it and none was (the hard estimate of
Math-Shepherd, arXiv:2312.08935, section 3.3, with the run's own samples as the completions). A pair of steps
differs in its last line only. Not covered: sampling further completions of a step.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, product
from pathlib import Path
from random import Random
from typing import Any

from mathlm.config import git_hash
from mathlm.errors import DataError
from mathlm.preferences import Pair
from mathlm.prompts import Domain
from mathlm.records import read_jsonl, write_atomically, write_json
from mathlm.search.search import FINISHED
from mathlm.types import Status, to_json
from training.data.split import is_test

TRAIN, TEST, MANIFEST = "train.jsonl", "test.jsonl", "manifest.json"
ROLLOUTS = 2
"""Failed samples, and no other, that make a step wrong."""


@dataclass(kw_only=True, slots=True)
class Judged:
    """One question with the texts that the verifier judged."""

    id: str
    domain: Domain
    prompt: str
    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    test: bool = False


def build(runs: Sequence[Path], out: Path, *, per_question: int, steps: bool, seed: int) -> dict[str, Any]:
    """Write the pairs of all runs, whole files or none; returns the counts of `manifest.json`."""
    paths = [path / "samples.jsonl" if path.is_dir() else path for path in runs]
    questions = judged(paths)
    lines: dict[bool, list[str]] = {False: [], True: []}
    counts: Counter[str] = Counter()
    for question in questions:
        side = "test" if question.test else "train"
        for pair in pairs(question, most=per_question, steps=steps, seed=seed):
            lines[question.test].append(json.dumps(to_json(pair), ensure_ascii=False) + "\n")
            counts[f"{side}: {pair.domain}"] += 1
        counts[f"{side}: questions"] += 1
    if not lines[False] and not lines[True]:
        raise DataError(
            f"{', '.join(map(str, paths))}: no question has both an accepted and a failed sample: "
            "sample more of each question (`mathlm eval … --samples 8`), or harder questions"
        )
    out.mkdir(parents=True, exist_ok=True)
    for name, test in ((TRAIN, False), (TEST, True)):
        write_atomically(out / name, partial(_write, text="".join(lines[test])))
    hashes = {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    settings = {"per_question": per_question, "steps": steps, "seed": seed}
    write_json(
        out / MANIFEST,
        {"sources": hashes, "counts": dict(counts), "settings": settings, "git_hash": git_hash()},
    )
    return dict(counts)


def _write(path: Path, *, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def judged(paths: Sequence[Path]) -> list[Judged]:
    """The questions of all runs in the order of their first appearance."""
    found: dict[tuple[Domain, str], Judged] = {}
    for path in paths:
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in read_jsonl(path, required=("id", "kind")):
            if row["kind"] == "sample":
                rows.setdefault(row["id"], []).append(row)
            elif row["kind"] == "problem" and row["id"] in rows:
                samples = rows.pop(row["id"])
                domain = Domain.PROVE if "proof" in samples[0] else Domain.SOLVE
                text = row.get("statement" if domain is Domain.PROVE else "question")
                if not isinstance(text, str):
                    raise DataError(
                        f"{path}: {row['id']} has no question or statement: "
                        "make the run again with this version of `mathlm eval`"
                    )
                question = found.setdefault(
                    (domain, text), Judged(id=str(row["id"]), domain=domain, prompt=text)
                )
                question.test |= is_test(str(row["id"]))
                _sort(question, samples)
    return list(found.values())


def _sort(question: Judged, samples: Sequence[dict[str, Any]]) -> None:
    """Add the samples with a verdict to the right and the wrong texts."""
    for sample in samples:
        text = sample["proof"] if question.domain is Domain.PROVE else sample["text"]
        if sample["correct"]:
            if FINISHED not in sample.get("origin", ""):  # else automation wrote most of it
                question.right.append(text)
            if "written" in sample:  # refused before it was corrected
                question.wrong.append(sample["written"])
        elif _is_failure(question.domain, sample):
            question.wrong.append(text)


def _is_failure(domain: Domain, sample: dict[str, Any]) -> bool:
    """Whether the verifier refused it, rather than not having come to a verdict."""
    if domain is Domain.PROVE:
        return bool(sample["status"] == Status.REJECTED)
    return sample["answer"] is not None


def pairs(question: Judged, *, most: int, steps: bool, seed: int) -> Iterator[Pair]:
    """At most `most` pairs of outcomes, each text about equally often, and as many of steps."""
    right, wrong = list(dict.fromkeys(question.right)), list(dict.fromkeys(question.wrong))
    found = [
        (Domain(question.domain), pair) for pair in _choose(right, wrong, most, f"{seed} {question.prompt}")
    ]
    if steps:
        found += [(Domain.STEPS, pair) for pair in _steps(question)[:most]]
    for number, (domain, (chosen, rejected)) in enumerate(found):
        yield Pair(
            id=f"{question.id}#{number}",
            domain=domain,
            prompt=question.prompt,
            chosen=chosen,
            rejected=rejected,
        )


def _choose(right: list[str], wrong: list[str], most: int, seed: str) -> list[tuple[str, str]]:
    """Different pairs that go round both lists, so that few pairs still show every text."""
    random = Random(seed)
    random.shuffle(right)
    random.shuffle(wrong)
    rounds = math.lcm(len(right), len(wrong)) if right and wrong else 1
    every = ((k % len(right), (k + k // rounds) % len(wrong)) for k in range(len(right) * len(wrong)))
    return [(right[i], wrong[j]) for i, j in islice(every, most)]


def _steps(question: Judged) -> list[tuple[str, str]]:
    """(right prefix, wrong prefix), equal but for the last line; the first steps first."""
    tallies: dict[tuple[str, ...], list[int]] = {}
    for texts, place in ((question.right, 0), (question.wrong, 1)):
        for text in texts:
            lines = text.split("\n")
            for length in range(1, len(lines)):  # the whole text is an outcome, not a step
                tallies.setdefault(tuple(lines[:length]), [0, 0])[place] += 1
    children: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for prefix in tallies:
        children.setdefault(prefix[:-1], []).append(prefix)
    found = []
    for parent in sorted(children, key=lambda parent: (len(parent), parent)):
        good = [step for step in children[parent] if tallies[step][0]]
        bad = [step for step in children[parent] if not tallies[step][0] and tallies[step][1] >= ROLLOUTS]
        found += [("\n".join(a), "\n".join(b)) for a, b in product(good, bad)]
    return found
