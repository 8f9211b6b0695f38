"""lean-interact's client on `mathlm repl` (extra: `pip install 'mathlm[lean-interact]'`).

    from lean_interact import Command
    from verify.lean.interact import config, server

    with server(config()) as lean:
        print(lean.run(Command(cmd="theorem t : 1 + 1 = 2 := by sorry")))

Contract. `server(config())` is lean-interact's own `LeanServer`, whose process is `mathlm repl` instead of
`lake env repl`: no Lean toolchain is needed with the embedded runtime. All that `verify.lean.repl` answers
works; parallel elaboration (`setOptions`) is switched off because it is refused there. lean-interact's
memory limit counts address space, which WebAssembly reserves in bulk: `memory_mb` limits Lean itself.
Nothing is certified: `LeanVerifier` judges finished proofs.
Errors: those of lean-interact (TimeoutError, ConnectionAbortedError, `LeanError` answers).
Who has a native Lean project uses lean-interact as it is, and `--runtime native` for verdicts.
"""

from __future__ import annotations

import subprocess
import sys

from lean_interact import LeanREPLConfig, LeanServer

MAIN = "import sys; from mathlm.cli.app import main; sys.exit(main())"


class ReplConfig(LeanREPLConfig):
    """What `LeanServer` asks of its configuration; nothing is downloaded or built.

    Example: `ReplConfig(runtime="embedded", timeout=60.0, memory_mb=3072)`
    """

    def __init__(self, *, runtime: str, timeout: float, memory_mb: int) -> None:
        self.command = [
            *(sys.executable, "-c", MAIN, "repl"),
            *("--runtime", runtime, "--timeout", f"{timeout:g}", "--memory", str(memory_mb)),
        ]
        self.lean_version = None
        self.verbose = False
        self.enable_incremental_optimization = False
        self.enable_parallel_elaboration = False

    def is_setup(self) -> bool:
        return True


class ReplServer(LeanServer):
    """lean-interact's server with the process of its configuration."""

    config: ReplConfig

    def start(self) -> None:
        self._proc = subprocess.Popen(
            self.config.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # nobody reads it, and a full pipe would stop the process
            encoding="utf-8",
            bufsize=1,
            start_new_session=True,
        )


def config(*, runtime: str = "auto", timeout: float = 60.0, memory_mb: int = 3072) -> ReplConfig:
    """How to start `mathlm repl`; `timeout` (seconds) and `memory_mb` hold for each request."""
    return ReplConfig(runtime=runtime, timeout=timeout, memory_mb=memory_mb)


def server(how: ReplConfig) -> ReplServer:
    """A running server: a context manager with lean-interact's `run`, `run_dict`, `restart` and `kill`."""
    return ReplServer(how)
