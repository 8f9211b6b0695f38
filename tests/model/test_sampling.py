"""What sampling promises, on random logits."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mathlm.types import SamplingParams
from model.sampling import sample, uniforms

SEEDS = st.integers(0, 2**31)
UNIT = st.floats(0, 1, exclude_max=True, width=32).filter(lambda u: u < 1 - 2**-24)


def logits(seed: int, rows: int = 4, vocab: int = 300, spread: float = 3.0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(rows, vocab, generator=generator) * spread


def params(**fields: float) -> SamplingParams:
    return SamplingParams(max_tokens=1, **fields)  # type: ignore[arg-type]


def nucleus(row: torch.Tensor, temperature: float, top_k: int, top_p: float) -> set[int]:
    """The tokens that may be drawn, by the definition (no ties in random logits)."""
    probs = (row / temperature).double().softmax(-1)
    order = probs.argsort(descending=True)[: top_k or len(row)]
    kept, mass, total = set(), 0.0, float(probs[order].sum())
    for token in order.tolist():
        if mass >= top_p * total * (1 + 1e-6):
            break
        kept.add(token)
        mass += float(probs[token])
    return kept


@settings(deadline=None)
@given(SEEDS)
def test_greedy_is_the_argmax_and_needs_no_randomness(seed: int) -> None:
    x = logits(seed)
    tokens, logprobs = sample(x, params())
    assert tokens.tolist() == x.argmax(-1).tolist()
    torch.testing.assert_close(logprobs, x.log_softmax(-1).max(-1).values)


@settings(deadline=None)
@given(
    seed=SEEDS, temperature=st.floats(0.1, 3), top_k=st.integers(0, 320), top_p=st.floats(0.01, 1),
    spread=st.sampled_from([0.01, 1.0, 5.0]), u=st.lists(UNIT, min_size=4, max_size=4),
)  # fmt: skip
def test_only_tokens_inside_the_filters_are_drawn(seed, temperature, top_k, top_p, spread, u) -> None:
    x = logits(seed, spread=spread)
    tokens, logprobs = sample(
        x, params(temperature=temperature, top_k=top_k, top_p=top_p, seed=seed), torch.tensor(u)
    )
    for row, token, logprob in zip(x, tokens.tolist(), logprobs.tolist(), strict=True):
        assert token in nucleus(row, temperature, top_k, top_p)
        assert logprob == pytest.approx(float(row.log_softmax(-1)[token]), abs=1e-4)


@settings(deadline=None)
@given(
    seed=SEEDS, top_k=st.sampled_from([0, 5]), top_p=st.sampled_from([1.0, 0.9]),
    spread=st.sampled_from([0.1, 5.0]),
)  # fmt: skip
def test_a_sample_does_not_depend_on_its_neighbours(seed, top_k, top_p, spread) -> None:
    x = torch.cat((logits(seed, rows=2, spread=spread), logits(seed + 1, rows=2, spread=6.0)))
    p, u = params(temperature=0.7, top_k=top_k, top_p=top_p), torch.tensor(uniforms(seed, 4))
    together, logprobs = sample(x, p, u)
    for i in range(4):
        token, logprob = sample(x[i : i + 1], p, u[i : i + 1])
        assert int(token) == int(together[i])
        assert float(logprob) == pytest.approx(float(logprobs[i]), abs=1e-5)


def test_top_k_keeps_k_tokens_also_with_ties() -> None:
    u = torch.linspace(0, 0.999, 200)
    tokens, _ = sample(torch.zeros(200, 50), params(temperature=1.0, top_k=3), u)
    assert len(set(tokens.tolist())) == 3


def test_top_k_of_one_and_tiny_top_p_are_greedy() -> None:
    x, u = logits(0), torch.full((4,), 0.99)
    for p in (params(temperature=2.0, top_k=1), params(temperature=2.0, top_p=1e-6)):
        assert sample(x, p, u)[0].tolist() == x.argmax(-1).tolist()


@pytest.mark.parametrize("fields", [{}, {"top_k": 20}, {"top_p": 0.9}])
def test_frequencies_are_the_probabilities(fields: dict[str, float]) -> None:
    row, temperature, count = logits(3, rows=1, vocab=20, spread=1.0)[0], 0.8, 20_000
    u = torch.tensor(uniforms(0, count))
    tokens, _ = sample(row.expand(count, -1), params(temperature=temperature, **fields), u)
    probs = (row / temperature).softmax(-1)
    if "top_p" in fields:
        kept = nucleus(row, temperature, 0, 0.9)
        probs = torch.tensor([float(p) if i in kept else 0.0 for i, p in enumerate(probs)])
        probs /= probs.sum()
    assert (torch.bincount(tokens, minlength=20) / count - probs).abs().max() < 0.015


@settings(deadline=None)
@given(SEEDS, st.integers(1, 50))
def test_uniforms_depend_on_the_seed_only(seed: int, count: int) -> None:
    numbers = uniforms(seed, count)
    assert numbers == uniforms(seed, count + 7)[:count]
    assert all(0 <= u < 1 for u in numbers)
    assert numbers != uniforms(seed + 1, count)


def test_impossible_tokens_are_never_drawn() -> None:
    x = torch.full((3, 10), float("-inf"))
    x[:, 4] = 0.0
    tokens, logprobs = sample(x, params(temperature=1.0), torch.tensor([0.0, 0.5, 1 - 2**-24]))
    assert tokens.tolist() == [4, 4, 4]
    assert logprobs.tolist() == [0.0, 0.0, 0.0]


def test_sampling_without_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="uniforms_B"):
        sample(logits(0), params(temperature=1.0))
