"""The requests of OpenAI's API that are understood, and what of them is refused rather than passed over.

Contract. Unknown fields are ignored, as clients send many; a field that would change the answer and is not
served here is refused by name, unless it has the value that changes nothing.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from mathlm.cli.options import MAX_TOKENS, TEMPERATURE
from mathlm.cli.output import MAX_SEED
from mathlm.errors import UsageError

MAX_TEXT = 200_000
"""Characters of a prompt or message; the model reads far fewer tokens."""
MAX_MESSAGES, MAX_PROMPTS, MAX_CHOICES, MAX_STOPS, MAX_TOP = 256, 128, 128, 16, 20
Text = Annotated[str, Field(max_length=MAX_TEXT)]
Stop = Annotated[str, Field(min_length=1, max_length=200)]
Ids = Annotated[list[int], Field(max_length=MAX_TEXT)]


class StreamOptions(BaseModel):
    """What a stream has besides."""

    include_usage: bool = False


class Request(BaseModel):
    """What both kinds of requests have."""

    model_config = ConfigDict(extra="allow")
    refused: ClassVar[dict[str, tuple[Any, ...]]] = {}
    """Fields that are not served, with the values that change nothing."""

    model: Annotated[str, Field(max_length=200)]
    max_tokens: Annotated[int | None, Field(ge=0)] = None
    temperature: Annotated[float | None, Field(ge=0, le=10)] = None
    top_p: Annotated[float | None, Field(gt=0, le=1)] = None
    top_k: Annotated[int | None, Field(ge=-1)] = None
    n: Annotated[int | None, Field(ge=1, le=MAX_CHOICES)] = None
    seed: Annotated[int | None, Field(ge=-(2**63), lt=2**63)] = None
    stop: Stop | Annotated[list[Stop], Field(max_length=MAX_STOPS)] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None

    def stops(self) -> tuple[str, ...]:
        """The strings that end a text."""
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop or ())

    def check(self) -> None:
        """Raise UsageError for what is not served."""
        for name, harmless in self.refused.items():
            value = (self.model_extra or {}).get(name)
            if value is not None and value not in harmless:
                raise UsageError(f"`{name}` is not supported here: leave it out")

    @property
    def heat(self) -> float:
        """The temperature."""
        return TEMPERATURE if self.temperature is None else self.temperature

    def sampling_seed(self, drawn: int) -> int:
        """The seed of the sampling; `drawn` where none was asked for."""
        return drawn if self.seed is None else self.seed % MAX_SEED


class Part(BaseModel):
    """A piece of a message."""

    type: Literal["text"]
    text: Text


class Message(BaseModel):
    """A turn of a chat."""

    role: Literal["system", "developer", "user", "assistant", "tool", "environment"]
    content: Text | Annotated[list[Part], Field(max_length=MAX_MESSAGES)] | None = None

    def words(self) -> str:
        """The text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


NO_PENALTIES: dict[str, tuple[Any, ...]] = {
    "frequency_penalty": (0,),
    "presence_penalty": (0,),
    "repetition_penalty": (1,),
    "logit_bias": ({},),
    "min_p": (0,),
}


class ChatRequest(Request):
    """A chat to go on with."""

    refused = {
        **NO_PENALTIES,
        "tools": ([],),
        "functions": ([],),
        "logprobs": (False,),
        "response_format": ({"type": "text"},),
        "audio": (),
    }
    messages: Annotated[list[Message], Field(min_length=1, max_length=MAX_MESSAGES)]
    max_completion_tokens: Annotated[int | None, Field(ge=1)] = None

    @property
    def limit(self) -> int:
        """Tokens of the answer."""
        return self.max_completion_tokens or self.max_tokens or MAX_TOKENS


class CompletionRequest(Request):
    """Texts to go on with: strings, or token ids of this model."""

    refused = {**NO_PENALTIES, "suffix": ("",)}
    prompt: (
        Text
        | Annotated[list[Text], Field(min_length=1, max_length=MAX_PROMPTS)]
        | Annotated[Ids, Field(min_length=1)]
        | Annotated[list[Ids], Field(min_length=1, max_length=MAX_PROMPTS)]
    )
    echo: bool | None = None
    logprobs: Annotated[int | None, Field(ge=0, le=MAX_TOP)] = None
    best_of: Annotated[int | None, Field(ge=1)] = None

    def prompts(self) -> list[str | list[int]]:
        """The texts, each a string or token ids."""
        if isinstance(self.prompt, str):
            return [self.prompt]
        if self.prompt and isinstance(self.prompt[0], int):
            return [[int(i) for i in self.prompt if isinstance(i, int)]]
        return [text for text in self.prompt if not isinstance(text, int)]

    def check(self) -> None:
        super().check()
        if self.best_of is not None and self.best_of != (self.n or 1):
            raise UsageError("`best_of` is not supported here: leave it out")
        if self.stream and self.logprobs is not None:
            raise UsageError("`logprobs` do not come with `stream`: ask for one of the two")
        if self.max_tokens == 0 and not self.echo:
            raise UsageError("`max_tokens` is 0, which makes sense with `echo` only: ask for at least 1")
        if len(self.prompts()) * (self.n or 1) > MAX_CHOICES:
            raise UsageError(f"at most {MAX_CHOICES} completions in one request: ask for fewer")
