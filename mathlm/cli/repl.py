"""`mathlm repl`: the leanprover-community REPL's JSON protocol on stdin and stdout.

Requests are JSON objects separated by blank lines; so are the answers, and stdout carries nothing else.
What is wrong with a request is its answer, `{"message": …}`. Exit code 0 at the end of the input, 3 when
Lean cannot be had. The REPL certifies nothing, whatever its `proofStatus` says: `mathlm check` judges.
Units: seconds for one request; MB of the Lean process.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from typing import Annotated

import typer

from mathlm.cli import options
from mathlm.cli.output import ExitCode

Timeout = Annotated[float, typer.Option("--timeout", min=0.1, max=86_400, help="Seconds for one request.")]
Memory = Annotated[int, typer.Option("--memory", min=1024, max=4096, help="MB that Lean may use.")]


def repl(
    timeout: Timeout = 60.0, memory: Memory = 3072, runtime: options.RuntimeOption = options.Runtime.AUTO
) -> int:
    """Speak the leanprover-community REPL's JSON on stdin and stdout.

    Requests are separated by blank lines, for example {"cmd": "theorem t : 1 = 1 := by sorry"}, then
    {"tactic": "rfl", "proofState": 0}. Nothing is certified here: `mathlm check` judges a finished proof.
    """
    from verify.lean.repl import Repl, blocks
    from verify.lean.runtimes import choose
    from verify.lean.session import DEFAULT_LIMITS, Session

    limits = dataclasses.replace(DEFAULT_LIMITS, seconds=timeout, memory_mb=memory)
    with Session(spawn=choose(runtime.value).spawn) as session:
        session.start()
        speaker = Repl(session, limits=limits)
        try:
            for block in blocks(sys.stdin.buffer):
                line = json.dumps(speaker.answer(block), ensure_ascii=False)
                sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n\n")
                sys.stdout.buffer.flush()
        except BrokenPipeError:  # the client went away
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.OK
