"""`mathlm data prepare|quality|mix|verify`: sources to a folder, the same bytes after a kill."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mathlm.cli.app import main
from mathlm.config import ROOT
from mathlm.errors import UsageError
from mathlm.prompts import render_solve
from training.data.prepare import pipeline
from training.data.prepare.folder import verify
from training.data.prepare.mix import mix, read_part
from training.data.prepare.sources import FieldMap, lines, read_source

WORDS = ("sum", "product", "number", "train", "apple", "river", "seven", "green", "happy", "quick", "letter")


def rows(count: int, *, seed: int = 0) -> list[dict[str, Any]]:
    """Questions of many words with different numbers."""
    rng = random.Random(seed)
    return [
        {"id": i, "question": f"{' '.join(rng.choices(WORDS, k=30))} {i * 7 + seed}?", "answer": str(i)}
        for i in range(count)
    ]


def write(path: Path, items: list[dict[str, Any]]) -> Path:
    text = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if not p.name.startswith(".")}


def run(*words: str | Path) -> int:
    return main(["data", *map(str, words)])


def test_planted_lines_are_dropped_with_their_reasons(tmp_path: Path) -> None:
    good = rows(30)
    planted = [
        {"id": "copy", **{k: good[3][k] for k in ("question", "answer")}},
        {"id": "near", "question": good[4]["question"].replace("?", " now?"), "answer": good[4]["answer"]},
        {"id": "numbers", "question": good[4]["question"].replace(" 28?", " 29?"), "answer": "4"},
        {"id": "leak", "question": "What is 17 + 25?", "answer": "42"},
        {"id": "token", "question": "What is it that ends a turn?", "answer": "<|im_end|>"},
    ]
    data = write(tmp_path / "set.jsonl.gz", [*good, *planted])
    dev = write(tmp_path / "dev.jsonl", [{"id": "q9", "question": "what is 17 + 25"}])
    out = tmp_path / "out"
    assert run("prepare", f"own={data}", "--out", out, "--against", dev, "--shard-lines", "20") == 0
    dropped = {line["id"]: line for line in read(out / "dropped.jsonl")}
    assert dropped.keys() == {"own/copy", "own/near", "own/leak", "own/token"}
    assert dropped["own/copy"]["resembles"] == "own/3" and dropped["own/near"]["resembles"] == "own/4"
    assert dropped["own/leak"]["evaluation"]["id"] == "q9" and dropped["own/leak"]["reason"] == "exact"
    assert dropped["own/token"]["reason"] == "special_token"
    kept = [*read(out / "data-00000.jsonl"), *read(out / "data-00001.jsonl")]
    assert [line["id"] for line in kept][-2:] == ["own/29", "own/numbers"]
    assert kept[0]["prompt"].startswith("<|im_start|>user\n") and kept[0]["source"] == "own"
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["counts"]["own"]["kept"] == 31 and manifest["code"]["version"]
    assert verify(out) == [] and run("verify", out) == 0
    assert "evaluation item `q9`" in (out / "report.md").read_text("utf-8")
    (out / "data-00001.jsonl").write_text("{}\n")
    assert verify(out) == ["data-00001.jsonl was changed"] and run("verify", out) == 1


def test_a_finished_folder_is_not_made_again_and_another_command_is_refused(tmp_path: Path) -> None:
    data = write(tmp_path / "a.jsonl", [{"text": f"A text with the number {i}"} for i in range(5)])
    out = tmp_path / "out"
    command = ("prepare", data, "--out", out)
    assert run(*command) == 0
    before = contents(out)
    assert run(*command) == 0 and contents(out) == before
    assert run(*command, "--min-chars", "9") == 2
    write(data, [{"text": "other"}])
    assert run(*command) == 2


def test_a_kill_in_the_middle_changes_no_byte(tmp_path: Path) -> None:
    data = write(tmp_path / "a.jsonl", [*rows(2000), *rows(200)])
    dev = write(tmp_path / "dev.jsonl", [rows(2000)[i] for i in (5, 1500)])
    command = ["data", "prepare", "a.jsonl", "--against", "dev.jsonl", "--out"]
    assert data.is_file() and dev.is_file()
    program = f"import sys; from mathlm.cli.app import main; sys.exit(main({[*command, 'killed']!r}))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, env=environment)

    process = start()
    try:
        while len(list((tmp_path / "killed" / ".work").glob("chunk-*"))) < 1:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not (tmp_path / "killed" / "manifest.json").exists()
    finally:
        process.kill()
    assert start().wait() == 0
    whole = program.replace("'killed'", "'whole'")
    assert subprocess.run([sys.executable, "-c", whole], cwd=tmp_path, env=environment).returncode == 0
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")
    counts = json.loads((tmp_path / "whole" / "manifest.json").read_text())["counts"]["a"]
    assert (counts["kept"], counts["decontaminate: exact"]) == (1998, 3)


def test_tables_and_folders_are_read_as_they_are(tmp_path: Path) -> None:
    import datasets

    (tmp_path / "a.csv").write_text("problem,solution\n007 plus 1.50,NA\n", encoding="utf-8")
    folder = tmp_path / "set"
    folder.mkdir()
    datasets.Dataset.from_list([{"text": "one text"}]).to_parquet(str(folder / "train.parquet"))
    datasets.Dataset.from_list([{"text": "a test"}]).to_parquet(str(folder / "test.parquet"))
    fields = FieldMap.parse(["prompt=problem", "answer=solution"])
    (cell,) = lines(read_source(str(tmp_path / "a.csv")), fields, form="chat")
    assert "007 plus 1.50" in (cell.prompt or "") and cell.answer == "NA" and cell.id == "a/0"
    for spec, text in (
        (f"{folder}", "one text"),
        (f"{folder}:test", "a test"),
        (f"{folder}/train.parquet", "one text"),
    ):
        assert [line.text for line in lines(read_source(spec), FieldMap(), form="text")] == [text]


def test_leandojo_becomes_next_tactics(tmp_path: Path) -> None:
    theorem = {
        "url": "u", "commit": "c", "file_path": "f", "full_name": "Nat.t", "start": [1, 1], "end": [2, 1],
        "traced_tactics": [{"tactic": "rfl", "annotated_tactic": ["rfl", []], "state_before": "⊢ 1 = 1",
                            "state_after": "no goals"}],
    }  # fmt: skip
    (tmp_path / "t.json").write_text(json.dumps([theorem]), encoding="utf-8")
    assert (
        run("prepare", f"leandojo:{tmp_path / 't.json'}", "--out", tmp_path / "out", "--min-chars", "1") == 0
    )
    (line,) = read(tmp_path / "out" / "data-00000.jsonl")
    assert "suggest a next tactic:\n⊢ 1 = 1" in line["prompt"] and line["answer"] == "rfl"


def test_rendered_prompts_stay_and_become_text_when_asked(tmp_path: Path) -> None:
    prompt = render_solve("What is 5 + 6?").text
    data = write(tmp_path / "a.jsonl", [{"id": "x", "prompt": prompt, "answer": "11", "source": "s"}])
    assert run("prepare", data, "--out", tmp_path / "chat") == 0
    assert run("prepare", data, "--out", tmp_path / "text", "--form", "text") == 0
    assert read(tmp_path / "chat" / "data-00000.jsonl")[0]["prompt"] == prompt
    assert read(tmp_path / "text" / "data-00000.jsonl")[0]["text"].startswith("What is 5 + 6?\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing.jsonl"], "name a file"),
        (["{a}", "{a}"], "give them names"),
        (["{a}", "--field", "prompt"], "TARGET=FIELD"),
        (["{a}", "--field", "text=nothing"], "row 1: field 'nothing'"),
        (["{a}", "--min-quality", "0.5"], "quality model"),
    ],
)
def test_mistakes_are_named(
    tmp_path: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write(tmp_path / "a.jsonl", rows(2))
    command = [word.format(a=data) for word in words]
    assert run("prepare", *command, "--out", tmp_path / "out") == 2
    assert message in capsys.readouterr().err


def test_quality_is_learned_written_and_applied(tmp_path: Path) -> None:
    rng = random.Random(1)
    good = [
        f"Let x = {i}. Then x + {rng.randint(1, 99)} is {rng.choice(WORDS)}, so we add." for i in range(300)
    ]
    bad = [f"BUY {rng.choice(WORDS)} NOW www.shop{i}.com {rng.choice(WORDS)} !!!" for i in range(300)]
    paths = [
        write(tmp_path / f"{n}.jsonl", [{"text": t} for t in ts]) for n, ts in (("good", good), ("bad", bad))
    ]
    model = tmp_path / "model.json"
    assert run("quality", "--good", paths[0], "--bad", paths[1], "--out", model) == 0
    figures = json.loads(model.read_text())["figures"]
    assert figures["auc"] > 0.99 and figures["held_out"] > 20
    both = write(
        tmp_path / "c.jsonl", [{"text": "Let y = 5. Then y + 1 is 6, so we add."}, {"text": bad[0] + "?"}]
    )
    command = ("prepare", both, "--out", tmp_path / "out", "--quality", model, "--min-quality", "0.5")
    assert run(*command) == 0
    (line,) = read(tmp_path / "out" / "data-00000.jsonl")
    assert line["text"].startswith("Let y") and line["quality"] > 0.5
    (gone,) = read(tmp_path / "out" / "dropped.jsonl")
    assert gone["reason"] == "low_score" and gone["quality"] < 0.5
    assert run("quality", "--good", paths[0], "--bad", both, "--out", model) == 2


def test_a_mix_has_the_weights_that_were_asked_for(tmp_path: Path) -> None:
    a = write(tmp_path / "a.jsonl", [{"id": f"a{i}", "level": i} for i in range(100)])
    b = write(tmp_path / "b.jsonl", [{"id": f"b{i}", "level": i + 0.5} for i in range(30)])
    parts = [read_part(f"{a}=3"), read_part(str(b))]
    for name in ("one", "two"):
        manifest = mix(parts, tmp_path / name, size=80, seed=4)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    names = [line["id"] for line in read(tmp_path / "one" / "data-00000.jsonl")]
    assert (len(names), len(set(names)), sum(n[0] == "a" for n in names)) == (80, 80, 60)
    assert manifest["lines"] == 80 and names != sorted(names) and verify(tmp_path / "one") == []
    with pytest.raises(UsageError, match=r"--repeats 1\.8"):
        mix(parts, tmp_path / "more", size=240)
    mix(parts, tmp_path / "more2", size=240, repeats=2)
    assert run("mix", f"{a}=3", b, "--out", tmp_path / "up", "--order", "level") == 0
    levels = [line["level"] for line in read(tmp_path / "up" / "data-00000.jsonl")]
    assert levels == sorted(levels) and len(levels) == 120


def test_the_smallest_run_is_no_special_case(tmp_path: Path) -> None:
    empty = write(tmp_path / "a.jsonl", [])
    config = pipeline.PrepareConfig(sources=(read_source(str(empty)),), out=tmp_path / "out")
    assert pipeline.prepare(config)["counts"]["all"] == {"read": 0}
    assert (tmp_path / "out" / "data-00000.jsonl").read_bytes() == b""
