"""Whole matrices out of the row shards that FSDP2 keeps, and back.

FSDP2 cuts a parameter of R rows into chunks of ceil(R / ranks) rows; the last ones may be smaller or empty.
Muon needs whole matrices, so each rank owns some of a group of X equal ones: one all-to-all brings it their
gradients, another one takes the new weights home. Nothing is computed twice, and a master weight and its
momentum live on one rank only.

Contract: `to_owners` and `to_shards` undo each other. Owned groups are filled up with zero matrices to
ceil(X / ranks) each. With one rank no bytes move.
Shape suffixes: X matrices of one shape, O matrices that this rank owns, R rows, C columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor
from torch.distributed.tensor import DTensor

from training import ranks


def local(tensor: Tensor) -> Tensor:
    """This rank's part of a parameter or gradient, sharing its memory."""
    return cast(Tensor, cast(Any, tensor).to_local()) if isinstance(tensor, DTensor) else tensor


def chunk(whole: Tensor) -> Tensor:
    """This rank's part of the first dimension."""
    size = -(-len(whole) // ranks.count())
    return whole[ranks.rank() * size : (ranks.rank() + 1) * size]


def to_owners(shards: Sequence[Tensor], rows: int) -> Tensor:
    """Shards of X matrices on every rank -> the whole ones that this rank owns (O, R, C)."""
    world = ranks.count()
    if world == 1:
        return torch.stack(list(shards))
    owned, height = -(-len(shards) // world), -(-rows // world)
    sent = torch.stack([F.pad(shard, (0, 0, 0, height - len(shard))) for shard in shards])
    sent = F.pad(sent, (0, 0, 0, 0, 0, owned * world - len(shards))).contiguous()
    received = torch.empty_like(sent)
    dist.all_to_all_single(received, sent)
    wholes_ORC = received.view(world, owned, *received.shape[1:]).transpose(0, 1).flatten(1, 2)
    return wholes_ORC[:, :rows]


def to_shards(wholes_ORC: Tensor, count: int) -> Tensor:
    """Whole matrices on their owners -> this rank's rows of all `count` matrices (X, rows, C)."""
    world = ranks.count()
    if world == 1:
        return wholes_ORC
    rows = wholes_ORC.shape[1]
    height = -(-rows // world)
    padded = F.pad(wholes_ORC, (0, 0, 0, height * world - rows))
    sent = padded.unflatten(1, (world, height)).transpose(0, 1).flatten(0, 1).contiguous()
    received = torch.empty_like(sent)
    dist.all_to_all_single(received, sent)
    kept = max(0, min(height, rows - ranks.rank() * height))
    return received[:count, :kept]


def owned_of(wholes_XRC: Tensor) -> Tensor:
    """The matrices of a group that this rank owns, filled up (O, R, C)."""
    size = -(-len(wholes_XRC) // ranks.count())
    part = wholes_XRC[ranks.rank() * size : (ranks.rank() + 1) * size]
    return F.pad(part, (0, 0, 0, 0, 0, size - len(part)))


def joined(part: Tensor, length: int) -> Tensor | None:
    """Parts along the first dimension from all ranks, on rank 0's CPU; None elsewhere."""
    if ranks.count() == 1:
        return part
    height = -(-length // ranks.count())
    padded = F.pad(part, (0, 0) * (part.ndim - 1) + (0, height - len(part))).contiguous()
    parts = [torch.empty_like(padded) for _ in range(ranks.count())] if ranks.leads() else None
    dist.gather(padded, parts)
    return torch.cat(parts).cpu()[:length] if parts else None
