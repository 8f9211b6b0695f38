"""Reward checkpoints in transformers, scores in batches, and texts that do not fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, LlamaForSequenceClassification

from mathlm.errors import CheckpointError, UsageError
from mathlm.prompts import Domain, render_reward
from model import checkpoint
from model.reward import RewardModel, RewardTransformer, encode

ITEMS = [
    ("What is gcd(12, 18)?", "import math\nprint(math.gcd(12, 18))"),
    ("theorem t : 1 = 1", "rfl"),
    ("2 + 2?", "4"),
    ("2 + 2?", "<|endoftext|> is plain text in an answer"),
]


@pytest.fixture(params=[True, False], ids=["tied", "untied"])
def saved(request, make_model, tokenizer, tmp_path) -> Path:
    language_model = make_model(tie_embeddings=request.param, max_position=256)
    model = RewardTransformer.from_language_model(language_model)
    torch.nn.init.normal_(model.score.weight)
    checkpoint.save(model, tokenizer, tmp_path / "reward", dtype=torch.float32)
    return tmp_path / "reward"


def test_transformers_loads_the_folder_and_gives_the_same_scores(saved: Path) -> None:
    theirs, info = AutoModelForSequenceClassification.from_pretrained(
        saved, dtype=torch.float32, output_loading_info=True
    )
    assert isinstance(theirs, LlamaForSequenceClassification) and theirs.config.num_labels == 1
    assert not any(info[name] for name in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    reader = AutoTokenizer.from_pretrained(saved, padding_side="right")
    texts = [render_reward(Domain.SOLVE, q).text + a + "<|im_end|><|endoftext|>" for q, a in ITEMS[:3]]
    batch = reader(texts, return_tensors="pt", padding=True, add_special_tokens=False)
    with torch.no_grad():
        logits = theirs(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
    found = RewardModel.load(saved, dtype=torch.float32).score(ITEMS[:3], domain=Domain.SOLVE)
    assert found == pytest.approx(logits[:, 0].tolist(), abs=1e-4)
    assert len({round(x, 3) for x in found}) == 3


def test_a_score_does_not_depend_on_its_batch(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scorer = RewardModel.load(saved, dtype=torch.float32)
    whole = scorer.score(ITEMS, domain=Domain.SOLVE)
    monkeypatch.setattr("model.reward.BATCH_TOKENS", 100)
    assert scorer.score(ITEMS, domain=Domain.SOLVE) == pytest.approx(whole, abs=1e-4)
    assert scorer.score(ITEMS[::-1], domain=Domain.SOLVE) == pytest.approx(whole[::-1], abs=1e-4)
    assert scorer.score([], domain=Domain.SOLVE) == []


def test_domains_have_their_own_prompts(saved: Path) -> None:
    scorer = RewardModel.load(saved, dtype=torch.float32)
    assert len({scorer.score(ITEMS[:1], domain=domain)[0] for domain in Domain}) == len(Domain)


def test_an_answer_is_cut_and_its_end_is_kept(tokenizer) -> None:
    (short,) = encode(tokenizer, [("q", "a b c")], domain=Domain.PROVE, longest=10_000)
    (cut,) = encode(tokenizer, [("q", "a b c")], domain=Domain.PROVE, longest=len(short) - 2)
    ends = [tokenizer.im_end_id, tokenizer.end_of_text_id]
    assert short[-2:] == cut[-2:] == ends and cut[:-2] == short[: len(cut) - 2]
    (special,) = encode(tokenizer, ITEMS[3:], domain=Domain.SOLVE, longest=10_000)
    assert special.count(tokenizer.end_of_text_id) == 1
    with pytest.raises(UsageError, match="shorten"):
        encode(tokenizer, [("q" * 50, "a")], domain=Domain.PROVE, longest=40)


def test_the_kinds_of_checkpoints_are_told_apart(saved: Path, folder: Path) -> None:
    assert json.loads((saved / "config.json").read_text())["architectures"] == [
        "LlamaForSequenceClassification"
    ]
    with pytest.raises(CheckpointError, match="LlamaForSequenceClassification is needed"):
        RewardModel.load(folder)
    with pytest.raises(CheckpointError, match="LlamaForCausalLM is needed"):
        checkpoint.load(saved)
