"""The parser: every deviation from the format is refused, and nothing that it is given breaks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.verify.kernel.cases import LIBRARY, LIMITS
from tests.verify.kernel.export import (
    Export,
    Term,
    app,
    c,
    lam,
    let,
    mdata,
    nat,
    pi,
    proj,
    string,
    zero,
)
from tests.verify.kernel.library import META, NAT, ONE, PROP, SUCC, TRUE, ZERO, eq, library, refl
from verify.kernel import KernelAnswer, KernelChecker

GOOD = Export().raw({"meta": META})
GOOD.define(
    "k", NAT, let(NAT, nat(1), lambda x: mdata(proj("Pair", 0, app(c("Pair.mk"), NAT, NAT, x, ZERO))))
)
GOOD.define("word", c("String"), string('a\\"b\u03bb'))
GOOD.thm("t", pi(NAT, lambda x: eq(NAT, x, x)), lam(NAT, lambda x: refl(NAT, x)))
LINES = GOOD.text().splitlines()
WRONG = Export().thm("t", c("False"), c("p")).text().splitlines()


def check(kernel: KernelChecker, lines: list[str], target: str | None = "t") -> KernelAnswer:
    return kernel.check("\n".join(lines) + "\n", LIBRARY, target, LIMITS)


def line(**item: Any) -> str:
    return json.dumps(item)


def test_the_text_that_is_mutated_here_is_good(kernel: KernelChecker) -> None:
    assert check(kernel, LINES).accepted
    assert check(kernel, [line.replace(": ", ":") for line in LINES[1:]]).accepted


NAME = {"pre": 0, "str": "a"}
BINDER = {"name": 0, "type": 0, "body": 0, "binderInfo": "default"}
BAD_LINES = {
    "no JSON": "{",
    "an empty line": "",
    "a list": "[]",
    "a number": "1",
    "null": "null",
    "nothing": "{}",
    "two values": '{"in": 1, "str": {"pre": 0, "str": "a"}} {}',
    "an unknown key": line(**{"in": 1, "str": NAME, "x": 1}),
    "an unknown kind": line(**{"in": 1, "foo": NAME}),
    "a kind alone": line(str=NAME),
    "an index alone": '{"in": 1}',
    "two kinds": line(**{"in": 1, "str": NAME, "num": {"pre": 0, "i": 1}}),
    "two tags": line(**{"in": 1, "il": 1}),
    "the wrong tag": line(**{"ie": 0, "str": NAME}),
    "a prototype's key": '{"in": 1, "constructor": {"pre": 0, "str": "a"}}',
    "__proto__": '{"in": 1, "__proto__": {"pre": 0, "str": "a"}}',
    "__proto__ inside": '{"in": 1, "str": {"pre": 0, "__proto__": {"str": "a"}}}',
    "a key twice": '{"in": 1, "in": 1, "str": {"pre": 0, "str": "a"}}',
    "a key twice, escaped": '{"in": 1, "\\u0069n": 1, "str": {"pre": 0, "str": "a"}}',
    "a key twice inside": '{"in": 1, "str": {"pre": 0, "pre": 0, "str": "a"}}',
    "a missing key": line(**{"in": 1, "str": {"pre": 0}}),
    "an exponent": '{"in": 1e0, "str": {"pre": 0, "str": "a"}}',
    "a fraction": '{"in": 1.0, "str": {"pre": 0, "str": "a"}}',
    "a leading zero": '{"in": 01, "str": {"pre": 0, "str": "a"}}',
    "a negative zero": '{"in": 1, "str": {"pre": -0, "str": "a"}}',
    "a negative number": line(**{"in": 1, "str": {"pre": -1, "str": "a"}}),
    "a number as text": line(**{"in": 1, "str": {"pre": "0", "str": "a"}}),
    "a text as number": line(**{"in": 1, "str": {"pre": 0, "str": 0}}),
    "a large number": '{"in": 1, "num": {"pre": 0, "i": 9007199254740993}}',
    "a forward reference": line(**{"in": 1, "str": {"pre": 1, "str": "a"}}),
    "an index that skips": line(**{"in": 2, "str": NAME}),
    "the index of the anonymous name": line(**{"in": 0, "str": NAME}),
    "the index of level zero": line(il=0, succ=0),
    "a level with one argument": line(il=1, max=[0]),
    "a level with three": line(il=1, max=[0, 0, 0]),
    "a level of no levels": line(il=1, max=["0", "0"]),
    "an anonymous parameter": line(il=1, param=0),
    "a lone surrogate": '{"in": 1, "str": {"pre": 0, "str": "\\ud800"}}',
    "a control character": '{"in": 1, "str": {"pre": 0, "str": "a\tb"}}',
    "a bad escape": '{"in": 1, "str": {"pre": 0, "str": "\\x"}}',
    "single quotes": "{'in': 1}",
    "a comma too many": '{"in": 1, "str": {"pre": 0, "str": "a",}}',
    "a comment": '{"in": 1, "str": {"pre": 0, "str": "a"}} //',
    "a BOM": '\ufeff{"in": 1, "str": {"pre": 0, "str": "a"}}',
    "NaN": '{"ie": 0, "bvar": NaN}',
    "natVal as a number": line(ie=0, natVal=5),
    "natVal, negative": line(ie=0, natVal="-5"),
    "natVal, hexadecimal": line(ie=0, natVal="0x5"),
    "natVal, empty": line(ie=0, natVal=""),
    "natVal, space": line(ie=0, natVal=" 5"),
    "natVal, leading zero": line(ie=0, natVal="05"),
    "natVal, other digits": line(ie=0, natVal="\u0665"),
    "natVal, line end": line(ie=0, natVal="5\n"),
    "strVal as a number": line(ie=0, strVal=5),
    "bvar too large": line(ie=0, bvar=2**40),
    "an expression before any": line(ie=0, app={"fn": 0, "arg": 0}),
    "an unknown binder": line(ie=0, lam={**BINDER, "binderInfo": "other"}),
    "levels that are no list": line(ie=0, const={"name": 0, "us": 0}),
    "mdata without data": line(ie=0, mdata={"expr": 0}),
    "a definition of nothing": line(**{"def": {}}),
    "an inductive of nothing": line(inductive={"types": [], "ctors": [], "recs": []}),
    "too deep": '{"in": 1, "str": ' + "[" * 100_000,
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_a_bad_line_is_malformed(kernel: KernelChecker, bad: str) -> None:
    answer = check(kernel, [bad], None)
    assert (answer.verdict, answer.rule) == ("rejected", "malformed"), answer
    assert answer.reason.startswith("line 1:")


@pytest.mark.parametrize(
    "change",
    [
        {"name": 0},
        {"levelParams": [0]},
        {"levelParams": 0},
        {"type": 10**6},
        {"type": None},
        {"value": -1},
        {"all": [10**6]},
        {"extra": 1},
        {"isUnsafe": False},
    ],
    ids=str,
)
def test_a_bad_theorem_is_malformed(kernel: KernelChecker, change: dict[str, Any]) -> None:
    last = json.loads(LINES[-1])
    last["thm"].update(change)
    answer = check(kernel, [*LINES[:-1], json.dumps(last)])
    assert (answer.verdict, answer.rule) == ("rejected", "malformed"), answer
    assert answer.reason.startswith(f"line {len(LINES)}:")


@pytest.mark.parametrize(
    "change", [{"hints": "none"}, {"hints": {}}, {"hints": {"regular": "1"}}, {"safety": "no"}]
)
def test_a_bad_definition_is_malformed(kernel: KernelChecker, change: dict[str, Any]) -> None:
    text = Export().define("t", NAT, ZERO, **change).text()
    assert check(kernel, text.splitlines()).rule == "malformed"


def test_meta_comes_first(kernel: KernelChecker) -> None:
    answer = check(kernel, [*LINES[1:], LINES[0]])
    assert (answer.verdict, answer.rule) == ("rejected", "malformed")
    assert check(kernel, [LINES[0], *LINES]).rule == "malformed"


def test_another_version_is_declined(kernel: KernelChecker) -> None:
    first = LINES[0].replace("3.1.0", "2.0.0")
    answer = check(kernel, [first, *LINES[1:]])
    assert (answer.verdict, answer.rule) == ("declined", "format")


@pytest.mark.parametrize("part", ["a.b", "1", "", "a b", "«a»"])
def test_a_name_of_strange_parts_is_no_dotted_name(kernel: KernelChecker, part: str) -> None:
    """A single part «a.b» must not pass for the target a.b."""
    out = Export()
    out.add("in", {"str": {"pre": 0, "str": part}})
    out._seen["in" + json.dumps({"str": {"pre": 0, "str": "t"}}, sort_keys=True)] = 1
    out.thm("t", TRUE, c("True.intro"))
    assert check(kernel, out.text().splitlines(), None).accepted
    answer = check(kernel, out.text().splitlines(), part)
    assert (answer.verdict, answer.rule) == ("rejected", "target")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_lines_are_never_accepted_wrongly(kernel: KernelChecker, data: st.DataObject) -> None:
    """Characters are changed: the answer comes, and where `t : False` was claimed it is no acceptance."""
    wrong = data.draw(st.booleans())
    lines = list(WRONG if wrong else LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.integers(0, len(lines) - 1))
        at = data.draw(st.integers(0, len(lines[row])))
        cut = data.draw(st.integers(0, 3))
        new = data.draw(st.text(alphabet='0123456789{}[]":,eE.-+abinl\\u \n', max_size=3))
        lines[row] = lines[row][:at] + new + lines[row][at + cut :]
    answer = check(kernel, lines)
    assert answer.rule not in {"internal", "protocol", "infra_error", "timeout"}, answer
    assert not (wrong and answer.accepted), answer


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_numbers_are_never_accepted_wrongly(kernel: KernelChecker, data: st.DataObject) -> None:
    """References inside a wrong proof of `t : False` are changed: it stays readable and must stay wrong.

    Names, constants and the theorem's own line stay, so that `t` goes on to state False.
    """
    lines = [json.loads(text) for text in FALSE_PROOF]
    rows = [row for row, item in enumerate(lines) if item.keys() & {"app", "lam", "forallE", "bvar"}]
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.sampled_from(rows))
        holder, key = data.draw(st.sampled_from(list(numbers(lines[row]))))
        holder[key] = data.draw(st.integers(0, len(lines)))
    answer = check(kernel, [json.dumps(item) for item in lines])
    assert answer.verdict in {"rejected", "declined"}, answer
    assert answer.rule not in {"internal", "protocol", "infra_error", "timeout"}, answer


def numbers(item: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """(holder, key) of every number in the line, but for its own index."""
    for key, value in item.items():
        if isinstance(value, int) and key != "ie":
            yield item, key
        elif isinstance(value, dict):
            yield from numbers(value)


def choose(x: Term) -> Term:
    """True at zero, False above."""
    step = lam(NAT, lambda _: lam(PROP, lambda _: c("False")))
    return app(c("Nat.rec", ONE), lam(NAT, lambda _: PROP), TRUE, step, x)


CLAIM = pi(NAT, lambda x: pi(NAT, lambda y: eq(NAT, x, app(SUCC, y))))


def false_proof(*, with_claim: bool) -> Export:
    """`t : False` from `claim : forall x y, x = y + 1`, whose proof is wrong."""
    out = Export()
    if with_claim:
        out.thm("claim", CLAIM, lam(NAT, lambda x: lam(NAT, lambda y: refl(NAT, app(SUCC, y)))))
    motive = lam(NAT, lambda x: lam(eq(NAT, ZERO, x), lambda _: choose(x)))
    cast = app(c("Eq.rec", zero, ONE), NAT, ZERO, motive, c("True.intro"), app(SUCC, ZERO))
    out.thm("t", c("False"), app(cast, app(c("claim"), ZERO, ZERO)))
    return out


FALSE_PROOF = false_proof(with_claim=True).text().splitlines()


def test_the_false_proof_is_wrong_in_one_place_only(kernel: KernelChecker) -> None:
    answer = check(kernel, FALSE_PROOF)
    assert (answer.verdict, answer.declaration, answer.rule) == ("rejected", "claim", "value-type")
    trusted = library().axiom("claim", CLAIM).text()
    with KernelChecker() as other:
        assert other.check(false_proof(with_claim=False).text(), trusted, "t", LIMITS).accepted
