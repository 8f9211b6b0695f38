"""Problem -> Prompt: one place renders chat text, for inference and for training alike.

The format is ChatML as InternLM2 uses it. The roles are those of InternLM2-Math (arXiv:2402.06332, section 4:
solver, prover, verifier, augmentor), asked of Lean 4. A completion to a solve prompt is short reasoning, then
a Python program in a fence that prints the answer as its last line, then optionally a Lean statement in a
fence, in which the word `ANSWER` stands for the number that the program prints:

    Greatest common divisor of 12 and 18.
    ```python
    import math
    print(math.gcd(12, 18))
    ```
    ```lean
    theorem answer : Nat.gcd 12 18 = ANSWER
    ```

A completion to a prove or repair prompt is what follows `:=`, for instance `by omega`; to a sketch prompt the
same with `sorry` at the open steps; to a tactic prompt one tactic; to a yes/no or A/B prompt one word, whose
probability is the score.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from mathlm.types import Prompt

IM_START = "<|im_start|>"
IM_END = "<|im_end|>"
END_OF_TEXT = "<|endoftext|>"
PAD = "<|pad|>"
SPECIAL_TOKENS = (END_OF_TEXT, IM_START, IM_END, PAD)

METHODS = ("Write a Python program.", "Write a Python program in another way.")
"""Two instructions for one question. The programs of the first and of the second are written
differently, so that their agreement means something."""

LEMMAS = "\nLemmas:"
"""Stands between a statement and the lemmas that may help."""
YES, NO = "Yes", "No"
FIRST, SECOND = "A", "B"


class Augmentation(StrEnum):
    """How a problem is turned into another one."""

    REPHRASE = "Describe this problem in another way."
    BASED_ON = "Please augment a new problem based on:"
    HARDER = "Increase the complexity of the problem:"
    NUMBERS = "Change specific numbers:"
    FRACTIONS = "Introduce fractions or percentages:"


class Domain(StrEnum):
    """What a reward is about. Each has its own system prompt, so that one model judges all (COOL RLHF)."""

    SOLVE = "solve"
    PROVE = "prove"
    STEPS = "steps"


REWARD_SYSTEM = {
    Domain.SOLVE: "Score whether the program answers the question.",
    Domain.PROVE: "Score whether the proof proves the theorem in Lean 4.",
    Domain.STEPS: "Score whether the steps so far lead to a right answer.",
}


def _plain(text: str) -> str:
    """User text with special tokens defused, so that a question cannot open a turn of its own."""
    for token in SPECIAL_TOKENS:
        text = text.replace(token, token.replace("|", "¦"))
    return text.strip()


def _chat(user: str) -> Prompt:
    return Prompt(text=f"{IM_START}user\n{user}{IM_END}\n{IM_START}assistant\n", stop=(IM_END,))


def render_chat(turns: Sequence[tuple[str, str]]) -> Prompt:
    """Prompt for the answer to a chat of (role, text), as a checkpoint's chat template renders it."""
    text = "".join(f"{IM_START}{role}\n{_plain(words)}{IM_END}\n" for role, words in turns)
    return Prompt(text=f"{text}{IM_START}assistant\n", stop=(IM_END,))


def render_solve(question: str, *, method: int = 0) -> Prompt:
    """Prompt for a solution by program; `method` picks one of METHODS."""
    return _chat(f"{_plain(question)}\n{METHODS[method]}")


def render_turn(before: Prompt, answer: str, output: str) -> Prompt:
    """Prompt for another answer after the environment's output to one (InternLM2's `environment` role)."""
    turn = f"{_plain(answer)}{IM_END}\n{IM_START}environment\n{_plain(output)}{IM_END}\n{IM_START}assistant\n"
    return Prompt(text=before.text + turn, stop=before.stop)


def render_reason(question: str) -> Prompt:
    """Prompt for a solution in words that ends with a line `Answer: …`."""
    return _chat(_plain(question))


