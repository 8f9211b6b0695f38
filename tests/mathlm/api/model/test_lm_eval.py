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
    "target_delimiter": "",
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


@pytest.fixture(scope="module")
def found(served: Served) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("NO_PROXY", "*")
        found = simple_evaluate(
            model="local-completions",
            model_args={
                "model": MODEL,
                "base_url": f"{served.url}/v1/completions",
                "tokenizer": str(resolve_model(MODEL)),
                "tokenizer_backend": "huggingface",
                "max_retries": 1,
            },
            tasks=[CHOICE, TEXT],
            task_manager=TaskManager(include_defaults=False),
            bootstrap_iters=0,
            batch_size=2,
            log_samples=True,
        )
    assert found is not None
    return found


def test_probabilities_of_given_texts(served: Served, found: dict[str, Any]) -> None:
    engine = served.service.tools.engine()
    for sample in found["samples"]["choice"]:
        question = engine.tokenizer.encode(sample["doc"]["question"])
        for text, answer in zip(sample["doc"]["choices"], sample["filtered_resps"], strict=True):
            (scores,) = engine.score_tokens([engine.tokenizer.encode(sample["doc"]["question"] + text)])
            expected = sum(score.logprob for score in scores[len(question) - 1 :])
            assert float(answer[0]) == pytest.approx(expected, abs=1e-2)


def test_texts(served: Served, found: dict[str, Any]) -> None:
    for sample in found["samples"]["text"]:
        answer = served.post(
            "/v1/completions", model=MODEL, prompt=sample["doc"]["question"], temperature=0, max_tokens=12,
            stop=["\n"],
        )  # fmt: skip
        assert sample["filtered_resps"][0] == answer.json()["choices"][0]["text"]
