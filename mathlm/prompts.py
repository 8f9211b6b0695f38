"""Problem -> Prompt: one place renders chat text, for inference and for training alike.

The format is ChatML as InternLM2 uses it. Roles follow InternLM2-Math (section 4, "solver" and
"prover"). A completion to a solve prompt is short reasoning, then a Python program in a fence that
prints the answer as its last line, then optionally a Lean statement in a fence, in which the word
`ANSWER` stands for the number that the program prints:

    Greatest common divisor of 12 and 18.
    ```python
    import math
    print(math.gcd(12, 18))
    ```
    ```lean
    theorem answer : Nat.gcd 12 18 = ANSWER
    ```

A completion to a prove prompt is what follows `:=`, for instance `by omega`.
"""

from __future__ import annotations

from mathlm.types import Prompt

IM_START = "<|im_start|>"
IM_END = "<|im_end|>"
END_OF_TEXT = "<|endoftext|>"
PAD = "<|pad|>"
SPECIAL_TOKENS = (END_OF_TEXT, IM_START, IM_END, PAD)

METHODS = ("Write a Python program.", "Write a Python program in another way.")
"""Two instructions for one question. The programs of the first and of the second are written
differently, so that their agreement means something."""


def _plain(text: str) -> str:
    """User text with special tokens defused, so that a question cannot open a turn of its own."""
    for token in SPECIAL_TOKENS:
        text = text.replace(token, token.replace("|", "¦"))
    return text.strip()


def _chat(user: str) -> Prompt:
    return Prompt(text=f"{IM_START}user\n{user}{IM_END}\n{IM_START}assistant\n", stop=(IM_END,))


def render_solve(question: str, *, method: int = 0) -> Prompt:
    """Prompt for a solution by program; `method` picks one of METHODS."""
    return _chat(f"{_plain(question)}\n{METHODS[method]}")


def render_prove(statement: str) -> Prompt:
    """Prompt for the proof of `theorem NAME BINDERS : TYPE` (no `:=`)."""
    return _chat(f"Prove in Lean 4:\n{_plain(statement)}")
