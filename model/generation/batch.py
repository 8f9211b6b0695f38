"""Rows that are generated together: who waits, who is active (row i of the cache), who left.

Up to `max_rows` run together in one preallocated cache; a finished row leaves at once (the batch shrinks),
and when a quarter of the batch is free, waiting rows move in (continuous batching, Orca, OSDI 2022). Equal
prompts that move in together are prefilled once. Rows may be added and cancelled between any two steps, and
each samples as its own parameters say.

Contract: one thread calls. A row's `on_token` and `on_done` are called by that thread, inside `step`.
Memory is bounded by `max_rows` rows of `capacity` tokens (see `kv_cache.py`) and `PREFILL_TOKENS` of
activations. Errors: CheckpointError when the model produces NaN; the batch is of no use then.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from mathlm.errors import CheckpointError
from mathlm.types import Completion, SamplingParams
from model.generation.base import StopRule
from model.kv_cache import KVCache
from model.sampling import sample, uniforms
from model.transformer import Transformer

PREFILL_TOKENS = 16_384
"""Tokens, padding included, that one prefill pass takes at most (a single longer prompt passes alone)."""


@dataclass(kw_only=True, slots=True, eq=False)
class Row:
    """One request, from waiting to done."""

    prompt: list[int]
    stop: StopRule
    limit: int
    """Tokens it may generate: `max_tokens`, or less when the context is full before."""
    params: SamplingParams
    """`seed` is this row's own."""
    on_done: Callable[[Completion], None]
    on_token: Callable[[int], None] | None = None
    uniforms: list[float] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    logprob: float = 0.0


class Batch:
    """See the module. `step` until `idle`."""

    def __init__(self, model: Transformer, *, vocab: int, capacity: int, max_rows: int) -> None:
        """`vocab` is the tokenizer's: ids beyond it mean nothing. `capacity` is tokens a row."""
        self.model, self.vocab, self.max_rows = model, vocab, max_rows
        weight = model.output_weight
        self.device, self.dtype = weight.device, weight.dtype
        self.waiting: deque[Row] = deque()
        self.active: list[Row] = []
        self.cache = KVCache(
            model.config, capacity=capacity, dtype=self.dtype, device=self.device, rows=0, max_rows=max_rows
        )

    @property
    def idle(self) -> bool:
        return not (self.waiting or self.active)

    def add(self, rows: Iterable[Row]) -> None:
        """Let rows wait for their turn."""
        self.waiting.extend(rows)

    def cancel(self, row: Row) -> None:
        """Take a row out, wherever it is; it is never done then."""
        if row in self.active:
            self._leave([self.active.index(row)])
        elif row in self.waiting:
            self.waiting.remove(row)

    @torch.inference_mode()
    def step(self) -> None:
        """Let waiting rows in where there is room, and sample one token for each active row."""
        if self.waiting and self.max_rows - len(self.active) >= math.ceil(self.max_rows / 4):
            self._admit()
        if self.active:
            tokens_B1 = torch.tensor([[row.ids[-1]] for row in self.active], device=self.device)
            hidden_B1D = self.model.hidden(tokens_B1, cache=self.cache)
            self._accept(0, hidden_B1D[:, 0])

    def _admit(self) -> None:
        """Move waiting rows into the free places and sample their first token."""
        first = len(self.active)
        new = [self.waiting.popleft() for _ in range(min(len(self.waiting), self.max_rows - first))]
        for row in new:
            if row.params.temperature > 0:
                row.uniforms = uniforms(row.params.seed, row.limit)
        self.active += sorted(new, key=lambda row: (len(row.prompt), row.prompt))
        hidden = [self._prefill(part) for part in _prefill_parts(self.active[first:])]
        self._accept(first, torch.cat(hidden))

    def _prefill(self, rows: list[Row]) -> Tensor:
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
        logits_BV = self.model.logits(hidden_BD)[:, : self.vocab]
        finished = []
        for i, (row, (token, logprob)) in enumerate(zip(rows, self._sample(rows, logits_BV), strict=True)):
            if math.isnan(logprob):
                raise CheckpointError("the model produced NaN: its weights are damaged, copy them again")
            row.ids.append(token)
            row.logprob += logprob
            if row.on_token is not None:
                row.on_token(token)
            if len(row.ids) >= row.limit or row.stop.hit(row.ids):
                finished.append(first + i)
        done = [self.active[i] for i in finished]
        if finished:
            self._leave(finished)
        for row in done:
            row.on_done(row.stop.completion(row.ids, row.logprob))

    def _sample(self, rows: Sequence[Row], logits_BV: Tensor) -> list[tuple[int, float]]:
        """A token and its log-probability for each row; rows that sample alike are drawn together."""
        alike: dict[tuple[float, float, int], list[int]] = {}
        for i, row in enumerate(rows):
            params = row.params
            alike.setdefault((params.temperature, params.top_p, params.top_k), []).append(i)
        chosen = [(0, 0.0)] * len(rows)
        for places in alike.values():
            params = rows[places[0]].params
            draws = None
            if params.temperature > 0:
                numbers = [rows[i].uniforms[len(rows[i].ids)] for i in places]
                draws = torch.tensor(numbers, device=self.device)
            picked = logits_BV if len(places) == len(rows) else logits_BV[places]
            tokens_B, logprobs_B = sample(picked, params, draws)
            for i, token, logprob in zip(places, tokens_B.tolist(), logprobs_B.tolist(), strict=True):
                chosen[i] = (token, logprob)
        return chosen

    def _leave(self, rows: list[int]) -> None:
        for i in reversed(rows):
            self.active[i] = self.active[-1]  # as KVCache.drop moves its rows
            self.active.pop()
        self.cache.drop(rows)


def _prefill_parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Cut rows, sorted by prompt, so that the different prompts of a part fit into PREFILL_TOKENS."""
    part: list[Row] = []
    different = 0
    for row in rows:
        if not part or row.prompt != part[-1].prompt:
            if part and (different + 1) * len(row.prompt) > PREFILL_TOKENS:
                yield part
                part, different = [], 0
            different += 1
        part.append(row)
    yield part
