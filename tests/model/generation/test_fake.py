"""The scripted backend keeps the contract of a real one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mathlm.types import Completion, Prompt, SamplingParams
from model.generation import Backend
from model.generation.fake import FakeBackend

PARAMS = SamplingParams(max_tokens=3)


def test_a_list_is_dealt_out_in_order_and_again() -> None:
    backend: Backend = FakeBackend(["a", "b", "c"])
    prompts = [Prompt(text="x")] * 2
    assert [x.text for x in backend.generate(prompts, PARAMS)] == ["a", "b"]
    assert [x.text for x in backend.generate(prompts, PARAMS)] == ["c", "a"]


def test_a_mapping_goes_by_the_text_of_the_prompt() -> None:
    backend = FakeBackend({"2+2": ["4", "5"], "gcd": ["6"]}, name="scripted")
    done: list[int] = []
    prompts = [Prompt(text="gcd?"), Prompt(text="is 2+2 ?"), Prompt(text="2+2 again")]
    assert [x.text for x in backend.generate(prompts, PARAMS, progress=done.append)] == ["6", "4", "5"]
    assert done == [1, 1, 1] and backend.prompts == prompts and backend.name == "scripted"
    with pytest.raises(KeyError, match="what"):
        backend.generate([Prompt(text="what")], PARAMS)


def test_long_texts_are_cut() -> None:
    (out,) = FakeBackend(["one two three four"]).generate([Prompt(text="x")], PARAMS)
    assert out == Completion(text="one two three", finish="length", tokens=3, logprob=0.0)


def test_one_string_is_refused() -> None:
    with pytest.raises(TypeError, match="list"):
        FakeBackend("abc")


def test_the_seam_loads_no_torch() -> None:
    code = "import sys, model.generation, model.generation.fake; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
