"""Phases of context: parsed, checked, entered at their step, kept over a stop, saved in the checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mathlm.records import read_jsonl
from model import checkpoint
from training import phases
from training.phases import Phase, phase_at
from training.pretrain import PretrainConfig, main
from training.run import RunConfig

SHORT = Phase(share=0.75, row_lengths=(64,), rope_theta=50_000.0)
LONG = Phase(share=0.25, row_lengths=(64, 256), rope_theta=1e6)
SHAPE = {"layers": 1, "hidden": 16, "heads": 2, "kv_heads": 1}


def test_a_phase_is_share_rows_and_base() -> None:
    assert phases.parse("0.75:64:5e4") == SHORT
    assert phases.parse("0.25:256,64:1000000") == LONG
    assert phases.parse("1:128") == Phase(share=1.0, row_lengths=(128,))


@pytest.mark.parametrize("text", ["", "0.5", "0.5:a", "0:64", "0.5:64:0", "0.5:64:1:2", "2:64"])
def test_what_is_no_phase_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"SHARE:LENGTH,LENGTH:BASE"):
        phases.parse(text)


def test_every_step_has_its_phase() -> None:
    assert [phase_at((SHORT, LONG), step, 8) for step in range(9)] == [0] * 6 + [1] * 3
    assert [phase_at((SHORT, LONG), step, 1) for step in range(2)] == [0, 1]


def test_phases_that_cannot_be_run_are_refused() -> None:
    for wrong, message in (
        ({"micro_tokens": 100}, "multiple of the row lengths"),
        ({"max_position": 128}, "longest row"),
    ):
        with pytest.raises(ValueError, match=message):
            phases.check((SHORT, LONG), **({"micro_tokens": 256, "max_position": 256} | wrong))
    with pytest.raises(ValueError, match="add up to 1"):
        phases.check((SHORT,), micro_tokens=256, max_position=256)


@pytest.fixture
def long_text(write_lines: Callable[..., Path]) -> Path:
    lines = [{"text": " ".join(str(i * j % 97) for j in range(60))} for i in range(120)]
    return write_lines("long.jsonl", lines)


def test_rows_and_rope_base_change_and_a_continued_run_is_in_its_phase(
    long_text: Path, tokenizer_folder: Path, tiny_run: Callable[..., RunConfig], tmp_path: Path
) -> None:
    def config(name: str) -> PretrainConfig:
        run = tiny_run(out=tmp_path / name, steps=8, checkpoint_minutes=1e-6)
        return PretrainConfig(
            data=(long_text,), tokenizer=tokenizer_folder, run=run, phases=(SHORT, LONG),
            max_position=256, **SHAPE,
        )  # fmt: skip

    whole = config("whole")
    main(whole)
    saved = checkpoint.read_config(whole.run.out / "checkpoint")
    assert (saved.rope_theta, saved.max_position) == (1e6, 256)

    # The same run with one phase only differs from the step on where the second phase begins.
    first = replace(config("first"), phases=(replace(SHORT, share=1.0),))
    main(first)
    assert checkpoint.read_config(first.run.out / "checkpoint").rope_theta == 50_000.0
    curves = [
        [line["loss"] for line in read_jsonl(x.run.out / "metrics.jsonl") if "loss" in line]
        for x in (whole, first)
    ]
    assert curves[0][:6] == curves[1][:6]
    assert curves[0][6] != curves[1][6]


def test_a_continued_model_reads_as_far_as_its_phases(
    long_text: Path, tokenizer_folder: Path, tiny_run: Callable[..., RunConfig], tmp_path: Path
) -> None:
    run = tiny_run(out=tmp_path / "base", steps=1, row_lengths=(64,))
    main(PretrainConfig(data=(long_text,), tokenizer=tokenizer_folder, run=run, max_position=64, **SHAPE))
    longer = tiny_run(out=tmp_path / "longer", steps=1, row_lengths=(64,))
    phase = replace(LONG, share=1.0)
    main(PretrainConfig(data=(long_text,), init=run.out / "checkpoint", run=longer, phases=(phase,)))
    saved = checkpoint.read_config(longer.out / "checkpoint")
    assert (saved.rope_theta, saved.max_position) == (1e6, 256)
