"""Figures of a run: lines, cutting on continuation, curve and page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mathlm.records import read_jsonl
from training.metrics import Metrics
from training.report import report, smooth


def test_a_continued_run_has_each_step_once(tmp_path: Path) -> None:
    with Metrics(tmp_path, step=0) as metrics:
        for step in range(1, 6):
            metrics.log(step, loss=float(step))
    with (tmp_path / "metrics.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"step": 6, "lo')  # torn by a kill
    with Metrics(tmp_path, step=3) as metrics:
        metrics.log(4, loss=0.5)
    lines = list(read_jsonl(tmp_path / "metrics.jsonl"))
    assert [(line["step"], line["loss"]) for line in lines] == [(1, 1.0), (2, 2.0), (3, 3.0), (4, 0.5)]
    assert list((tmp_path / "tensorboard").glob("events.*"))


def test_smoothing_keeps_a_constant_and_follows_a_change() -> None:
    assert smooth([2.0] * 100) == pytest.approx([2.0] * 100)
    changed = smooth([1.0] * 50 + [0.0] * 50, share=0.05)
    assert changed[49] == pytest.approx(1.0)
    assert changed[50] == pytest.approx(0.8, abs=0.05)
    assert changed[-1] < 0.01


def test_report_is_one_file_with_curve_settings_and_escaped_text(tmp_path: Path) -> None:
    with Metrics(tmp_path, step=0) as metrics:
        metrics.log(1, loss=2.0)
        metrics.log(1, validation_loss=2.5)
        metrics.log(2, loss=1.0)
    facts = {"stage": "pretrain", "config": {"data": ["<script>"], "run": {"seed": 7}}}
    (tmp_path / "run.json").write_text(json.dumps(facts), encoding="utf-8")
    report(tmp_path, {"loss": 1.23456})
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "data:image/png;base64," in page
    assert "1.235" in page and "run.seed" in page and "prefers-color-scheme: dark" in page
    assert "<script>" not in page and 'src="http' not in page
