"""The engine: what callers get together is what each gets alone, in pieces that are whole."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mathlm.errors import Abandoned, CheckpointError, InfraError, UsageError
from mathlm.types import Completion, Prompt, SamplingParams
from model.generation.base import StopRule
from model.generation.engine import Engine, TextStream
from model.generation.native import NativeBackend
from model.tokenizer import Tokenizer

TEXTS = ["1 + 1", "theorem add_comm (a b : Nat)", "What is the greatest", "x", "import math", "12 and 18?"]
PROMPTS = [Prompt(text=f"<|im_start|>user\n{text}<|im_end|>\n", stop=()) for text in TEXTS]
GREEDY = SamplingParams(max_tokens=24)
SAMPLED = SamplingParams(max_tokens=24, temperature=1.0, top_p=0.95, seed=5)
LONG = SamplingParams(max_tokens=10_000)
SMALL = Tokenizer.train(["ab ab 1 ab"] * 4, vocab_size=270)


@pytest.fixture(scope="module")
def backend(folder: Path) -> NativeBackend:
    return NativeBackend.load(folder, dtype=torch.float32, device="cpu")


@pytest.fixture
def engine(backend: NativeBackend) -> Iterator[Engine]:
    with Engine(backend, max_rows=4) as engine:
        yield engine


def shown(completions: list[Completion]) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(x.text, x.finish, x.ids) for x in completions]


@pytest.mark.parametrize("params", [GREEDY, SAMPLED])
def test_streamed_text_is_the_unstreamed_text(engine, backend, params) -> None:
    expected = backend.generate(PROMPTS, params)
    stop = expected[0].text[5:7]  # of two characters, so that a part of it comes first
    prompts = [Prompt(text=PROMPTS[0].text, stop=(stop,)), *PROMPTS]
    expected = backend.generate(prompts, params)
    texts, ends = [""] * len(prompts), {}
    for piece in engine.stream(prompts, params):
        texts[piece.index] += piece.text
        if piece.completion is not None:
            ends[piece.index] = piece.completion
    assert texts == [x.text for x in expected]
    assert shown([ends[i] for i in range(len(prompts))]) == shown(expected)
    assert expected[0].finish == "stop"


def test_text_comes_before_the_end(engine) -> None:
    pieces = list(engine.stream([PROMPTS[0]], GREEDY))
    assert len(pieces) > 3 and [x.completion is not None for x in pieces[:-1]] == [False] * (len(pieces) - 1)


def test_callers_at_once_get_what_each_gets_alone(engine, backend) -> None:
    asked = [(prompt, params) for prompt in PROMPTS for params in (GREEDY, SAMPLED)]
    expected = [backend.generate([prompt], params) for prompt, params in asked]
    with ThreadPoolExecutor(len(asked)) as pool:
        found = list(pool.map(lambda one: engine.generate([one[0]], one[1]), asked))
    assert [shown(x) for x in found] == [shown(x) for x in expected]


def test_prompts_may_be_token_ids(engine, backend) -> None:
    ids = backend.tokenizer.encode(PROMPTS[1].text, special=True)
    *_, last = engine.stream([ids], GREEDY)
    assert shown([last.completion]) == shown(backend.generate([PROMPTS[1]], GREEDY))
    with pytest.raises(UsageError, match="outside of 0 to"):
        engine.stream([[5, 100_000]], GREEDY)


def test_a_dropped_stream_makes_room(engine, backend) -> None:
    streams = [engine.stream([PROMPTS[0]], LONG) for _ in range(8)]
    for stream in streams[:4]:
        next(stream)
    for stream in streams:
        stream.close()
    assert shown(engine.generate([PROMPTS[1]], GREEDY)) == shown(backend.generate([PROMPTS[1]], GREEDY))
    assert not engine._jobs


def test_a_cancelled_caller_is_told(engine, backend) -> None:
    gone = threading.Event()
    stream = engine.stream([PROMPTS[0]], LONG, cancelled=gone.is_set)
    next(stream)
    gone.set()
    with pytest.raises(Abandoned):
        list(stream)
    with pytest.raises(Abandoned):
        engine.generate([PROMPTS[0]], LONG, cancelled=gone.is_set)
    assert shown(engine.generate([PROMPTS[1]], GREEDY)) == shown(backend.generate([PROMPTS[1]], GREEDY))


def test_scores_are_those_of_the_backend(engine, backend) -> None:
    ids = backend.tokenizer.encode(PROMPTS[1].text, special=True)
    (scores,) = engine.score_tokens([ids], top=3)
    with torch.no_grad():
        logprobs = backend.model(torch.tensor([ids]))[0, :, : backend.tokenizer.vocab_size].log_softmax(-1)
    assert len(scores) == len(ids) - 1
    for i, score in enumerate(scores):
        assert score.logprob == pytest.approx(float(logprobs[i, ids[i + 1]]), abs=1e-3)
        values, tokens = logprobs[i].topk(3)
        assert [token for token, _ in score.top] == tokens.tolist()
        assert [value for _, value in score.top] == pytest.approx(values.tolist(), abs=1e-3)
    continuations = ["by omega"] * len(PROMPTS)
    expected = backend.score_continuations(PROMPTS, continuations)
    assert engine.score_continuations(PROMPTS, continuations) == pytest.approx(expected, abs=1e-3)


def test_a_text_that_is_too_long_costs_only_its_caller(engine) -> None:
    with pytest.raises(UsageError, match="shorten"):
        engine.score_tokens([[1] * 1000])
    with pytest.raises(UsageError, match="shorten"):
        engine.generate([Prompt(text="1" * 1000)], GREEDY)
    assert engine.generate([PROMPTS[0]], GREEDY)[0].tokens


def test_a_broken_model_is_reported_and_the_engine_goes_on(make_model, tokenizer) -> None:
    model = make_model()
    weight = model.model.norm.weight
    kept = weight.detach().clone()
    with Engine(NativeBackend(model, tokenizer)) as engine:
        with torch.no_grad():
            weight[0] = float("nan")
        with pytest.raises(CheckpointError, match="NaN"):
            engine.generate(PROMPTS, GREEDY)
        with torch.no_grad():
            weight.copy_(kept)
        assert engine.generate(PROMPTS[:1], GREEDY)[0].tokens


def test_a_closed_engine_says_so(backend) -> None:
    engine = Engine(backend)
    stream = engine.stream([PROMPTS[0]], SamplingParams(max_tokens=80))
    next(stream)
    engine.close()
    with pytest.raises(InfraError, match="closed"):
        list(stream)
    with pytest.raises(InfraError, match="closed"):
        engine.generate([PROMPTS[0]], GREEDY)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, SMALL.vocab_size - 1) | st.sampled_from(SMALL.encode("ab∀1é𝔸")), max_size=30),
    st.lists(st.text(alphabet="b1∀a", min_size=1, max_size=3), max_size=2),
)
def test_pieces_are_whole_and_join_to_the_text(ids: list[int], stop: list[str]) -> None:
    rule = StopRule(SMALL, tuple(stop))
    end = next((n for n in range(1, len(ids) + 1) if rule.hit(ids[:n])), len(ids))
    stream = TextStream(SMALL, rule)
    completion = rule.completion(ids[:end], 0.0)
    given_ = ""
    for token in ids[:end]:
        given_ += stream.add(token)
        assert completion.text.startswith(given_)
    assert given_ + stream.rest(completion) == completion.text


def test_a_character_comes_whole_and_at_once() -> None:
    stream = TextStream(SMALL, StopRule(SMALL, ("ab",)))
    assert [stream.add(token) for token in SMALL.encode("∀1a")] == ["", "", "∀", "1", ""]
