"""Batched generation with this project's own decoder.

Requests are sorted by prompt length and run in one `batch.Batch`, which says how. `engine.Engine` keeps such
a batch open for callers that come and go.

Contract: that of `base.Backend`. Memory is bounded by `max_batch` rows of the longest prompt plus
`max_tokens`, and `PREFILL_TOKENS` of activations. Ctrl-C ends a call between two steps.
Errors: CheckpointError when the model produces NaN. Not covered: quantisation, several devices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from mathlm.types import Completion, Prompt, SamplingParams
from model import checkpoint
from model.generation.base import StopRule, encode_continuations, encode_prompts, likelihood_batches
from model.generation.batch import PREFILL_TOKENS, Batch, Row
from model.tokenizer import Tokenizer
from model.transformer import Transformer


def default_device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def default_dtype(device: str) -> torch.dtype:
    """bfloat16 where the hardware multiplies it; float32 on other CPUs, where it is faster."""
    native = device != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.bfloat16 if native else torch.float32


SCORED_TOGETHER = 256
"""Places of a text whose distributions over the vocabulary are held at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenScore:
    """How probable a token was after the text before it, and what would have been more so; in nats.

    Example: `TokenScore(logprob=-0.7, top=((17, -0.6), (4, -0.7)))`
    """

    logprob: float
    top: tuple[tuple[int, float], ...] = ()
    """The most probable tokens and their log-probabilities, the best first."""


class NativeBackend:
    """Example: `NativeBackend.load(folder).generate([prompt] * 4, SamplingParams(max_tokens=64))`"""

    def __init__(
        self, model: Transformer, tokenizer: Tokenizer, *, name: str = "native", max_batch: int = 64
    ) -> None:
        """The model is used as it is, so a training loop may keep updating it in place between calls."""
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
        context: int | None = None,
    ) -> NativeBackend:
        """Open a checkpoint folder; raises CheckpointError when that cannot be done.

        `context` lets the model read so many tokens, beyond its own by dynamic NTK scaling of RoPE.
        """
        device = device or default_device()
        model, tokenizer = checkpoint.load(folder, dtype=dtype or default_dtype(device), device=device)
        if context is not None:
            model.rescale(model.config.reaching(context))
        return cls(model.fuse_projections(), tokenizer, name=Path(folder).name, max_batch=max_batch)

    def generate(
        self,
        prompts: Sequence[Prompt],
        params: SamplingParams,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Completion]:
        """See `base.Backend`."""
        done: dict[int, Completion] = {}

        def finish(index: int, completion: Completion) -> None:
            done[index] = completion
            if progress is not None:
                progress(1)

        rows = self.rows(prompts, params, on_done=finish)
        if not rows:
            return []
        batch = Batch(
            self.model,
            vocab=self.tokenizer.vocab_size,
            capacity=max(len(row.prompt) + row.limit for row in rows),
            max_rows=min(self.max_batch, len(rows)),
        )
        batch.add(sorted(rows, key=lambda row: (len(row.prompt), row.prompt)))
        training = self.model.training
        self.model.eval()
        try:
            while not batch.idle:
                batch.step()
        finally:
            self.model.train(training)
        return [done[i] for i in range(len(rows))]

    def rows(
        self,
        prompts: Sequence[Prompt | Sequence[int]],
        params: SamplingParams,
        *,
        on_done: Callable[[int, Completion], None],
        stop: tuple[str, ...] = (),
    ) -> list[Row]:
        """A row for each prompt, of text or of token ids (these stop at `stop`); prompt i has seed + i."""
        context = self.model.config.context
        encoded = encode_prompts(self.tokenizer, prompts, context)
        stops = [prompt.stop if isinstance(prompt, Prompt) else stop for prompt in prompts]
        rules = {texts: StopRule(self.tokenizer, texts) for texts in set(stops)}
        return [
            Row(
                prompt=ids,
                stop=rules[texts],
                limit=min(params.max_tokens, context - len(ids)),
                params=replace(params, seed=params.seed + i),
                on_done=partial(on_done, i),
            )
            for i, (texts, ids) in enumerate(zip(stops, encoded, strict=True))
        ]

    def score_continuations(self, prompts: Sequence[Prompt], continuations: Sequence[str]) -> list[float]:
        """See `base.LikelihoodBackend`."""
        encoded = encode_continuations(self.tokenizer, prompts, continuations, self.model.config.max_position)
        scores = [0.0] * len(encoded)
        for i, hidden_LD in self._hidden_states(encoded):
            ids, count = encoded[i]
            places = slice(len(ids) - count - 1, len(ids) - 1)
            scores[i] = continuation_logprob(self._logits(hidden_LD[places]), ids[len(ids) - count :])
        return scores

    def score_tokens(self, texts: Sequence[Sequence[int]], *, top: int = 0) -> list[list[TokenScore]]:
        """Each token of the texts but their first, with the `top` most probable ones in its place.

        Temperature 1. UsageError for a text that is empty or exceeds the context.
        """
        encoded = encode_prompts(self.tokenizer, texts, self.model.config.context + 1)
        scores: list[list[TokenScore]] = [[] for _ in encoded]
        for i, hidden_LD in self._hidden_states([(ids, 0) for ids in encoded]):
            targets = encoded[i][1:]
            for start in range(0, len(targets), SCORED_TOGETHER):
                places = slice(start, min(start + SCORED_TOGETHER, len(targets)))
                scores[i] += _token_scores(self._logits(hidden_LD[places]), targets[places], top)
        return scores

    def _hidden_states(self, encoded: Sequence[tuple[list[int], int]]) -> Iterator[tuple[int, Tensor]]:
        """The last hidden states (L, D) of each text, with its place in `encoded`; pads may follow."""
        training = self.model.training
        self.model.eval()
        try:
            for batch in likelihood_batches(encoded, tokens=PREFILL_TOKENS):
                longest = len(encoded[batch[0]][0])
                # pads come after every real token: causal attention never sees them
                padded = [[*encoded[i][0], *[0] * (longest - len(encoded[i][0]))] for i in batch]
                tokens_BL = torch.tensor(padded, device=self.model.output_weight.device)
                with torch.inference_mode():
                    hidden_BLD = self.model.hidden(tokens_BL)
                yield from zip(batch, hidden_BLD, strict=True)
        finally:
            self.model.train(training)

    def _logits(self, hidden_LD: Tensor) -> Tensor:
        with torch.inference_mode():
            return self.model.logits(hidden_LD)[:, : self.tokenizer.vocab_size]


def continuation_logprob(logits_LV: Tensor, ids: Sequence[int]) -> float:
    """Sum of the log-probabilities of `ids`, each under its row of logits."""
    targets_L1 = torch.tensor(ids, dtype=torch.int64, device=logits_LV.device)[:, None]
    return float(logits_LV.float().log_softmax(-1).gather(1, targets_L1).sum())


def _token_scores(logits_LV: Tensor, ids: Sequence[int], top: int) -> list[TokenScore]:
    logprobs_LV = logits_LV.float().log_softmax(-1)
    targets_L1 = torch.tensor(ids, dtype=torch.int64, device=logits_LV.device)[:, None]
    chosen = logprobs_LV.gather(1, targets_L1)[:, 0].tolist()
    values_LC, tokens_LC = logprobs_LV.topk(min(top, logits_LV.shape[1]), dim=-1)
    best = zip(tokens_LC.tolist(), values_LC.tolist(), strict=True)
    return [
        TokenScore(logprob=logprob, top=tuple(zip(tokens, values, strict=True)))
        for logprob, (tokens, values) in zip(chosen, best, strict=True)
    ]
