"""Tiny random models, and a tokenizer trained on a few lines, shared by the model tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from model import checkpoint
from model.config import ModelConfig
from model.tokenizer import Tokenizer
from model.transformer import Transformer

LINES = [
    "theorem add_comm (a b : Nat) : a + b = b + a := by omega",
    "What is the greatest common divisor of 12 and 18?",
    "import math\nprint(math.gcd(12, 18))\n",
] * 8


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return Tokenizer.train(LINES, vocab_size=320)


MakeModel = Callable[..., Transformer]


@pytest.fixture(scope="session")
def make_model() -> MakeModel:
    def make(*, seed: int = 0, spread: float = 8.0, **changes: object) -> Transformer:
        """A random model whose weights are `spread` times the usual, so that its choices differ clearly."""
        shape = {
            "vocab_size": 320, "hidden_size": 32, "intermediate_size": 48, "num_layers": 2, "num_heads": 4,
            "num_kv_heads": 2, "head_dim": 8, "max_position": 96,
        }  # fmt: skip
        torch.manual_seed(seed)
        model = Transformer(ModelConfig(**(shape | changes))).eval()  # type: ignore[arg-type]
        with torch.no_grad():
            for weight in model.parameters():
                if weight.ndim == 2:
                    weight.mul_(spread)
                else:
                    weight.uniform_(0.5, 1.5)
        return model

    return make


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, make_model: MakeModel, tokenizer: Tokenizer) -> Path:
    """A saved float32 checkpoint of the default tiny model."""
    path = tmp_path_factory.mktemp("models") / "tiny"
    checkpoint.save(make_model(), tokenizer, path, dtype=torch.float32, extra={"step": 7})
    return path
