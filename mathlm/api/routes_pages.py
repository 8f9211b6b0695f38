"""`/`: the web page for browsers, a word for programs; `/docs`: the routes on a plain page; `/metrics`."""

from __future__ import annotations

import html
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.requests import Request

from mathlm.api.service import service_of

router = APIRouter(tags=["pages"])
PAGE = Path(__file__).resolve().with_name("static") / "index.html"


@router.get("/", include_in_schema=False)
async def home(request: Request) -> Response:
    """The page, where it is asked for and built."""
    if "text/html" in request.headers.get("accept", "") and PAGE.is_file():
        return FileResponse(PAGE, media_type="text/html")
    return JSONResponse({"status": "ok"})


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> Response:
    """The routes, from the OpenAPI description; without scripts, so that it needs no network."""
    rows = []
    for path, methods in request.app.openapi()["paths"].items():
        for method, said in methods.items():
            what = html.escape(said.get("description") or said.get("summary", ""))
            rows.append(
                f"<tr><td>{method.upper()}</td><td><code>{html.escape(path)}</code></td><td>{what}</td></tr>"
            )
    return HTMLResponse(
        "<!doctype html><html lang=en><meta charset=utf-8><title>mathlm: routes</title>"
        "<meta name=viewport content='width=device-width'><h1>mathlm: routes</h1>"
        "<p>The whole description, for tools: <a href=/openapi.json>openapi.json</a></p>"
        f"<table>{''.join(rows)}</table></html>"
    )


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """For Prometheus."""
    return Response(service_of(request).metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
