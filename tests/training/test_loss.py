"""The chunked cross-entropy against torch's own."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from training import loss


@pytest.mark.parametrize("positions", [1, 7, 8, 20])
def test_value_and_gradients_equal_torch(positions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loss, "CHUNK", 8)
    torch.manual_seed(0)
    hidden = torch.randn(positions, 5, requires_grad=True)
    weight = torch.randn(11, 5, requires_grad=True)
    targets = torch.randint(0, 11, (positions,))
    own = loss.cross_entropy_sum(hidden, weight, targets)
    own_grads = torch.autograd.grad(own / 3, (hidden, weight))
    reference = F.cross_entropy(hidden @ weight.T, targets, reduction="sum")
    reference_grads = torch.autograd.grad(reference / 3, (hidden, weight))
    torch.testing.assert_close(own, reference)
    for x, y in zip(own_grads, reference_grads, strict=True):
        torch.testing.assert_close(x, y)


def test_without_gradient_the_value_is_the_same() -> None:
    torch.manual_seed(0)
    hidden, weight = torch.randn(9, 5), torch.randn(11, 5, requires_grad=True)
    targets = torch.randint(0, 11, (9,))
    with torch.no_grad():
        value = loss.cross_entropy_sum(hidden, weight, targets)
    torch.testing.assert_close(value, F.cross_entropy(hidden @ weight.T, targets, reduction="sum").detach())


@pytest.mark.parametrize("vocabulary", [2_000, 92_544])
def test_a_piece_on_a_gpu_is_a_gibibyte_of_logits(vocabulary: int) -> None:
    assert 0.99 * 2**30 < 4 * vocabulary * loss.at_a_time(vocabulary, cuda=True) <= 2**30
    assert loss.at_a_time(vocabulary, cuda=False) == loss.CHUNK
    assert loss.at_a_time(2**30, cuda=True) == loss.CHUNK  # never one by one
