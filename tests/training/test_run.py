"""The run folder: settings, lock, plan, atomic writes."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from mathlm.errors import CheckpointError, UsageError
from training.run import Run, RunConfig

MakeRun = Callable[..., RunConfig]


@dataclass(frozen=True)
class Settings:
    run: RunConfig
    width: int = 1


def open_run(config: RunConfig, width: int = 1) -> Run:
    return Run("pretrain", Settings(config, width), config)


def test_other_settings_in_the_same_folder_are_refused_by_name(tiny_run: MakeRun) -> None:
    config = tiny_run()
    for width, data in ((1, "a"), (2, "a"), (1, "b")):
        run = open_run(config, width)
        try:
            if (width, data) == (1, "a"):
                run.check(data={"file": data}, parameters=3)
            else:
                name = "config.width" if width == 2 else "data.file"
                with pytest.raises(UsageError, match=name):
                    run.check(data={"file": data}, parameters=3)
        finally:
            run.close()
    facts = json.loads((config.out / "run.json").read_text(encoding="utf-8"))
    assert facts["config"]["run"]["seed"] == 0
    assert {"git", "torch", "threads", "data", "parameters"} <= facts.keys()


def test_settings_that_do_not_change_the_numbers_may_change(tiny_run: MakeRun) -> None:
    config = tiny_run()
    for minutes in (5.0, 1.0):
        run = open_run(dataclasses.replace(config, checkpoint_minutes=minutes))
        run.check(data={}, parameters=3)
        run.close()


def test_a_folder_in_use_is_refused(tiny_run: MakeRun) -> None:
    run = open_run(tiny_run())
    with pytest.raises(UsageError, match="in use"):
        open_run(tiny_run())
    run.close()
    open_run(tiny_run()).close()


def test_the_number_of_steps_is_decided_once(tiny_run: MakeRun) -> None:
    run = open_run(tiny_run())
    assert run.plan(lambda: 7) == 7
    assert run.plan(lambda: 9) == 7
    run.close()


def test_a_torn_state_says_what_to_do(tiny_run: MakeRun) -> None:
    run = open_run(tiny_run())
    assert run.load_state(torch.device("cpu")) is None
    (run.out / "resume.pt").write_bytes(b"torn")
    with pytest.raises(CheckpointError, match="delete it"):
        run.load_state(torch.device("cpu"))
    run.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"minutes": 1.0, "steps": 3}, "exactly one"),
        ({"steps": None}, "exactly one"),
        ({"steps": 0}, "steps must be positive"),
        ({"micro_tokens": 100}, "multiple of every row length"),
        ({"batch_tokens": 300}, "multiple of micro_tokens"),
        ({"row_lengths": ()}, "row_lengths"),
        ({"threads": -1}, "threads"),
    ],
)
def test_config_refuses(options: dict[str, object], message: str) -> None:
    base: dict[str, object] = {"out": Path("x"), "steps": 1}
    with pytest.raises(ValueError, match=message):
        RunConfig(**(base | options))  # type: ignore[arg-type]
