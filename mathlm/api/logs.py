"""Logs on stderr: one JSON object a line, or plain text; each line of a request has its id.

Fields: `time` (UTC), `level`, `logger`, `message`, `request` where there is one, then what the caller gave as
`extra={"fields": {…}}`; `error` is a stack trace. What clients send (sources, keys) is never logged.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import logging
import queue
import sys
import threading
import time
from contextvars import ContextVar
from typing import Literal, TextIO

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the request that is being answered."""


class _Json(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": f"{_moment(int(record.created))}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if REQUEST.get():
            line["request"] = REQUEST.get()
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)


@functools.lru_cache(maxsize=4)
def _moment(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


class _Text(logging.Formatter):
    """A log record for a person."""

    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{name}={value}" for name, value in getattr(record, "fields", {}).items())
        return f"{super().format(record)} {fields}".rstrip()


class _Behind(logging.Handler):
    """Writes in a thread of its own, what has gathered at once: a system call for each line takes long."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._lines.put(self.format(record))
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        self._lines.put(None)
        self._thread.join(timeout=5)
        super().close()

    def _write(self) -> None:
        ended = False
        while not ended:
            lines = [self._lines.get()]
            while not self._lines.empty():
                lines.append(self._lines.get())
            ended = None in lines
            with contextlib.suppress(OSError, ValueError):  # nobody reads it any longer
                self._stream.write("".join(f"{line}\n" for line in lines if line is not None))
                self._stream.flush()


def set_up(kind: Literal["json", "text"]) -> None:
    """Send the log to stderr."""
    handler = _Behind(sys.stderr)
    handler.setFormatter(_Json() if kind == "json" else _Text("%(asctime)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True  # the guard has a line for each request
