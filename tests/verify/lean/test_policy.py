"""Policy files are read strictly, and decide what real sources may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from mathlm.errors import UsageError
from mathlm.types import Reason
from verify.base import Limits
from verify.lean import policy
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=4096, heartbeats=200_000, output_bytes=20_000)
FALSE = "theorem f : (1 : Nat) + 1 = 3"


def written(folder: Path, **changed: str) -> Path:
    text = policy.SHIPPED.read_text("utf-8")
    for key, value in changed.items():
        lines = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in text.splitlines()]
        text = "\n".join(lines) + "\n"
    path = folder / "other.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_policy() -> None:
    shipped = policy.default()
    assert shipped.axioms == {"propext", "Quot.sound", "Classical.choice"}
    assert shipped.kinds >= policy.UNCHECKED_KINDS and not shipped.new_inductives and shipped.name == ""
    assert {"implemented_by", "extern", "csimp"} <= shipped.attributes
    assert shipped.forbids_option("debug.skipKernelTC") and not shipped.forbids_option("maxHeartbeats")


def test_a_file_of_the_same_form_is_read(tmp_path: Path) -> None:
    other = policy.load(written(tmp_path, axioms="[]", new_inductives="true"))
    assert (other.axioms, other.new_inductives, other.name) == (frozenset(), True, "other.toml")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"axioms": '["sorryAx"]'}, "sorryAx"),
        ({"axioms": "3"}, "list of strings"),
        ({"axioms": "[3]"}, "list of strings"),
        ({"kinds": '["unsafe", "partial", "quotient"]'}, "`opaque`"),
        ({"new_inductives": '"yes"'}, "true or false"),
        ({"new_inductives": "="}, "not TOML"),
        ({"new_inductives": "true\nmore = 1"}, "unknown key `more`"),
    ],
)
def test_what_is_no_policy_is_refused(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        policy.load(written(tmp_path, **changed))


def test_a_missing_key_or_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text("", "utf-8")
    with pytest.raises(UsageError, match="lacks `attributes`"):
        policy.load(path)
    with pytest.raises(UsageError, match="cannot read"):
        policy.load(tmp_path / "none.toml")


REFUSED = {
    "an axiom": (f"axiom cheat : False\n{FALSE} := cheat.elim", "axioms", Reason.AXIOM, (1, 6)),
    "an axiom in a namespace": (
        f"namespace A.B\n\n  axiom cheat : False\nend A.B\n{FALSE} := A.B.cheat.elim",
        "axioms",
        Reason.AXIOM,
        (3, 8),
    ),
    "sorry": (f"\n{FALSE} := sorry", "sorry", Reason.SORRY, (2, 8)),
    "opaque": ("opaque o : Nat\ntheorem f : o = o := rfl", "kinds", Reason.FORBIDDEN, (1, 7)),
    "an attribute": (
        "def g := 1\n@[implemented_by g] def h := 2\ntheorem f : h = 2 := rfl",
        "attributes",
        Reason.FORBIDDEN,
        (2, 2),
    ),
    "an attribute given later": (
        'def g := 1\ndef h := 2\nattribute [extern "x"] h\ntheorem f : h = 2 := rfl',
        "attributes",
        Reason.FORBIDDEN,
        (3, 11),
    ),
    "an option": (
        "set_option debug.skipKernelTC true\ntheorem f : True := trivial",
        "options",
        Reason.FORBIDDEN,
        (1, 11),
    ),
    "an option in a tactic": (
        "theorem f : True := by\n  set_option debug.byAsSorry true in\n  trivial",
        "options",
        Reason.FORBIDDEN,
        (2, 13),
    ),
    "an option in pieces": (
        "set_option debug.«skipKernelTC» true in\ntheorem f : True := trivial",
        "options",
        Reason.FORBIDDEN,
        (1, 11),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_real_source_is_refused_by_rule_and_place(lean: LeanVerifier, name: str) -> None:
    source, rule, reason, place = REFUSED[name]
    verdict = lean.check(source, limits=LIMITS)
    (theorem,) = verdict.theorems
    assert (verdict.reason, theorem.rule) == (reason, rule), verdict.detail
    assert (theorem.line, theorem.column) == place, theorem.detail


def test_harmless_attributes_and_options_are_allowed(lean: LeanVerifier) -> None:
    source = (
        "set_option maxRecDepth 1000\n@[simp] def two := 2\n"
        "set_option maxHeartbeats 400000 in\n@[simp] theorem f : two = 2 := by simp"
    )
    assert lean.check(source, limits=LIMITS).accepted


def test_another_policy_is_named_in_the_verdict(tmp_path: Path) -> None:
    rules = policy.load(written(tmp_path, axioms='["cheat"]'))
    with LeanVerifier(rules=rules) as lean:
        stated = f"axiom cheat : False\n{FALSE} := sorry"
        proof = f"axiom cheat : False\n{FALSE} := cheat.elim"
        verdict = lean.check(proof, statement=stated, limits=LIMITS)
        assert verdict.accepted and verdict.theorems[0].axioms == ("cheat",)
        assert "other.toml" in verdict.toolchain
        # the name alone is nothing: it must be the statement's axiom
        assert lean.check(proof, limits=LIMITS).reason is Reason.AXIOM
        other = f"axiom cheat : 1 = 1\n{FALSE} := sorry"
        assert lean.check(proof, statement=other, limits=LIMITS).reason is Reason.AXIOM
        assert lean.check(proof, statement=f"{FALSE} := sorry", limits=LIMITS).reason is Reason.AXIOM
        propext = "theorem f (p q : Prop) (h : p ↔ q) : p = q := propext h"
        assert lean.check(propext, limits=LIMITS).reason is Reason.AXIOM
