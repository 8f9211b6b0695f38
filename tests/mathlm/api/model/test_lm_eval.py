"""lm-evaluation-harness on our server: probabilities of given texts, and texts.

The tasks are two lines in this folder, so nothing is downloaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lm_eval import simple_evaluate
from lm_eval.tasks import TaskManager

from model.generation import resolve_model
from tests.mathlm.api.model.conftest import MODEL, Served

DATA = Path(__file__).with_name("sums.jsonl")
COMMON = {
    "dataset_path": "json",
    "dataset_kwargs": {"data_files": {"test": str(DATA)}},
    "test_split": "test",
    "doc_to_text": "{{question}}",
}
CHOICE = COMMON | {
    "task": "choice",
    "output_type": "multiple_choice",
    "doc_to_choice": "{{choices}}",
    "doc_to_target": "{{answer}}",
    "metric_list": [{"metric": "acc", "aggregation": "mean", "higher_is_better": True}],
}
TEXT = COMMON | {
    "task": "text",
    "output_type": "generate_until",
    "doc_to_target": "{{choices[answer]}}",
    "generation_kwargs": {"until": ["\n"], "max_gen_toks": 12},
    "metric_list": [{"metric": "exact_match", "aggregation": "mean", "higher_is_better": True}],
}


def evaluate(
    served: Served, task: dict[str, Any], monkeypatch: pytest.MonkeyPatch, **options: Any
) -> dict[str, Any]:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("NO_PROXY", "*")
    found = simple_evaluate(
        model="local-completions",
        model_args={
            "model": MODEL,
            "base_url": f"{served.url}/v1/completions",
            "tokenizer": str(resolve_model(MODEL)),
            "tokenizer_backend": "huggingface",
            "max_retries": 1,
            **options,
        },
        tasks=[task],
        task_manager=TaskManager(include_defaults=False),
        bootstrap_iters=0,
        batch_size=2,
        log_samples=True,
    )
    assert found is not None
    return found


@pytest.mark.parametrize("tokenized", [True, False])
def test_probabilities_of_given_texts(served: Served, tokenized: bool, monkeypatch) -> None:
    found = evaluate(served, CHOICE, monkeypatch, tokenized_requests=tokenized)
    assert found["results"]["choice"]["acc,none"] == 1.0
    engine = served.service.tools.engine()
    for sample in found["samples"]["choice"]:
        question = engine.tokenizer.encode(sample["doc"]["question"])
        for text, answer in zip(sample["doc"]["choices"], sample["filtered_resps"], strict=True):
            # the harness cuts tokens where the two texts joined have them
            whole = engine.tokenizer.encode(sample["doc"]["question"] + text)
            (scores,) = engine.score_tokens([whole])
            expected = sum(score.logprob for score in scores[len(question) - 1 :])
            assert float(answer[0]) == pytest.approx(expected, abs=1e-2)


def test_texts(served: Served, monkeypatch) -> None:
    found = evaluate(served, TEXT, monkeypatch)
    for sample in found["samples"]["text"]:
        answer = served.post(
            "/v1/completions", model=MODEL, prompt=sample["doc"]["question"], temperature=0, max_tokens=12,
            stop=["\n"],
        )  # fmt: skip
        assert sample["filtered_resps"][0] == answer.json()["choices"][0]["text"]
