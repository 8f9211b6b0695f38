"""The `openai` client, unchanged, on our server with the shipped model."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import openai
import pytest
from transformers import AutoTokenizer

from mathlm.prompts import render_chat, render_solve
from model.generation import resolve_model
from tests.mathlm.api.model.conftest import MODEL, Served

CHAT = [{"role": "user", "content": "What is the greatest common divisor of 84 and 126?"}]
LONG = [{"role": "user", "content": "1 " * 2000}]
RAW = "theorem t (a b : ℕ) : a + b"


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[openai.OpenAI]:
    with httpx.Client(trust_env=False) as http:
        yield openai.OpenAI(base_url=f"{served.url}/v1", api_key="any", http_client=http, max_retries=0)


def test_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == [MODEL]
    assert client.models.retrieve(MODEL).owned_by == "mathlm"


def test_chat_whole_and_streamed(client: openai.OpenAI) -> None:
    asked = {"model": MODEL, "messages": CHAT, "temperature": 0, "max_tokens": 60}
    whole = client.chat.completions.create(**asked)
    assert whole.choices[0].message.content and whole.choices[0].message.role == "assistant"
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens
    chunks = list(
        client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    )
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(pieces) == whole.choices[0].message.content and len(pieces) > 5
    ends = [x.choices[0].finish_reason for x in chunks if x.choices and x.choices[0].finish_reason]
    assert ends == [whole.choices[0].finish_reason]
    assert chunks[-1].usage == whole.usage


def test_a_chat_is_rendered_as_the_checkpoint_says() -> None:
    turns = [("system", "Be short."), ("user", " 2+2?<|im_end|>"), ("assistant", "4"), ("user", "3+3?")]
    messages = [{"role": role, "content": text} for role, text in turns]
    theirs = AutoTokenizer.from_pretrained(resolve_model(MODEL)).apply_chat_template(
        messages, tokenize=False, add_generation_prompt=True
    )
    assert render_chat(turns).text == theirs


def test_the_seed_decides_and_choices_differ(client: openai.OpenAI) -> None:
    def ask(seed: int) -> list[str]:
        found = client.chat.completions.create(
            model=MODEL, messages=CHAT, temperature=2.0, max_tokens=20, seed=seed, n=3
        )
        return [choice.message.content for choice in found.choices]

    assert ask(1) == ask(1) != ask(100)
    assert len(set(ask(1))) == 3


def test_many_at_once_get_what_each_gets_alone(client: openai.OpenAI) -> None:
    def ask(number: int) -> str:
        return client.completions.create(
            model=MODEL, prompt=f"{RAW} + {number}", temperature=0, max_tokens=16
        ).choices[0].text  # fmt: skip

    alone = [ask(i) for i in range(6)]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(ask, range(6))) == alone


def test_completions_stop_and_stream(client: openai.OpenAI) -> None:
    prompt = render_solve(CHAT[0]["content"]).text
    asked = {"model": MODEL, "prompt": prompt, "temperature": 0, "max_tokens": 100}
    free = client.completions.create(**asked).choices[0]
    assert "```python" in free.text
    whole = client.completions.create(**asked, stop=["```python"]).choices[0]
    assert whole.text == free.text.split("```python")[0] and whole.finish_reason == "stop"
    streamed = client.completions.create(**asked, stop=["```python"], stream=True)
    assert "".join(chunk.choices[0].text for chunk in streamed) == whole.text


def test_echo_and_logprobs_of_strings_and_of_ids(client: openai.OpenAI, served: Served) -> None:
    ids = served.service.tools.engine().tokenizer.encode(RAW)
    asked = {"model": MODEL, "temperature": 0, "max_tokens": 1, "logprobs": 2, "echo": True}
    found = client.completions.create(**asked, prompt=[ids, ids[:4]])
    text = client.completions.create(**asked, prompt=RAW).choices[0]
    assert [choice.index for choice in found.choices] == [0, 1]
    for choice in (found.choices[0], text):
        assert choice.text.startswith(RAW)
        scored = choice.logprobs
        assert len(scored.tokens) == len(scored.token_logprobs) == len(scored.top_logprobs) == len(ids) + 1
        assert scored.token_logprobs[0] is None and scored.top_logprobs[0] is None
        assert all(value < 0 for value in scored.token_logprobs[1:])
        # greedy: the last token is the most probable one
        assert scored.token_logprobs[-1] == max(scored.top_logprobs[-1].values())
        assert scored.text_offset[0] == 0 and scored.text_offset[-1] == len(RAW)
    of_ids, of_text = found.choices[0].logprobs.token_logprobs, text.logprobs.token_logprobs
    assert of_ids[1:] == pytest.approx(of_text[1:], abs=1e-2)
    nothing = client.completions.create(**{**asked, "max_tokens": 0}, prompt=RAW).choices[0]
    assert nothing.text == RAW and len(nothing.logprobs.tokens) == len(ids)
    assert math.isclose(
        sum(nothing.logprobs.token_logprobs[1:]), sum(text.logprobs.token_logprobs[1:-1]), rel_tol=1e-3
    )


@pytest.mark.parametrize(
    ("error", "asked", "words"),
    [
        (openai.NotFoundError, {"model": "gpt-4o", "messages": CHAT}, MODEL),
        (openai.BadRequestError, {"messages": []}, "messages"),
        (openai.BadRequestError, {"messages": CHAT, "temperature": -1}, "temperature"),
        (openai.BadRequestError, {"messages": CHAT, "tools": [{"type": "function"}]}, "`tools`"),
        (openai.BadRequestError, {"messages": CHAT, "frequency_penalty": 1}, "`frequency_penalty`"),
        (openai.BadRequestError, {"messages": LONG}, "shorten"),
        (openai.BadRequestError, {"messages": LONG, "stream": True}, "shorten"),
    ],
)
def test_errors_have_openais_shape(client: openai.OpenAI, error, asked, words) -> None:
    with pytest.raises(error) as raised:
        client.chat.completions.create(**{"model": MODEL, **asked})
    assert words in raised.value.message and raised.value.body["type"] == "invalid_request_error"


def test_a_server_without_a_model_says_what_to_do(without_model: Served) -> None:
    assert without_model.http.get("/v1/models").json() == {"object": "list", "data": []}
    for path, body in (
        ("/v1/chat/completions", {"model": MODEL, "messages": CHAT}),
        ("/v1/completions", {"model": MODEL, "prompt": "x"}),
    ):
        answer = without_model.post(path, **body)
        assert answer.status_code == 503 and "--no-model" in answer.json()["error"]["message"]
    for path, body in (
        ("/v1/solve", {"question": "2 + 2?"}),
        ("/v1/prove", {"statement": "theorem t : 1 = 1"}),
    ):
        answer = without_model.post(path, **body)
        assert answer.status_code == 503 and "--no-model" in answer.json()["detail"]
    proved = without_model.post(
        "/v1/prove", statement="theorem t (a : Nat) : a + 0 = a", search="automation"
    ).json()
    assert proved["status"] == "accepted" and proved["origin"].startswith("automation")
