"""What every verb shares: results, errors, exit codes, progress bars and reading of input files.

Contract: with `--json` exactly one JSON document goes to stdout and everything else to stderr;
without it the result goes to stdout as text and progress to stderr. Exit codes: 0 accepted or
verified, 1 not, 2 usage, 3 infrastructure, 130 interrupted. A verb either returns its exit code or
raises; `mathlm.cli.app.main` turns what was raised into `report_error`.
Errors: `read_text` raises UsageError with what to do.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mathlm.errors import MathlmError, UsageError
from mathlm.types import to_json

EVERY = 30.0
"""Seconds between two lines on progress where there is no bar."""
MAX_SEED = 2**62
"""The generators of torch take 64 bits, and a seed is counted up from one sample to the next."""


class ExitCode(IntEnum):
    """Exit codes of every verb."""

    OK = 0
    NOT_VERIFIED = 1
    USAGE = 2
    INFRA = 3
    INTERRUPTED = 130


Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on stdout; all else goes to stderr.")
]
"""Type of the `as_json` parameter of a verb: `def check(file: Path, as_json: Json = False) -> int`."""


def emit(document: Any, text: str, *, as_json: bool) -> None:
    """Print the result of a verb: the document (records allowed) as one JSON line, or the text.

    Where stdout is not UTF-8, JSON has escapes and text has `?` for what cannot be written.
    """
    encoding = sys.stdout.encoding or "utf-8"
    unicode = encoding.lower().startswith("utf")
    line = json.dumps(to_json(document), ensure_ascii=not unicode) if as_json else text
    print(line if unicode else line.encode(encoding, "replace").decode(encoding), flush=True)


def note(text: str) -> None:
    """One line for a person, on stderr."""
    print(text, file=sys.stderr, flush=True)


def report_error(error: BaseException, *, as_json: bool) -> int:
    """Show an error (message for a person, `{"error", "status"}` with --json); returns the exit code."""
    code, message = _explain(error)
    note(f"mathlm: {message}")
    if as_json:
        names = {ExitCode.USAGE: "usage_error", ExitCode.INTERRUPTED: "interrupted"}
        with contextlib.suppress(OSError):  # stdout itself may be what failed
            emit({"error": message, "status": names.get(code, "infra_error")}, "", as_json=True)
    _drop_what_cannot_be_written()
    return int(code)


def _drop_what_cannot_be_written() -> None:
    """Python flushes stdout at exit and would turn the exit code into its own 120 where that fails."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _explain(error: BaseException) -> tuple[ExitCode, str]:
    if isinstance(error, MathlmError):
        return ExitCode(error.exit_code), str(error)
    if isinstance(error, typer.TyperException):
        return ExitCode.USAGE, f"{error.format_message()} See `mathlm --help`."
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return ExitCode.INTERRUPTED, "interrupted"
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return ExitCode.INFRA, f"the disk is full ({error}): free some space and run the command again"
    if isinstance(error, OSError):
        return ExitCode.INFRA, f"the system refused: {error}"
    traceback.print_exception(error, file=sys.stderr)
    return ExitCode.INFRA, f"internal error ({type(error).__name__}: {error}); please report the lines above"


def read_text(path: Path) -> str:
    """The text of a UTF-8 file that the user named; `-` is stdin."""
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is not UTF-8 (byte {error.start} is {data[error.start]:#04x}): save it as UTF-8"
        ) from None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}; name a readable file") from None


class Bar:
    """A progress bar in use; see `progress`."""

    def __init__(self, bars: Any, task: Any, *, in_lines: bool = False) -> None:
        self._bars, self._task, self._in_lines = bars, task, in_lines
        self._said = time.monotonic()

    def advance(self, amount: float = 1) -> None:
        """`amount` more is done."""
        self._bars.advance(self._task, amount)
        self._say()

    def set(self, completed: float, *, total: float | None = None) -> None:
        """So much is done in all; `total` changes the end of the bar."""
        self._bars.update(self._task, completed=completed, total=total)
        self._say()

    def _say(self) -> None:
        """A line every so often, where nobody sees a bar."""
        if not self._in_lines or time.monotonic() - self._said < EVERY:
            return
        self._said = time.monotonic()
        task = self._bars.tasks[self._bars.task_ids.index(self._task)]
        if task.total:
            note(f"{task.description}: {100 * task.completed / task.total:.0f} %, {task.elapsed or 0:.0f} s")

    def describe(self, text: str) -> None:
        """Change the words in front of the bar."""
        self._bars.update(self._task, description=text)


@contextmanager
def progress(description: str, *, total: float | None, in_bytes: bool = False) -> Iterator[Bar]:
    """A progress bar on stderr: `with progress("Evaluating", total=60) as bar: bar.advance()`.

    `total=None` shows that work goes on without an end known, and leaves nothing behind. Where stderr is no
    terminal, one line says what was begun, and where the end is known one every half minute how much is done.
    """
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    console = Console(stderr=True)
    if not console.is_terminal:
        note(f"{description} …")
    count = DownloadColumn() if in_bytes else MofNCompleteColumn()
    words = TextColumn("{task.description}", markup=False)
    endless = total is None and not in_bytes
    columns = (words, BarColumn(), Elapsed()) if endless else (words, BarColumn(), count, Elapsed())
    silent = endless and not console.is_terminal
    with Progress(*columns, console=console, transient=endless, disable=silent) as bars:
        yield Bar(bars, bars.add_task(description, total=total), in_lines=not console.is_terminal)
