"""Results for a person: panels that show an answer, its certificate, and what stands behind it.

Contract: pure functions from records to text. Text of models and of candidates is shown as it is, but for
control characters (an escape sequence could rewrite the terminal), which become `�`; no markup is read.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterable, Sequence

from mathlm.pipeline import Conclusion
from mathlm.types import Certificate, ProofResult, Verdict

MEANING = {
    Certificate.LEAN: "Lean proved the formal statement below; make sure it says what you asked",
    Certificate.PYTHON: "two programs written in different ways gave equal answers",
    Certificate.VOTE: "the commonest answer of the samples; nothing was checked",
    Certificate.NONE: "nothing stands behind this answer",
}


BEYOND = "axioms beyond the library's"
"""What library theorems rest on themselves (propext, Quot.sound, Classical.choice) is not looked at: the
embedded library has no proofs of them."""
BORDER = 4
"""Columns of a panel's frame."""
HINT = "To find a certificate ask for more --samples, let programs be corrected (--turns 2), or reword it."
VACUOUS = "Beware: the hypotheses contradict each other, so this says nothing about its conclusion."


def show_solution(found: Conclusion) -> str:
    """Answer, certificate, the statement with its proof, and the programs behind the answer."""
    solution = found.solution
    if solution.answer is None:
        title, lines = "no answer", ["No program printed an answer: try more --samples or another --model."]
        return _panels([(title, "\n".join(lines), "red")])
    votes = ", ".join(f"{answer} ({n})" for answer, n in solution.votes.items())
    summary = f"{solution.answer}\n\ncertificate: {solution.certificate} — {MEANING[solution.certificate]}"
    summary += f"\nvotes: {votes}\n{solution.seconds:.1f} s"
    good = solution.certificate in (Certificate.LEAN, Certificate.PYTHON)
    if not good:
        summary += f"\n{HINT}"
    panels = [("answer", summary, "green" if good else "yellow")]
    if found.proof is not None and solution.formal_statement is not None:
        panels.append(("Lean", _proved(found.proof), "green"))
    if solution.program is not None:
        panels.append(("program", f"{solution.reasoning}\n\n{solution.program}".strip(), "blue"))
    if solution.second_program is not None:
        panels.append(("second program", solution.second_program, "blue"))
    return _panels(panels)


def show_proof(result: ProofResult) -> str:
    """The proof with what it rests on, or why there is none."""
    if result.proof is not None:
        body = f"{_proved(result)}\n\n{result.attempts} attempts, {result.seconds:.1f} s"
        return _panels([("proved", body, "green")])
    why = f"{result.statement}\n\n{result.status}: {result.detail}\n{result.toolchain}"
    if result.disproof is not None:
        return _panels([("false", why.rstrip(), "red"), ("disproof", result.disproof, "green")])
    return _panels([("not proved", why.rstrip(), "red")])


def show_verdict(verdict: Verdict) -> str:
    """The verdict on a file, theorem by theorem, then Lean's messages."""
    title = f"{verdict.status}" + (f": {verdict.reason}" if verdict.reason else "")
    lines = []
    for theorem in verdict.theorems:
        mark = "✓" if theorem.status == "accepted" else "✗"
        axioms = ", ".join(theorem.axioms) or "none"
        lines.append(f"{mark} {theorem.statement or theorem.name}   ({BEYOND}: {axioms})")
        if theorem.detail:
            lines.append(f"    {theorem.detail}")
        if theorem.vacuous:
            lines.append(f"    {VACUOUS}")
    if not verdict.accepted and all(theorem.status == "accepted" for theorem in verdict.theorems):
        lines.append(f"✗ {verdict.detail or 'the file is refused as a whole: see the messages'}")
    lines.append(f"{verdict.toolchain}, {verdict.seconds:.2f} s".lstrip(", "))
    panels = [(title, "\n".join(lines), "green" if verdict.accepted else "red")]
    messages = [f"{m.line}:{m.column}: {m.severity}: {m.text}" for m in verdict.messages]
    return _panels([*panels, *([("messages", "\n".join(messages), "blue")] if messages else [])])


def table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """Two columns, for the summary of an evaluation."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=title, box=box.SIMPLE, show_header=False)
    for name, value in rows:
        grid.add_row(Text(name), Text(value))
    return _text(grid)


def _proved(result: ProofResult) -> str:
    axioms = ", ".join(result.axioms) or "none"
    behind = f"found by: {result.origin}\n{BEYOND}: {axioms}\ntoolchain: {result.toolchain}"
    notes = [result.detail] if result.detail else []
    notes += [VACUOUS] if result.vacuous else []
    return "\n".join([f"{result.statement} := {result.proof}\n", behind, *notes])


def _panels(parts: Sequence[tuple[str, str, str]]) -> str:
    from rich.cells import cell_len
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    longest = max(cell_len(line) for _, body, _ in parts for line in _printable(body).split("\n"))
    panels = (Panel(Text(_printable(body)), title=title, title_align="left", border_style=colour)
              for title, body, colour in parts)  # fmt: skip
    return _text(Group(*panels), longest=longest)


def _text(renderable: object, *, longest: int = 0) -> str:
    """As wide as the terminal; where there is none, lines are not broken, so that proofs can be copied."""
    from rich.console import Console

    stream = io.StringIO()
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    if not sys.stdout.isatty():
        width = max(width, longest + BORDER)
    Console(file=stream, width=width, force_terminal=sys.stdout.isatty()).print(renderable)
    return stream.getvalue().rstrip("\n")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else "    " if c == "\t" else "�" for c in text)
