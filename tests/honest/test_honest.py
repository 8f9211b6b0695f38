"""Honest proofs of many shapes: every theorem of every file of this folder is accepted.

A file NAME.lean is checked as it is; NAME.statement.lean beside it is the trusted statement that it must
prove. Files are checked in the background, one after another; each theorem is a test of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from mathlm.types import Status, Verdict
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

FOLDER = Path(__file__).resolve().parent
LIMITS = Limits(seconds=120, memory_mb=4096, heartbeats=200_000, output_bytes=20_000)
STATED = re.compile(
    r"^(?:private |protected |@\[[^\]]*\] )*theorem (?:/- odd -/ )?(?:_root_\.)?"
    r"(«[^»]*»|[^\s({\[:.]+(?:\.[^\s({\[:.]+)*)",
    re.M,
)
SOURCES = sorted(path for path in FOLDER.glob("*.lean") if not path.name.endswith(".statement.lean"))


def trusted(path: Path) -> Path:
    """The file with the statements that count: those of NAME.statement.lean, or of the file itself."""
    beside = path.with_suffix(".statement.lean")
    return beside if beside.exists() else path


THEOREMS = [
    (path.stem, name) for path in SOURCES for name in STATED.findall(trusted(path).read_text("utf-8"))
]


@pytest.fixture(scope="module")
def verdicts(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Verdict]]]:
    """The verdict, on its way, on every file that this run selects."""
    here = [
        item
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == request.path
    ]
    files = {item.callspec.params["file"] for item in here if "file" in item.fixturenames}
    with LeanVerifier(workers=1) as lean, ThreadPoolExecutor(2) as threads:
        found: dict[str, Future[Verdict]] = {}
        for path in SOURCES:
            if path.stem in files:
                beside = trusted(path)
                statement = beside.read_text("utf-8") if beside != path else None
                source = path.read_text("utf-8")
                found[path.stem] = threads.submit(lean.check, source, statement=statement, limits=LIMITS)
        yield found
        threads.shutdown(wait=True, cancel_futures=True)


def test_there_are_enough() -> None:
    assert len(THEOREMS) >= 150
    assert len({name for _, name in THEOREMS}) == len(THEOREMS)


@pytest.mark.parametrize(("file", "theorem"), THEOREMS, ids=[f"{file}-{name}" for file, name in THEOREMS])
def test_accepted(file: str, theorem: str, verdicts: dict[str, Future[Verdict]]) -> None:
    verdict = verdicts[file].result()
    judged = [t for t in verdict.theorems if t.name == theorem or t.name.endswith(f".{theorem}")]
    assert judged, f"not judged: {verdict.status} {verdict.detail}"
    assert [t.detail for t in judged if t.status is not Status.ACCEPTED] == []


@pytest.mark.parametrize("file", [path.stem for path in SOURCES])
def test_the_file_is_accepted(file: str, verdicts: dict[str, Future[Verdict]]) -> None:
    assert verdicts[file].result().accepted, verdicts[file].result().detail
