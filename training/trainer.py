"""One optimiser step: forward, loss, backward and update on packed micro-batches.

Contract: the loss of a step is the mean over its target places, whatever the number of micro-batches.
The same weights, batches and settings give the same numbers. On CPUs attention runs as plain matrix
products (torch's `MATH` backend): for rows up to 512 that is faster than the fused kernel, forward and
backward together (figures in LOG.md). Compiling is optional: with `auto` a machine without a C++
compiler trains with the same formulas, slower.
Errors: UsageError for a device or precision that is not there, or when compiling was asked for and fails.
Not covered: several devices.
"""

from __future__ import annotations

import copy
import math
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from mathlm.errors import UsageError
from model.transformer import Transformer
from training.loss import cross_entropy_sum
from training.optim import OptimConfig, Optimizer
from training.packing import IGNORE, Batch, Stream
from training.run import RunConfig


def choose_device(config: RunConfig) -> torch.device:
    """The device of the run; UsageError when it is not there."""
    available = torch.cuda.is_available()
    if config.device == "cuda" and not available:
        raise UsageError("no CUDA device was found: use --device cpu, or install torch with CUDA")
    return torch.device("cuda" if available and config.device != "cpu" else "cpu")


def choose_dtype(config: RunConfig, device: torch.device) -> torch.dtype:
    """The dtype of weights and activations."""
    if config.precision != "auto":
        return {"bf16": torch.bfloat16, "fp32": torch.float32}[config.precision]
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    capable = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if capable else torch.float32


class Trainer:
    """Owns model, optimiser and their device. Example: `Trainer(model, optim, run, log=note)`."""

    def __init__(
        self, model: Transformer, optim: OptimConfig, config: RunConfig, *, log: Callable[[str], None]
    ) -> None:
        if config.threads:
            torch.set_num_threads(config.threads)
        self.device = choose_device(config)
        self.model = model.to(self.device, torch.float32).train()
        self.optimizer = Optimizer(self.model.named_parameters(), optim)
        self.model.to(choose_dtype(config, self.device))  # the float32 values stay in the optimiser
        self._config, self._log = config, log
        self._forward: Callable[..., Tensor] = self._states
        if config.compile != "off":
            self._forward = torch.compile(self._states, dynamic=False)
        self._compiled_once = config.compile == "off"

    def _states(self, tokens_BL: Tensor, positions_BL: Tensor, doc_ids_BL: Tensor) -> Tensor:
        return self.model.hidden(tokens_BL, positions_BL=positions_BL, doc_ids_BL=doc_ids_BL)

    def _attention(self) -> AbstractContextManager[None]:
        if self.device.type == "cuda":
            return nullcontext()
        torch.backends.cuda.allow_fp16_bf16_reduction_math_sdp(True)  # else MATH works in float32
        context: AbstractContextManager[None] = sdpa_kernel(SDPBackend.MATH)
        return context

    def _run_forward(self, *inputs: Tensor) -> Tensor:
        """The compiled forward pass, or the eager one where compiling is not possible."""
        try:
            hidden = self._forward(*inputs)
        except Exception as error:
            if self._compiled_once:
                raise
            if self._config.compile == "on":
                raise UsageError(f"torch.compile failed ({error}): use --compile auto or off") from error
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            self._log(f"training without torch.compile ({reason}); a C++ compiler would make it faster")
            self._forward = self._states
            hidden = self._forward(*inputs)
        self._compiled_once = True
        return hidden

    def loss(self, batch: Batch) -> Tensor:
        """Sum of -log p over the target places, in nats."""
        arrays = (batch.tokens_BL, batch.positions_BL, batch.doc_ids_BL)
        forward = self._run_forward if torch.is_grad_enabled() else self._states
        with self._attention():
            hidden_TD = forward(*(torch.from_numpy(x).to(self.device) for x in arrays)).flatten(0, 1)
        index = np.flatnonzero(batch.targets_BL != IGNORE)
        targets_T = torch.from_numpy(batch.targets_BL.reshape(-1)[index]).to(self.device)
        places_T = torch.from_numpy(index).to(self.device)
        return cross_entropy_sum(hidden_TD[places_T], self.model.output_weight, targets_T)

    def backward(self, batch: Batch, *, targets: int) -> float:
        """Add the gradient of this batch's share of a mean over `targets` places; returns its loss sum."""
        loss = self.loss(batch)
        with self._attention():
            (loss / targets).backward()
        return float(loss.detach())

    def step(self, batches: Sequence[Batch], scale: float) -> tuple[float, float]:
        """One optimiser step; returns mean loss per target and gradient norm."""
        targets = sum(count_targets(batch) for batch in batches)
        loss = sum(self.backward(batch, targets=targets) for batch in batches) / targets
        if not math.isfinite(loss):
            raise UsageError(
                f"the loss is {loss} at step {self.optimizer.steps_done}: lower the learning rates"
            )
        return loss, self.optimizer.step(scale)

    @torch.no_grad()
    def evaluate(self, batches: Sequence[Batch]) -> float:
        """Mean loss per target, without compiling."""
        return sum(float(self.loss(batch)) for batch in batches) / sum(map(count_targets, batches))

    @property
    def parameters(self) -> int:
        """Number of weights; tied embeddings count once."""
        return sum(weight.numel() for weight in self.model.parameters())

    def operations_per_token(self) -> int:
        """Floating-point operations of forward and backward per token, attention scores left out."""
        lookup = 0 if self.model.config.tie_embeddings else self.model.model.embed_tokens.weight.numel()
        return 6 * (self.parameters - lookup)

    def matmul_rate(self) -> float:
        """Operations per second of a large product in the model's dtype: the practical ceiling."""
        size = self.model.config
        left = torch.randn(8192, size.hidden_size).to(self.model.output_weight)
        right = torch.randn(size.hidden_size, size.intermediate_size).to(self.model.output_weight)
        best = min(_seconds(lambda: float((left @ right)[0, 0])) for _ in range(10))
        return 2 * left.shape[0] * right.numel() / best

    def seconds_per_step(self, stream: Stream) -> float:
        """Expected time of one step over this data; weights, optimiser and `stream` stay as they are."""
        before = copy.deepcopy(self.optimizer.state_dict())
        plan = stream.plan(0)
        seconds: dict[int, float] = {}
        for size in {size for size, _ in plan}:
            batch = stream.example(size)
            self.backward(batch, targets=1)  # compiles
            seconds[size] = statistics.median(
                _seconds(partial(self.backward, batch, targets=1)) for _ in range(3)
            )
        update = _seconds(lambda: self.optimizer.step(0.0))
        self.optimizer.load_state_dict(before)
        mean = statistics.mean(seconds[size] for size, _ in plan)
        return update + mean * self._config.micro_steps


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def count_targets(batch: Batch) -> int:
    """Number of places with loss."""
    return int((batch.targets_BL != IGNORE).sum())
