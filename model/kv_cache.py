"""A preallocated key/value cache in which every row has its own length.

Layout: keys transposed (layers, rows, K, H, capacity), values (layers, rows, K, capacity, H); legend in
`transformer.py`. Both products of a decoding step then read memory in order, which on a CPU takes half the
time of `scaled_dot_product_attention`. The first `rows` slots are in use; a finished row is dropped by
moving the last one into its place (one row is copied, the batch shrinks), and new rows are appended from a
prefill, each prefill row as often as wanted.

Prompts of different lengths are prefilled padded on the right: the pads come after every real token, so
causal attention never sees them, and `truncate` then cuts them off.
Memory in bytes: 2 * layers * rows * capacity * K * H * bytes per element.
Errors: ValueError when a write would not fit. Not covered: paging, quantised caches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from model.config import ModelConfig


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheStep:
    """Where one forward pass writes and looks; computed once, used by every layer."""

    positions_BL: Tensor
    mask: Tensor | None
    """(B, 1, L, T), 0 where a query may look, else -inf; None when the cache was empty: causal attention."""
    span: int
    """T, the longest row after the write."""


class KVCache:
    """Keys and values of all layers. One pass: `begin`, `write` once per layer, `advance`."""

    def __init__(
        self,
        config: ModelConfig,
        *,
        rows: int,
        capacity: int,
        dtype: torch.dtype,
        device: torch.device | str,
        max_rows: int | None = None,
    ) -> None:
        """`rows` empty rows, room for `max_rows` (default: `rows`) of `capacity` tokens each."""
        if capacity > config.context:
            raise ValueError(f"capacity {capacity} exceeds max_position {config.context}")
        self.capacity, self.rows, self.max_rows = capacity, rows, max_rows or rows
        shape = (config.num_layers, self.max_rows, config.num_kv_heads, capacity, config.head_dim)
        self._kt = torch.zeros((*shape[:3], shape[4], shape[3]), dtype=dtype, device=device)
        self._v = torch.zeros(shape, dtype=dtype, device=device)
        self._lengths = torch.zeros(self.max_rows, dtype=torch.int64, device=device)
        self._span = 0
        self._slots_R = torch.arange(self.max_rows, device=device)
        self._slots_T = torch.arange(capacity, device=device)

    @property
    def lengths_B(self) -> Tensor:
        """Tokens held by each row in use."""
        return self._lengths[: self.rows]

    def begin(self, length: int) -> CacheStep:
        """Plan a forward pass of `length` tokens a row."""
        if self._span + length > self.capacity:
            raise ValueError(f"{self._span} + {length} tokens exceed the cache's capacity {self.capacity}")
        span = self._span + length
        new_L = self._slots_T[:length]
        if self._span == 0:
            return CacheStep(positions_BL=new_L.expand(self.rows, length), mask=None, span=span)
        positions_BL = self.lengths_B[:, None] + new_L
        hidden_BLT = self._slots_T[:span] > positions_BL[:, :, None]
        mask_BLT = torch.zeros(hidden_BLT.shape, dtype=self._v.dtype, device=self._v.device)
        mask_BLT.masked_fill_(hidden_BLT, float("-inf"))
        return CacheStep(positions_BL=positions_BL, mask=mask_BLT[:, None], span=span)

    def write(self, layer: int, k_BKLH: Tensor, v_BKLH: Tensor, step: CacheStep) -> tuple[Tensor, Tensor]:
        """Store new keys and values; return all that the layer holds as views: (B, K, H, T), (B, K, T, H)."""
        kt_BKHT = self._kt[layer, : self.rows, :, :, : step.span]
        v_BKTH = self._v[layer, : self.rows, :, : step.span]
        if step.mask is None:
            kt_BKHT.copy_(k_BKLH.transpose(2, 3))
            v_BKTH.copy_(v_BKLH)
        else:
            row_B1 = self._slots_R[: self.rows, None]
            kt_BKHT[row_B1, :, :, step.positions_BL] = k_BKLH.transpose(1, 2)
            v_BKTH[row_B1, :, step.positions_BL] = v_BKLH.transpose(1, 2)
        return kt_BKHT, v_BKTH

    def advance(self, length: int) -> None:
        """Count `length` written tokens in every row."""
        self.lengths_B.add_(length)
        self._span += length

    def truncate(self, lengths_B: Tensor) -> None:
        """Keep the first `lengths_B[b]` tokens of row b: cuts padding off after a prefill."""
        if bool((lengths_B > self.lengths_B).any()):
            raise ValueError("truncate can only shorten rows")
        self.lengths_B.copy_(lengths_B)
        self._refresh_span()

    def append(self, prefill: KVCache, rows: Tensor) -> None:
        """Add a copy of row `rows[i]` of `prefill` for each i; repeats share one prefill."""
        start, end, span = self.rows, self.rows + len(rows), prefill._span
        if end > self.max_rows or span > self.capacity:
            raise ValueError(f"{end} rows of {span} tokens exceed {self.max_rows} x {self.capacity}")
        self._kt[:, start:end, :, :, :span] = prefill._kt[:, rows, :, :, :span]
        self._v[:, start:end, :, :span] = prefill._v[:, rows, :, :span]
        self._lengths[start:end] = prefill._lengths[rows]
        self.rows, self._span = end, max(self._span, span)

    def drop(self, rows: Sequence[int]) -> None:
        """Free rows, highest index first: each time the last row moves into the hole."""
        for row in sorted(rows, reverse=True):
            self.rows -= 1
            last = self.rows
            if row != last:
                self._kt[:, row] = self._kt[:, last]
                self._v[:, row] = self._v[:, last]
                self._lengths[row] = self._lengths[last]
        self._refresh_span()

    def _refresh_span(self) -> None:
        self._span = int(self.lengths_B.max()) if self.rows else 0
