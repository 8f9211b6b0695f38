"""Dynamic NTK scaling beyond the trained length, against transformers."""

from __future__ import annotations

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from mathlm.types import Prompt, SamplingParams
from model.config import ModelConfig
from model.generation.native import NativeBackend
from model.kv_cache import KVCache
from model.tokenizer import Tokenizer
from model.transformer import Transformer

LONG = {"max_position": 24, "rope_factor": 2.0, "max_context": 96}


def reference(model: Transformer) -> LlamaForCausalLM:
    """A new one for each comparison: transformers remembers the longest sequence it has seen."""
    theirs = LlamaForCausalLM(LlamaConfig(**model.config.to_hf(), attn_implementation="eager")).eval()
    assert theirs.model.rotary_emb.rope_type == "dynamic"
    state = dict(model.state_dict())
    theirs.load_state_dict(state | {"lm_head.weight": state["model.embed_tokens.weight"]})
    return theirs


@pytest.mark.parametrize("length", [20, 24, 25, 70])
@pytest.mark.parametrize("factor", [1.0, 2.5])
def test_logits_equal_transformers(make_model, length, factor) -> None:
    model = make_model(**(LONG | {"rope_factor": factor}))
    tokens = torch.randint(0, 320, (2, length))
    with torch.no_grad():
        torch.testing.assert_close(model(tokens), reference(model)(tokens).logits, atol=1e-4, rtol=1e-4)


def test_scaling_changes_long_rows_only(make_model) -> None:
    plain, scaled = make_model(max_position=96), make_model(**LONG)
    tokens = torch.randint(0, 320, (1, 60))
    with torch.no_grad():
        torch.testing.assert_close(plain(tokens[:, :24]), scaled(tokens[:, :24]), atol=1e-4, rtol=1e-4)
        assert not torch.allclose(plain(tokens), scaled(tokens), atol=1e-2)


def test_cached_steps_over_the_trained_length_equal_transformers(make_model) -> None:
    model = make_model(**LONG)
    theirs = reference(model)
    tokens = torch.randint(0, 320, (2, 40))
    cuts = [(0, 20), *((i, i + 1) for i in range(20, 30)), (30, 40)]
    past, expected, own = None, [], []
    with torch.no_grad():
        cache = KVCache(model.config, rows=2, capacity=40, dtype=torch.float32, device="cpu")
        for a, b in cuts:
            out = theirs(tokens[:, a:b], past_key_values=past, use_cache=True)
            past = out.past_key_values
            expected.append(out.logits)
            own.append(model(tokens[:, a:b], cache=cache))
    torch.testing.assert_close(torch.cat(own, 1), torch.cat(expected, 1), atol=1e-4, rtol=1e-4)


def test_a_row_does_not_depend_on_a_longer_neighbour(make_model, tokenizer: Tokenizer) -> None:
    backend = NativeBackend(make_model(**LONG), tokenizer)
    short, long = Prompt(text="gcd of 12 and 18"), Prompt(text="What is the " * 10)
    assert len(tokenizer.encode(short.text)) < 24 < len(tokenizer.encode(long.text))
    params = SamplingParams(max_tokens=12)
    alone = backend.generate([short], params)[0]
    together = backend.generate([long, short], params)[1]
    assert alone.text == together.text
    assert alone.logprob == pytest.approx(together.logprob, abs=1e-3)


def test_a_flag_lets_a_checkpoint_read_200k(folder, make_model) -> None:
    backend = NativeBackend.load(folder, context=200_000, dtype=torch.float32)
    assert backend.model.config.context == 200_000
    assert ModelConfig.from_hf(backend.model.config.to_hf()) == backend.model.config
    positions = torch.tensor([[199_999]])
    with torch.no_grad():
        assert backend.model(torch.tensor([[5]]), positions_BL=positions).isfinite().all()
        with pytest.raises(ValueError, match="200001 tokens exceed"):
            backend.model(torch.zeros(1, 200_001, dtype=torch.int64))


def test_a_context_that_the_model_has_changes_nothing(make_model) -> None:
    config = make_model().config
    assert config.reaching(96) is config
    assert config.reaching(97).rope_factor == 2.0


@pytest.mark.parametrize(
    "change", [{"rope_factor": 0.5}, {"max_context": 200}, {"max_context": 8, "rope_factor": 2.0}]
)
def test_config_refuses(make_model, change) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        make_model(**change)
