"""What every generation backend offers, and the stop rule they share.

Contract of `Backend.generate`: one completion per prompt, in the order of the prompts. To sample a prompt
several times, repeat it. Prompt i is sampled with seed `params.seed + i`, so a run is repeated by repeating
the call. `Completion.text` has the stop string removed; `tokens` and `logprob` count the token that stopped
it too, so that `logprob` is the log-probability of the whole sampled sequence at temperature 1.
Generation also ends (finish `length`) when the model's context is full.
Errors: UsageError when a prompt leaves no room for an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from mathlm.errors import UsageError
from mathlm.types import Completion, Prompt, SamplingParams

if TYPE_CHECKING:
    from model.tokenizer import Tokenizer


class Backend(Protocol):
    """A model that completes prompts."""

    @property
    def name(self) -> str:
        """The model's name, for reports."""

    def generate(
        self,
        prompts: Sequence[Prompt],
        params: SamplingParams,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Completion]:
        """Complete each prompt; `progress(n)` is called whenever n more completions are done."""


class LikelihoodBackend(Backend, Protocol):
    """A backend that also says how probable a given text is."""

    def score_continuations(self, prompts: Sequence[Prompt], continuations: Sequence[str]) -> list[float]:
        """log p(continuation i | prompt i) at temperature 1, in nats, of its tokens and no end of turn.

        A continuation is plain text (special tokens are not recognised in it) and is tokenised on its own.
        Repeat a prompt to score several. UsageError when prompt and continuation exceed the context.
        """


class StopRule:
    """When a completion of one prompt ends, and what is cut off it then.

    A stop string that is a special token (and always `<|endoftext|>`) stops by its id; any other string
    is looked for in the decoded text, also across token borders.
    """

    def __init__(self, tokenizer: Tokenizer, stop: tuple[str, ...]) -> None:
        self._tokenizer = tokenizer
        special = {text: tokenizer.special_id(text) for text in stop if text}
        self.ids = {tokenizer.end_of_text_id, *(i for i in special.values() if i is not None)}
        self.texts = tuple(text for text, i in special.items() if i is None)
        # a token holds at least one byte, so a stop string that just ended began at most so many tokens ago
        self._window = max((len(text.encode()) for text in self.texts), default=0)

    def hit(self, ids: Sequence[int]) -> bool:
        """Whether the last of `ids` completes a stop."""
        if ids[-1] in self.ids:
            return True
        if not self.texts:
            return False
        tail = self._tokenizer.decode(ids[-self._window :])
        return any(text in tail for text in self.texts)

    def completion(self, ids: Sequence[int], logprob: float) -> Completion:
        """The record for the sampled `ids`, the token that stopped them included."""
        kept = ids[:-1] if ids and ids[-1] in self.ids else ids
        text = self._tokenizer.decode(kept)
        cut = min((at for stop in self.texts if (at := text.find(stop)) >= 0), default=None)
        stopped = len(kept) < len(ids) or cut is not None
        return Completion(
            text=text[:cut],
            finish="stop" if stopped else "length",
            tokens=len(ids),
            logprob=logprob,
            ids=tuple(ids),
        )


def encode_prompts(
    tokenizer: Tokenizer, prompts: Sequence[Prompt | Sequence[int]], max_position: int
) -> list[list[int]]:
    """Token ids of each prompt (ids stay as they are); UsageError when one leaves no room for an answer."""
    texts = [prompt.text for prompt in prompts if isinstance(prompt, Prompt)]
    of_text = iter(tokenizer.encode_batch(texts, special=True))
    encoded = [next(of_text) if isinstance(prompt, Prompt) else list(prompt) for prompt in prompts]
    for ids in encoded:
        if not ids:
            raise UsageError("a prompt is empty: give some text")
        if len(ids) >= max_position:
            raise UsageError(
                f"a prompt has {len(ids)} tokens, the model reads at most {max_position - 1}: shorten it"
            )
        if not (min(ids) >= 0 and max(ids) < tokenizer.vocab_size):
            known = f"0 to {tokenizer.vocab_size - 1}"
            raise UsageError(f"a prompt has a token id outside of {known}: use this model's tokenizer")
    return encoded


def encode_continuations(
    tokenizer: Tokenizer, prompts: Sequence[Prompt], continuations: Sequence[str], max_position: int
) -> list[tuple[list[int], int]]:
    """Token ids of each prompt with its continuation, and how many of them the continuation has."""
    heads = encode_prompts(tokenizer, prompts, max_position)
    tails = tokenizer.encode_batch(continuations, special=False)
    for head, tail in zip(heads, tails, strict=True):
        if len(head) + len(tail) > max_position:
            total = f"{len(head)} and {len(tail)} tokens, the model reads at most {max_position}"
            raise UsageError(f"a prompt and its continuation have {total}: shorten them")
    return [(head + tail, len(tail)) for head, tail in zip(heads, tails, strict=True)]


def likelihood_batches(encoded: Sequence[tuple[list[int], int]], *, tokens: int) -> Iterator[list[int]]:
    """Positions in `encoded`, longest first, in batches of at most `tokens` padded tokens (or one text)."""
    order = sorted(range(len(encoded)), key=lambda i: -len(encoded[i][0]))
    while order:
        size = max(1, tokens // len(encoded[order[0]][0]))
        yield order[:size]
        order = order[size:]
