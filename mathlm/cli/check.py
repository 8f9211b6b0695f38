"""`mathlm check FILE.lean [--statement CHALLENGE.lean]`: the verdict on a Lean file.

Without `--statement` every theorem of the file is judged against its own statement; with it, every
`theorem … := sorry` of the challenge must be proved by the file under the same name and statement.
JSON: `status, reason, detail, messages, theorems, toolchain, limits, seconds`. Exit code 0 accepted, 1 not, 3
when the machine failed. `-` is stdin.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from mathlm.cli import options, output, views
from mathlm.errors import UsageError
from mathlm.types import Status, to_json

MAX_FILE = 1_000_000
"""Characters of a file to check."""


def check(
    file: Annotated[Path, typer.Argument(help="A Lean file; '-' is stdin.")],
    statement: Annotated[
        Path | None, typer.Option("--statement", help="The trusted statements, each ending in ':= sorry'.")
    ] = None,
    timeout: options.Timeout = 60.0,
    paranoid: options.Paranoid = False,
    policy: Annotated[
        Path | None,
        typer.Option("--policy", help="Rules in a TOML file like the shipped policy.toml."),
    ] = None,
    forbid: Annotated[
        list[str] | None,
        typer.Option("--forbid", help="A library constant that no proof may use, in full. Repeatable."),
    ] = None,
    runtime: options.RuntimeOption = options.Runtime.AUTO,
    verifier: options.VerifierUrls = None,
    as_json: output.Json = False,
) -> int:
    """Judge the theorems of a Lean file."""
    if statement is not None and str(file) == str(statement) == "-":
        raise UsageError("the file and the statement cannot both be stdin: name a file for one of them")
    source = _read(file)
    challenge = _read(statement) if statement is not None else None
    from verify.lean.policy import load
    from verify.lean.protocol import PRELUDE
    from verify.lean.vacuity import vacuous

    rules = load(policy) if policy is not None else None
    limits = options.lean_limits(timeout)
    with (
        output.progress("Checking", total=None),
        options.checker(1, runtime, paranoid=paranoid, rules=rules, urls=verifier) as lean,
    ):
        verdict = lean.check(
            source, statement=challenge, limits=limits, describe=True, forbidden=tuple(forbid or ())
        )
        header = "import Mathlib\n" if PRELUDE in verdict.toolchain else ""
        theorems = tuple(
            replace(theorem, vacuous=vacuous(lean, f"{header}theorem {theorem.statement}", limits=limits))
            if theorem.status is Status.ACCEPTED and theorem.vacuous is None  # a server says it itself
            else theorem
            for theorem in verdict.theorems
        )
        verdict = replace(verdict, theorems=theorems)
    document = {**to_json(verdict), "limits": to_json(limits)}
    del document["output"]  # of programs, not of proofs
    output.emit(document, views.show_verdict(verdict), as_json=as_json)
    if verdict.status is Status.INFRA_ERROR:
        return output.ExitCode.INFRA
    return output.ExitCode.OK if verdict.accepted else output.ExitCode.NOT_VERIFIED


def _read(path: Path) -> str:
    text = output.read_text(path)
    if not text.strip():
        raise UsageError(f"{path} is empty: write a theorem with its proof")
    if len(text) > MAX_FILE:
        raise UsageError(f"{path} has {len(text):,} characters, at most {MAX_FILE:,} are checked: split it")
    return text