def render_solve_lean(question: str) -> Prompt:
    """Prompt for `theorem answer : … := proof` in a fence: statement, value and proof at once."""
    return _chat(f"{_plain(question)}\nSolve this via Lean 4")


def render_prove(statement: str, *, premises: Sequence[str] = ()) -> Prompt:
    """Prompt for the proof of `theorem NAME BINDERS : TYPE` (no `:=`).

    `premises` are lines `NAME BINDERS : TYPE` of lemmas that may help, the best last.
    """
    return _chat(f"Prove in Lean 4:\n{_plain(statement)}{_lemmas(premises)}")


def render_repair(statement: str, proof: str, error: str, *, premises: Sequence[str] = ()) -> Prompt:
    """Prompt for a corrected proof, given one that failed and Lean's words (Goedel-Prover-V2, section 3)."""
    return _chat(
        f"Correct this proof in Lean 4:\n{_plain(statement)} := {_plain(proof)}\n"
        f"Lean says:\n{_plain(error)}{_lemmas(premises)}"
    )


def render_sketch(statement: str, *, premises: Sequence[str] = ()) -> Prompt:
    """Prompt for a proof with `sorry` at the steps that are left to prove (DeepSeek-Prover-V2, section 2)."""
    return _chat(f"Sketch a proof in Lean 4:\n{_plain(statement)}{_lemmas(premises)}")


def render_tactic(state: str, *, premises: Sequence[str] = ()) -> Prompt:
    """Prompt for one tactic on a tactic state (hypotheses and `⊢ goal`, as Lean prints them)."""
    return _chat(f"Given the Lean 4 tactic state, suggest a next tactic:\n{_plain(state)}{_lemmas(premises)}")


def render_conjecture(statement: str) -> Prompt:
    """Prompt for a new statement near a known one (STP, arXiv:2502.00212)."""
    return _chat(f"State a new theorem in Lean 4 like this one:\n{_plain(statement)}")


def render_formalise(text: str) -> Prompt:
    return _chat(f"Convert this natural language statement into a Lean 4 theorem statement:\n{_plain(text)}")


def render_informalise(lean: str) -> Prompt:
    return _chat(f"Convert this Lean 4 code into a natural language problem with answers:\n{_plain(lean)}")


def render_judge_outcome(question: str, answer: str) -> Prompt:
    """Prompt for YES or NO: whether the answer (with its reasoning) is right."""
    return _chat(
        "Given a question and an answer, check is it correct?\n"
        f"Question:{_plain(question)}\nAnswer:{_plain(answer)}"
    )


def render_judge_steps(question: str, steps: Sequence[str]) -> Prompt:
    """Prompt for a line YES or NO for each step."""
    numbered = "\n".join(f"{i}. {_plain(step)}" for i, step in enumerate(steps, start=1))
    return _chat(
        "Given a question and an answer, check correctness of each step.\n"
        f"Question:{_plain(question)}\nAnswer:\n{numbered}"
    )


def render_compare(question: str, first: str, second: str) -> Prompt:
    """Prompt for FIRST or SECOND: which answer is better."""
    return _chat(
        "Given a question and two answers, which one is better?\n"
        f"Question:{_plain(question)}\n{FIRST}:{_plain(first)}\n{SECOND}:{_plain(second)}"
    )


def render_reward(domain: Domain, question: str) -> Prompt:
    """What stands before the answer that a reward model scores; `question` may be a Lean statement."""
    return Prompt(text=f"{IM_START}system\n{REWARD_SYSTEM[domain]}{IM_END}\n{_chat(_plain(question)).text}")


def render_augment(question: str, how: Augmentation) -> Prompt:
    """Prompt for another problem made from this one."""
    return _chat(f"{how} {_plain(question)}")


def _lemmas(premises: Sequence[str]) -> str:
    return "".join([LEMMAS, *(f"\n{_plain(premise)}" for premise in premises)]) if premises else ""
