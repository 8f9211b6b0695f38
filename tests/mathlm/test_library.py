"""The kept listing of the library, read by a stand-in for Lean; the real one is in `tests/verify/lean`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from mathlm import library
from mathlm.errors import InfraError
from verify.base import Limits
from verify.lean.protocol import LibraryAnswer, LibraryStatement
from verify.lean.runtimes import EMBEDDED
from verify.lean.verifier import LeanVerifier


class Modules:
    """Answers like a Lean whose library has two modules, the first in two parts."""

    runtime = EMBEDDED
    slots = 2

    def __init__(self, *, failing: bool = False) -> None:
        self.asked = 0
        self.failing = failing

    def library(self, module: int, *, start: int = 0, limits: Limits) -> LibraryAnswer:
        self.asked += 1
        if module == 1 and self.failing:
            raise InfraError("no Lean today")
        name = f"{'AB'[module]}.t{start}"
        return LibraryAnswer(
            modules=2,
            module="AB"[module],
            statements=(LibraryStatement(name=name, signature=f"{name} : 1 = 1", alias="7"),),
            generated=(f"{name}._simp_1", "other._simp_1"),
            next=100 if (module, start) == (0, 0) else None,
        )


def test_is_read_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATHLM_CACHE", str(tmp_path))
    lean, told = Modules(), []
    found = library.theorems(cast(LeanVerifier, lean), progress=lambda *done: told.append(done))
    assert [(t.module, t.name, t.parts) for t in found] == [
        ("A", "A.t0", ("A.t0._simp_1",)),
        ("A", "A.t100", ("A.t100._simp_1",)),
        ("B", "B.t0", ("B.t0._simp_1",)),
    ]
    assert told[-1] == (2, 2) and lean.asked == 3
    assert library.theorems(cast(Any, lean)) == found and lean.asked == 3


def test_nothing_half_read_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATHLM_CACHE", str(tmp_path))
    with pytest.raises(InfraError):
        library.theorems(cast(LeanVerifier, Modules(failing=True)))
    assert not library.is_ready(EMBEDDED)
    assert {path.suffix for path in tmp_path.iterdir()} == {".lock"}
