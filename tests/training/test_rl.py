"""GRPO: advantages, the clipped loss, a toy task that gets better, exact resume, graders."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from mathlm.prompts import render_solve
from mathlm.records import read_jsonl
from mathlm.types import Completion, Prompt, Reason, Status, Verdict
from model import checkpoint
from model.config import ModelConfig
from model.tokenizer import Tokenizer
from model.transformer import Transformer
from training.grading import ProveGrader, SolveGrader
from training.optim import OptimConfig
from training.rl import RlConfig, group_advantages, main, problems_of, token_losses
from training.run import Run, RunConfig
from verify.base import Limits
from verify.fake import FakeLeanVerifier, FakePythonVerifier

MakeRun = Callable[..., RunConfig]
LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)


class Even:
    """Accepts a completion whose first character has an even code; every seventh gets no verdict."""

    fields = ("id", "question")

    def prompts(self, row: dict[str, Any], count: int) -> list[Prompt]:
        return [render_solve(row["question"])] * count

    def grade(self, rows: Sequence[Any], completions: Sequence[Completion]) -> list[float | None]:
        good = [float(bool(c.text) and ord(c.text[0]) % 2 == 0) for c in completions]
        return [None if i % 7 == 0 else reward for i, reward in enumerate(good)]


@pytest.fixture
def config(
    tokenizer: Tokenizer, tmp_path: Path, tiny_run: MakeRun, write_lines: Callable[..., Path]
) -> Callable[..., RlConfig]:
    def make(*, name: str = "run", steps: int = 20, minutes: float = 5.0, **changes: Any) -> RlConfig:
        torch.manual_seed(0)
        shape = ModelConfig(
            vocab_size=tokenizer.vocab_size + 20, hidden_size=32, intermediate_size=48, num_layers=2,
            num_heads=4, num_kv_heads=2, head_dim=8, max_position=256,
        )  # fmt: skip
        checkpoint.save(Transformer(shape), tokenizer, tmp_path / "init", dtype=torch.float32)
        path = write_lines("q.jsonl", [{"id": f"q{i}", "question": f"{i}?"} for i in range(6)])
        run = tiny_run(out=tmp_path / name, steps=steps, row_lengths=(128,), checkpoint_minutes=minutes)
        base: dict[str, Any] = {"prompts": 4, "group": 14, "max_tokens": 2, "most": 1.0}
        optim = OptimConfig(muon_lr=0.02, adam_lr=0.01, schedule="cosine", floor=0.5)
        return RlConfig(data=(path,), init=tmp_path / "init", run=run, optim=optim, **(base | changes))

    return make


def test_the_toy_task_gets_better(config: Callable[..., RlConfig]) -> None:
    made = config(kl=0.001, updates=2, steps=15)
    summary = main(made, Even())
    assert summary["first_reward"] < 0.7 and summary["reward"] > summary["first_reward"] + 0.25
    assert summary["mismatch"] < 1e-4
    lines = list(read_jsonl(made.run.out / "metrics.jsonl"))
    assert len(lines) == 15 and {x["dropped"] for x in lines} == {8.0}
    assert (made.run.out / "report.html").exists() and (made.run.out / "checkpoint").is_dir()


class Killed(Exception):
    """Raised in the middle of a run, as `kill -9` would end it."""


def test_a_killed_run_goes_on_with_the_same_numbers(
    config: Callable[..., RlConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = []
    for name in ("calm", "killed"):
        made = config(name=name, steps=6, minutes=1e-6)
        if name == "killed":
            save = Run.save

            def dying(self: Run, state: dict[str, Any], *rest: Any, save: Any = save) -> None:
                if state["step"] == 4:
                    raise Killed
                save(self, state, *rest)

            with monkeypatch.context() as patch:
                patch.setattr(Run, "save", dying)
                with pytest.raises(Killed):
                    main(made, Even())
        main(made, Even())
        ends.append(
            (
                list(read_jsonl(made.run.out / "metrics.jsonl")),
                checkpoint.model_hash(made.run.out / "checkpoint"),
            )
        )
    assert ends[0] == ends[1]


def test_advantages_are_not_divided_and_easy_or_hopeless_groups_do_not_count() -> None:
    rewards = [1.0, 0.0, None, 0.0, *[0.0] * 4, *[1.0] * 4, 1.0, None, None, None]
    found = group_advantages(rewards, group=4, most=0.75)
    assert found[:4] == [pytest.approx(2 / 3), pytest.approx(-1 / 3), None, pytest.approx(-1 / 3)]
    assert found[4:] == [None] * 12


def test_every_problem_comes_up_once_an_epoch(config: Callable[..., RlConfig]) -> None:
    made = config()
    found = [i for step in range(3) for i in problems_of(step, 6, made)]
    assert sorted(found[:6]) == sorted(found[6:]) == list(range(6)) and found[:6] != found[6:]


@pytest.mark.parametrize(
    ("ratio", "advantage", "loss", "moves"),
    [
        (1.0, 0.5, -0.5, True),
        (1.25, 0.5, -0.625, True),  # an even clip at 0.2 would stop here
        (1.4, 0.5, -0.64, False),
        (0.7, 0.5, -0.35, True),
        (0.7, -0.5, 0.4, False),
        (1.4, -0.5, 0.7, True),
    ],
)
def test_the_clipped_loss(
    ratio: float, advantage: float, loss: float, moves: bool, config: Callable[..., RlConfig]
) -> None:
    logprob = torch.tensor([-1.0 + math.log(ratio)], requires_grad=True)
    old, first = torch.tensor([-1.0]), torch.tensor([-2.0])
    plain = token_losses(logprob, old, first, torch.tensor([advantage]), config())
    plain.sum().backward()
    assert float(plain.detach()) == pytest.approx(loss)
    assert logprob.grad is not None and (float(logprob.grad) != 0) == moves
    held = token_losses(logprob.detach(), old, first, torch.tensor([advantage]), config(kl=0.1))
    behind = -2.0 - float(logprob.detach())
    assert float(held) == pytest.approx(loss + 0.1 * (math.exp(behind) - behind - 1))


def completions(*texts: str) -> list[Completion]:
    return [Completion(text=text, finish="stop", tokens=1, logprob=0.0) for text in texts]


def test_only_a_broken_machine_gives_no_reward() -> None:
    broken, slow = Verdict(status=Status.INFRA_ERROR), Verdict(status=Status.TIMEOUT)
    python = FakePythonVerifier({"right": "x\n6", "wrong": "5", "broken": broken, "slow": slow})
    texts = [f"```python\n{name}\n```" for name in ("right", "wrong", "broken", "slow", "unknown")]
    rows = [{"id": "q", "question": "?", "answer": 6}] * 6
    found = SolveGrader(python=python, limits=LIMITS).grade(rows, completions(*texts, "no program"))
    assert found == [1.0, 0.0, None, 0.0, 0.0, 0.0]
    refused = Verdict(status=Status.REJECTED, reason=Reason.KERNEL)

    def proves(source: str) -> bool | Verdict:
        return {"by ok": True, "by no": refused, "by crash": broken}[source.split(":= ")[1]]

    grader = ProveGrader(lean=FakeLeanVerifier(proves), limits=LIMITS)
    row = {"id": "t", "statement": "theorem t : 1 = 1"}
    assert len(grader.prompts(row, 3)) == 3
    assert grader.grade([row] * 4, completions("by ok", "by no", "by crash", "")) == [1.0, 0.0, None, 0.0]
