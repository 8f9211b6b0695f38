"""The native backend: batches, prefixes, seeds, stops, and the same text as transformers' `generate`."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM

from mathlm.errors import CheckpointError, UsageError
from mathlm.types import Completion, Prompt, SamplingParams
from model import checkpoint
from model.generation import Backend, load_backend
from model.generation.base import StopRule
from model.generation.hf import HFBackend
from model.generation.native import NativeBackend
from model.tokenizer import Tokenizer

TEXTS = ["1 + 1", "theorem add_comm (a b : Nat)", "What is the greatest", "x", "import math", "12 and 18?"]
PROMPTS = [Prompt(text=f"<|im_start|>user\n{text}<|im_end|>\n") for text in TEXTS]
FREE = [Prompt(text=prompt.text, stop=()) for prompt in PROMPTS]
SMALL = Tokenizer.train(["ab ab 1 ab"] * 4, vocab_size=270)
GREEDY = SamplingParams(max_tokens=20)
SAMPLED = SamplingParams(max_tokens=20, temperature=1.0, top_p=0.95, seed=5)


def load(folder: Path, **options: object) -> NativeBackend:
    return NativeBackend.load(folder, dtype=torch.float32, device="cpu", **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def backend(folder: Path) -> NativeBackend:
    return load(folder)


def same(ours: list[Completion], theirs: list[Completion]) -> None:
    assert [(x.text, x.finish, x.tokens) for x in ours] == [(x.text, x.finish, x.tokens) for x in theirs]
    for a, b in zip(ours, theirs, strict=True):
        assert a.logprob == pytest.approx(b.logprob, abs=1e-3)


@pytest.mark.parametrize("params", [GREEDY, SAMPLED])
def test_native_equals_transformers(backend, folder, params) -> None:
    reference = HFBackend.load(folder, dtype=torch.float32, device="cpu", max_batch=4)
    same(backend.generate(PROMPTS + FREE, params), reference.generate(PROMPTS + FREE, params))


CONTINUATIONS = ["Yes", "No", "a + b = b + a", "<|im_end|>", "", "12 and 18"]


def test_likelihoods_are_those_of_transformers(folder: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    ours, reference = load(folder), HFBackend.load(folder, dtype=torch.float32, device="cpu")
    tokenizer, expected = ours.tokenizer, []
    for prompt, text in zip(PROMPTS, CONTINUATIONS, strict=True):
        head, tail = tokenizer.encode(prompt.text, special=True), tokenizer.encode(text)
        with torch.no_grad():
            logits = model(torch.tensor([head + tail])).logits[0, :, : tokenizer.vocab_size]
        logprobs = logits.log_softmax(-1)
        expected.append(sum(float(logprobs[len(head) + i - 1, t]) for i, t in enumerate(tail)))
    assert expected[4] == 0.0 and len({round(x, 2) for x in expected}) == len(expected)
    for backend in (ours, reference):
        assert backend.score_continuations(PROMPTS, CONTINUATIONS) == pytest.approx(expected, abs=1e-3)
        assert backend.score_continuations([], []) == []
        with pytest.raises(UsageError, match="continuation"):
            backend.score_continuations(PROMPTS[:1], ["ab " * 100])


def test_likelihoods_come_in_batches(backend: NativeBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = backend.score_continuations(PROMPTS, CONTINUATIONS)
    monkeypatch.setattr("model.generation.native.PREFILL_TOKENS", 60)
    assert backend.score_continuations(PROMPTS, CONTINUATIONS) == pytest.approx(whole, abs=1e-3)


def test_the_likelihood_of_a_sample_is_the_one_it_was_drawn_with(backend: NativeBackend) -> None:
    out = backend.generate(FREE, SamplingParams(max_tokens=8))
    texts = [x.text for x in out]
    assert [len(x.ids) for x in out] == [x.tokens for x in out]
    assert all(backend.tokenizer.decode(x.ids).startswith(x.text) for x in out)
    same_tokens = [len(backend.tokenizer.encode(x.text)) == x.tokens for x in out]
    found = backend.score_continuations(FREE, texts)
    assert any(same_tokens)
    for x, value, same_ in zip(out, found, same_tokens, strict=True):
        assert not same_ or value == pytest.approx(x.logprob, abs=1e-2)


def test_greedy_is_step_by_step_argmax_without_a_cache(backend) -> None:
    model, tokenizer = backend.model, backend.tokenizer
    ids = tokenizer.encode(FREE[1].text, special=True)
    start, total = len(ids), 0.0
    with torch.no_grad():
        for _ in range(12):
            logprobs = model(torch.tensor([ids]))[0, -1, : tokenizer.vocab_size].log_softmax(-1)
            ids.append(int(logprobs.argmax()))
            total += float(logprobs.max())
    (out,) = backend.generate([FREE[1]], SamplingParams(max_tokens=12))
    assert (out.text, out.tokens, out.finish) == (tokenizer.decode(ids[start:]), 12, "length")
    assert out.logprob == pytest.approx(total, abs=1e-3)


@pytest.mark.parametrize("params", [GREEDY, SAMPLED])
@pytest.mark.parametrize("max_batch", [1, 2, 4])
def test_batch_size_does_not_matter(backend, folder, params, max_batch) -> None:
    prompts = PROMPTS * 2 + FREE
    same(load(folder, max_batch=max_batch).generate(prompts, params), backend.generate(prompts, params))


def test_a_sample_depends_on_its_seed_and_prompt_only(backend) -> None:
    together = backend.generate(FREE, SAMPLED)
    for i, prompt in enumerate(FREE):
        alone = SamplingParams(max_tokens=20, temperature=1.0, top_p=0.95, seed=SAMPLED.seed + i)
        same(backend.generate([prompt], alone), [together[i]])


def test_repeated_prompt_is_prefilled_once_and_sampled_anew(backend, monkeypatch) -> None:
    widths = []
    hidden = backend.model.hidden

    def watch(tokens_BL, **more):
        widths.append(tuple(tokens_BL.shape))
        return hidden(tokens_BL, **more)

    monkeypatch.setattr(backend.model, "hidden", watch)
    out = backend.generate([FREE[0]] * 6 + [FREE[1]] * 2, SAMPLED)
    assert widths[0][0] == 2 and all(length == 1 for _, length in widths[1:])
    assert len({x.text for x in out[:6]}) > 1


def test_long_prefill_is_cut_into_parts(backend, monkeypatch) -> None:
    expected = backend.generate(PROMPTS * 2, SAMPLED)
    monkeypatch.setattr("model.generation.batch.PREFILL_TOKENS", 30)
    same(backend.generate(PROMPTS * 2, SAMPLED), expected)


def test_finished_rows_leave_the_batch(backend, monkeypatch) -> None:
    stop = backend.generate([FREE[0]], GREEDY)[0].text[0]
    prompts = [Prompt(text=FREE[0].text, stop=(stop,)), FREE[1], FREE[2]]
    rows = []
    hidden = backend.model.hidden
    monkeypatch.setattr(backend.model, "hidden", lambda x, **more: rows.append(len(x)) or hidden(x, **more))
    backend.generate(prompts, SamplingParams(max_tokens=5))
    assert rows == [3, 2, 2, 2, 2]


def test_progress_counts_every_completion_once(backend) -> None:
    counts: list[int] = []
    backend.generate(PROMPTS * 3, SAMPLED, progress=counts.append)
    assert sum(counts) == len(PROMPTS) * 3 and min(counts) > 0


def test_no_prompts(backend) -> None:
    assert backend.generate([], GREEDY) == []


def test_generation_ends_when_the_context_is_full(backend) -> None:
    long = Prompt(text="1" * 90, stop=())
    out = backend.generate([long, FREE[3]], SamplingParams(max_tokens=50))
    assert [(x.tokens, x.finish) for x in out] == [(6, "length"), (50, "length")]


def test_context_limit_is_the_same_in_transformers(backend, folder) -> None:
    prompts, params = [Prompt(text="1" * 90, stop=()), FREE[3]], SamplingParams(max_tokens=12)
    reference = HFBackend.load(folder, dtype=torch.float32, device="cpu")
    same(backend.generate(prompts, params), reference.generate(prompts, params))


@pytest.mark.parametrize(("text", "words"), [("1" * 96, "at most 95: shorten"), ("", "empty")])
def test_impossible_prompts_are_refused(backend, text, words) -> None:
    with pytest.raises(UsageError, match=words):
        backend.generate([Prompt(text="fine"), Prompt(text=text)], GREEDY)


def test_ids_beyond_the_tokenizer_are_never_sampled(make_model, tokenizer) -> None:
    model = make_model(vocab_size=tokenizer.vocab_size + 64)
    with torch.no_grad():
        model.model.embed_tokens.weight[tokenizer.vocab_size :] *= 50  # would win every argmax
    out = NativeBackend(model, tokenizer).generate(FREE, GREEDY)
    assert all(x.text and x.logprob <= 0 for x in out)


def test_nan_weights_are_reported(make_model, tokenizer) -> None:
    model = make_model()
    with torch.no_grad():
        model.model.norm.weight[0] = float("nan")
    with pytest.raises(CheckpointError, match="NaN"):
        NativeBackend(model, tokenizer).generate(FREE, SAMPLED)


@pytest.mark.parametrize("kind", ["native", "hf"])
def test_load_backend(folder, kind) -> None:
    backend: Backend = load_backend(folder, kind=kind, device="cpu", max_batch=3)
    assert backend.name == "tiny"
    assert backend.generate(FREE[:1], GREEDY)[0].tokens == 20


def test_load_backend_by_name(folder, monkeypatch) -> None:
    monkeypatch.setattr("model.generation.WEIGHTS", folder.parent)
    assert load_backend("tiny", device="cpu").name == "tiny"
    with pytest.raises(CheckpointError, match=r"no model 'other'.*one of tiny"):
        load_backend("other")


def test_bad_arguments(folder, make_model, tokenizer, tmp_path) -> None:
    with pytest.raises(ValueError, match="kind"):
        load_backend(folder, kind="other")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="max_batch"):
        load_backend(folder, max_batch=0)
    (tmp_path / "config.json").write_text("{")
    tokenizer.save(tmp_path)
    for kind in ("native", "hf"):
        with pytest.raises(CheckpointError, match=str(tmp_path)):
            load_backend(tmp_path, kind=kind)


def rule(tokenizer, *stop: str) -> StopRule:
    return StopRule(tokenizer, stop)


@settings(deadline=None)
@given(st.text(alphabet="ab1∀\n ", max_size=30), st.text(alphabet="b1∀\n", min_size=1, max_size=3))
def test_text_stop_is_found_at_its_first_end_and_removed(text: str, stop: str) -> None:
    stopping, ids = rule(SMALL, stop), SMALL.encode(text)
    end = next((n for n in range(1, len(ids) + 1) if stopping.hit(ids[:n])), None)
    assert (end is not None) == (stop in text)
    out = stopping.completion(ids[:end], -1.0)
    assert out.text == text.split(stop)[0]
    assert out.finish == ("stop" if stop in text else "length")


def test_special_tokens_stop_by_id(tokenizer) -> None:
    stopping = rule(tokenizer, "<|im_end|>")
    assert stopping.texts == ()
    for last in (tokenizer.im_end_id, tokenizer.end_of_text_id):
        ids = [*tokenizer.encode("by omega"), last]
        assert stopping.hit(ids) and not stopping.hit(ids[:-1])
        out = stopping.completion(ids, -2.0)
        assert out == Completion(
            text="by omega", finish="stop", tokens=len(ids), logprob=-2.0, ids=tuple(ids)
        )
    spelled = tokenizer.encode("<|im_end|>")  # the characters, not the token
    assert not any(stopping.hit(spelled[:n]) for n in range(1, len(spelled) + 1))


def test_saved_and_loaded_model_generates_the_same(folder, backend, tmp_path) -> None:
    checkpoint.save(backend.model, backend.tokenizer, tmp_path / "again", dtype=torch.float32)
    same(load(tmp_path / "again").generate(FREE, GREEDY), backend.generate(FREE, GREEDY))
