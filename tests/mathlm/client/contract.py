"""A real HTTP server that keeps the contract of `mathlm serve`, with scripted answers.

`with ContractServer() as server:` serves on a free port in a thread. A source is accepted unless it has
`wrong` (an error at that line) or `sorry`. `server.failures` holds (path, status, headers) to answer first;
`server.seen` what was asked; `server.busiest` the most requests that were open at once.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Self

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles

STATIC = resources.files("mathlm") / "api" / "static"
POLICY = "default-src 'self'; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'"
TOOLCHAIN = "Lean 4.28.0-pre (38f3c0c45b8d), WebAssembly, core"


@dataclass
class ContractServer:
    """See the module."""

    key: str = ""
    delay: float = 0.0
    breaks_off: bool = False
    """Streams end before their result."""
    failures: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)
    seen: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    """(path, body, authorization) of every request."""
    busiest: int = 0
    _open: int = 0

    def __enter__(self) -> Self:
        config = uvicorn.Config(_app(self), host="127.0.0.1", port=0, log_level="warning", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)
        return self

    def __exit__(self, *error: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    @property
    def url(self) -> str:
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def bodies(self, path: str) -> list[dict[str, Any]]:
        return [body for asked, body, _ in self.seen if asked == path]

    def refusal(self, path: str, authorization: str) -> Response | None:
        if self.key and authorization != f"Bearer {self.key}":
            return JSONResponse({"detail": "Invalid API key" if authorization else "Missing API key"}, 401)
        for failure in self.failures:
            if failure[0] == path:
                self.failures.remove(failure)
                return JSONResponse({"detail": "no room just now"}, failure[1], headers=failure[2])
        return None


def _app(server: ContractServer) -> FastAPI:
    app = FastAPI()

    @app.get("/")
    def page() -> FileResponse:
        return FileResponse(str(STATIC / "index.html"), headers={"content-security-policy": POLICY})

    app.mount("/static", StaticFiles(directory=str(STATIC)))

    @app.post("/{path:path}")
    async def answer(path: str, request: Request) -> Response:
        path, body = f"/{path}", await request.json()
        authorization = request.headers.get("authorization", "")
        server.seen.append((path, body, authorization))
        server._open += 1
        server.busiest = max(server.busiest, server._open)
        try:
            await asyncio.sleep(server.delay)
            refused = server.refusal(path, authorization)
            if refused is not None:
                return refused
            if path in STREAMS:
                events = STREAMS[path](body)
                if body.get("stream"):
                    shown = events[:-1] if server.breaks_off else events
                    return StreamingResponse(_lines(shown), media_type="text/event-stream")
                return JSONResponse(events[-1][1])
            if path in ANSWERS:
                return JSONResponse(ANSWERS[path](body))
            return JSONResponse({"detail": "Not Found"}, 404)
        finally:
            server._open -= 1

    return app


async def _lines(events: list[tuple[str, Any]]) -> AsyncIterator[str]:
    yield ": keep-alive\n\n"
    for name, data in events:
        yield f"event: {name}\ndata: {json.dumps(data)}\n\n"
        await asyncio.sleep(0)


def judge(body: dict[str, Any]) -> dict[str, Any]:
    source = str(body["source"])
    theorem = {
        "name": "t", "status": "accepted", "reason": None, "axioms": ["propext"],
        "statement": "t : 1 + 1 = 2", "detail": "", "rule": None, "line": None, "column": None,
        "vacuous": False,
    }  # fmt: skip
    verdict: dict[str, Any] = {
        "status": "accepted", "reason": None, "detail": "", "seconds": 0.01, "toolchain": TOOLCHAIN,
        "messages": [], "theorems": [theorem], "limits": {"seconds": body.get("timeout", 30)},
        "cached": False, "id": "1",
    }  # fmt: skip
    if source.startswith("slow"):
        return verdict | {"status": "timeout", "detail": "the time is up", "theorems": []}
    for number, line in enumerate(source.splitlines(), 1):
        if "wrong" in line or "sorry" in line:
            reason = "elaboration" if "wrong" in line else "sorry"
            at = line.find("wrong" if reason == "elaboration" else "sorry")
            message = {
                "severity": "error" if reason == "elaboration" else "warning", "line": number, "column": at,
                "end_line": number, "end_column": at + 5, "text": f"scripted: {reason}",
            }  # fmt: skip
            failed = theorem | {"status": "rejected", "reason": reason}
            return verdict | {
                "status": "rejected", "reason": reason, "messages": [message], "theorems": [failed],
            }  # fmt: skip
    return verdict


def goals(body: dict[str, Any]) -> dict[str, Any]:
    place = {"line": 2, "column": 2, "end_line": 2, "end_column": 7, "goals": ["n : Nat\n⊢ n + 0 = n"]}
    holes = [place | {"state": "s0"}] if "sorry" in body["source"] else []
    tactics = [place | {"state": "s1", "tactic": "omega"}]
    return {"messages": [], "sorries": holes, "tactics": tactics, "expires": 600}


def step(body: dict[str, Any]) -> dict[str, Any]:
    if body["tactic"] == "fail":
        status = "Error: tactic failed"
        return {"state": None, "goals": [], "status": status, "messages": [], "expires": 600}
    left = [] if body["tactic"] == "done" else [f"after {body['tactic']}"]
    return {
        "state": f"{body['state']}.{body['tactic']}", "goals": left, "messages": [], "expires": 600,
        "status": "Completed" if not left else "Incomplete: open goals remain",
    }  # fmt: skip


def prove(body: dict[str, Any]) -> list[tuple[str, Any]]:
    statement = str(body["statement"])
    attempt = {
        "number": 1, "origin": "automation: rfl", "source": f"{statement} := by rfl", "status": "rejected",
        "reason": "elaboration", "detail": "scripted", "seconds": 0.01,
    }  # fmt: skip
    proof = f"{statement} := by omega"
    good = {"number": 2, "origin": "automation: omega", "source": proof, "status": "accepted", "reason": None}
    result = {
        "statement": statement, "proof": "by omega", "status": "accepted", "reason": None,
        "axioms": ["propext"], "origin": "automation: omega", "attempts": 2, "steps": 0, "disproof": None,
        "detail": "", "vacuous": False, "toolchain": TOOLCHAIN, "seconds": 0.4,
    }  # fmt: skip
    return [("attempt", attempt), ("attempt", attempt | good), ("result", result)]


TWO_WAYS, OTHER_WAY = "gcd in two ways?", "a, b = 84, 126\nwhile b: a, b = b, a % b\nprint(a)"
"""A question that two programs answer and no proof, and the second of them."""


def solve(body: dict[str, Any]) -> list[tuple[str, Any]]:
    program = "from math import gcd\nprint(gcd(84, 126))"
    statement = "theorem answer : Nat.gcd 84 126 = 42"
    drafts = [
        ("attempt", {"number": n, "program": program, "output": "42\n", "answer": "42"}) for n in (1, 2)
    ]
    result = {
        "question": body["question"], "answer": "42", "certificate": "lean", "formal_statement": statement,
        "program": program, "second_program": None, "reasoning": "Greatest common divisor.",
        "votes": {"42": 2}, "proof": "by decide", "seconds": 1.2, "axioms": [], "toolchain": TOOLCHAIN,
        "origin": "automation: decide",
    }  # fmt: skip
    if body["question"] == TWO_WAYS:
        result |= {
            "certificate": "python",
            "formal_statement": None,
            "second_program": OTHER_WAY,
            "proof": None,
        }
    return [("stage", {"stage": "generating"}), *drafts, ("stage", {"stage": "proving"}), ("result", result)]


ANSWERS = {"/v1/judge": judge, "/v1/goals": goals, "/v1/goals/step": step}
STREAMS = {"/v1/prove": prove, "/v1/solve": solve}
