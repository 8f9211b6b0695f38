"""Chat lines back to plain text, and what was not made by us refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mathlm.errors import DataError
from mathlm.prompts import render_prove, render_solve
from training.data.texts import plain_text, write


def test_both_kinds_of_lines() -> None:
    assert plain_text(render_prove("theorem t : 1 = 1").text, "rfl") == "theorem t : 1 = 1 := rfl"
    assert plain_text(render_solve("2+2?").text, "print(4)") == "2+2?\nWrite a Python program.\nprint(4)"


def test_files_are_joined_and_a_foreign_prompt_is_named(tmp_path: Path) -> None:
    sft, text, out = tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "out" / "c.jsonl"
    good = {"id": "x", "prompt": render_prove("theorem t : 1 = 1").text, "answer": "rfl", "source": "s"}
    sft.write_text(json.dumps(good) + "\n")
    text.write_text(json.dumps({"id": "y", "text": "theorem u : 2 = 2"}) + "\n")
    assert write([sft], [text], out) == 2
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ["y", "x"]
    sft.write_text(json.dumps({**good, "prompt": "hello"}) + "\n")
    with pytest.raises(DataError, match=r"a\.jsonl: x: not a rendered prompt"):
        write([sft], [text], out)
    assert len(out.read_text().splitlines()) == 2
