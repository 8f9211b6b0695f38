"""The `mathlm` command: picks the verb, imports only that verb's file, turns errors into exit codes.

Each verb is a function of the same name in its own file with typer annotations (`train` and `data`
are typer apps of several verbs). It returns its exit code, or raises; see `mathlm.cli.output`.
Only the file of the verb that was asked for is imported, so `mathlm --help` stays quick.
Not covered: shell completion.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import typer

from mathlm import __version__
from mathlm.cli.output import ExitCode, report_error
from mathlm.errors import UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class Verb:
    """Where a verb lives. Example: `Verb(module="mathlm.cli.solve", target="solve", help="…")`."""

    module: str
    target: str
    help: str


VERBS = {
    "solve": Verb(
        module="mathlm.cli.solve", target="solve", help="Solve a question; the answer has a certificate."
    ),
    "prove": Verb(module="mathlm.cli.prove", target="prove", help="Prove a Lean 4 theorem."),
    "check": Verb(module="mathlm.cli.check", target="check", help="Judge the theorems of a Lean file."),
    "repl": Verb(
        module="mathlm.cli.repl",
        target="repl",
        help="Speak the Lean REPL's JSON; only `mathlm check` certifies.",
    ),
    "eval": Verb(
        module="mathlm.cli.eval", target="evaluate", help="Measure solving, proving or a reward model."
    ),
    "train": Verb(
        module="mathlm.cli.train", target="app", help="Pre-train, fine-tune, and train a reward model."
    ),
    "loop": Verb(
        module="mathlm.cli.loop",
        target="loop",
        help="Sample, verify, train, measure, again: the training loop.",
    ),
    "data": Verb(module="mathlm.cli.data", target="app", help="Generate and extract training data."),
    "serve": Verb(
        module="mathlm.cli.serve", target="serve", help="Serve checking, proving and solving over HTTP."
    ),
    "keys": Verb(module="mathlm.cli.keys", target="app", help="The API keys of `mathlm serve`."),
    "setup": Verb(module="mathlm.cli.setup", target="setup", help="Fetch the embedded Lean and Python."),
    "doctor": Verb(module="mathlm.cli.doctor", target="doctor", help="Show what this machine has and lacks."),
}


def build(verb: str | None) -> typer.Typer:
    """The command-line tree with `verb` imported and the others present by name and help only."""
    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="Machine-checked mathematical reasoning: every answer comes with a certificate.",
    )
    app.callback()(_options)
    for name, spec in VERBS.items():
        target = getattr(importlib.import_module(spec.module), spec.target) if name == verb else _unimported
        if isinstance(target, typer.Typer):
            app.add_typer(target, name=name, help=spec.help)
        else:
            app.command(name, help=spec.help)(target)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"mathlm {__version__}")
        raise typer.Exit()


def _options(
    version: bool = typer.Option(
        False, "--version", is_eager=True, callback=_print_version, help="Print the version and stop."
    ),
) -> None:
    """Options of `mathlm` itself, in front of the verb."""


def _unimported() -> None:
    raise AssertionError("a verb that was not asked for was called")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code. `argv` leaves out the program's name."""
    args = list(sys.argv[1:] if argv is None else argv) or ["--help"]
    as_json = "--json" in args
    try:
        for position, arg in enumerate(args, 1):
            if any("\ud800" <= c <= "\udfff" for c in arg):
                raise UsageError(f"argument {position} is not valid UTF-8: write it as UTF-8, or use a file")
        app = build(next((arg for arg in args if not arg.startswith("-")), None))
        code = app(args=args, prog_name="mathlm", standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:
        return report_error(error, as_json=as_json)
    if code == ExitCode.INTERRUPTED:
        return report_error(KeyboardInterrupt(), as_json=as_json)
    return int(code or 0)


if __name__ == "__main__":
    sys.exit(main())
