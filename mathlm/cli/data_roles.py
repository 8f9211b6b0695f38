"""`mathlm data roles`: fine-tuning lines for every role, labelled by the verifier or by our generators.

Exit codes: 0 made, 2 bad options or data, 3 the machine. The same command again continues a stopped one.
See `training.data.roles`.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from mathlm.cli import options
from mathlm.cli.output import MAX_SEED, ExitCode, Json, emit, progress


def roles(
    out: Annotated[Path, typer.Option("--out", help="New folder: one file a role.")],
    solutions: Annotated[
        list[Path] | None, typer.Option("--solutions", help="samples.jsonl of `mathlm eval solve`.")
    ] = None,
    proofs: Annotated[
        list[Path] | None,
        typer.Option("--proofs", help="samples.jsonl of `eval prove`, lines of `data theorems`."),
    ] = None,
    count: Annotated[int, typer.Option(min=0, help="Lines of each role that generators make.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Of the generators.")] = 0,
    use_lean: Annotated[
        bool, typer.Option("--with-lean/--no-lean", help="Tactic states, sketches, repairs and statements.")
    ] = True,
    workers: options.Workers = 1,
    runtime: options.RuntimeOption = options.Runtime.AUTO,
    as_json: Json = False,
) -> int:
    """Lines for all roles: solve, prove, repair, sketch, next tactic, formalise, judge, augment, …"""
    from training.data.roles.make import RolesConfig, make

    config = RolesConfig(
        out=out, solutions=tuple(solutions or ()), proofs=tuple(proofs or ()), count=count, seed=seed
    )
    with ExitStack() as stack:
        lean = stack.enter_context(options.lean(workers, runtime)) if use_lean else None
        bar = stack.enter_context(progress("Looking at proofs", total=None))
        manifest = make(config, lean=lean, progress=bar.set)
    made = ", ".join(f"{role} {lines:,}" for role, lines in manifest["lines"].items())
    emit(manifest | {"out": str(out)}, f"{out}: {made}", as_json=as_json)
    return ExitCode.OK
