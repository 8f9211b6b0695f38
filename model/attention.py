"""Attention over packed documents without a mask: kernels for sequences of varying length, on GPUs.

A packed batch (B, L) is one sequence of T = B L places cut at `cuts`; the kernel computes causal attention
inside each piece, so that nothing of size L x L is made. `varlen_kernel` gives flash-attn's where it is
installed, else torch's own; both need a GPU of compute capability 8.0 and bfloat16 or float16.

Contract of a kernel: `(q_TNH, k_TKH, v_TKH, cuts, longest) -> out_TNH`, causal, grouped heads, gradients.
Tests run the code around the kernel on the CPU. torch's kernel was run on an H100 (training/LOG.md), in 2.11,
where it knows no groups of heads and each key head was repeated. flash-attn's was not run.
Sources: FlashAttention 2 (arXiv:2307.08691), torch.nn.attention.varlen.
Shape suffixes: those of `transformer.py`; here T = B L.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Varlen = Callable[[Tensor, Tensor, Tensor, Tensor, int], Tensor]


@dataclass(frozen=True, kw_only=True, slots=True)
class Documents:
    """Where the documents of a packed batch begin and end."""

    cuts: Tensor
    """Cumulative lengths from 0 to T, int32; filled up with T (empty documents) to a power of two."""
    longest: int
    """No document is longer: the row length."""


def find_documents(doc_ids_BL: Tensor) -> Documents:
    """Runs of equal document numbers; a row's end is a cut too. Empty places are a document of their own."""
    first_BL = torch.ones_like(doc_ids_BL, dtype=torch.bool)
    first_BL[:, 1:] = doc_ids_BL[:, 1:] != doc_ids_BL[:, :-1]
    starts = first_BL.flatten().nonzero().flatten()
    size = 1 << len(starts).bit_length()  # few different sizes: a compiled layer is compiled for each
    cuts = torch.full((size + 1,), doc_ids_BL.numel(), dtype=torch.int32, device=doc_ids_BL.device)
    cuts[: len(starts)] = starts
    return Documents(cuts=cuts, longest=doc_ids_BL.shape[1])


def varlen_kernel() -> tuple[Varlen, str] | None:
    """A kernel that this machine can run, and whose it is; None without a capable GPU."""
    if not torch.cuda.is_available() or torch.cuda.get_device_capability() < (8, 0):
        return None
    try:
        from flash_attn import flash_attn_varlen_func
    except ImportError:
        return _torch_varlen, "torch varlen"

    def flash(q_TNH: Tensor, k_TKH: Tensor, v_TKH: Tensor, cuts: Tensor, longest: int) -> Tensor:
        out_TNH: Tensor = flash_attn_varlen_func(
            q_TNH, k_TKH, v_TKH, cuts, cuts, longest, longest, causal=True
        )
        return out_TNH

    return flash, "flash-attn"


def _torch_varlen(q_TNH: Tensor, k_TKH: Tensor, v_TKH: Tensor, cuts: Tensor, longest: int) -> Tensor:
    from torch.nn.attention.varlen import varlen_attn

    out = varlen_attn(
        q_TNH, k_TKH, v_TKH, cuts, cuts, longest, longest, window_size=(-1, 0),
        enable_gqa=q_TNH.shape[1] != k_TKH.shape[1],
    )  # fmt: skip
    assert isinstance(out, Tensor)  # a tuple only when auxiliary results are asked for
    return out
