"""The decoder against transformers' Llama, with packing, with fused weights, in training."""

from __future__ import annotations

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from model.generation.native import NativeBackend
from model.kv_cache import KVCache
from model.tokenizer import Tokenizer
from model.transformer import Transformer

SHAPES = [
    {"tie_embeddings": True},
    {"tie_embeddings": False},
    {"num_kv_heads": 4},
    {"num_kv_heads": 1, "head_dim": 16, "rope_theta": 1e6, "rms_norm_eps": 1e-6},
]


def reference(model: Transformer) -> LlamaForCausalLM:
    theirs = LlamaForCausalLM(LlamaConfig(**model.config.to_hf(), attn_implementation="eager")).eval()
    state = dict(model.state_dict())
    if model.config.tie_embeddings:
        state["lm_head.weight"] = state["model.embed_tokens.weight"]
    theirs.load_state_dict(state)
    return theirs


@pytest.mark.parametrize("shape", SHAPES)
def test_logits_equal_transformers(make_model, shape) -> None:
    model = make_model(**shape)
    tokens = torch.randint(0, 320, (3, 40))
    with torch.no_grad():
        expected = reference(model)(tokens).logits
        torch.testing.assert_close(model(tokens), expected, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(model.fuse_projections()(tokens), expected, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("tied", [True, False])
def test_state_dict_names_are_those_of_transformers(make_model, tied) -> None:
    names = set(make_model(tie_embeddings=tied).state_dict())
    theirs = set(reference(make_model(tie_embeddings=tied)).state_dict())
    assert names == theirs - ({"lm_head.weight"} if tied else set())


def test_gradients_equal_transformers(make_model) -> None:
    model = make_model(spread=2.0)
    theirs = reference(model)
    tokens = torch.randint(0, 320, (2, 24))
    for net in (lambda x: model(x), lambda x: theirs(x).logits):
        torch.nn.functional.cross_entropy(
            net(tokens)[:, :-1].flatten(0, 1), tokens[:, 1:].flatten()
        ).backward()
    expected = {name: weight.grad for name, weight in theirs.named_parameters()}
    for name, weight in model.named_parameters():
        torch.testing.assert_close(weight.grad, expected[name], atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fused", [False, True])
def test_cached_equals_uncached(make_model, shape, fused) -> None:
    model = make_model(**shape)
    tokens = torch.randint(0, 320, (3, 30))
    with torch.no_grad():
        expected = model(tokens)
        if fused:
            model.fuse_projections()
        cache = KVCache(model.config, rows=3, capacity=30, dtype=torch.float32, device="cpu")
        cuts = [(0, 11), (11, 12), (12, 17), (17, 18), (18, 30)]  # prefill, steps, chunks
        parts = [model(tokens[:, a:b], cache=cache) for a, b in cuts]
    torch.testing.assert_close(torch.cat(parts, 1), expected, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("shape", SHAPES)
def test_rows_of_different_lengths_equal_single_rows(make_model, shape) -> None:
    model = make_model(**shape)
    tokens = torch.randint(0, 320, (3, 20))
    lengths = torch.tensor([9, 14, 3])
    with torch.no_grad():
        cache = KVCache(model.config, rows=3, capacity=20, dtype=torch.float32, device="cpu")
        model(tokens[:, :14], cache=cache)  # row b is padding from lengths[b] on
        cache.truncate(lengths)
        steps = [model(tokens[torch.arange(3), lengths + i][:, None], cache=cache)[:, 0] for i in range(4)]
        for b, length in enumerate(lengths.tolist()):
            alone = model(tokens[b : b + 1, : length + 4])[0, length:]
            torch.testing.assert_close(torch.stack(steps, 1)[b], alone, atol=1e-4, rtol=1e-4)


def test_packed_documents_equal_separate_ones(make_model) -> None:
    model = make_model()
    first, second = torch.randint(0, 320, (1, 13)), torch.randint(0, 320, (1, 9))
    packed = torch.cat((first, second), 1)
    ids = torch.tensor([[0] * 13 + [1] * 9])
    positions = torch.cat((torch.arange(13), torch.arange(9)))[None]
    with torch.no_grad():
        out = model(packed, positions_BL=positions, doc_ids_BL=ids)
        leaky = model(packed)
        torch.testing.assert_close(out[:, :13], model(first), atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(out[:, 13:], model(second), atol=1e-4, rtol=1e-4)
    assert not torch.allclose(leaky[:, 13:], out[:, 13:], atol=1e-2)


def test_logits_of_hidden_are_the_forward(make_model) -> None:
    model = make_model(tie_embeddings=False)
    tokens = torch.randint(0, 320, (2, 8))
    with torch.no_grad():
        torch.testing.assert_close(model.logits(model.hidden(tokens)), model(tokens))


def test_one_token_alone(make_model) -> None:
    model = make_model()
    tokens = torch.randint(0, 320, (2, 1))
    with torch.no_grad():
        torch.testing.assert_close(model(tokens), reference(model)(tokens).logits, atol=1e-4, rtol=1e-4)


def test_updates_in_place_reach_the_fused_weights(make_model) -> None:
    model = make_model().fuse_projections()
    tokens = torch.randint(0, 320, (1, 8))
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(1.1)
        torch.testing.assert_close(model(tokens), reference(model)(tokens).logits, atol=1e-4, rtol=1e-4)


def test_cast_and_back_undoes_the_fusion_and_keeps_rope_exact(make_model) -> None:
    model = make_model().fuse_projections()
    tokens = torch.randint(0, 320, (1, 90))
    with torch.no_grad():
        model.bfloat16()(tokens)
        model.float()
        for weight in model.parameters():
            weight.data = weight.data.clone()
        torch.testing.assert_close(model(tokens), reference(model)(tokens).logits, atol=1e-4, rtol=1e-4)


def test_training_after_generation(make_model, tokenizer: Tokenizer) -> None:
    from mathlm.types import Prompt, SamplingParams

    model = make_model().train()
    NativeBackend(model, tokenizer).generate([Prompt(text="1 + 1")], SamplingParams(max_tokens=3))
    assert model.training
    model(torch.randint(0, 320, (1, 8))).sum().backward()
    assert all(weight.grad is not None for weight in model.parameters())


def test_too_long_input_says_what_to_do(make_model) -> None:
    with pytest.raises(ValueError, match="max_position 96: shorten"):
        make_model()(torch.zeros(1, 97, dtype=torch.int64))


def test_doc_ids_with_a_cache_are_refused(make_model) -> None:
    model = make_model()
    cache = KVCache(model.config, rows=1, capacity=8, dtype=torch.float32, device="cpu")
    tokens = torch.zeros(1, 4, dtype=torch.int64)
    with pytest.raises(ValueError, match="doc_ids"):
        model(tokens, doc_ids_BL=tokens, cache=cache)


def test_bfloat16_stays_near_float32(make_model) -> None:
    model = make_model(spread=2.0)
    tokens = torch.randint(0, 320, (2, 40))
    with torch.no_grad():
        exact = model(tokens).log_softmax(-1)
        rough = model.bfloat16()(tokens).float().log_softmax(-1)
    assert (exact - rough).abs().max() < 0.1


def test_autocast_trains_float32_weights_in_bfloat16(make_model) -> None:
    model = make_model(spread=2.0).train()
    tokens = torch.randint(0, 320, (2, 24))
    ids = (torch.arange(24) > 10).long().expand(2, -1)
    with torch.no_grad():
        exact = model(tokens, doc_ids_BL=ids).log_softmax(-1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(tokens, doc_ids_BL=ids)
    logits.float().log_softmax(-1)[..., 0].sum().backward()
    assert logits.dtype == torch.bfloat16
    assert (logits.float().log_softmax(-1) - exact).abs().max() < 0.1
    assert all(
        weight.grad is not None and weight.grad.dtype == torch.float32 for weight in model.parameters()
    )
