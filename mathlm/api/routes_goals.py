"""`POST /v1/goals` and `/v1/goals/step`: the goals of a Lean source, and tactics on them, one at a time.

Contract. `/v1/goals` elaborates a source and names the state before each `sorry` and each tactic;
`/v1/goals/step` runs a tactic on a state and names the state after it. A tactic that fails is an answer too:
`status` says `Error: …` and `state` is null. Names expire (see `mathlm.api.goals`): 410 then, 404 for one
that never was. What Lean cannot do within the limits is a 422. Nothing is certified: `/v1/judge` judges.
Lines count from 1, columns from 0.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from mathlm.api import errors
from mathlm.api.goals import Expired, Unknown
from mathlm.api.queue import Cancelled
from mathlm.api.service import service_of
from verify.lean.session import Made, SessionError

router = APIRouter(tags=["goals"])
MAX_SOURCE, MAX_TACTIC = 200_000, 20_000
"""Characters. A state is made again from its texts, so they are kept as long as it is."""
DEFAULT_SECONDS = 30.0
FAILED = "Lean error:\n"
Timeout = Annotated[float, Field(gt=0, le=3600, description="Seconds.")]
GONE: dict[int | str, dict[str, Any]] = {
    404: {"description": "There never was such a state"},
    410: {"description": "The state has expired"},
}


class GoalsRequest(BaseModel):
    """A source to look at."""

    model_config = ConfigDict(
        extra="forbid",  # a misspelt field must not be taken for one that was left out
        json_schema_extra={"examples": [{"source": "theorem t (n : Nat) : 0 + n = n := by\n  sorry"}]},
    )
    source: Annotated[str, Field(min_length=1, max_length=MAX_SOURCE, description="A Lean file.")]
    tactics: Annotated[bool, Field(description="Name the state before each tactic too.")] = True
    timeout: Timeout = DEFAULT_SECONDS


class StepRequest(BaseModel):
    """A tactic to run."""

    model_config = ConfigDict(extra="forbid")

    state: Annotated[str, Field(max_length=200, description="As an earlier answer names it.")]
    tactic: Annotated[str, Field(min_length=1, max_length=MAX_TACTIC)]
    timeout: Timeout = DEFAULT_SECONDS


class Said(BaseModel):
    """A message of Lean."""

    severity: str
    line: int
    column: int
    end_line: int | None
    end_column: int | None
    text: str


class Place(BaseModel):
    """A state, and where in the source it is."""

    state: str
    line: int
    column: int
    end_line: int
    end_column: int
    goals: list[str]


class TacticPlace(Place):
    """The state before a tactic of the source."""

    tactic: str


class GoalsAnswer(BaseModel):
    """The states of a source; names are good for `expires` seconds after their last use."""

    messages: list[Said]
    sorries: list[Place]
    tactics: list[TacticPlace]
    expires: float


class StepAnswer(BaseModel):
    """What a tactic left. `status` is the leanprover-community REPL's `proofStatus`."""

    state: str | None
    goals: list[str]
    status: str
    messages: list[Said]
    expires: float


@router.post("/v1/goals", response_model=GoalsAnswer, responses=errors.REFUSED)
async def goals(body: GoalsRequest, request: Request) -> dict[str, Any]:
    """The goals at each `sorry` and before each tactic."""
    service = service_of(request)
    client, book = service.client(request), service.tools.goals
    limits = service.limits(min(body.timeout, service.settings.max_seconds))

    def work(flag: Cancelled) -> dict[str, Any]:
        made, names = book.open(
            client, body.source, limits=limits, all_tactics=body.tactics, stop=flag.is_over
        )
        holes = made.answer["sorries"]
        return {
            "messages": said(made),
            "sorries": [place(item, name) for item, name in zip(holes, names, strict=False)],
            "tactics": [
                {**place(item, name), "tactic": item["tactic"]}
                for item, name in zip(made.answer["tactics"], names[len(holes) :], strict=True)
            ],
            "expires": book.seconds,
        }

    deadline = service.settings.wait_seconds + 3 * limits.seconds
    try:
        return await service.run(request, work, deadline=deadline, queue=service.tools.steps)
    except SessionError as error:
        raise HTTPException(422, errors.of_session(error)) from None


@router.post("/v1/goals/step", response_model=StepAnswer, responses={**GONE, **errors.REFUSED})
async def step(body: StepRequest, request: Request) -> dict[str, Any]:
    """Run one tactic on a state."""
    service = service_of(request)
    client, book = service.client(request), service.tools.goals
    limits = service.limits(min(body.timeout, service.settings.max_seconds))

    def work(flag: Cancelled) -> dict[str, Any]:
        try:
            made, name = book.step(client, body.state, body.tactic, limits=limits, stop=flag.is_over)
        except SessionError as error:
            if not str(error).startswith(FAILED):
                raise
            why = str(error).removeprefix(FAILED)
            return failed(why, book.seconds)
        return {
            "state": name,
            "goals": made.answer["goals"],
            "status": made.answer["status"],
            "messages": said(made),
            "expires": book.seconds,
        }

    deadline = service.settings.wait_seconds + 3 * limits.seconds
    try:
        return await service.run(request, work, deadline=deadline, queue=service.tools.steps)
    except SessionError as error:
        raise HTTPException(422, errors.of_session(error)) from None
    except Unknown as error:
        raise HTTPException(404, str(error)) from None
    except Expired as error:
        raise HTTPException(410, str(error)) from None


def failed(why: str, expires: float) -> dict[str, Any]:
    """The answer to a tactic that fails; the state that it was tried on is as good as before."""
    return {"state": None, "goals": [], "status": f"Error: {why}", "messages": [], "expires": expires}


def said(made: Made) -> list[dict[str, Any]]:
    """Lean's messages."""
    return [
        {
            "severity": item["severity"],
            "line": item["line"],
            "column": item["column"],
            "end_line": item.get("end_line"),
            "end_column": item.get("end_column"),
            "text": item["text"].strip(),
        }
        for item in made.answer.get("messages", ())
    ]


def place(item: dict[str, Any], name: str) -> dict[str, Any]:
    """A state of a source."""
    spot = {key: item[key] for key in ("line", "column", "end_line", "end_column")}
    return {"state": name, **spot, "goals": item["goals"]}
