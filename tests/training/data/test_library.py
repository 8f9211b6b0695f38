"""Library statements as training text: the test split and what says the same are left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mathlm.library import LibraryTheorem
from training.data.library import held_out, training_texts, write_texts
from training.data.split import is_test


def theorem(name: str, *, alias: str | None = None, parts: tuple[str, ...] = ()) -> LibraryTheorem:
    signature = f"{name} :\n  1 = 1"
    return LibraryTheorem(name=name, module="M", signature=signature, alias=alias or name, parts=parts)


def names(*, test: bool) -> Iterator[str]:
    return (name for name in (f"T{i}" for i in range(10_000)) if is_test(name) == test)


def test_texts_leave_out_the_test_split_and_long_ones() -> None:
    theorems = [theorem(f"T{i}") for i in range(300)]
    texts = list(training_texts(theorems, longest=100))
    assert {t["id"] for t in texts} == {t.name for t in theorems if not is_test(t.name)}
    assert 200 < len(texts) < 300
    assert texts[0]["text"] == f"theorem {texts[0]['id']} : 1 = 1"
    assert list(training_texts(theorems, longest=10)) == []


def test_what_says_the_same_as_a_test_theorem_is_held_out() -> None:
    test, (twin, other, *_) = next(names(test=True)), [*names(test=False)]
    theorems = [
        theorem(twin, alias="a", parts=(f"{twin}._simp_1",)),
        theorem(test, alias="a"),
        theorem(other),
    ]
    assert held_out(theorems) == {test, twin, f"{twin}._simp_1"}
    assert [line["id"] for line in training_texts(theorems, longest=100)] == [other]


def test_file_is_written_whole(tmp_path: Path) -> None:
    theorems = [theorem(name) for name, _ in zip(names(test=False), range(3), strict=False)]
    out = tmp_path / "deep" / "library.jsonl"
    assert write_texts(iter(theorems), out, longest=100) == 3
    assert len(out.read_text().splitlines()) == 3

    def failing() -> Iterator[LibraryTheorem]:
        yield theorems[0]
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        write_texts(failing(), out, longest=100)
    assert len(out.read_text().splitlines()) == 3
    assert list(out.parent.iterdir()) == [out], "nothing half-written stays"
