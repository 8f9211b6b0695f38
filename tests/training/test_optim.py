"""Muon, AdamW and the schedules."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch
from torch import nn

from mathlm.errors import UsageError
from training.optim import OptimConfig, Optimizer, learning_rate_scale, orthogonalise


@pytest.mark.parametrize("shape", [(3, 16, 16), (2, 48, 16), (2, 16, 48)])
def test_orthogonalise_brings_all_singular_values_near_one(shape: tuple[int, int, int]) -> None:
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonalise(torch.randn(shape), dtype=torch.float32))
    assert values.min() > 0.6
    assert values.max() < 1.3


def test_orthogonalise_keeps_the_singular_directions() -> None:
    torch.manual_seed(0)
    u, s, vt = torch.linalg.svd(torch.randn(1, 12, 12))
    result = orthogonalise(u @ torch.diag_embed(s) @ vt, dtype=torch.float32)
    core = u.mT @ result @ vt.mT
    off_diagonal = core - torch.diag_embed(core.diagonal(dim1=-2, dim2=-1))
    assert off_diagonal.abs().max() < 1e-3


def test_adam_part_is_torch_adamw_without_decay() -> None:
    torch.manual_seed(0)
    own = nn.Parameter(torch.randn(7))
    reference = nn.Parameter(own.detach().clone())
    config = OptimConfig(adam_lr=0.01, grad_clip=1e9)
    optimizer = Optimizer([("model.norm.weight", own)], config)
    adamw = torch.optim.AdamW([reference], lr=0.01, betas=config.betas, eps=1e-10, weight_decay=0)
    for _ in range(5):
        gradient = torch.randn(7)
        own.grad, reference.grad = gradient.clone(), gradient.clone()
        optimizer.step(1.0)
        adamw.step()
    torch.testing.assert_close(own, reference, rtol=1e-5, atol=1e-6)


def test_muon_part_follows_the_published_update() -> None:
    torch.manual_seed(0)
    weight = nn.Parameter(torch.randn(8, 4))
    config = OptimConfig(muon_lr=0.1, grad_clip=1e9, weight_decay=0.5)
    optimizer = Optimizer([("layer.weight", weight)], config)
    expected, momentum = weight.detach().clone(), torch.zeros(8, 4)
    for _ in range(3):
        gradient = torch.randn(8, 4)
        weight.grad = gradient.clone()
        optimizer.step(0.5)
        momentum = 0.95 * momentum + 0.05 * gradient
        update = orthogonalise((0.05 * gradient + 0.95 * momentum)[None], dtype=torch.float32)[0]
        expected = expected * (1 - 0.05 * 0.5) - 0.05 * math.sqrt(2) * update
    torch.testing.assert_close(weight.detach(), expected, rtol=1e-5, atol=1e-5)


def test_matrices_of_one_shape_are_not_mixed_up() -> None:
    torch.manual_seed(0)
    pair = [nn.Parameter(torch.randn(4, 4)) for _ in range(2)]
    alone = nn.Parameter(pair[1].detach().clone())
    together = Optimizer([("a", pair[0]), ("b", pair[1])], OptimConfig(grad_clip=1e9))
    single = Optimizer([("b", alone)], OptimConfig(grad_clip=1e9))
    pair[0].grad, pair[1].grad = torch.randn(4, 4), torch.randn(4, 4)
    alone.grad = pair[1].grad.clone()
    together.step(1.0)
    single.step(1.0)
    torch.testing.assert_close(pair[1], alone, rtol=0.02, atol=1e-3)


def test_master_weights_take_in_what_bfloat16_would_lose() -> None:
    weight = nn.Parameter(torch.ones(4, dtype=torch.bfloat16))
    optimizer = Optimizer([("model.norm.weight", weight)], OptimConfig(adam_lr=1e-4))
    for _ in range(100):
        weight.grad = torch.ones_like(weight)
        optimizer.step(1.0)
    assert weight.detach().float().mean().item() == pytest.approx(0.99, abs=0.003)


def test_large_gradients_are_clipped_and_the_norm_before_is_returned() -> None:
    large, small = (nn.Parameter(torch.zeros(2)) for _ in range(2))
    optimizers = [Optimizer([("model.norm.weight", w)], OptimConfig(adam_lr=0.1)) for w in (large, small)]
    large.grad, small.grad = torch.tensor([300.0, 400.0]), torch.tensor([0.6, 0.8])
    assert optimizers[0].step(1.0) == pytest.approx(500)
    optimizers[1].step(1.0)
    clipped, plain = (o.state_dict()["adam_first"][0] for o in optimizers)
    torch.testing.assert_close(clipped, plain, rtol=1e-4, atol=0)


def test_a_continued_optimizer_gives_the_same_weights() -> None:
    torch.manual_seed(0)
    names = ("layer.weight", "model.embed_tokens.weight")
    first = [(name, nn.Parameter(torch.randn(6, 4))) for name in names]
    second = [(name, nn.Parameter(torch.zeros(6, 4))) for name in names]
    gradients = [[torch.randn(6, 4) for _ in names] for _ in range(4)]
    a, b = Optimizer(first, OptimConfig()), Optimizer(second, OptimConfig())
    for step, pair in enumerate(gradients):
        if step == 2:
            b.load_state_dict(a.state_dict())
        for weights, optimizer in ((first, a), (second, b)):
            for (_, weight), gradient in zip(weights, pair, strict=True):
                weight.grad = gradient.clone()
            if step >= 2 or optimizer is a:
                optimizer.step(1.0)
    for (_, x), (_, y) in zip(first, second, strict=True):
        assert torch.equal(x, y)


def test_a_gradient_that_is_not_finite_is_an_error_before_weights_change() -> None:
    weight = nn.Parameter(torch.ones(2))
    optimizer = Optimizer([("model.norm.weight", weight)], OptimConfig())
    weight.grad = torch.tensor([1.0, float("nan")])
    with pytest.raises(UsageError, match=r"nan.*lower the learning rates"):
        optimizer.step(1.0)
    assert torch.equal(weight.detach(), torch.ones(2))


def test_wsd_rises_stays_and_falls_to_nearly_zero() -> None:
    config = OptimConfig(schedule="wsd", warmup=0.1, decay=0.4)
    scales = [learning_rate_scale(step, 100, config) for step in range(100)]
    assert scales[:10] == pytest.approx([(i + 1) / 10 for i in range(10)])
    assert scales[10:60] == [1.0] * 50
    assert scales[60:] == pytest.approx([(100 - i) / 40 for i in range(60, 100)])


def test_cosine_rises_and_falls_to_nearly_zero() -> None:
    config = OptimConfig(schedule="cosine", warmup=0.1, decay=0.0)
    scales = [learning_rate_scale(step, 100, config) for step in range(100)]
    assert scales[9] == pytest.approx(1.0)
    assert all(a > b for a, b in pairwise(scales[9:]))
    assert 0 < scales[-1] < 0.01


@pytest.mark.parametrize("schedule", ["wsd", "cosine"])
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_short_runs_have_a_positive_rate_in_every_step(schedule: str, steps: int) -> None:
    config = OptimConfig(schedule=schedule)  # type: ignore[arg-type]
    assert all(0 < learning_rate_scale(step, steps, config) <= 1 for step in range(steps))


@pytest.mark.parametrize(
    ("field", "value"),
    [("muon_lr", 0.0), ("adam_lr", -1.0), ("momentum", 1.0), ("warmup", -0.1), ("schedule", "step"),
     ("weight_decay", -1.0), ("grad_clip", 0.0)],
)  # fmt: skip
def test_config_refuses(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        OptimConfig(**{field: value})  # type: ignore[arg-type]
