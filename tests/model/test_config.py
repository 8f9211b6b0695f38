"""ModelConfig: consistent or refused; the Hugging Face form goes both ways."""

from __future__ import annotations

import pytest
from transformers import LlamaConfig

from model.config import ModelConfig

SHAPE = {
    "vocab_size": 320, "hidden_size": 32, "intermediate_size": 48, "num_layers": 2, "num_heads": 4,
    "num_kv_heads": 2, "head_dim": 16, "max_position": 64, "rope_theta": 50_000.0, "rms_norm_eps": 1e-6,
    "tie_embeddings": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vocab_size", 0), ("num_layers", 0), ("hidden_size", 1.5), ("num_kv_heads", 3), ("head_dim", 7),
        ("rope_theta", 0.0), ("rms_norm_eps", -1e-5), ("max_position", -1),
    ],
)  # fmt: skip
def test_inconsistent_shape_is_refused(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=field):
        ModelConfig(**(SHAPE | {field: value}))


def test_hf_round_trip() -> None:
    config = ModelConfig(**SHAPE)
    assert ModelConfig.from_hf(config.to_hf()) == config


def test_transformers_reads_and_writes_the_same_config() -> None:
    config = ModelConfig(**SHAPE)
    theirs = LlamaConfig(**config.to_hf())
    assert theirs.rope_parameters["rope_theta"] == 50_000.0
    assert ModelConfig.from_hf(theirs.to_dict()) == config


def test_reads_transformers_4_spelling() -> None:
    old = ModelConfig(**SHAPE).to_hf()
    del old["rope_parameters"], old["head_dim"], old["num_key_value_heads"]
    config = ModelConfig.from_hf(old)
    assert (config.rope_theta, config.head_dim, config.num_kv_heads) == (50_000.0, 8, 4)


@pytest.mark.parametrize(
    "change",
    [
        {"model_type": "gpt2"},
        {"attention_bias": True},
        {"hidden_act": "gelu"},
        {"rope_parameters": {"rope_type": "yarn", "rope_theta": 1.0}},
        {"rope_parameters": None, "rope_scaling": {"type": "linear", "factor": 2.0}},
        {"rope_parameters": {"rope_type": "dynamic", "rope_theta": 1.0}},
    ],
)
def test_variants_that_are_not_covered_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        ModelConfig.from_hf(ModelConfig(**SHAPE).to_hf() | change)


@pytest.mark.parametrize("spelling", ["rope_parameters", "rope_scaling"])
def test_dynamic_scaling_reads_both_spellings_and_twice_the_length(spelling: str) -> None:
    theirs = ModelConfig(**SHAPE).to_hf() | {"rope_parameters": None}
    theirs[spelling] = {"type": "dynamic", "factor": 2.0}
    config = ModelConfig.from_hf(theirs)
    assert (config.rope_factor, config.rope_theta, config.context) == (2.0, 50_000.0, 128)
    assert ModelConfig.from_hf(config.to_hf()).context == 128


def test_missing_field_is_named() -> None:
    broken = ModelConfig(**SHAPE).to_hf()
    del broken["num_hidden_layers"]
    with pytest.raises(ValueError, match="num_hidden_layers"):
        ModelConfig.from_hf(broken)
