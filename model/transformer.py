"""The whole decoder in one file: grouped-query attention, RMSNorm, RoPE, SwiGLU (Llama family).

Parameter names are those of transformers' LlamaForCausalLM, so a state dict travels both ways.

Shape suffixes: B batch, L query positions, T key positions, V vocabulary, D hidden width, F SwiGLU width,
N query heads, K key/value heads, G = N / K query heads per key head, H head width.

Contract: logits come in the dtype of the weights. Packing: with `doc_ids_BL` a token attends to earlier
tokens of its own document only; `positions_BL` then restarts per document; `varlen` (see `attention.py`)
does that without a mask. With a cache, row b continues at position `cache.lengths_B[b]` and the cache grows
by L. `fuse_projections` (inference) lets q/k/v and gate/up share one matrix each, in place: names and values
stay, a step makes fewer, larger products. `recompute` (training) keeps only the inputs of blocks for the
backward pass. Beyond `max_position` the RoPE base of a row grows with the row (dynamic NTK); keys in a cache
keep the angles that they were written with, as in transformers.

Not covered: other RoPE scaling, biases, dropout, sliding windows, doc_ids together with a cache.
Sources: Llama 2 (arXiv:2307.09288), GQA (arXiv:2305.13245), RoPE (arXiv:2104.09864), SwiGLU
(arXiv:2002.05202), dynamic NTK as in transformers' `modeling_rope_utils`, activation checkpointing
(arXiv:1604.06174), initialisation of residual outputs from GPT-2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from model.attention import Documents, Varlen, find_documents
from model.config import ModelConfig
from model.kv_cache import CacheStep, KVCache


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What all layers of one forward pass share."""

    cos_BL1H: Tensor
    sin_BL1H: Tensor
    """Second half positive, first half negative, so that RoPE is `x cos + roll(x) sin`."""
    mask: Tensor | None
    """Broadcasts to (B, N, L, T); True or 0 where a query may look. None: plain causal attention."""
    cache: KVCache | None = None
    step: CacheStep | None = None
    varlen: Varlen | None = None
    documents: Documents | None = None
    """With both, the kernel knows the documents and no mask is made."""


def rope_table(config: ModelConfig) -> tuple[Tensor, Tensor]:
    """Cosines and signed sines (max_position, H), float32, halves rotated as in transformers."""
    half = torch.arange(0, config.head_dim, 2, dtype=torch.int64).float() / config.head_dim
    angles = torch.outer(torch.arange(config.max_position).float(), 1.0 / config.rope_theta**half)
    return torch.cat((angles.cos(), angles.cos()), -1), torch.cat((-angles.sin(), angles.sin()), -1)


def dynamic_rope(config: ModelConfig, positions_BL: Tensor) -> tuple[Tensor, Tensor]:
    """Cosines and signed sines (B, L, H), float32: a row longer than `max_position` has a larger base."""
    assert config.rope_factor is not None
    length_B = (positions_BL.amax(1) + 1).clamp_min(config.max_position).float()
    growth_B = config.rope_factor * length_B / config.max_position - (config.rope_factor - 1)
    base_B = config.rope_theta * growth_B ** (config.head_dim / (config.head_dim - 2))
    half = torch.arange(0, config.head_dim, 2, device=positions_BL.device).float() / config.head_dim
    angles = positions_BL[..., None].float() * (1.0 / base_B[:, None] ** half)[:, None]
    return torch.cat((angles.cos(), angles.cos()), -1), torch.cat((-angles.sin(), angles.sin()), -1)


