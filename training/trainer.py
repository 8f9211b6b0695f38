"""One optimiser step: forward, loss, backward and update on packed micro-batches.

Contract: the loss of a step is the mean over the target places of all ranks, whatever the number of ranks
and micro-batches. The same weights, batches and settings give the same numbers; another number of ranks
gives the same up to rounding.
Several ranks shard weights, gradients and optimiser by FSDP2 (`fully_shard`), block by block. Attention is
chosen by `choose_attention`. Layers are compiled one by one, so that a deep model compiles as fast as one
layer; with `auto` a machine without a C++ compiler trains with the same formulas, slower.
Errors: UsageError for a device or precision that is not there, or when compiling was asked for and fails.
Not covered: tensor and pipeline parallelism; a model that does not fit one rank in float32 at the start.
Sources: FSDP2 (arXiv:2304.11277 and torchtitan, arXiv:2410.06511).
"""

from __future__ import annotations

import math
import os
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch._inductor.cpp_builder import get_cpp_compiler
from torch.nn.attention import SDPBackend, sdpa_kernel

from mathlm.errors import UsageError
from model.attention import varlen_kernel
from model.transformer import Transformer
from training import ranks
from training.loss import cross_entropy_sum
from training.optim import OptimConfig, Optimizer
from training.packing import IGNORE, Batch, Stream
from training.run import RunConfig

MATMUL_ROWS = 512
"""On CPUs attention runs as plain matrix products (torch's `MATH`) in rows up to this length: that is faster
than the fused kernel, forward and backward together (figures in LOG.md), but makes L x L numbers."""


def choose_device(config: RunConfig) -> torch.device:
    """The device of this rank; UsageError when it is not there."""
    available = torch.cuda.is_available()
    if config.device == "cuda" and not available:
        raise UsageError("no CUDA device was found: use --device cpu, or install torch with CUDA")
    if not available or config.device == "cpu":
        return torch.device("cpu")
    number = int(os.environ.get("LOCAL_RANK", "0"))
    if number >= torch.cuda.device_count():
        raise UsageError(f"there are {torch.cuda.device_count()} GPUs for rank {number}: start fewer ranks")
    return torch.device("cuda", number)


def choose_dtype(config: RunConfig, device: torch.device) -> torch.dtype:
    """The dtype of weights and activations."""
    if config.precision != "auto":
        return {"bf16": torch.bfloat16, "fp32": torch.float32}[config.precision]
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    capable = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if capable else torch.float32


def choose_attention(model: Transformer, config: RunConfig, device: torch.device, dtype: torch.dtype) -> str:
    """Set the model's kernel; returns its name.

    On GPUs one that knows document borders (flash-attn's, else torch's), else torch's fused kernel with a
    mask; on CPUs matrix products for short rows, else the fused kernel. `--attention` forces one.
    """
    kernel = varlen_kernel() if device.type == "cuda" and dtype != torch.float32 else None
    if config.attention == "varlen" and kernel is None:
        raise UsageError(
            "attention by documents needs a GPU of compute capability 8.0 and bf16: use --attention auto"
        )
    if kernel is not None and config.attention in ("auto", "varlen"):
        model.varlen, name = kernel
        return name
    if config.attention == "auto":
        return "fused" if device.type == "cuda" else f"matmul up to {MATMUL_ROWS} places, else fused"
    return config.attention


class Objective(nn.Module):
    """Sum of -log p over target places, in nats. FSDP2 wraps it, so that it sees all uses of a weight."""

    def __init__(self, model: Transformer) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, tokens_BL: Tensor, positions_BL: Tensor, doc_ids_BL: Tensor, places_T: Tensor, targets_T: Tensor
    ) -> Tensor:
        hidden_BLD = self.model.hidden(tokens_BL, positions_BL=positions_BL, doc_ids_BL=doc_ids_BL)
        hidden_TD = hidden_BLD.flatten(0, 1)[places_T]
        return cross_entropy_sum(hidden_TD, self.model.output_weight, targets_T)


