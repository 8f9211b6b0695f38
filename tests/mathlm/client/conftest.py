"""A real server for the tests of the client (Lean takes seconds to start)."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.mathlm.api.serving import KEY, Running


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running.start(tmp_path_factory.mktemp("client"), "--workers", "1", "--key", KEY)
    yield running
    running.end(signal.SIGKILL)