def apply_rope(x_BLNH: Tensor, context: Context) -> Tensor:
    rolled = torch.roll(x_BLNH, x_BLNH.shape[-1] // 2, dims=-1)
    return torch.addcmul(x_BLNH * context.cos_BL1H, rolled, context.sin_BL1H).to(x_BLNH.dtype)


class FusableModule(nn.Module):
    """A module whose parallel linear layers can share one weight matrix at inference."""

    _fused: Tensor | None = None

    def fuse(self, *layers: nn.Linear) -> None:
        """Lay the weights out as one matrix; the parameters become views of it and keep their identity."""
        self._fused = torch.cat([layer.weight.detach() for layer in layers])
        for layer, part in zip(layers, self._fused.split([x.out_features for x in layers]), strict=True):
            layer.weight.data = part

    def _apply(self, fn: Callable[..., Any], recurse: bool = True) -> FusableModule:
        self._fused = None  # a move or cast gives each parameter its own memory again
        super()._apply(fn, recurse)
        return self


class RMSNorm(nn.Module):
    """Scale to root mean square 1, times a learned weight per channel."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.eps = config.rms_norm_eps
        self.weight = nn.Parameter(torch.ones(config.hidden_size))

    def forward(self, x_BLD: Tensor) -> Tensor:
        return F.rms_norm(x_BLD, self.weight.shape, self.weight, self.eps)


class Attention(FusableModule):
    """Grouped-query attention; `layer` is its place in the cache."""

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        self.layer, self.heads, self.kv_heads, self.width = (
            layer, config.num_heads, config.num_kv_heads, config.head_dim)  # fmt: skip
        query, key = config.num_heads * config.head_dim, config.num_kv_heads * config.head_dim
        self.q_proj = nn.Linear(config.hidden_size, query, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, key, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, key, bias=False)
        self.o_proj = nn.Linear(query, config.hidden_size, bias=False)

    def forward(self, x_BLD: Tensor, context: Context) -> Tensor:
        B, L, _ = x_BLD.shape
        N, K, H = self.heads, self.kv_heads, self.width
        if self._fused is None:
            q_BLNH = apply_rope(self.q_proj(x_BLD).view(B, L, N, H), context)
            k_BLKH = apply_rope(self.k_proj(x_BLD).view(B, L, K, H), context)
            v_BLKH = self.v_proj(x_BLD).view(B, L, K, H)
        else:
            qkv = F.linear(x_BLD, self._fused).view(B, L, N + 2 * K, H)
            q_BLNH, k_BLKH = apply_rope(qkv[:, :, : N + K], context).split([N, K], 2)
            v_BLKH = qkv[:, :, N + K :]
        if context.varlen is not None and context.documents is not None:
            q_TNH, k_TKH, v_TKH = (x.flatten(0, 1) for x in (q_BLNH, k_BLKH, v_BLKH))
            cuts, longest = context.documents.cuts, context.documents.longest
            out_TNH = context.varlen(q_TNH, k_TKH, v_TKH, cuts, longest)
            packed_BLD: Tensor = self.o_proj(out_TNH.view(B, L, N * H))
            return packed_BLD
        k_BKTH, v_BKTH = k_BLKH.transpose(1, 2), v_BLKH.transpose(1, 2)
        if context.cache is not None and context.step is not None:
            kt_BKHT, past_BKTH = context.cache.write(self.layer, k_BKTH, v_BKTH, context.step)
            if L == 1 and context.mask is not None:
                q_BKGH = q_BLNH.reshape(B, K, N // K, H)
                out_BKGH = decode_attention(q_BKGH, kt_BKHT, past_BKTH, context.mask)
                step_B1D: Tensor = self.o_proj(out_BKGH.view(B, 1, N * H))
                return step_B1D
            if context.mask is not None:
                k_BKTH, v_BKTH = kt_BKHT.transpose(2, 3), past_BKTH
        if x_BLD.is_cuda and context.mask is not None and N != K:
            # the fused kernel that takes a mask knows no groups of heads
            k_BKTH, v_BKTH = (x.repeat_interleave(N // K, 1) for x in (k_BKTH, v_BKTH))
        out_BNLH = F.scaled_dot_product_attention(
            q_BLNH.transpose(1, 2),
            k_BKTH,
            v_BKTH,
            attn_mask=context.mask,
            is_causal=context.mask is None,
            enable_gqa=k_BKTH.shape[1] != N,
        )
        out_BLD: Tensor = self.o_proj(out_BNLH.transpose(1, 2).reshape(B, L, N * H))
        return out_BLD


def decode_attention(q_BKGH: Tensor, kt_BKHT: Tensor, v_BKTH: Tensor, mask_B11T: Tensor) -> Tensor:
    """One query position: the G query heads of a key head are the rows of two products, no key is copied."""
    scores_BKGT = torch.add(mask_B11T, q_BKGH @ kt_BKHT, alpha=q_BKGH.shape[-1] ** -0.5)
    return scores_BKGT.softmax(-1) @ v_BKTH


class SwiGLU(FusableModule):
    """Feed-forward layer `down(silu(gate x) * up x)`."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x_BLD: Tensor) -> Tensor:
        if self._fused is None:
            gate_BLF, up_BLF = self.gate_proj(x_BLD), self.up_proj(x_BLD)
        else:
            gate_BLF, up_BLF = F.linear(x_BLD, self._fused).chunk(2, -1)
        out_BLD: Tensor = self.down_proj(F.silu(gate_BLF) * up_BLF)
        return out_BLD


class Block(nn.Module):
    """Attention and feed-forward layer, each on the normalised stream and added to it."""

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        self.input_layernorm = RMSNorm(config)
        self.self_attn = Attention(config, layer)
        self.post_attention_layernorm = RMSNorm(config)
        self.mlp = SwiGLU(config)
        self.recompute = False

    def forward(self, x_BLD: Tensor, context: Context) -> Tensor:
        if self.recompute and torch.is_grad_enabled():
            out_BLD: Tensor = checkpoint(self._layers, x_BLD, context, use_reentrant=False)
            return out_BLD
        return self._layers(x_BLD, context)

    def _layers(self, x_BLD: Tensor, context: Context) -> Tensor:
        x_BLD = x_BLD + self.self_attn(self.input_layernorm(x_BLD), context)
        out_BLD: Tensor = x_BLD + self.mlp(self.post_attention_layernorm(x_BLD))
        return out_BLD


class Decoder(nn.Module):
    """Embedding, blocks and final norm; a separate module only for the `model.` prefix of the names."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Block(config, i) for i in range(config.num_layers))
        self.norm = RMSNorm(config)


class Transformer(nn.Module):
    """The language model. `forward` gives logits, `hidden` the states before the output layer."""

    architecture: ClassVar[str] = "LlamaForCausalLM"
    """The class of transformers that reads its checkpoints."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.model = Decoder(config)
        if not config.tie_embeddings:
            self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.varlen: Varlen | None = None
        self._rope: tuple[Tensor, Tensor] | None = None
        self._init_weights()

    def _init_weights(self) -> None:
        """Normal with deviation 0.02; outputs into the residual stream smaller by sqrt(2 layers)."""
        for name, weight in self.named_parameters():
            if weight.ndim == 2:
                residual = name.endswith(("o_proj.weight", "down_proj.weight"))
                scale = (2 * self.config.num_layers) ** -0.5 if residual else 1.0
                nn.init.normal_(weight, std=0.02 * scale)

    def _apply(self, fn: Callable[..., Any], recurse: bool = True) -> Transformer:
        self._rope = None  # rebuilt in float32 first: a cast must not round the angles twice
        super()._apply(fn, recurse)
        return self

    def hf_config(self) -> dict[str, Any]:
        """The `config.json` of its checkpoint, without token ids and dtype."""
        return {**self.config.to_hf(), "architectures": [self.architecture]}

    @property
    def output_weight(self) -> Tensor:
        """The output matrix (V, D): the embedding when tied."""
        return self.model.embed_tokens.weight if self.config.tie_embeddings else self.lm_head.weight

    def fuse_projections(self) -> Transformer:
        """Prepare for inference (see the module docstring). Undone by `.to(...)`."""
        for module in self.modules():
            if isinstance(module, Attention):
                module.fuse(module.q_proj, module.k_proj, module.v_proj)
            elif isinstance(module, SwiGLU):
                module.fuse(module.gate_proj, module.up_proj)
        return self

    def recompute(self) -> None:
        """Keep only the inputs of blocks for the backward pass: less memory, a third more work."""
        for block in self.modules():
            if isinstance(block, Block):
                block.recompute = True

    def rescale(self, config: ModelConfig) -> None:
        """Another RoPE base, factor or context for the same weights."""
        self.config, self._rope = config, None

    def hidden(
        self,
        tokens_BL: Tensor,
        *,
        positions_BL: Tensor | None = None,
        doc_ids_BL: Tensor | None = None,
        cache: KVCache | None = None,
    ) -> Tensor:
        """Last hidden states (B, L, D), normalised: ready for `logits`."""
        L = length = tokens_BL.shape[1]
        if cache is None and length > self.config.context:
            raise ValueError(f"{length} tokens exceed max_position {self.config.context}: shorten the input")
        if cache is not None and doc_ids_BL is not None:
            raise ValueError("doc_ids_BL is for packed training batches: pass no cache with it")
        x_BLD = self.model.embed_tokens(tokens_BL)
        step = None if cache is None else cache.begin(L)
        if positions_BL is None:
            positions_BL = torch.arange(L, device=x_BLD.device)[None] if step is None else step.positions_BL
        mask = None if step is None else step.mask
        documents = None
        if doc_ids_BL is not None and self.varlen is not None:
            documents = find_documents(doc_ids_BL)
        elif doc_ids_BL is not None:
            causal_LL = torch.ones(L, L, dtype=torch.bool, device=x_BLD.device).tril()
            mask = (causal_LL & (doc_ids_BL[:, :, None] == doc_ids_BL[:, None, :]))[:, None]
        cos_BLH, sin_BLH = self._rope_at(positions_BL, x_BLD)
        context = Context(
            cos_BL1H=cos_BLH.unsqueeze(2),
            sin_BL1H=sin_BLH.unsqueeze(2),
            mask=mask,
            cache=cache,
            step=step,
            varlen=self.varlen,
            documents=documents,
        )
        for block in self.model.layers:
            x_BLD = block(x_BLD, context)
        if cache is not None:
            cache.advance(L)
        hidden_BLD: Tensor = self.model.norm(x_BLD)
        return hidden_BLD

    def _rope_at(self, positions_BL: Tensor, x_BLD: Tensor) -> tuple[Tensor, Tensor]:
        if self.config.rope_factor is not None:
            cos_BLH, sin_BLH = dynamic_rope(self.config, positions_BL)
            return cos_BLH.to(x_BLD.dtype), sin_BLH.to(x_BLD.dtype)
        if self._rope is None or self._rope[0].dtype != x_BLD.dtype:
            with torch.inference_mode(False):  # else training after generation could not save it
                cos, sin = rope_table(self.config)
                self._rope = cos.to(x_BLD.device, x_BLD.dtype), sin.to(x_BLD.device, x_BLD.dtype)
        return self._rope[0][positions_BL], self._rope[1][positions_BL]

    def logits(self, hidden: Tensor) -> Tensor:
        """Hidden states (..., D) to logits (..., V)."""
        return F.linear(hidden, self.output_weight)

    def forward(
        self,
        tokens_BL: Tensor,
        *,
        positions_BL: Tensor | None = None,
        doc_ids_BL: Tensor | None = None,
        cache: KVCache | None = None,
    ) -> Tensor:
        """Logits (B, L, V). See `hidden` and the module docstring for the arguments."""
        return self.logits(
            self.hidden(tokens_BL, positions_BL=positions_BL, doc_ids_BL=doc_ids_BL, cache=cache)
        )
