"""A real `mathlm serve` for the tests: a process of its own on a free port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

READY_SECONDS = 500.0  # the first one on a machine makes the memory image
KEY = "a-key-of-the-tests"
TRIVIAL = "theorem t (n : Nat) : n + 0 = n := rfl"
ENDLESS = "partial def go (n : Nat) : Nat := if n = 0 then 1 else go (n % 7 + 1)\n#eval go 1"
"""Takes all the time that it is given, and no memory."""


@dataclass
class Running:
    """A server that runs. Example: `Running.start(tmp_path, "--workers", "1")`"""

    process: subprocess.Popen[str]
    url: str
    data: Path
    log: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, data: Path, *flags: str, wait: bool = True) -> Running:
        """Start one and wait until Lean has answered."""
        process = subprocess.Popen(
            [sys.executable, "-m", "mathlm.cli.app", "serve", "--port", "0", "--data", str(data), *flags],
            stderr=subprocess.PIPE,
            text=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("MATHLM_SERVE_")},
        )
        assert process.stderr is not None
        said: list[str] = []
        for line in process.stderr:
            said.append(line)
            if found := re.match(r"mathlm serves at (http://\S+)", line):
                break
        else:
            raise AssertionError("".join(said))
        server = cls(process, found[1], data)
        threading.Thread(target=server._drain, daemon=True).start()
        if wait:
            server.wait_until_ready()
        return server

    def wait_until_ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log
            try:
                if httpx.get(f"{self.url}/health/ready").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"not ready: {self.log}")

    def client(self, key: str = KEY, **options: Any) -> httpx.Client:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        options.setdefault("verify", False)  # there is no TLS to check, and reading the roots takes long
        return httpx.Client(base_url=self.url, headers=headers, timeout=120, **options)

    def end(self, sign: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(sign)
        return self.process.wait(timeout=60)

    def _drain(self) -> None:
        assert self.process.stderr is not None
        self.log.extend(self.process.stderr)
