"""Choose the next token: greedy, temperature, top-k, top-p, one seed per request.

Method: inversion. A request draws its uniform numbers from its own seed (`uniforms`), one per token, and
the token is where the cumulative distribution passes that number. So a sample depends on its seed and its
logits, never on its neighbours in the batch. (In low precision the logits themselves may differ in the last
bit between batch sizes; float32 makes such differences very rare.)

Order of filters as in transformers: temperature, then top-k, then the smallest set of mass top-p.
Exactly k tokens survive top-k, also with ties. Shapes: B requests, V vocabulary, C candidates.
Source of top-p: arXiv:1904.09751.
"""

from __future__ import annotations

import torch
from torch import Tensor

from mathlm.types import SamplingParams

HEADS = (16, 256)
"""With top-p alone, so many of the most probable tokens are tried before a full sort: 40 times cheaper."""


def uniforms(seed: int, count: int) -> list[float]:
    """`count` numbers in [0, 1) that depend on `seed` only; a longer list starts with the shorter one."""
    generator = torch.Generator().manual_seed(seed)
    return [float(x) for x in torch.rand(count, generator=generator).tolist()]


def sample(
    logits_BV: Tensor, params: SamplingParams, uniforms_B: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Tokens (B) and their log-probabilities (B) at temperature 1, in nats, float32.

    `uniforms_B` holds one number in [0, 1) per request; greedy sampling needs none.
    """
    logits_BV = logits_BV.float()
    if params.temperature == 0:
        tokens_B = logits_BV.argmax(-1)
    elif uniforms_B is None:
        raise ValueError("sampling at a temperature above 0 needs uniforms_B")
    else:
        tokens_B = _draw(logits_BV / params.temperature, params, uniforms_B)
    chosen_B = logits_BV.gather(-1, tokens_B[:, None])[:, 0]
    return tokens_B, chosen_B - logits_BV.logsumexp(-1)


def _draw(scaled_BV: Tensor, params: SamplingParams, uniforms_B: Tensor) -> Tensor:
    V = scaled_BV.shape[-1]
    if params.top_k == 0 and params.top_p == 1:
        return _invert(scaled_BV.softmax(-1), uniforms_B)
    if params.top_k:
        values_BC, tokens_BC = scaled_BV.topk(min(params.top_k, V), dim=-1)
        return _from_sorted(values_BC.softmax(-1), tokens_BC, params.top_p, uniforms_B)
    return _draw_top_p(scaled_BV.softmax(-1), params.top_p, uniforms_B)


def _draw_top_p(probs_BV: Tensor, top_p: float, uniforms_B: Tensor) -> Tensor:
    V = probs_BV.shape[-1]
    chosen_B = torch.zeros(len(probs_BV), dtype=torch.int64, device=probs_BV.device)
    left_R = torch.arange(len(probs_BV), device=probs_BV.device)  # rows whose top tokens lack mass top_p
    for count in (*(head for head in HEADS if head < V), V):
        probs_RC, tokens_RC = probs_BV[left_R].topk(count, dim=-1)
        chosen_B[left_R] = _from_sorted(probs_RC, tokens_RC, top_p, uniforms_B[left_R])
        left_R = left_R[probs_RC.sum(-1) < top_p]
        if not len(left_R):
            break
    return chosen_B


def _from_sorted(probs_BC: Tensor, tokens_BC: Tensor, top_p: float, uniforms_B: Tensor) -> Tensor:
    """Draw from candidates in descending order, cut after the first that completes mass `top_p`."""
    if top_p < 1:
        before_BC = probs_BC.cumsum(-1) - probs_BC
        probs_BC = probs_BC.masked_fill(before_BC >= top_p, 0)
    return tokens_BC.gather(-1, _invert(probs_BC, uniforms_B)[:, None])[:, 0]


def _invert(weights_BC: Tensor, uniforms_B: Tensor) -> Tensor:
    """The first candidate at which the cumulative weight exceeds `uniform * total`."""
    cumulative_BC = weights_BC.cumsum(-1)
    target_B1 = uniforms_B.to(cumulative_BC)[:, None] * cumulative_BC[:, -1:]
    index_B = torch.searchsorted(cumulative_BC, target_B1, right=True)[:, 0]
    return index_B.clamp_max(weights_BC.shape[-1] - 1)  # only NaN weights get there
