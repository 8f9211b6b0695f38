"""Fine-tuning end to end: answers are learnt, prompts are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from mathlm.errors import CheckpointError, DataError, UsageError
from mathlm.prompts import render_solve
from mathlm.records import read_jsonl
from model import checkpoint
from model.tokenizer import Tokenizer
from training.optim import OptimConfig
from training.pretrain import PretrainConfig
from training.pretrain import main as pretrain
from training.run import RunConfig
from training.sft import SftConfig, main

OPTIM = OptimConfig(adam_lr=0.03)
MakeRun = Callable[..., RunConfig]
Write = Callable[[str, list[Any]], Path]


@pytest.fixture
def base(text_file: Path, tokenizer_folder: Path, tiny_run: MakeRun, tmp_path: Path) -> Path:
    """The checkpoint of a short pre-training."""
    run = tiny_run(out=tmp_path / "base", steps=20)
    shape = {"layers": 2, "hidden": 32, "heads": 4, "kv_heads": 2, "max_position": 128}
    pretrain(PretrainConfig(data=(text_file,), tokenizer=tokenizer_folder, run=run, **shape))
    return run.out / "checkpoint"


def next_token(folder: Path, text: str) -> tuple[str, float]:
    """The likeliest token after a rendered prompt, and its probability."""
    model, tokenizer = checkpoint.load(folder, dtype=torch.float32)
    with torch.no_grad():
        logits = model(torch.tensor([tokenizer.encode(text, special=True)]))[0, -1]
    best = int(logits.argmax())
    return tokenizer.decode([best]), float(logits.softmax(-1)[best])


def test_an_answer_and_its_end_are_learnt(base: Path, write_lines: Write, tiny_run: MakeRun) -> None:
    prompt = render_solve("What is 3 + 4?").text
    lines = [{"id": str(i), "prompt": prompt, "answer": "7", "source": "s"} for i in range(60)]
    run = tiny_run(steps=30)
    main(SftConfig(data=(write_lines("chat.jsonl", lines),), init=base, run=run, optim=OPTIM))
    folder = run.out / "checkpoint"
    assert next_token(folder, prompt)[0] == "7"
    assert next_token(folder, prompt + "7")[0] == "<|im_end|>"
    curve = [x["loss"] for x in read_jsonl(run.out / "metrics.jsonl") if "loss" in x]
    assert curve[-1] < 0.1 < curve[0]


def test_the_tokens_of_the_prompt_get_no_loss(
    base: Path, write_lines: Write, tiny_run: MakeRun, tokenizer: Tokenizer
) -> None:
    from training import corpus
    from training.packing import Stream
    from training.trainer import count_targets

    prompt = render_solve("What is 3 + 4?").text
    line = {"id": "a", "prompt": prompt, "answer": "7", "source": "s"}
    documents = corpus.load(
        [write_lines("chat.jsonl", [line] * 5)], kind="chat", tokenizer=tokenizer,
        cache=base.parent / "cache", log=print,
    )  # fmt: skip
    stream = Stream(documents, range(5), row_lengths=(128,), micro_tokens=256, seed=0, split=False)
    batches = list(stream.epoch_batches(0))
    assert sum(count_targets(batch) for batch in batches) == 5 * 2
    targets = {t for batch in batches for t in batch.targets_BL.reshape(-1).tolist()} - {-1}
    assert targets == {*tokenizer.encode("7"), tokenizer.im_end_id}


def test_bad_lines_and_bad_checkpoints_are_named(
    base: Path, chat_file: Path, write_lines: Write, tiny_run: MakeRun, tmp_path: Path
) -> None:
    bad = write_lines("bad.jsonl", [{"id": "a", "prompt": "p", "answer": "x"}])
    with pytest.raises(DataError, match=r"bad\.jsonl:1.*source"):
        main(SftConfig(data=(bad,), init=base, run=tiny_run()))
    with pytest.raises(CheckpointError, match="nowhere"):
        main(SftConfig(data=(chat_file,), init=tmp_path / "nowhere", run=tiny_run(out=tmp_path / "b")))
    with pytest.raises(UsageError, match="row"):
        run = tiny_run(out=tmp_path / "c", row_lengths=(256,))
        main(SftConfig(data=(chat_file,), init=base, run=run))


def test_only_too_long_documents_say_so(base: Path, write_lines: Write, tiny_run: MakeRun) -> None:
    line = {"id": "a", "prompt": "p" * 500, "answer": "x", "source": "s"}
    with pytest.raises(DataError, match="longer than"):
        main(SftConfig(data=(write_lines("long.jsonl", [line] * 3),), init=base, run=tiny_run()))


def test_the_report_shows_completions_of_held_out_prompts(
    base: Path, write_lines: Write, tiny_run: MakeRun
) -> None:
    lines = [
        {"id": str(i), "prompt": render_solve(f"{i} < {i + 1}?").text, "answer": "yes", "source": "s"}
        for i in range(300)
    ]
    run = tiny_run(steps=30)
    main(SftConfig(data=(write_lines("chat.jsonl", lines),), init=base, run=run, optim=OPTIM))
    page = (run.out / "report.html").read_text(encoding="utf-8")
    assert "Completions of held-out prompts" in page
    assert "<pre>yes</pre>" in page and "as in the data" in page
    assert "&lt;|im_start|&gt;" in page
