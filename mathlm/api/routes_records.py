"""`GET /v1/records`: what was answered, oldest first, page by page; a key sees its own."""

from __future__ import annotations

import asyncio
import functools
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel
from starlette.requests import Request

from mathlm.api.service import service_of

router = APIRouter(tags=["records"])
RecordId = Annotated[str, Query(pattern="^[0-9a-f]{0,32}$")]


class Item(BaseModel):
    """One answer that was given; `source` and `statement` are SHA-256 of the texts."""

    id: str
    at: float
    client: str
    kind: str
    status: str
    reason: str | None
    seconds: float
    cached: bool
    source: str
    statement: str | None


class Page(BaseModel):
    """Records; `next` goes into `after` for those behind them, null when these are the last so far."""

    records: list[Item]
    next: str | None


class Whole(Item):
    """One answer with its texts."""

    source_text: str | None
    statement_text: str | None
    document: Any


@router.get("/v1/records")
async def records(
    request: Request,
    after: RecordId = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    status: Annotated[str | None, Query(max_length=32, pattern="^[a-z_]*$")] = None,
) -> Page:
    """What was answered."""
    service = service_of(request)
    read = functools.partial(
        service.store.page, client=service.owner(request), after=after, limit=limit, status=status
    )
    found = await asyncio.to_thread(read)
    return Page(
        records=[Item(**item) for item in found], next=found[-1]["id"] if len(found) == limit else None
    )


@router.get("/v1/records/{record}", responses={404: {"description": "There is no such record of yours"}})
async def record(request: Request, record: str) -> Whole:
    """One answer with what was asked."""
    service = service_of(request)
    read = functools.partial(service.store.one, record, client=service.owner(request))
    found = await asyncio.to_thread(read) if record.isalnum() and record.isascii() else None
    if found is None:
        raise HTTPException(404, "there is no such record of yours")
    return Whole(**found)