def shard(objective: Objective, device: torch.device) -> None:
    """Cut all weights over the ranks (FSDP2); gradients are summed in float32."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

    mesh = init_device_mesh(device.type, (ranks.count(),))
    policy = MixedPrecisionPolicy(reduce_dtype=torch.float32)
    for module in (*objective.model.model.layers, objective):
        # Gathered again for the backward pass; kept, an evaluation would leave old weights behind.
        fully_shard(module, mesh=mesh, mp_policy=policy, reshard_after_forward=True)


class Trainer:
    """Owns model, optimiser and their device. Example: `Trainer(model, optim, run, log=note)`."""

    def __init__(
        self, model: Transformer, optim: OptimConfig, config: RunConfig, *, log: Callable[[str], None]
    ) -> None:
        ranks.share_cores(config.threads)
        self.device = choose_device(config)
        self.dtype = choose_dtype(config, self.device)
        self._config, self._log = config, log
        self.model = model.to(self.device, torch.float32).train()
        self.parameters = sum(weight.numel() for weight in model.parameters())
        """Number of weights; tied embeddings count once."""
        self.attention = choose_attention(model, config, self.device, self.dtype)
        if config.recompute:
            model.recompute()
        self._objective = Objective(model)
        if ranks.count() > 1:
            shard(self._objective, self.device)
        self.optimizer = Optimizer(model.named_parameters(), optim)
        self._objective.to(self.dtype)  # the float32 values stay in the optimiser
        if config.compile != "off":
            self._compile()

    def _compile(self) -> None:
        """Compile each block, or say why that is not possible."""
        try:
            if self.device.type == "cpu":
                get_cpp_compiler()  # the trial below may come from torch's cache, without a compiler
            torch.compile(lambda x: (x + 1).sum(), dynamic=False)(torch.ones(7, device=self.device))
        except Exception as error:
            if self._config.compile == "on":
                raise UsageError(f"torch.compile failed ({error}): use --compile auto or off") from error
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            self._log(f"training without torch.compile ({reason}); a C++ compiler would make it faster")
            return
        torch._dynamo.config.recompile_limit = 64  # row lengths, phases
        for block in self.model.model.layers:
            block.compile(dynamic=False)

    def _kernels(self, row_length: int) -> AbstractContextManager[None]:
        """torch's choice of attention kernels, forward and backward."""
        if self.device.type == "cuda" and self._config.attention != "matmul":
            return nullcontext()
        matmul = self._config.attention == "matmul" or (
            self._config.attention == "auto" and row_length <= MATMUL_ROWS
        )
        if not matmul:
            return nullcontext()
        torch.backends.cuda.allow_fp16_bf16_reduction_math_sdp(True)  # else MATH works in float32
        context: AbstractContextManager[None] = sdpa_kernel(SDPBackend.MATH)
        return context

    def loss(self, batch: Batch) -> Tensor:
        """Sum of -log p over this batch's target places, in nats."""
        index = np.flatnonzero(batch.targets_BL != IGNORE)
        arrays = (batch.tokens_BL, batch.positions_BL, batch.doc_ids_BL, index,
                  batch.targets_BL.reshape(-1)[index])  # fmt: skip
        with self._kernels(batch.tokens_BL.shape[1]):
            loss: Tensor = self._objective(*(torch.from_numpy(x).to(self.device) for x in arrays))
        return loss

    def backward(self, batch: Batch, *, targets: int) -> float:
        """Add the gradient of this batch's share of a mean over `targets` places; returns its loss sum."""
        loss = self.loss(batch)
        with self._kernels(batch.tokens_BL.shape[1]):
            (loss * (ranks.count() / targets)).backward()  # FSDP2 takes the mean over ranks
        return float(loss.detach())

    def step(self, batches: Sequence[Batch], scale: float) -> tuple[float, float]:
        """One optimiser step on this rank's micro-batches; returns mean loss per target and gradient norm."""
        targets = int(ranks.total([sum(map(count_targets, batches))])[0])
        loss = sum(self.backward(batch, targets=targets) for batch in batches)
        loss = ranks.total([loss])[0] / targets
        if not math.isfinite(loss):
            step = self.optimizer.steps_done
            ranks.fail(UsageError(f"the loss is {loss} at step {step}: lower the learning rates"))
        return loss, self.optimizer.step(scale)

    @torch.no_grad()
    @torch.compiler.set_stance("force_eager")
    def evaluate(self, batches: Sequence[Batch]) -> float:
        """Mean loss per target, without compiling. Every rank is given all batches and works on its share."""
        loss, whole = 0.0, -(-len(batches) // ranks.count()) * ranks.count()
        for index in range(ranks.rank(), whole, ranks.count()):
            part = float(self.loss(batches[min(index, len(batches) - 1)]))  # all ranks call it equally often
            loss += part if index < len(batches) else 0.0
        return ranks.total([loss])[0] / sum(map(count_targets, batches))

    def whole_model(self) -> Transformer:
        """The model with whole weights: itself, or on several ranks a copy of it on rank 0's CPU."""
        if ranks.count() == 1:
            return self.model
        from torch.distributed.tensor import DTensor

        weights = {}
        for name, weight in self.model.state_dict().items():
            weights[name] = weight.full_tensor().cpu() if isinstance(weight, DTensor) else weight
            if not ranks.leads():
                weights[name] = weights[name].to("meta")
        with torch.device("meta"):
            whole = Transformer(self.model.config)
        whole.load_state_dict(weights, assign=True)
        return whole

    def operations_per_token(self) -> int:
        """Floating-point operations of forward and backward per token, attention scores left out."""
        size = self.model.config
        lookup = 0 if size.tie_embeddings else size.vocab_size * size.hidden_size
        return 6 * (self.parameters - lookup)

    def matmul_rate(self) -> float:
        """Operations per second of a large product in the model's dtype, on all ranks: the ceiling."""
        size = self.model.config
        left = torch.randn(8192, size.hidden_size, device=self.device).to(self.dtype)
        right = torch.randn(size.hidden_size, size.intermediate_size, device=self.device).to(self.dtype)
        best = min(_seconds(lambda: float((left @ right)[0, 0])) for _ in range(10))
        return ranks.total([2 * left.shape[0] * right.numel() / best])[0]

    def _update(self) -> None:
        """An update at rate 0, to its end: a GPU answers before it is done."""
        self.optimizer.step(0.0)
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def memory(self) -> int:
        """Most bytes in use so far: of the device, or of this process on a CPU."""
        if self.device.type == "cuda":
            return torch.cuda.max_memory_allocated(self.device)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    def seconds_per_step(self, stream: Stream) -> float:
        """Expected time of one step over this data; weights, optimiser and `stream` stay as they are."""
        before = self.optimizer.copy()
        plan = stream.plan(0)
        seconds: dict[int, float] = {}
        for size in sorted({size for size, _ in plan}):
            batch = stream.example(size)
            self.backward(batch, targets=1)  # compiles
            seconds[size] = statistics.median(
                _seconds(partial(self.backward, batch, targets=1)) for _ in range(3)
            )
        for _ in range(2):  # the first one allocates and loads kernels
            self.backward(batch, targets=1)
            update = _seconds(self._update)
        self.optimizer.restore(before)
        mean = statistics.mean(seconds[size] for size, _ in plan)
        return update + mean * self._config.micro_steps / ranks.count()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def count_targets(batch: Batch) -> int:
    """Number of places with loss."""
    return int((batch.targets_BL != IGNORE).sum())
