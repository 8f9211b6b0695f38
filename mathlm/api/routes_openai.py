"""OpenAI's API on the server's model: `/v1/chat/completions`, `/v1/completions`, `/v1/models`.

Contract. The `openai` client and lm-evaluation-harness work unchanged. Errors have OpenAI's shape,
`{"error": {"message", "type", "param", "code"}}`. A text ends at the model's own end of turn, at a string of
`stop` (which is left out), or at the token limit. Requests of all clients are generated together; one that
names a `seed`, or temperature 0, gets the same text whoever else asks.
`echo` gives the prompt back before the completion, `logprobs` of every token where they are asked for: this
is how the probability of a given text is read. Nothing here is verified: `/v1/solve` and `/v1/prove` are.
Not covered: see `mathlm.api.openai_types`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from mathlm.api import openai_answers as answers
from mathlm.api import streams
from mathlm.api.openai_answers import Reply
from mathlm.api.openai_types import ChatRequest, CompletionRequest
from mathlm.api.openai_types import Request as Asked
from mathlm.api.queue import Cancelled
from mathlm.api.service import Service, service_of
from mathlm.cli.output import MAX_SEED
from mathlm.errors import InfraError, UsageError
from mathlm.prompts import IM_END, render_chat
from mathlm.types import Completion, Prompt, SamplingParams

COMPLETION_TOKENS = 16
"""Tokens of a completion where none are asked for: OpenAI's own default."""
ROLES = {"developer": "system", "tool": "environment"}


def refusal(request: Request, error: BaseException) -> JSONResponse:
    """An error's answer in OpenAI's shape."""
    if isinstance(error, NoSuchModel):
        return answers.error(404, str(error), "model_not_found")
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"] if part != "body")
        return answers.error(400, f"`{field}`: {first['msg']}", None, param=field)
    plain = streams.explain(request, error)
    status = 400 if isinstance(error, UsageError) else plain.status_code
    refused = answers.error(status, streams.detail(plain), None)
    if "retry-after" in plain.headers:
        refused.headers["Retry-After"] = plain.headers["retry-after"]
    return refused


class OpenAIRoute(APIRoute):
    """A route whose errors have OpenAI's shape."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_all(request: Request) -> Response:
            try:
                return await handle(request)
            except (RequestValidationError, UsageError, InfraError) as error:
                return refusal(request, error)

        return handle_all


class NoSuchModel(UsageError):
    """The request names a model that is not the server's."""


router = APIRouter(tags=["openai"], route_class=OpenAIRoute)
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such model here"}}


@router.get("/v1/models")
async def models(request: Request) -> dict[str, Any]:
    """The models that can be asked: the server's own, if it has one."""
    name = service_of(request).tools.model_name
    return {"object": "list", "data": [] if name is None else [answers.model(name)]}


@router.get("/v1/models/{name}", responses=NOT_FOUND)
async def model(name: str, request: Request) -> dict[str, Any]:
    """One model."""
    _check_model(service_of(request), name)
    return answers.model(name)


@router.post("/v1/chat/completions", response_model=None, responses={**streams.ON_STREAM, **NOT_FOUND})
async def chat(body: ChatRequest, request: Request) -> Response:
    """Go on with a chat."""
    service = service_of(request)
    body.check()
    turns = [(ROLES.get(message.role, message.role), message.words()) for message in body.messages]
    prompt = Prompt(text=render_chat(turns).text, stop=_stops(body))
    reply = Reply(kind="chat", model=body.model, echo=("",))
    job = await _job(service, body, [prompt], body.limit)
    return await _answer(request, body, reply, job)


@router.post("/v1/completions", response_model=None, responses={**streams.ON_STREAM, **NOT_FOUND})
async def complete(body: CompletionRequest, request: Request) -> Response:
    """Go on with texts."""
    service = service_of(request)
    body.check()
    prompts: list[Prompt | Sequence[int]] = [
        Prompt(text=text, stop=_stops(body)) if isinstance(text, str) else text for text in body.prompts()
    ]
    limit = COMPLETION_TOKENS if body.max_tokens is None else body.max_tokens
    job = await _job(service, body, prompts, limit)
    echo = tuple(job.text_of(i) for i in range(len(prompts))) if body.echo else ("",) * len(prompts)
    reply = Reply(kind="text", model=body.model, echo=echo)
    return await _answer(request, body, reply, job)


