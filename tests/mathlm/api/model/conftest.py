"""One real server with the shipped model and the embedded Lean for the tests of a file."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn

from mathlm.api.app import create_app
from mathlm.api.service import Service
from mathlm.api.settings import Settings

MODEL = "mathlm-mini"
SECONDS = 120.0


class Served:
    """A running server."""

    def __init__(self, settings: Settings) -> None:
        self._socket = socket.create_server((settings.host, 0))
        self.url = f"http://{settings.host}:{self._socket.getsockname()[1]}"
        app = create_app(settings)
        self.service: Service = app.state.service
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})
        self._thread.start()
        self.http = httpx.Client(base_url=self.url, timeout=SECONDS, trust_env=False)

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(path, json=body)

    def events(self, path: str, **body: Any) -> list[tuple[str, Any]]:
        """The named events of a stream."""
        found = []
        with self.http.stream("POST", path, json=body) as response:
            assert response.status_code == 200, response.read()
            assert response.headers["content-type"].startswith("text/event-stream")
            for block in "".join(response.iter_text()).split("\n\n"):
                fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
                if "event" in fields:
                    found.append((fields["event"], json.loads(fields["data"])))
        return found

    def close(self) -> None:
        self.http.close()
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("served")
    server = Served(Settings(workers=1, runtime="embedded", data=data, jobs=2, model=MODEL))
    yield server
    server.close()


@pytest.fixture(scope="module")
def without_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("without")
    server = Served(Settings(workers=1, runtime="embedded", data=data, model=""))
    yield server
    server.close()
