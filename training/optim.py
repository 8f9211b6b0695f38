"""Muon for hidden matrices, AdamW for embeddings and norms, and learning-rate schedules.

Contract: the model may be bfloat16; `Optimizer` keeps float32 master weights, updates those and copies
them back. Learning rates are given per step as `scale` (0..1) times `muon_lr` / `adam_lr`. Gradients are
clipped to the global norm `grad_clip` first. `state_dict` holds masters, moments and the step count: with
it a run continues with the same numbers.
With several ranks the weights are FSDP2's shards: AdamW updates each rank's rows, Muon whole matrices, each
on the rank that owns it (`training.shards`).
Not covered: parameter groups by layer.
Sources: Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon; quintic Newton-Schulz, update scaled
by sqrt(max(1, rows / columns))), AdamW (arXiv:1711.05101), WSD schedule (MiniCPM, arXiv:2404.06395).
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from mathlm.errors import UsageError
from training import ranks
from training.shards import chunk, joined, local, owned_of, to_owners, to_shards

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
"""Coefficients of the quintic iteration: singular values end in about 0.7 to 1.2 after 5 rounds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OptimConfig:
    """How weights are updated.

    Example: `OptimConfig(muon_lr=0.02, adam_lr=0.004)`
    """

    matrices: Literal["muon", "adamw"] = "muon"
    """Who updates hidden matrices; AdamW takes `adam_lr` for them."""
    muon_lr: float = 0.02
    """Peak learning rate of hidden matrices."""
    adam_lr: float = 0.004
    """Peak learning rate of embeddings, output layer and norms."""
    momentum: float = 0.95
    """Nesterov momentum of Muon."""
    betas: tuple[float, float] = (0.9, 0.95)
    """AdamW's decay rates of the first and second moment."""
    weight_decay: float = 0.05
    """Decoupled, times the learning rate; on hidden matrices only."""
    grad_clip: float = 1.0
    """Largest global gradient norm; larger gradients are scaled down."""
    schedule: Literal["wsd", "cosine"] = "wsd"
    """`wsd`: warm up, stay, decay linearly to zero. `cosine`: warm up, then half a cosine to `floor`."""
    warmup: float = 0.02
    """Share of all steps in which the learning rate rises."""
    decay: float = 0.4
    """Share of all steps in which a `wsd` schedule falls."""
    floor: float = 0.0
    """Share of the peak rate that a schedule falls to."""

    def __post_init__(self) -> None:
        for name in ("muon_lr", "adam_lr", "grad_clip"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        for name in ("momentum", "warmup", "decay", "floor"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} must be in [0, 1), got {getattr(self, name)}")
        if self.weight_decay < 0:
            raise ValueError(f"weight_decay must not be negative, got {self.weight_decay}")
        if self.matrices not in ("muon", "adamw"):
            raise ValueError(f"matrices must be muon or adamw, got {self.matrices!r}")
        if self.schedule not in ("wsd", "cosine"):
            raise ValueError(f"schedule must be wsd or cosine, got {self.schedule!r}")
        if self.warmup + self.decay > 1:
            raise ValueError(f"warmup and decay must not exceed 1 together, got {self.warmup + self.decay}")

    @property
    def peak(self) -> float:
        """Peak learning rate of hidden matrices."""
        return self.muon_lr if self.matrices == "muon" else self.adam_lr


def learning_rate_scale(step: int, steps: int, config: OptimConfig) -> float:
    """Share of the peak learning rate at `step` (from 0) of `steps`; in (0, 1]."""
    warmup = max(1, round(steps * config.warmup))
    rise = min(1.0, (step + 1) / warmup)
    if config.schedule == "cosine":
        progress = max(0.0, (step + 1 - warmup) / max(1, steps - warmup + 1))
        fallen = 0.5 * (1 + math.cos(math.pi * progress))
    else:
        fallen = min(1.0, (steps - step) / max(1, round(steps * config.decay)))
    return rise * (config.floor + (1 - config.floor) * fallen)


def orthogonalise(g_XRC: Tensor, *, rounds: int = 5, dtype: torch.dtype = torch.bfloat16) -> Tensor:
    """For each matrix of the batch X the nearest semi-orthogonal one, roughly (see NEWTON_SCHULZ)."""
    a, b, c = NEWTON_SCHULZ
    x = g_XRC / (g_XRC.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    x = x.to(dtype)
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    for _ in range(rounds):
        gram = x @ x.mT
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    result: Tensor = x.mT if tall else x
    return result


def is_hidden_matrix(name: str, weight: Tensor) -> bool:
    """Whether Muon updates this parameter: a matrix between hidden states."""
    return weight.ndim == 2 and not name.startswith(("model.embed_tokens", "lm_head", "score"))


class Optimizer:
    """Example: `optimizer.step(learning_rate_scale(i, steps, config))` after `loss.backward()`."""

    def __init__(self, named_parameters: Iterable[tuple[str, nn.Parameter]], config: OptimConfig) -> None:
        """Takes the float32 masters from the parameters, which may then be cast."""
        self.config = config
        self.steps_done = 0
        shapes: dict[tuple[int, ...], list[nn.Parameter]] = {}
        self._adam: list[nn.Parameter] = []
        self._decay: list[float] = []
        for name, weight in named_parameters:
            hidden = is_hidden_matrix(name, weight)
            if hidden and config.matrices == "muon":
                shapes.setdefault(tuple(weight.shape), []).append(weight)
            else:
                self._adam.append(weight)
                self._decay.append(config.weight_decay if hidden else 0.0)
        self._muon = list(shapes.values())
        """Matrices of one shape are updated as one batch, each by the rank that owns it."""
        self._state: dict[str, list[Tensor]] = {
            "muon_master": [self._owned([w.detach() for w in group]) for group in self._muon],
            "adam_master": [local(w.detach()).float().clone() for w in self._adam],
        }
        self._state["muon_momentum"] = [torch.zeros_like(x) for x in self._state["muon_master"]]
        self._state["adam_first"] = [torch.zeros_like(x) for x in self._state["adam_master"]]
        self._state["adam_second"] = [torch.zeros_like(x) for x in self._state["adam_master"]]

    @staticmethod
    def _owned(group: Sequence[Tensor]) -> Tensor:
        return to_owners([local(x) for x in group], group[0].shape[0]).float()

    @torch.no_grad()
    def step(self, scale: float) -> float:
        """Update all weights, forget the gradients; returns the gradient norm before clipping."""
        weights = [w for group in self._muon for w in group] + self._adam
        missing = [w for w in weights if w.grad is None]
        if missing:
            raise ValueError(f"{len(missing)} parameters have no gradient: call backward() first")
        norm = self._gradient_norm([local(w.grad) for w in weights if w.grad is not None])
        if not math.isfinite(norm):
            ranks.fail(
                UsageError(f"the gradient is {norm} at step {self.steps_done}: lower the learning rates")
            )
        clip = min(1.0, self.config.grad_clip / (norm + 1e-6))
        self.steps_done += 1
        self._step_muon(self.config.muon_lr * scale, clip)
        self._step_adam(self.config.adam_lr * scale, clip)
        for weight in weights:
            weight.grad = None
        return norm

    @staticmethod
    def _gradient_norm(gradients: Sequence[Tensor]) -> float:
        norms = torch._foreach_norm([x.float() for x in gradients if x.numel()])
        own = float(torch.linalg.vector_norm(torch.stack(list(norms)))) if norms else 0.0
        return math.sqrt(ranks.total([own**2])[0]) if ranks.count() > 1 else own

    def _step_muon(self, rate: float, clip: float) -> None:
        beta = self.config.momentum
        momenta = self._state["muon_momentum"]
        for group, master, momentum in zip(self._muon, self._state["muon_master"], momenta, strict=True):
            gradient = self._owned([w.grad for w in group if w.grad is not None]).mul_(clip)
            momentum.lerp_(gradient, 1 - beta)
            update = orthogonalise(gradient.lerp_(momentum, beta), dtype=group[0].dtype)
            rows, columns = master.shape[-2:]
            master.mul_(1 - rate * self.config.weight_decay)
            master.add_(update.float(), alpha=-rate * math.sqrt(max(1.0, rows / columns)))
            _write(group, master)

    def _step_adam(self, rate: float, clip: float) -> None:
        beta1, beta2 = self.config.betas
        bias1, bias2 = 1 - beta1**self.steps_done, 1 - beta2**self.steps_done
        names = ("adam_master", "adam_first", "adam_second")
        for weight, decay, master, first, second in zip(
            self._adam, self._decay, *(self._state[name] for name in names), strict=True
        ):
            assert weight.grad is not None  # checked in `step`
            gradient = local(weight.grad).float() * clip
            first.lerp_(gradient, 1 - beta1)
            second.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
            master.mul_(1 - rate * decay)
            master.addcdiv_(first, (second / bias2).sqrt_().add_(1e-10), value=-rate / bias1)
            local(weight).copy_(master)

    def copy(self) -> dict[str, Any]:
        """This rank's state as it is now, for `restore`."""
        return copy.deepcopy({"steps_done": self.steps_done, **self._state})

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a `copy`."""
        self._take(state["steps_done"], state)

    def state_dict(self) -> dict[str, Any]:
        """The whole state on rank 0, the same for any number of ranks; elsewhere None in place of tensors."""
        state: dict[str, Any] = {"steps_done": self.steps_done}
        for name, tensors in self._state.items():
            lengths = [len(x) for x in (self._muon if name.startswith("muon") else self._adam)]
            state[name] = [joined(x, length) for x, length in zip(tensors, lengths, strict=True)]
        return state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take this rank's part of a whole state and write its master weights into the model."""
        parts = {
            name: [(owned_of if name.startswith("muon") else chunk)(x) for x in state[name]]
            for name in self._state
        }
        self._take(state["steps_done"], parts)

    @torch.no_grad()
    def _take(self, steps_done: int, state: dict[str, Any]) -> None:
        self.steps_done = steps_done
        for name, tensors in self._state.items():
            for own, value in zip(tensors, state[name], strict=True):
                own.copy_(value)
        for group, master in zip(self._muon, self._state["muon_master"], strict=True):
            _write(group, master)
        for weight, value in zip(self._adam, self._state["adam_master"], strict=True):
            local(weight).copy_(value)


def _write(group: Sequence[nn.Parameter], master: Tensor) -> None:
    """New values from the owners of a group into the weights."""
    values = to_shards(master.to(group[0].dtype), len(group))
    for weight, value in zip(group, values, strict=True):
        local(weight).copy_(value)
