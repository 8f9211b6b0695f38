"""Batched generation with this project's own decoder.

Requests are sorted by prompt length. Up to `max_batch` run together in one preallocated cache; a finished
row leaves at once (the batch shrinks), and when a quarter of the batch is free, waiting requests move in
(continuous batching, Orca, OSDI 2022). Equal prompts that move in together are prefilled once.

Contract: that of `base.Backend`. Memory is bounded by `max_batch` rows of the longest prompt plus
`max_tokens` (see `kv_cache.py`) and `PREFILL_TOKENS` of activations. Ctrl-C ends a call between two steps.
Errors: CheckpointError when the model produces NaN. Not covered: quantisation, several devices.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from mathlm.errors import CheckpointError
from mathlm.types import Completion, Prompt, SamplingParams
from model import checkpoint
from model.generation.base import StopRule, encode_continuations, encode_prompts, likelihood_batches
from model.kv_cache import KVCache
from model.sampling import sample, uniforms
from model.tokenizer import Tokenizer
from model.transformer import Transformer

PREFILL_TOKENS = 16_384
"""Tokens, padding included, that one prefill pass takes at most (a single longer prompt passes alone)."""


def default_device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def default_dtype(device: str) -> torch.dtype:
    """bfloat16 where the hardware multiplies it; float32 on other CPUs, where it is faster."""
    native = device != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.bfloat16 if native else torch.float32


@dataclass(kw_only=True, slots=True)
class _Row:
    """One request, from waiting to done."""

    index: int
    prompt: list[int]
    stop: StopRule
    limit: int
    """Tokens it may generate: `max_tokens`, or less when the context is full before."""
    uniforms: list[float] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    logprob: float = 0.0


class NativeBackend:
    """Example: `NativeBackend.load(folder).generate([prompt] * 4, SamplingParams(max_tokens=64))`"""

    def __init__(
        self, model: Transformer, tokenizer: Tokenizer, *, name: str = "native", max_batch: int = 64
    ) -> None:
        """The model is used as it is, so a training loop may keep updating it in place between calls."""
        if max_batch < 1:
            raise ValueError(f"max_batch must be at least 1, got {max_batch}")
        self.model, self.tokenizer, self.name, self.max_batch = model, tokenizer, name, max_batch

    @classmethod
    def load(
        cls,
        folder: Path | str,
        *,
        device: str | None = None,
        dtype: torch.dtype | None = None,
        max_batch: int = 64,
        context: int | None = None,
    ) -> NativeBackend:
        """Open a checkpoint folder; raises CheckpointError when that cannot be done.

        `context` lets the model read so many tokens, beyond its own by dynamic NTK scaling of RoPE.
        """
        device = device or default_device()
        model, tokenizer = checkpoint.load(folder, dtype=dtype or default_dtype(device), device=device)
        if context is not None:
            model.rescale(model.config.reaching(context))
        return cls(model.fuse_projections(), tokenizer, name=Path(folder).name, max_batch=max_batch)

    def generate(
        self,
        prompts: Sequence[Prompt],
        params: SamplingParams,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Completion]:
        """See `base.Backend`."""
        context = self.model.config.context
        encoded = encode_prompts(self.tokenizer, prompts, context)
        rules = {stop: StopRule(self.tokenizer, stop) for stop in {prompt.stop for prompt in prompts}}
        rows = [
            _Row(
                index=i, prompt=ids, stop=rules[prompt.stop], limit=min(params.max_tokens, context - len(ids))
            )
            for i, (prompt, ids) in enumerate(zip(prompts, encoded, strict=True))
        ]
        if not rows:
            return []
        training = self.model.training
        self.model.eval()
        try:
            with torch.inference_mode():
                return _Run(self, rows, params, progress).complete()
        finally:
            self.model.train(training)

    def score_continuations(self, prompts: Sequence[Prompt], continuations: Sequence[str]) -> list[float]:
        """See `base.LikelihoodBackend`."""
        encoded = encode_continuations(self.tokenizer, prompts, continuations, self.model.config.max_position)
        scores = [0.0] * len(encoded)
        device = self.model.output_weight.device
        training = self.model.training
        self.model.eval()
        try:
            for batch in likelihood_batches(encoded, tokens=PREFILL_TOKENS):
                longest = len(encoded[batch[0]][0])
                # pads come after every real token: causal attention never sees them
                padded = [[*encoded[i][0], *[0] * (longest - len(encoded[i][0]))] for i in batch]
                tokens_BL = torch.tensor(padded, device=device)
                with torch.inference_mode():
                    hidden_BLD = self.model.hidden(tokens_BL)
                    for row, i in enumerate(batch):
                        ids, count = encoded[i]
                        places = slice(len(ids) - count - 1, len(ids) - 1)
                        logits_LV = self.model.logits(hidden_BLD[row, places])[:, : self.tokenizer.vocab_size]
                        scores[i] = continuation_logprob(logits_LV, ids[len(ids) - count :])
        finally:
            self.model.train(training)
        return scores


def continuation_logprob(logits_LV: Tensor, ids: Sequence[int]) -> float:
    """Sum of the log-probabilities of `ids`, each under its row of logits."""
    targets_L1 = torch.tensor(ids, dtype=torch.int64, device=logits_LV.device)[:, None]
    return float(logits_LV.float().log_softmax(-1).gather(1, targets_L1).sum())


def _prefill_parts(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Cut rows, sorted by prompt, so that the different prompts of a part fit into PREFILL_TOKENS."""
    part: list[_Row] = []
    different = 0
    for row in rows:
        if not part or row.prompt != part[-1].prompt:
            if part and (different + 1) * len(row.prompt) > PREFILL_TOKENS:
                yield part
                part, different = [], 0
            different += 1
        part.append(row)
    yield part


