"""Cross-entropy of the output layer without the whole logits in memory.

Contract: `cross_entropy_sum(hidden_TD, weight_VD, targets_T)` is the sum of -log p(target) over T
positions in nats, with gradients for both tensors. Logits are made for some positions at a time, in float32,
and the gradient is worked out at once. On CPUs few, while they are in the cache: on 2 cores this is faster
than `F.cross_entropy` over all positions (figure in LOG.md). On GPUs as many as `CUDA_LOGITS` numbers allow,
since small products leave the device idle.
Shape suffixes: T positions, D hidden width, V vocabulary.
Not covered: second derivatives, label smoothing. Source: Liger kernel (arXiv:2410.10989, section 3.2).
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

CHUNK = 512
"""Positions at a time on a CPU."""
CUDA_LOGITS = 2**28
"""Numbers of logits at a time on a GPU: 1 GiB in float32."""


def at_a_time(vocabulary: int, *, cuda: bool) -> int:
    """Positions whose logits are made at a time."""
    return max(CHUNK, CUDA_LOGITS // vocabulary) if cuda else CHUNK


class _CrossEntropySum(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, hidden_TD: Tensor, weight_VD: Tensor, targets_T: Tensor) -> Tensor:
        grad_hidden_TD = torch.empty_like(hidden_TD)
        grad_weight_VD = torch.zeros(weight_VD.shape, dtype=torch.float32, device=weight_VD.device)
        backward_follows = ctx.needs_input_grad[0]
        total = torch.zeros((), device=hidden_TD.device)
        chunk = at_a_time(len(weight_VD), cuda=hidden_TD.is_cuda)
        for start in range(0, len(hidden_TD), chunk):
            part = slice(start, start + chunk)
            index = targets_T[part, None]
            logits = F.linear(hidden_TD[part], weight_VD).float()
            normaliser = logits.logsumexp(-1, keepdim=True)
            total += (normaliser - logits.gather(1, index)).sum()
            if not backward_follows:
                continue
            error = logits.sub_(normaliser).exp_()  # probabilities, then minus one at the target
            error.scatter_add_(1, index, torch.full_like(normaliser, -1))
            error = error.to(hidden_TD.dtype)
            grad_hidden_TD[part] = error @ weight_VD
            grad_weight_VD += error.T @ hidden_TD[part]
        ctx.save_for_backward(grad_hidden_TD, grad_weight_VD.to(weight_VD.dtype))
        return total

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None]:
        grad_hidden_TD, grad_weight_VD = ctx.saved_tensors
        return grad_hidden_TD * grads[0], grad_weight_VD * grads[0], None


def cross_entropy_sum(hidden_TD: Tensor, weight_VD: Tensor, targets_T: Tensor) -> Tensor:
    """See the module docstring."""
    total: Tensor = _CrossEntropySum.apply(hidden_TD, weight_VD, targets_T)
    return total
