"""Generation by transformers' `generate`: the reference that the native backend is compared with.

Contract: that of `base.Backend`. Sampling is this project's own (`model.sampling`, put in as a logits
processor), so both backends draw the same tokens from the same logits and a seed means the same.
Needs the `transformers` package. Slower than the native backend; runs any causal LM folder whose tokenizer
has this project's special tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import (
    AutoModelForCausalLM,
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    StoppingCriteria,
    StoppingCriteriaList,
)

from mathlm.errors import CheckpointError
from mathlm.types import Completion, Prompt, SamplingParams
from model.generation.base import StopRule, encode_continuations, encode_prompts, likelihood_batches
from model.generation.batch import PREFILL_TOKENS
from model.generation.native import (
    continuation_logprob,
    default_device,
    default_dtype,
)
from model.sampling import sample, uniforms
from model.tokenizer import Tokenizer


class _Sampler(LogitsProcessor):
    """Leaves only the token that `model.sampling` draws; adds up its log-probability."""

    def __init__(self, params: SamplingParams, seeds: Sequence[int], vocab: int) -> None:
        self.params, self.vocab = params, vocab
        self.uniforms = torch.tensor([uniforms(seed, params.max_tokens) for seed in seeds])
        self.logprobs: list[Tensor] = []

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        draws = self.uniforms[:, len(self.logprobs)].to(scores.device)
        tokens, logprobs = sample(scores[:, : self.vocab], self.params, draws)
        self.logprobs.append(logprobs)
        return torch.full_like(scores, float("-inf")).scatter_(1, tokens[:, None], 0.0)


class _Stop(StoppingCriteria):
    """Records where each row's own stop rule or length limit is met first."""

    def __init__(self, rules: Sequence[StopRule], limits: Sequence[int], prompt_length: int) -> None:
        self.rules, self.limits, self.start = rules, limits, prompt_length
        self.ends: list[int | None] = [None] * len(rules)

    def __call__(self, input_ids: Tensor, scores: Any, **kwargs: Any) -> Tensor:
        for i, ids in enumerate(input_ids[:, self.start :].tolist()):
            if self.ends[i] is None and (len(ids) >= self.limits[i] or self.rules[i].hit(ids)):
                self.ends[i] = len(ids)
        return torch.tensor([end is not None for end in self.ends], device=input_ids.device)


class HFBackend:
    """transformers' own model and `generate`, behind the same seam."""

    def __init__(self, model: Any, tokenizer: Tokenizer, *, name: str = "hf", max_batch: int = 64) -> None:
        if max_batch < 1:
            raise ValueError(f"max_batch must be at least 1, got {max_batch}")
        self.model, self.tokenizer, self.name, self.max_batch = model, tokenizer, name, max_batch

    @classmethod
    def load(
        cls,
        folder: Path | str,
        *,
        device: str | None = None,
        dtype: torch.dtype | None = None,
        max_batch: int = 64,
    ) -> HFBackend:
        """Open a checkpoint folder; raises CheckpointError when transformers cannot read it."""
        device = device or default_device()
        tokenizer = Tokenizer.load(folder)
        try:
            model: Any = AutoModelForCausalLM.from_pretrained(
                str(folder), dtype=dtype or default_dtype(device)
            )
        except Exception as error:  # transformers raises many kinds for a broken folder
            raise CheckpointError(f"transformers cannot read {folder} ({error}): copy it again") from error
        model.generation_config = GenerationConfig()  # stop tokens are the prompt's, not the folder's
        return cls(model.to(device).eval(), tokenizer, name=Path(folder).name, max_batch=max_batch)

    def generate(
        self,
        prompts: Sequence[Prompt],
        params: SamplingParams,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Completion]:
        """See `base.Backend`."""
        encoded = encode_prompts(self.tokenizer, prompts, self.model.config.max_position_embeddings)
        order = sorted(range(len(prompts)), key=lambda i: len(encoded[i]))
        done: dict[int, Completion] = {}
        for start in range(0, len(order), self.max_batch):
            batch = order[start : start + self.max_batch]
            rules = [StopRule(self.tokenizer, prompts[i].stop) for i in batch]
            ids = [encoded[i] for i in batch]
            seeds = [params.seed + i for i in batch]
            done.update(zip(batch, self._batch(ids, rules, seeds, params), strict=True))
            if progress is not None:
                progress(len(batch))
        return [done[i] for i in range(len(prompts))]

    def score_continuations(self, prompts: Sequence[Prompt], continuations: Sequence[str]) -> list[float]:
        """See `base.LikelihoodBackend`."""
        context = self.model.config.max_position_embeddings
        encoded = encode_continuations(self.tokenizer, prompts, continuations, context)
        scores = [0.0] * len(encoded)
        device, pad = self.model.device, self.tokenizer.pad_id
        for batch in likelihood_batches(encoded, tokens=PREFILL_TOKENS):
            longest = len(encoded[batch[0]][0])
            rows = [encoded[i][0] for i in batch]
            tokens = torch.tensor([ids + [pad] * (longest - len(ids)) for ids in rows], device=device)
            mask = torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids in rows], device=device)
            with torch.inference_mode():
                logits = self.model(input_ids=tokens, attention_mask=mask).logits
            for row, i in enumerate(batch):
                ids, count = encoded[i]
                places = slice(len(ids) - count - 1, len(ids) - 1)
                scores[i] = continuation_logprob(
                    logits[row, places, : self.tokenizer.vocab_size], ids[len(ids) - count :]
                )
        return scores

    def _batch(
        self, encoded: list[list[int]], rules: list[StopRule], seeds: list[int], params: SamplingParams
    ) -> list[Completion]:
        longest = max(map(len, encoded))
        context, pad = self.model.config.max_position_embeddings, self.tokenizer.pad_id
        limits = [min(params.max_tokens, context - len(ids)) for ids in encoded]
        tokens = torch.tensor([[pad] * (longest - len(ids)) + ids for ids in encoded])
        mask = torch.tensor([[0] * (longest - len(ids)) + [1] * len(ids) for ids in encoded])
        sampler = _Sampler(params, seeds, self.tokenizer.vocab_size)
        stop = _Stop(rules, limits, longest)
        with torch.inference_mode():
            output = self.model.generate(
                input_ids=tokens.to(self.model.device),
                attention_mask=mask.to(self.model.device),
                generation_config=GenerationConfig(
                    max_new_tokens=max(limits), do_sample=False, pad_token_id=pad
                ),
                logits_processor=LogitsProcessorList([sampler]),
                stopping_criteria=StoppingCriteriaList([stop]),
            )
        logprobs = torch.stack(sampler.logprobs, 1).tolist()
        generated = output[:, longest:].tolist()
        return [
            rule.completion(ids[:end], sum(row[:end]))
            for rule, ids, row, end in zip(rules, generated, logprobs, stop.ends, strict=True)
        ]
