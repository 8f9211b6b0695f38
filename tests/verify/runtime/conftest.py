"""Fixtures: the small npm package, a running registry with it, and an empty cache folder."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.verify.runtime.npm_registry import PAYLOAD, Registry, handler_for, tarball


@pytest.fixture
def package() -> bytes:
    """The tarball of the test package."""
    files = {"package/package.json": b'{"name": "mathlm-test-runtime", "version": "1.2.3"}'}
    return tarball(files | {"package/runtime.bin": PAYLOAD, "package/._runtime.bin": b"macOS"})


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("MATHLM_CACHE", str(folder))
    return folder


@pytest.fixture
def registry(package: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A running registry, which npm is configured to use as a user would."""
    registry = Registry(data=package)
    registry.gate.set()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler_for(registry))
    server.daemon_threads = True
    registry.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("npm_config_registry", registry.url)
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield registry
    registry.gate.set()
    server.shutdown()
    server.server_close()
    thread.join()
