"""A candidate with its expected answer, and the checker that the kernel's tests share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.verify.kernel.export import Export, Level, Term, app, c
from tests.verify.kernel.library import eq, library, refl
from verify.base import Limits

LIBRARY = library().text()
LIMITS = Limits(seconds=20, memory_mb=2048, heartbeats=20_000, output_bytes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """Example: `Case(name="beta", build=lambda out: out.thm("t", TRUE, c("True.intro")))`."""

    name: str
    build: Callable[[Export], Export]
    rule: str | None = None
    """The rule that refuses it; None when it is accepted."""
    verdict: str = "rejected"
    """The verdict when there is a rule."""

    @property
    def expected(self) -> tuple[str, str | None]:
        """Verdict and rule."""
        return (self.verdict if self.rule else "accepted", self.rule)

    def text(self) -> str:
        return self.build(Export()).text()


def equal(name: str, type_: Term, a: Term, b: Term, level: Level, rule: str | None = None) -> Case:
    """The theorem a = b by reflexivity: accepted only if the two are definitionally equal."""

    def build(out: Export) -> Export:
        return out.thm("t", eq(type_, a, b, level), refl(type_, a, level))

    return Case(name=name, build=build, rule=rule)


def has_type(name: str, type_: Term, value: Term, rule: str | None = None, verdict: str = "rejected") -> Case:
    """A definition of that type and value."""
    return Case(name=name, build=lambda out: out.define("t", type_, value), rule=rule, verdict=verdict)


def identity(type_: Term, value: Term, level: Level) -> Term:
    return app(c("id", level), type_, value)