class _Job:
    """What is to be generated: each prompt `n` times."""

    def __init__(self, service: Service, body: Asked, prompts: Sequence[Sequence[int]], limit: int) -> None:
        self.engine = service.tools.engine()
        self.prompts, self.n, self.limit = prompts, body.n or 1, limit
        self.stop = _stops(body)
        self.params = SamplingParams(
            max_tokens=max(1, limit),
            temperature=body.heat,
            top_p=1.0 if body.top_p is None else body.top_p,
            top_k=max(0, body.top_k or 0),
            seed=body.sampling_seed(secrets.randbelow(MAX_SEED)),
        )

    @property
    def rows(self) -> list[Sequence[int]]:
        """The prompt of each choice."""
        return [ids for ids in self.prompts for _ in range(self.n)]

    @property
    def prompt_tokens(self) -> int:
        return sum(len(ids) for ids in self.prompts)

    def text_of(self, prompt: int) -> str:
        return self.engine.tokenizer.decode(self.prompts[prompt])

    def run(self, flag: Cancelled, tell: Callable[[int, str, str | None], None]) -> list[Completion]:
        """The completions; `tell(choice, text, finish)` has their text as it comes."""
        if self.limit == 0:
            for choice in range(len(self.rows)):
                tell(choice, "", "length")
            return [Completion(text="", finish="length", tokens=0, logprob=0.0) for _ in self.rows]
        done: dict[int, Completion] = {}
        pieces = self.engine.stream(self.rows, self.params, stop=self.stop, cancelled=flag.is_set)
        for piece in pieces:
            if piece.completion is not None:
                done[piece.index] = piece.completion
            tell(piece.index, piece.text, piece.completion.finish if piece.completion else None)
        return [done[i] for i in range(len(self.rows))]

    def logprobs(self, found: Sequence[Completion], *, top: int, echo: bool, flag: Cancelled) -> list[Any]:
        """OpenAI's `logprobs` of each choice."""
        texts = [[*ids, *completion.ids] for ids, completion in zip(self.rows, found, strict=True)]
        scores = self.engine.score_tokens(texts, top=top, cancelled=flag.is_set)
        return [
            answers.logprobs(self.engine.tokenizer, text, scored, skip=0 if echo else len(ids))
            for text, scored, ids in zip(texts, scores, self.rows, strict=True)
        ]


async def _job(service: Service, body: Asked, prompts: Sequence[Prompt | Sequence[int]], limit: int) -> _Job:
    """Open the model and read the prompts, before anything is queued or answered."""
    _check_model(service, body.model)

    def read() -> _Job:
        return _Job(service, body, service.tools.engine().encode(prompts), limit)

    return await asyncio.to_thread(read)


async def _answer(request: Request, body: Asked, reply: Reply, job: _Job) -> Response:
    """The whole answer, or the stream of it."""
    service = service_of(request)
    settings, queue = service.settings, service.tools.texts
    deadline = settings.wait_seconds + settings.max_seconds

    def streamed(flag: Cancelled, tell: streams.Tell) -> None:
        for choice in range(len(job.rows)):
            tell(streams.event(None, reply.opening(choice, reply.echo[choice // job.n])))

        def piece(choice: int, text: str, finish: str | None) -> None:
            if text or finish:
                tell(streams.event(None, reply.chunk(choice, text, finish)))

        found = job.run(flag, piece)
        if body.stream_options is not None and body.stream_options.include_usage:
            tell(streams.event(None, reply.closing(answers.usage(job.prompt_tokens, found))))
        tell(streams.event(None, "[DONE]"))

    if body.stream:
        return streams.respond(
            request, streamed, queue=queue, client=service.client(request), deadline=deadline, failed=_failed
        )

    def work(flag: Cancelled) -> dict[str, Any]:
        found = job.run(flag, lambda choice, text, finish: None)
        scored: list[Any] = [None] * len(found)
        if isinstance(body, CompletionRequest) and body.logprobs is not None:
            scored = job.logprobs(found, top=body.logprobs, echo=bool(body.echo), flag=flag)
        choices = [
            reply.choice(i, reply.echo[i // job.n] + completion.text, completion.finish, scored[i])
            for i, completion in enumerate(found)
        ]
        return reply.whole(choices, answers.usage(job.prompt_tokens, found))

    return JSONResponse(await service.run(request, work, deadline=deadline, queue=queue))


def _failed(request: Request, error: BaseException) -> str:
    """The last part of a stream whose work broke."""
    return streams.event(None, bytes(refusal(request, error).body).decode())


def _check_model(service: Service, name: str) -> None:
    own = service.tools.model_name
    if own is not None and name != own:
        raise NoSuchModel(f"there is no such model here: ask for `{own}`")
    if own is None:
        service.tools.engine()  # says what to do


def _stops(body: Asked) -> tuple[str, ...]:
    return (IM_END, *body.stops())