class _Run:
    """The state of one `generate` call: who waits, who is active (row i of the cache), who is done."""

    def __init__(
        self,
        backend: NativeBackend,
        rows: list[_Row],
        params: SamplingParams,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.model, self.params, self.progress = backend.model, params, progress
        self.vocab = backend.tokenizer.vocab_size
        weight = self.model.output_weight
        self.device, self.dtype = weight.device, weight.dtype
        self.waiting = deque(sorted(rows, key=lambda row: (len(row.prompt), row.prompt, row.index)))
        self.active: list[_Row] = []
        self.done: dict[int, Completion] = {}
        self.max_batch = min(backend.max_batch, len(rows))
        self.cache = KVCache(
            self.model.config,
            capacity=max(len(row.prompt) + row.limit for row in rows),
            dtype=self.dtype,
            device=self.device,
            rows=0,
            max_rows=self.max_batch,
        )

    def complete(self) -> list[Completion]:
        while self.waiting or self.active:
            if self.waiting and self.max_batch - len(self.active) >= math.ceil(self.max_batch / 4):
                self._admit()
            if self.active:
                tokens_B1 = torch.tensor([[row.ids[-1]] for row in self.active], device=self.device)
                hidden_B1D = self.model.hidden(tokens_B1, cache=self.cache)
                self._accept(0, hidden_B1D[:, 0])
        return [self.done[i] for i in range(len(self.done))]

    def _admit(self) -> None:
        """Move waiting requests into the free rows and sample their first token."""
        first = len(self.active)
        while self.waiting and len(self.active) < self.max_batch:
            row = self.waiting.popleft()
            if self.params.temperature > 0:
                row.uniforms = uniforms(self.params.seed + row.index, row.limit)
            self.active.append(row)
        hidden = [self._prefill(part) for part in _prefill_parts(self.active[first:])]
        self._accept(first, torch.cat(hidden))

    def _prefill(self, rows: list[_Row]) -> Tensor:
        """Run each different prompt once, padded on the right, and copy its keys and values to its rows.

        Returns the hidden state of the last prompt token of each row, (B, D).
        """
        prompts = list(dict.fromkeys(tuple(row.prompt) for row in rows))
        place = {prompt: i for i, prompt in enumerate(prompts)}
        source_B = torch.tensor([place[tuple(row.prompt)] for row in rows], device=self.device)
        lengths_U = torch.tensor([len(prompt) for prompt in prompts], device=self.device)
        longest = max(map(len, prompts))
        padded = [[*prompt, *[0] * (longest - len(prompt))] for prompt in prompts]
        cache = KVCache(
            self.model.config, capacity=longest, dtype=self.dtype, device=self.device, rows=len(prompts)
        )
        # The pads repeat the last position: the RoPE base of a scaled row follows its own length.
        positions_UL = torch.arange(longest, device=self.device).minimum(lengths_U[:, None] - 1)
        tokens_UL = torch.tensor(padded, device=self.device)
        hidden_ULD = self.model.hidden(tokens_UL, positions_BL=positions_UL, cache=cache)
        cache.truncate(lengths_U)
        self.cache.append(cache, source_B)
        return hidden_ULD[source_B, lengths_U[source_B] - 1]

    def _accept(self, first: int, hidden_BD: Tensor) -> None:
        """Sample one token for each active row from `first` on; finished rows leave."""
        rows = self.active[first:]
        draws = None
        if self.params.temperature > 0:
            numbers = [row.uniforms[len(row.ids)] for row in rows]
            draws = torch.tensor(numbers, device=self.device)
        logits_BV = self.model.logits(hidden_BD)[:, : self.vocab]  # ids beyond the tokenizer mean nothing
        tokens_B, logprobs_B = sample(logits_BV, self.params, draws)
        finished = []
        for i, (row, token, logprob) in enumerate(
            zip(rows, tokens_B.tolist(), logprobs_B.tolist(), strict=True)
        ):
            if math.isnan(logprob):
                raise CheckpointError("the model produced NaN: its weights are damaged, copy them again")
            row.ids.append(token)
            row.logprob += logprob
            if len(row.ids) >= row.limit or row.stop.hit(row.ids):
                finished.append(first + i)
        if finished:
            self._leave(finished)

    def _leave(self, finished: list[int]) -> None:
        for i in reversed(finished):
            row = self.active[i]
            self.done[row.index] = row.stop.completion(row.ids, row.logprob)
            self.active[i] = self.active[-1]  # as KVCache.drop moves its rows
            self.active.pop()
        self.cache.drop(finished)
        if self.progress is not None:
            self.progress(len(finished))
