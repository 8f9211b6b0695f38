"""Two processes that train one model: the numbers of one process, any number continues, clean ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from mathlm.errors import InfraError, UsageError
from mathlm.records import read_jsonl
from model import checkpoint
from tests.training import ranks_child
from training import ranks
from training.loop import check_shares
from training.optim import OptimConfig
from training.pretrain import PretrainConfig
from training.run import RunConfig

MakeRun = Callable[..., RunConfig]
Make = Callable[..., PretrainConfig]
SHAPE = {"layers": 2, "hidden": 36, "heads": 3, "kv_heads": 1, "max_position": 128}
"""Three key rows of 12 and a vocabulary of 300: not all shards are of one size."""


@pytest.fixture
def make(tokenizer_folder: Path, text_file: Path, tiny_run: MakeRun, tmp_path: Path) -> Make:
    def config(name: str, *, matrices: str = "muon", **run: Any) -> PretrainConfig:
        options = {"steps": 24, "micro_tokens": 128, "evaluations": 3} | run
        optim = OptimConfig(matrices=matrices, muon_lr=0.02, adam_lr=0.01, grad_clip=0.5)  # type: ignore[arg-type]
        return PretrainConfig(
            data=(text_file,), tokenizer=tokenizer_folder, run=tiny_run(out=tmp_path / name, **options),
            optim=optim, **SHAPE,
        )  # fmt: skip

    return config


def curve(config: PretrainConfig) -> list[tuple[int, str, float]]:
    names = ("loss", "validation_loss", "gradient_norm")
    lines = read_jsonl(config.run.out / "metrics.jsonl")
    return [(line["step"], name, line[name]) for line in lines for name in names if name in line]


def assert_same(own: PretrainConfig, expected: PretrainConfig) -> None:
    places = [[x[:2] for x in curve(config)] for config in (own, expected)]
    assert places[0] == places[1]
    for (step, name, value), (_, _, wanted) in zip(curve(own), curve(expected), strict=True):
        assert value == pytest.approx(wanted, abs=1e-4), (step, name)
    models = [checkpoint.load(x.run.out / "checkpoint", dtype=torch.float32)[0] for x in (own, expected)]
    for mine, theirs in zip(*(model.parameters() for model in models), strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-3, rtol=0)


def test_two_ranks_with_adamw_give_the_curve_of_one(make: Make) -> None:
    alone, together = make("alone", matrices="adamw"), make("together", matrices="adamw", recompute=True)
    ranks_child.pretrain(alone)
    summary = ranks.launch(2, ranks_child.pretrain, together)
    assert_same(together, alone)
    assert summary == json.loads((together.run.out / "summary.json").read_text(encoding="utf-8"))
    facts = json.loads((together.run.out / "run.json").read_text(encoding="utf-8"))
    assert facts["ranks"] == 2


def test_muon_stopped_on_two_ranks_goes_on_with_one_and_ends_on_two(make: Make) -> None:
    calm, changing = make("calm"), make("changing")
    ranks_child.pretrain(calm)
    reached = []
    for count in (2, 1):
        assert ranks.launch(count, ranks_child.pretrain_a_little, changing) == "stopped"
        reached.append(torch.load(changing.run.out / "resume.pt", weights_only=True)["step"])
    assert 0 < reached[0] < reached[1] < 24
    ranks.launch(2, ranks_child.pretrain, changing)
    assert_same(changing, calm)


@pytest.mark.timeout(180)
def test_a_signal_that_reaches_a_rank_while_all_save_for_another_stops_them(make: Make) -> None:
    calm, hit = make("calm"), make("hit")
    ranks_child.pretrain(calm)
    assert ranks.launch(2, ranks_child.pretrain_with_a_late_signal, hit) == "stopped"
    ranks.launch(2, ranks_child.pretrain, hit)
    assert_same(hit, calm)


def test_ranks_that_differ_end_with_one_clear_error(make: Make, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ranks.Reported) as caught:
        ranks.launch(2, ranks_child.pretrain_with_different_seeds, make("run"))
    assert caught.value.exit_code == 2
    shown = capfd.readouterr().err
    assert shown.count("the ranks differ in settings: start all of them with the same command") == 1
    assert "Traceback" not in shown


def test_a_rank_that_dies_ends_the_run_and_says_how_to_go_on(
    make: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InfraError, match="rank 1 was killed by SIGKILL: run the same command again"):
        ranks.launch(2, ranks_child.pretrain_and_lose_rank_1, make("run", steps=100_000))
    assert "Traceback" not in capfd.readouterr().err


def test_micro_batches_that_cannot_be_shared_are_refused(make: Make) -> None:
    check_shares(make("run").run, 2)
    with pytest.raises(UsageError, match="lower --micro-tokens, to 256"):
        check_shares(make("run", micro_tokens=512).run, 2)


def test_alone_every_exchange_is_trivial() -> None:
    assert (ranks.count(), ranks.rank(), ranks.leads()) == (1, 0, True)
    assert ranks.total([1.0, 2.0]) == [1.0, 2.0]
    assert ranks.first(lambda: 7) == ranks.in_turn(lambda: 7) == 7
    ranks.agree({"settings": 1})
    with pytest.raises(UsageError, match="together"):
        ranks.fail(UsageError("together"))
