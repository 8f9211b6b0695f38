"""The answers of OpenAI's API, written: completions, chunks of them, log-probabilities, errors."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from fastapi.responses import JSONResponse

from mathlm.types import Completion

if TYPE_CHECKING:
    from model.generation.native import TokenScore
    from model.tokenizer import Tokenizer

OBJECTS = {"chat": ("chat.completion", "chat.completion.chunk"), "text": ("text_completion",) * 2}
PREFIX = {"chat": "chatcmpl-", "text": "cmpl-"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One answer, whole or in chunks. `created` is Unix time in seconds."""

    kind: Literal["chat", "text"]
    model: str
    echo: tuple[str, ...]
    """What stands before the completion of each prompt."""
    id: str = field(default_factory=lambda: secrets.token_hex(12))
    created: int = field(default_factory=lambda: int(time.time()))

    def _document(self, part: int, choices: Sequence[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": PREFIX[self.kind] + self.id,
            "object": OBJECTS[self.kind][part],
            "created": self.created,
            "model": self.model,
            "choices": list(choices),
        }

    def whole(self, choices: Sequence[dict[str, Any]], used: dict[str, int]) -> dict[str, Any]:
        """The answer at once."""
        return {**self._document(0, choices), "usage": used}

    def choice(self, index: int, text: str, finish: str, logprobs: Any) -> dict[str, Any]:
        """One completion of the whole answer."""
        made: dict[str, Any] = {"index": index, "finish_reason": finish, "logprobs": logprobs}
        if self.kind == "chat":
            return {**made, "message": {"role": "assistant", "content": text}}
        return {**made, "text": text}

    def opening(self, index: int, echo: str) -> dict[str, Any]:
        """The first chunk of a choice."""
        if self.kind == "chat":
            return self._chunk(index, {"delta": {"role": "assistant", "content": ""}}, None)
        return self.chunk(index, echo, None)

    def chunk(self, index: int, text: str, finish: str | None) -> dict[str, Any]:
        """New text of a choice, or its end."""
        if self.kind == "chat":
            return self._chunk(index, {"delta": {"content": text} if text else {}}, finish)
        return self._chunk(index, {"text": text}, finish)

    def closing(self, used: dict[str, int]) -> dict[str, Any]:
        """The chunk after the last, for who asked for figures."""
        return {**self._document(1, []), "usage": used}

    def _chunk(self, index: int, new: dict[str, Any], finish: str | None) -> dict[str, Any]:
        return self._document(1, [{"index": index, **new, "logprobs": None, "finish_reason": finish}])


def usage(prompt_tokens: int, completions: Sequence[Completion]) -> dict[str, int]:
    """Tokens read and written."""
    written = sum(completion.tokens for completion in completions)
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": written,
        "total_tokens": prompt_tokens + written,
    }


def model(name: str) -> dict[str, Any]:
    """A model in the list of models."""
    return {"id": name, "object": "model", "created": 0, "owned_by": "mathlm"}


def logprobs(
    tokenizer: Tokenizer, ids: Sequence[int], scores: Sequence[TokenScore], *, skip: int
) -> dict[str, Any]:
    """`logprobs` of the tokens from the `skip`-th on; the very first token of a text has none (null).

    `top_logprobs` has the token itself too, as OpenAI's has. `text_offset` counts characters of that text.
    """
    shown = [tokenizer.token_text(token) for token in ids[skip:]]
    values: list[float | None] = [None, *(score.logprob for score in scores)]
    tops: list[dict[str, float] | None] = [None]
    for token, score in zip(ids[1:], scores, strict=True):
        best = {tokenizer.token_text(other): value for other, value in score.top}
        tops.append({**best, tokenizer.token_text(token): score.logprob})
    offsets = [len(tokenizer.decode(ids[skip:i])) for i in range(skip, len(ids))]
    return {
        "tokens": shown,
        "token_logprobs": values[skip:],
        "top_logprobs": tops[skip:],
        "text_offset": offsets,
    }


def error(status: int, message: str, code: str | None, *, param: str | None = None) -> JSONResponse:
    """An error as OpenAI writes it."""
    kinds = {429: "rate_limit_error"}
    kind = kinds.get(status, "invalid_request_error" if status < 500 else "server_error")
    body = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    return JSONResponse(body, status_code=status)
