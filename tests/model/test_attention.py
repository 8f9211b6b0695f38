"""Attention over packed documents: the ways to compute it agree where they run here."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from model.attention import find_documents, varlen_kernel

IDS = torch.tensor([[0, 0, 0, 1, 1, 1, 1, -1], [0, 0, 1, 2, 2, 2, 2, 2]])


def one_by_one(q_TNH: Tensor, k_TKH: Tensor, v_TKH: Tensor, cuts: Tensor, longest: int) -> Tensor:
    """What a GPU kernel promises, written out: causal attention inside each piece."""
    assert cuts.dtype == torch.int32 and cuts[0] == 0 and cuts[-1] == len(q_TNH)
    lengths = cuts.diff().tolist()
    assert max(lengths) <= longest
    pieces = []
    for q, k, v in zip(*(x.split(lengths) for x in (q_TNH, k_TKH, v_TKH)), strict=True):
        if len(q):
            q, k, v = (x.transpose(0, 1)[None] for x in (q, k, v))
            out = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
            pieces.append(out[0].transpose(0, 1))
    return torch.cat(pieces)


def test_documents_are_cut_where_the_number_changes_and_at_the_end_of_a_row() -> None:
    documents = find_documents(IDS)
    assert documents.cuts.tolist() == [0, 3, 7, 8, 10, 11, 16, 16, 16]
    assert documents.longest == 8


@pytest.mark.parametrize("backend", [SDPBackend.MATH, SDPBackend.FLASH_ATTENTION])
def test_mask_and_documents_give_the_same_states_and_gradients(make_model, backend: SDPBackend) -> None:
    tokens = torch.randint(0, 320, IDS.shape)
    positions = torch.tensor([[0, 1, 2, 0, 1, 2, 3, 0], [0, 1, 0, 0, 1, 2, 3, 4]])
    results = []
    for varlen in (None, one_by_one):
        model = make_model(spread=2.0)
        model.varlen = varlen
        with sdpa_kernel([backend, SDPBackend.MATH]):
            out = model(tokens, positions_BL=positions, doc_ids_BL=IDS)[IDS >= 0]
        out.square().mean().backward()
        results.append((out.detach(), [weight.grad for weight in model.parameters()]))
    torch.testing.assert_close(results[0], results[1], atol=1e-4, rtol=1e-3)


def test_recomputed_blocks_give_the_same_gradients(make_model) -> None:
    tokens = torch.randint(0, 320, (2, 12))
    gradients = []
    for again in (False, True):
        model = make_model(spread=2.0)
        if again:
            model.recompute()
        model(tokens).square().mean().backward()
        gradients.append([weight.grad for weight in model.parameters()])
    torch.testing.assert_close(gradients[0], gradients[1])


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine may have a kernel")
def test_without_a_gpu_there_is_no_kernel() -> None:
    assert varlen_kernel() is None
