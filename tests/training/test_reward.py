"""The reward stage: the loss as written down, packed pairs, learning, exact resume."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from mathlm.errors import CheckpointError, DataError
from mathlm.preferences import pairwise_accuracy, read_pairs
from mathlm.records import read_jsonl
from model import checkpoint
from model.config import ModelConfig
from model.reward import RewardModel, RewardTransformer
from model.tokenizer import Tokenizer
from model.transformer import Transformer
from training import pairs
from training.optim import OptimConfig, learning_rate_scale
from training.packing import IGNORE
from training.reward import RewardConfig, RewardTrainer, barrier, default_optim, main, pair_losses
from training.run import Run, RunConfig

MakeRun = Callable[..., RunConfig]
Write = Callable[[str, list[Any]], Path]
OPTIM = OptimConfig(muon_lr=0.01, adam_lr=0.01, schedule="cosine", floor=0.5)


def direct(a: float, b: float) -> tuple[float, float, float]:
    """Loss and gradients by the formula of the paper, in float64 with plain operations."""
    x, y = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (a, b))
    p = 1 / (1 + torch.exp(y - x))
    rank = -((1 - 2 * torch.relu(p - 0.5)) ** 2) * torch.log(p)
    penalty = sum(-(torch.log(s + 5) + torch.log(5 - s)) for s in (x, y)) / 2
    loss = rank + 0.02 * penalty
    loss.backward()
    assert x.grad is not None and y.grad is not None
    return float(loss.detach()), float(x.grad), float(y.grad)


@pytest.mark.parametrize(
    ("a", "b"), [(0.5, 0.1), (-0.3, 0.4), (4.9, -4.9), (-4.9, 4.9), (4.98, 4.97), (2.0, -1.0), (-4.98, 0.0)]
)
def test_loss_and_gradient_are_those_of_the_formula(a: float, b: float) -> None:
    x, y = (torch.tensor([v], dtype=torch.float64, requires_grad=True) for v in (a, b))
    loss = pair_losses(x, y).sum()
    loss.backward()
    assert x.grad is not None and y.grad is not None
    found = (float(loss.detach()), float(x.grad), float(y.grad))
    assert found == pytest.approx(direct(a, b), rel=1e-9, abs=1e-12)


def test_a_pair_that_is_told_apart_counts_little() -> None:
    easy, hard = (
        pair_losses(torch.tensor([2.0, 0.0]), torch.tensor([-2.0, 0.0]))
        - 0.02 * (barrier(torch.tensor([2.0, 0.0])) + barrier(torch.tensor([-2.0, 0.0]))) / 2
    )
    assert float(hard) == pytest.approx(math.log(2))
    assert float(easy) < 0.001, "without the focal weight it would be 0.018"


@pytest.mark.parametrize("x", [4.9899, 4.99, 4.9999, 5.0, 5.1, 50.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_scores_at_and_beyond_the_limit_are_drawn_back(x: float, sign: float) -> None:
    score = torch.tensor(sign * x, requires_grad=True)
    value = barrier(score)
    value.backward()
    assert score.grad is not None and math.isfinite(float(value.detach()))
    assert 0 < sign * float(score.grad) < 101
    near = barrier(torch.tensor(sign * (x - 1e-3)))
    assert 0 < float((value - near).detach()) < 0.2, "no jump"


def test_wide_models_get_the_rates_of_the_paper() -> None:
    shape = ModelConfig(
        vocab_size=300, hidden_size=2048, intermediate_size=64, num_layers=1, num_heads=4, num_kv_heads=2,
        head_dim=8, max_position=64,
    )  # fmt: skip
    wide, narrow = default_optim(shape), default_optim(replace(shape, hidden_size=256))
    assert wide.adam_lr * learning_rate_scale(10, 500, wide) == pytest.approx(1e-5, rel=0.01)
    assert wide.adam_lr * learning_rate_scale(499, 500, wide) == pytest.approx(5e-6, rel=0.01)
    assert narrow.adam_lr > 10 * wide.adam_lr


@pytest.fixture(scope="module")
def pair_lines() -> list[dict[str, str]]:
    """Sums with a right and a wrong answer, half of them asked as theorems."""
    lines = []
    for i in range(200):
        a, b = i % 10, i // 10 % 10
        domain, prompt = ("solve", f"What is {a} + {b}?") if i % 2 else ("prove", f"theorem t : {a} = {b}")
        texts = {"chosen": "yes " * (i % 5 + 1) + "7", "rejected": "no " * (i % 7 + 1) + "8"}
        lines.append({"id": f"{i}#0", "domain": domain, "prompt": prompt, **texts})
    return lines


@pytest.fixture
def init(tokenizer: Tokenizer, tmp_path: Path) -> Path:
    torch.manual_seed(0)
    shape = ModelConfig(
        vocab_size=tokenizer.vocab_size, hidden_size=32, intermediate_size=48, num_layers=2, num_heads=4,
        num_kv_heads=2, head_dim=8, max_position=512, tie_embeddings=False,
    )  # fmt: skip
    checkpoint.save(Transformer(shape), tokenizer, tmp_path / "init", dtype=torch.float32)
    return tmp_path / "init"


def test_packed_pairs_have_the_scores_they_have_alone(
    pair_lines: list[Any], write_lines: Write, tokenizer: Tokenizer, init: Path, tiny_run: MakeRun
) -> None:
    path = write_lines("pairs.jsonl", pair_lines[:40])
    found = pairs.load([path], tokenizer=tokenizer, log=print)
    language_model, _ = checkpoint.load(init, dtype=torch.float32)
    model = RewardTransformer.from_language_model(language_model)
    torch.nn.init.normal_(model.score.weight)
    trainer = RewardTrainer(model, OPTIM, tiny_run(), log=print)
    stream = pairs.PairStream(found.corpus, range(40), row_lengths=(128, 256), micro_tokens=1024, seed=0)
    batches = list(stream.epoch_batches(0))
    seen = {int(d) for _, rows in stream.plan(0) for row in rows for d in row}
    assert seen == set(range(80)) and len(batches) > 1
    assert max(len(row) for _, rows in stream.plan(0) for row in rows) > 1, "some row holds several texts"
    total = 0.0
    for (_, rows), batch in zip(stream.plan(0), batches, strict=True):
        documents = [document for row in rows for document in row]
        assert {d ^ 1 for d in documents} == set(documents), "both texts of a pair are in one batch"
        assert int((batch.targets_BL != IGNORE).sum()) == len(documents)
        total += float(trainer.loss(batch).detach()) / 2
    scorer = RewardModel(model.eval(), tokenizer)
    expected = 0.0
    for pair in found.pairs:
        items = [(pair.prompt, pair.chosen), (pair.prompt, pair.rejected)]
        a, b = scorer.score(items, domain=pair.domain)
        expected += float(pair_losses(torch.tensor(a), torch.tensor(b)))
    assert total == pytest.approx(expected, rel=1e-4)


def test_the_verified_answer_is_learnt(
    pair_lines: list[Any], write_lines: Write, init: Path, tiny_run: MakeRun
) -> None:
    path = write_lines("pairs.jsonl", pair_lines)
    run = tiny_run(steps=12, batch_tokens=4096, micro_tokens=4096, row_lengths=(128, 256))
    summary = main(RewardConfig(data=(path,), init=init, run=run, optim=OPTIM))
    assert summary["accuracy"] == 1.0 and summary["loss"] < 0.1
    held = [x["validation_loss"] for x in read_jsonl(run.out / "metrics.jsonl") if "validation_loss" in x]
    assert held and held[-1] == summary["validation_loss"] < 0.1
    assert (run.out / "report.html").exists()
    figures = pairwise_accuracy(RewardModel.load(run.out / "checkpoint"), list(read_pairs(path)))
    assert figures["accuracy"] > 0.95 and set(figures["domains"]) == {"solve", "prove"}
    assert json.loads((run.out / "run.json").read_text())["config"]["optim"]["floor"] == 0.5
    again = main(RewardConfig(data=(path,), init=init, run=run, optim=OPTIM))
    assert again == json.loads((run.out / "summary.json").read_text()), "finished: nothing is trained again"


class Killed(Exception):
    """Raised in the middle of a run, as `kill -9` would end it."""


def test_a_killed_run_goes_on_with_the_same_numbers(
    pair_lines: list[Any], write_lines: Write, init: Path, tiny_run: MakeRun, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = write_lines("pairs.jsonl", pair_lines)
    ends = []
    for name, kills in (("calm", False), ("killed", True)):
        run = tiny_run(
            out=tmp_path / name, steps=8, batch_tokens=2048, micro_tokens=1024, row_lengths=(128, 256),
            checkpoint_minutes=1e-6,
        )  # fmt: skip
        config = RewardConfig(data=(path,), init=init, run=run, optim=OPTIM)
        if kills:
            with monkeypatch.context() as patch:
                save = Run.save

                def dying(self: Run, state: dict[str, Any], *rest: Any, save: Any = save) -> None:
                    if state["step"] == 5:
                        raise Killed
                    save(self, state, *rest)

                patch.setattr(Run, "save", dying)
                with pytest.raises(Killed):
                    main(config)
            assert torch.load(run.out / "resume.pt", weights_only=True)["step"] == 4
        main(config)
        keep = ("step", "loss", "validation_loss", "learning_rate", "gradient_norm")
        curve = [{k: x[k] for k in keep if k in x} for x in read_jsonl(run.out / "metrics.jsonl")]
        ends.append((curve, checkpoint.model_hash(run.out / "checkpoint")))
    assert ends[0] == ends[1]


def test_bad_data_and_a_reward_model_as_start_are_refused(
    pair_lines: list[Any], write_lines: Write, init: Path, tokenizer: Tokenizer, tiny_run: MakeRun,
    tmp_path: Path,
) -> None:  # fmt: skip
    good = write_lines("pairs.jsonl", pair_lines)
    for changes, message in (
        ({"domain": "poetry"}, r"bad\.jsonl:1.*solve, prove, steps"),
        ({"rejected": pair_lines[0]["chosen"]}, "the same"),
        ({"chosen": 5}, "must be text"),
    ):
        bad = write_lines("bad.jsonl", [pair_lines[0] | changes])
        with pytest.raises(DataError, match=message):
            main(RewardConfig(data=(bad,), init=init, run=tiny_run(out=tmp_path / "b")))
    long = write_lines("long.jsonl", [pair_lines[0] | {"chosen": "q" * 900}])
    with pytest.raises(DataError, match="longer than a row"):
        main(RewardConfig(data=(long,), init=init, run=tiny_run(out=tmp_path / "c")))
    language_model, _ = checkpoint.load(init, dtype=torch.float32)
    checkpoint.save(RewardTransformer.from_language_model(language_model), tokenizer, tmp_path / "rewards")
    with pytest.raises(CheckpointError, match="LlamaForCausalLM is needed"):
        main(RewardConfig(data=(good,), init=tmp_path / "rewards", run=tiny_run(out=tmp_path / "d")))
