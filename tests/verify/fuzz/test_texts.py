"""No text, however damaged, makes a kernel accept a false statement, crash, hang, grow or restart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.verify.fuzz import rows
from tests.verify.fuzz.bases import FALSE, TRUE_SOURCES
from tests.verify.fuzz.conftest import cases
from tests.verify.fuzz.oracle import Judge, Kernel
from tests.verify.fuzz.strategies import damaged, grown


@cases(0.25)
@given(data=st.data(), name=st.sampled_from(FALSE))
def test_the_judge_and_grown_texts(judge: Judge, data: st.DataObject, name: str) -> None:
    judge.text(name, data.draw(grown(judge.bases[name])), "grown")


@cases(0.25)
@given(data=st.data(), name=st.sampled_from(FALSE))
def test_the_judge_and_damaged_exports(judge: Judge, data: st.DataObject, name: str) -> None:
    judge.text(name, data.draw(damaged(judge.bases, name)), "damaged")


@cases(0.2)
@given(data=st.data(), name=st.sampled_from(FALSE))
def test_the_second_kernel_and_grown_texts(kernel: Kernel, data: st.DataObject, name: str) -> None:
    kernel.text(name, data.draw(grown(kernel.judge.bases[name])), "grown")


@cases(0.2)
@given(data=st.data(), name=st.sampled_from(FALSE))
def test_the_second_kernel_and_damaged_exports(kernel: Kernel, data: st.DataObject, name: str) -> None:
    kernel.text(name, data.draw(damaged(kernel.judge.bases, name)), "damaged")


def test_what_is_damaged_is_good(judge: Judge) -> None:
    """The true exports are accepted before the damage, the false ones rest on an axiom."""
    for name in TRUE_SOURCES:
        assert judge.accepts(name, rows.write(judge.bases[name])), name
    for name in FALSE:
        assert not judge.accepts(name, rows.write(judge.bases[name])), name


def test_a_false_statement_with_a_true_proof_is_understood(judge: Judge) -> None:
    """Joined exports are read to their end: what refuses them is a kernel."""
    text = rows.joined(judge.bases["false"][:-1], judge.bases["choice"])
    claim = text.pop()
    said = judge.bases["false"][-1]["thm"]
    text.append({"thm": {**said, "value": claim["thm"]["value"]}})
    judge.text("false", rows.write(text), "joined")
    assert judge.counts["judge, joined: kernel"] == 1
