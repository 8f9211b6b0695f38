"""The model that ships: small, a plain Hugging Face folder, and the same to transformers and to us."""

from __future__ import annotations

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from mathlm.prompts import render_solve
from model import checkpoint
from model.generation import resolve_model

FOLDER = resolve_model("mathlm-mini")
MAX_MB = 40
TEXT = render_solve("What is the greatest common divisor of 84 and 126?").text


def test_it_is_small() -> None:
    assert 0 < sum(f.stat().st_size for f in FOLDER.glob("*.safetensors")) <= MAX_MB * 1_000_000


def test_transformers_sees_the_same_model_and_tokens() -> None:
    ours, tokenizer = checkpoint.load(FOLDER, dtype=torch.float32)
    theirs = AutoModelForCausalLM.from_pretrained(FOLDER, dtype=torch.float32)
    ids = tokenizer.encode(TEXT, special=True)
    assert AutoTokenizer.from_pretrained(FOLDER)(TEXT, add_special_tokens=False)["input_ids"] == ids
    tokens_BL = torch.tensor([ids])
    with torch.no_grad():
        torch.testing.assert_close(ours(tokens_BL), theirs(tokens_BL).logits, atol=1e-3, rtol=1e-4)


def test_the_chat_template_renders_our_prompt() -> None:
    question = TEXT.split("user\n", 1)[1].split("<|im_end|>", 1)[0]
    shown = AutoTokenizer.from_pretrained(FOLDER).apply_chat_template(
        [{"role": "user", "content": question}], tokenize=False, add_generation_prompt=True
    )
    assert shown == TEXT
