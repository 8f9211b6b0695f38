"""One real server for the tests of a file: ended with them, since its Lean processes take 4 GB."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import httpx
import pytest

from tests.mathlm.api.serving import KEY, Running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running.start(tmp_path_factory.mktemp("serve"), "--workers", "2", "--key", KEY)
    yield running
    running.end(signal.SIGKILL)


@pytest.fixture(scope="module")
def http(server: Running) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client
