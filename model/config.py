"""The shape of a decoder, and its `config.json` in the LlamaConfig format of transformers.

Contract: a `ModelConfig` that exists is consistent (a ValueError names what is wrong otherwise).
`to_hf` writes both spellings of the RoPE base (`rope_theta` for transformers 4, `rope_parameters`
for 5), `from_hf` reads either. Beyond `max_position` a model may read on by dynamic NTK scaling of RoPE
(`rope_factor`; transformers' `rope_type` "dynamic").
Not covered: other RoPE scaling, biases, activations other than SiLU; `from_hf` refuses them with a
ValueError instead of computing something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelConfig:
    """A Llama-style decoder with grouped-query attention.

    Example: `ModelConfig(vocab_size=4096, hidden_size=256, intermediate_size=768, num_layers=8,
    num_heads=8, num_kv_heads=4, head_dim=32, max_position=1024)`
    """

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    """Width of the SwiGLU layer."""
    num_layers: int
    num_heads: int
    """Query heads."""
    num_kv_heads: int
    """Key and value heads; each serves `num_heads // num_kv_heads` query heads."""
    head_dim: int
    """Width of one head; even, since RoPE turns pairs."""
    max_position: int
    """Longest sequence that RoPE is not scaled for, in tokens: the longest one trained on."""
    rope_theta: float = 10_000.0
    """Base of the RoPE frequencies."""
    rope_factor: float | None = None
    """Factor of dynamic NTK scaling beyond `max_position`; None: no longer sequences."""
    max_context: int | None = None
    """Longest sequence with scaling; None: `rope_factor` times `max_position`."""
    rms_norm_eps: float = 1e-5
    tie_embeddings: bool = True
    """Whether the output layer is the embedding matrix."""

    def __post_init__(self) -> None:
        for name in ("vocab_size", "hidden_size", "intermediate_size", "num_layers", "num_heads",
                     "num_kv_heads", "head_dim", "max_position"):  # fmt: skip
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} must be an integer of at least 1, got {value!r}")
        for name in ("rope_theta", "rms_norm_eps"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)!r}")
        if self.rope_factor is not None and not self.rope_factor >= 1:
            raise ValueError(f"rope_factor must be at least 1, got {self.rope_factor!r}")
        if self.rope_factor is not None and self.head_dim < 4:
            raise ValueError(f"rope_factor needs head_dim of at least 4, got {self.head_dim}")
        if self.max_context is not None and (
            self.rope_factor is None or self.max_context < self.max_position
        ):
            raise ValueError(
                f"max_context ({self.max_context}) needs rope_factor and must reach max_position "
                f"({self.max_position})"
            )
        if self.num_heads % self.num_kv_heads:
            raise ValueError(
                f"num_heads must be a multiple of num_kv_heads, got {self.num_heads} and {self.num_kv_heads}"
            )
        if self.head_dim % 2:
            raise ValueError(f"head_dim must be even, got {self.head_dim}")

    def tied(self) -> ModelConfig:
        """The same shape without an output layer of its own."""
        return replace(self, tie_embeddings=True)

    @property
    def context(self) -> int:
        """Longest sequence that the model accepts, in tokens."""
        return self.max_context or int(self.max_position * (self.rope_factor or 1))

    def reaching(self, context: int, *, factor: float = 2.0) -> ModelConfig:
        """This shape for sequences of at least `context` tokens, by dynamic scaling where that is needed."""
        if context <= self.context:
            return self
        return replace(self, max_context=context, rope_factor=self.rope_factor or factor)

    def _rope(self) -> dict[str, Any]:
        """RoPE in the spelling of transformers 5, and that of 4 where it is scaled."""
        rope: dict[str, Any] = {"rope_type": "default", "rope_theta": self.rope_theta}
        if self.rope_factor is None:
            return {"rope_parameters": rope}
        rope |= {"rope_type": "dynamic", "factor": self.rope_factor}
        return {"rope_parameters": rope, "rope_scaling": rope, "max_context": self.context}

    def to_hf(self) -> dict[str, Any]:
        """The `config.json` of transformers' LlamaConfig, without token ids and dtype."""
        return {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "vocab_size": self.vocab_size,
            "hidden_size": self.hidden_size,
            "intermediate_size": self.intermediate_size,
            "num_hidden_layers": self.num_layers,
            "num_attention_heads": self.num_heads,
            "num_key_value_heads": self.num_kv_heads,
            "head_dim": self.head_dim,
            "max_position_embeddings": self.max_position,
            "rope_theta": self.rope_theta,
            **self._rope(),
            "rms_norm_eps": self.rms_norm_eps,
            "tie_word_embeddings": self.tie_embeddings,
            "hidden_act": "silu",
            "attention_bias": False,
            "mlp_bias": False,
        }

    @classmethod
    def from_hf(cls, config: Mapping[str, Any]) -> ModelConfig:
        """Read a LlamaConfig. ValueError for a missing field or a variant that is not covered."""
        wanted = {"model_type": "llama", "hidden_act": "silu", "attention_bias": False, "mlp_bias": False}
        for name, value in wanted.items():
            if config.get(name, value) != value:
                raise ValueError(f"{name} must be {value!r}, got {config[name]!r}")
        rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
        kind = rope.get("rope_type", rope.get("type", "default"))
        if kind not in ("default", "dynamic"):
            raise ValueError(f"RoPE scaling must be dynamic or none, got rope_type {kind!r}")
        try:
            heads, hidden = config["num_attention_heads"], config["hidden_size"]
            return cls(
                vocab_size=config["vocab_size"],
                hidden_size=hidden,
                intermediate_size=config["intermediate_size"],
                num_layers=config["num_hidden_layers"],
                num_heads=heads,
                num_kv_heads=config.get("num_key_value_heads") or heads,
                head_dim=config.get("head_dim") or hidden // heads,
                max_position=config.get("max_position_embeddings", 2048),
                rope_theta=float(rope.get("rope_theta") or config.get("rope_theta") or 10_000.0),
                rope_factor=float(rope["factor"]) if kind == "dynamic" else None,
                max_context=config.get("max_context") if kind == "dynamic" else None,
                rms_norm_eps=float(config.get("rms_norm_eps", 1e-6)),
                tie_embeddings=bool(config.get("tie_word_embeddings", False)),
            )
        except KeyError as error:
            raise ValueError(f"field {error.args[0]!r} is missing") from error
