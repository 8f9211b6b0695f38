"""Files to tokens: formats, bad lines, the cache."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mathlm.errors import DataError, UsageError
from mathlm.prompts import IM_END, render_solve
from model.tokenizer import Tokenizer
from training import corpus
from training.corpus import Corpus, Kind

Write = Callable[[str, list[Any]], Path]


@pytest.fixture
def read(tokenizer: Tokenizer, tmp_path: Path) -> Callable[..., Corpus]:
    def load(*paths: Path, kind: Kind = "text", log: Callable[[str], None] = print) -> Corpus:
        return corpus.load(paths, kind=kind, tokenizer=tokenizer, cache=tmp_path / "cache", log=log)

    return load


def document(documents: Corpus, index: int) -> list[int]:
    return documents.tokens[documents.starts[index] : documents.starts[index + 1]].tolist()


def test_text_document_is_the_text_and_its_end(
    write_lines: Write, read: Callable[..., Corpus], tokenizer: Tokenizer
) -> None:
    text = f"What is 1 + 1? {IM_END}"
    documents = read(write_lines("a.jsonl", [{"text": text, "id": "x"}, {"text": "2"}]))
    assert document(documents, 0) == [*tokenizer.encode(text, special=False), tokenizer.end_of_text_id]
    assert tokenizer.im_end_id not in document(documents, 0)
    assert documents.loss_from.tolist() == [1, 1]


def test_chat_document_has_loss_on_answer_and_end_only(
    write_lines: Write, read: Callable[..., Corpus], tokenizer: Tokenizer
) -> None:
    prompt = render_solve("What is 1 + 1?").text
    line = {"id": "a", "prompt": prompt, "answer": f"2{IM_END}", "source": "s"}
    documents = read(write_lines("a.jsonl", [line]), kind="chat")
    ids = document(documents, 0)
    assert ids[: documents.loss_from[0]] == tokenizer.encode(prompt, special=True)
    answer = ids[documents.loss_from[0] :]
    assert answer == [*tokenizer.encode(f"2{IM_END}", special=False), tokenizer.im_end_id]
    assert answer.count(tokenizer.im_end_id) == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"id": "a", "prompt": "p", "source": "s"}, "answer"),
        ({"id": "a", "prompt": "p", "answer": 5, "source": "s"}, "'answer' must be text, got int"),
        ({"id": "a", "prompt": "p", "answer": "", "source": "s"}, "'answer' must be text, got empty"),
        ({"id": "a", "prompt": "\ud800", "answer": "x", "source": "s"}, "surrogate"),
        (["a"], "JSON object"),
    ],
)
@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz"])
def test_a_bad_line_is_named(
    line: Any, message: str, suffix: str, write_lines: Write, read: Callable[..., Corpus], tmp_path: Path
) -> None:
    good = {"id": "a", "prompt": "p", "answer": "x", "source": "s"}
    plain = write_lines("plain.jsonl", [good, line])
    path = tmp_path / f"bad.{suffix}"
    content = b"\n" + plain.read_bytes()  # a blank line counts as a line
    path.write_bytes(gzip.compress(content) if suffix.endswith("gz") else content)
    with pytest.raises(DataError, match=message) as caught:
        read(path, kind="chat")
    assert f"{path}:3:" in str(caught.value)
    assert not [p for p in (tmp_path / "cache").iterdir()], "nothing half-written stays"


def test_a_missing_and_an_empty_file_are_clear_errors(
    write_lines: Write, read: Callable[..., Corpus], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"none\.jsonl"):
        read(tmp_path / "none.jsonl")
    with pytest.raises(DataError, match="no documents"):
        read(write_lines("empty.jsonl", []))


def test_the_second_load_comes_from_the_cache_until_the_bytes_change(
    text_file: Path, read: Callable[..., Corpus]
) -> None:
    logs: list[list[str]] = [[], [], []]
    first = read(text_file, log=logs[0].append)
    second = read(text_file, log=logs[1].append)
    assert any("tokenising" in line for line in logs[0])
    assert not any("tokenising" in line for line in logs[1])
    assert second.tokens.tolist() == first.tokens.tolist()
    assert second.starts.tolist() == first.starts.tolist()
    text_file.write_text(text_file.read_text(encoding="utf-8") + '{"text": "9"}\n', encoding="utf-8")
    assert len(read(text_file, log=logs[2].append)) == len(first) + 1
    assert any("tokenising" in line for line in logs[2])


def test_about_one_document_in_a_hundred_is_held_out_by_its_content(
    write_lines: Write, read: Callable[..., Corpus]
) -> None:
    lines = [{"text": f"{i} + {i}"} for i in range(3000)]
    forward = read(write_lines("a.jsonl", lines))
    backward = read(write_lines("b.jsonl", lines[::-1]))
    assert 10 <= forward.held_out.sum() <= 60
    assert forward.held_out.tolist() == backward.held_out.tolist()[::-1]
