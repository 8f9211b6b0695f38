"""Learning a tokenizer from training files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mathlm.errors import DataError
from mathlm.prompts import render_solve
from model.tokenizer import Tokenizer
from training.data.tokenizer import learn, texts


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_text_and_chat_lines_are_learnt_without_special_tokens(tmp_path: Path) -> None:
    chat = {"id": "a", "prompt": render_solve("hello").text, "answer": "world", "source": "s"}
    path = write(tmp_path / "a.jsonl", {"text": "some text"}, chat)
    found = list(texts([path]))
    assert found[0] == "some text" and found[-1] == "world"
    assert not any("<|" in text for text in found)
    assert any("hello" in text for text in found)


def test_frequent_words_become_tokens_and_digits_stay_single(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *[{"text": "theorem 1234"}] * 20)
    learn([path], vocab_size=300, out=tmp_path / "tok")
    tokenizer = Tokenizer.load(tmp_path / "tok")
    assert len(tokenizer.encode("theorem")) == 1
    assert len(tokenizer.encode("1234")) == 4


@pytest.mark.parametrize("line", [{"prompt": "p"}, {"text": 5}, {"id": "x"}])
def test_a_bad_line_is_named(line: object, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"text": "fine"}, line)
    with pytest.raises(DataError, match=r"a\.jsonl:2: expected text"):
        learn([path], vocab_size=300, out=tmp_path / "tok")
    assert not (tmp_path / "tok").exists()
