"""A small npm package, the component that pins it, and a registry on this machine that serves it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.server
import io
import json
import tarfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from verify.runtime import Component
from verify.runtime.unpack import Advance

PAYLOAD = b"runtime " * 40_000


def finish(folder: Path, advance: Advance) -> None:
    """The last step of the test component: leave a mark."""
    (folder / "finished").write_text("yes")


def tarball(files: dict[str, bytes]) -> bytes:
    """A gzip'ed tar of plain files with these names."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def integrity(data: bytes) -> str:
    return f"sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}"


def component_of(data: bytes, **changes: object) -> Component:
    """A component whose npm tarball is `data`."""
    fields: dict[str, object] = {
        "name": "mathlm-test-runtime",
        "version": "1.2.3",
        "integrity": integrity(data),
        "revision": 1,
        "download_bytes": len(data),
        "unpacked_bytes": len(PAYLOAD),
        "disk_bytes": 1_000_000,
        "files": ("runtime.bin", "finished"),
        "finish": finish,
    }
    return Component(**(fields | changes))  # type: ignore[arg-type]


@dataclass
class Registry:
    """An npm registry with one package. `gate` holds back the second half of each tarball."""

    data: bytes
    url: str = ""
    downloads: int = 0
    halfway: threading.Event = field(default_factory=threading.Event)
    gate: threading.Event = field(default_factory=threading.Event)


def handler_for(registry: Registry) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith(".tgz"):
                registry.downloads += 1
                half = len(registry.data) // 2
                self.send_response(200)
                self.send_header("Content-Length", str(len(registry.data)))
                self.end_headers()
                self.wfile.write(registry.data[:half])
                self.wfile.flush()
                registry.halfway.set()
                registry.gate.wait()
                self.wfile.write(registry.data[half:])
                return
            dist = {"tarball": f"{registry.url}/package.tgz", "integrity": integrity(registry.data)}
            name = "mathlm-test-runtime"
            versions = {"1.2.3": {"name": name, "version": "1.2.3", "dist": dist}}
            body = json.dumps({"name": name, "dist-tags": {"latest": "1.2.3"}, "versions": versions}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

        def handle(self) -> None:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the test killed the client
                super().handle()

    return Handler
