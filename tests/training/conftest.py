"""Tiny tokenizer, data files and run settings for the training tests."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from mathlm.prompts import render_solve
from model.tokenizer import Tokenizer
from training.run import RunConfig


def sums(count: int, *, seed: int = 0) -> list[tuple[str, str]]:
    """Small additions as (question, answer)."""
    rng = random.Random(seed)
    pairs = [(rng.randrange(10), rng.randrange(10)) for _ in range(count)]
    return [(f"What is {a} + {b}?", str(a + b)) for a, b in pairs]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([q + a for q, a in sums(50)], vocab_size=300)


@pytest.fixture
def tokenizer_folder(tokenizer: Tokenizer, tmp_path: Path) -> Path:
    folder = tmp_path / "tokenizer"
    folder.mkdir()
    tokenizer.save(folder)
    return folder


@pytest.fixture
def write_lines(tmp_path: Path) -> Callable[[str, list[Any]], Path]:
    def write(name: str, lines: list[Any]) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return path

    return write


@pytest.fixture
def text_file(write_lines: Callable[[str, list[Any]], Path]) -> Path:
    return write_lines("text.jsonl", [{"text": f"{q} {a}"} for q, a in sums(400)])


@pytest.fixture
def chat_file(write_lines: Callable[[str, list[Any]], Path]) -> Path:
    lines = [
        {"id": str(i), "prompt": render_solve(q).text, "answer": a, "source": "test"}
        for i, (q, a) in enumerate(sums(400))
    ]
    return write_lines("chat.jsonl", lines)


@pytest.fixture
def tiny_run(tmp_path: Path) -> Callable[..., RunConfig]:
    """Settings of a run of a second or so; keywords replace them."""

    def make(**options: Any) -> RunConfig:
        base: dict[str, Any] = {
            "out": tmp_path / "run", "steps": 6, "batch_tokens": 512, "micro_tokens": 256,
            "row_lengths": (64, 128), "evaluations": 2, "compile": "off", "precision": "fp32",
            "threads": 1, "device": "cpu",
        }  # fmt: skip
        base |= options
        if "minutes" in options or "epochs" in options:
            base.pop("steps")
        return RunConfig(**base)

    return make
