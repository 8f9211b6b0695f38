"""The reward model: a decoder whose output layer gives one number for a question with an answer.

The text is `render_reward(domain, question)`, the answer, `<|im_end|>` and `<|endoftext|>`; the score is one
linear output at that last token, which has seen everything. Its unit is the logit of the training loss: the
model holds `sigmoid(a - b)` to be the probability that the answer scored `a` is the better one of two.

Contract: a checkpoint is a Hugging Face folder of LlamaForSequenceClassification with one label and gives the
same scores there. A score depends on its own text only, not on its neighbours in the batch (in low precision
up to rounding). An answer that does not fit the context is cut at its end; `<|endoftext|>` is always there.
Errors: UsageError for a question that leaves no room, CheckpointError for a folder of another kind.
Source: the conditional reward model of InternLM2 (arXiv:2403.17297, section 4.2.1, "COOL RLHF").
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from mathlm.errors import UsageError
from mathlm.prompts import Domain, render_reward
from model import checkpoint
from model.config import ModelConfig
from model.generation.native import default_device, default_dtype
from model.tokenizer import Tokenizer
from model.transformer import Transformer

BATCH_TOKENS = 16_384
"""Tokens, padding included, of one forward pass (a single longer text passes alone)."""


class RewardTransformer(Transformer):
    """The decoder with `score` in the place of the output layer."""

    architecture = "LlamaForSequenceClassification"

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config.tied())
        self.score = nn.Linear(config.hidden_size, 1, bias=False)
        nn.init.zeros_(self.score.weight)

    @classmethod
    def from_language_model(cls, model: Transformer) -> RewardTransformer:
        """The same decoder with an output that still scores everything 0."""
        reward = cls(model.config)
        reward.model.load_state_dict(model.model.state_dict())
        return reward

    def hf_config(self) -> dict[str, Any]:
        labels = {"id2label": {"0": "LABEL_0"}, "label2id": {"LABEL_0": 0}}
        return {**super().hf_config(), **labels, "problem_type": "regression"}

    def rewards(self, hidden: Tensor) -> Tensor:
        """Hidden states (..., D) of last tokens to scores (...), float32."""
        scores: Tensor = self.score(hidden)[..., 0].float()
        return scores


def encode(
    tokenizer: Tokenizer, items: Sequence[tuple[str, str]], *, domain: Domain, longest: int
) -> list[list[int]]:
    """The token ids of each (question, answer); UsageError for a question that alone fills the context."""
    prompts = tokenizer.encode_batch(
        [render_reward(domain, question).text for question, _ in items], special=True
    )
    answers = tokenizer.encode_batch([answer for _, answer in items], special=False)
    encoded = []
    for prompt, answer in zip(prompts, answers, strict=True):
        room = longest - len(prompt) - 2
        if room < 0:
            raise UsageError(
                f"a question has {len(prompt)} tokens, at most {longest - 2} are read: shorten it"
            )
        encoded.append([*prompt, *answer[:room], tokenizer.im_end_id, tokenizer.end_of_text_id])
    return encoded


class RewardModel:
    """Example: `RewardModel.load(folder).score([("What is 2 + 2?", "print(4)")], domain=Domain.SOLVE)`"""

    def __init__(self, model: RewardTransformer, tokenizer: Tokenizer, *, name: str = "reward") -> None:
        self.model, self.tokenizer, self.name = model, tokenizer, name

    @classmethod
    def load(
        cls, folder: Path | str, *, device: str | None = None, dtype: torch.dtype | None = None
    ) -> RewardModel:
        """Open a checkpoint folder; raises CheckpointError when that cannot be done."""
        device = device or default_device()
        model, tokenizer = checkpoint.load(
            folder, dtype=dtype or default_dtype(device), device=device, kind=RewardTransformer
        )
        model.fuse_projections()
        return cls(model, tokenizer, name=Path(folder).name)

    def score(self, items: Sequence[tuple[str, str]], *, domain: Domain) -> list[float]:
        """The score of each (question, answer); higher is better, 0 is the middle."""
        encoded = encode(self.tokenizer, items, domain=domain, longest=self.model.config.max_position)
        order = sorted(range(len(encoded)), key=lambda i: len(encoded[i]))
        scores = [0.0] * len(encoded)
        device = self.model.score.weight.device
        while order:
            size = max(1, BATCH_TOKENS // len(encoded[order[-1]]))
            order, batch = order[:-size], order[-size:]
            longest = max(len(encoded[i]) for i in batch)
            # pads come after every real token: causal attention never sees them
            padded = [encoded[i] + [self.tokenizer.pad_id] * (longest - len(encoded[i])) for i in batch]
            last_B = torch.tensor([len(encoded[i]) - 1 for i in batch], device=device)
            with torch.inference_mode():
                hidden_BLD = self.model.hidden(torch.tensor(padded, device=device))
                found = self.model.rewards(hidden_BLD[torch.arange(len(batch), device=device), last_B])
            for i, value in zip(batch, found.tolist(), strict=True):
                scores[i] = value
        return scores
