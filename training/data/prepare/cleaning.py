"""Cleaning rules: each a small pure function that says why a text is dropped, or None.

`verdict(text, rules)` runs RULES in order and names the first that objects; the counts of the manifest are
by these names. Thresholds are arguments of the rules (`Rules`), chosen so that short questions, formulas and
programs pass; for prose from the web raise `min_chars`.
Sources: the repetition rules follow Gopher (arXiv:2112.11446, appendix A.1.1).
Not covered: languages, toxicity, personal data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from mathlm.prompts import SPECIAL_TOKENS
from training.data.prepare.normalise import ngrams, words


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """Thresholds. Example: `Rules(min_chars=200)`."""

    min_chars: int = 3
    max_chars: int = 100_000
    repeated_lines: float = 0.3
    """Share of the lines that may be copies of earlier ones, from 5 lines on."""
    repeated_ngrams: float = 0.3
    """Share of the 5-grams that may be copies of earlier ones, from 40 words on; formulas do not count."""
    letters: float = 0.1
    """Share of the visible characters that must be letters or digits."""

    def __post_init__(self) -> None:
        if not 0 <= self.min_chars <= self.max_chars:
            raise ValueError(f"needs 0 <= min_chars <= max_chars, got {self.min_chars} and {self.max_chars}")


Rule = Callable[[str, Rules], bool]

_MOJIBAKE = re.compile("Ã[\u0080-\u00bf]|â€[\u0080-\u2122œ™“”˜]|Â[\u00a0-\u00bf]|ï»¿|ðŸ")
_FENCE = re.compile(r"^[ \t]*```", re.MULTILINE)
_DISPLAY = re.compile(r"^[ \t]*\$\$|\$\$[ \t]*$", re.MULTILINE)
"""`$$` at the edge of a line; inside one it may be two prices."""
_ENVIRONMENT = re.compile(r"\\(begin|end)\{(\w+\*?)\}")
_BOILERPLATE = re.compile(
    r"all rights reserved|cookies? (policy|settings)|accept (all )?cookies"
    r"|privacy policy|terms of (use|service)"
    r"|enable javascript|javascript is (disabled|required)|lorem ipsum"
    r"|subscribe to our|sign up for|click here"
    r"|add to cart|share (this )?on (facebook|twitter)|log ?in to (post|comment)|powered by \w+|back to top"
    r"|copyright ©",
    re.IGNORECASE,
)
_ORPHANS = re.compile("[\ufffd\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff]")


def too_short(text: str, rules: Rules) -> bool:
    """Fewer characters than a question can have."""
    return len(text) < rules.min_chars


def too_long(text: str, rules: Rules) -> bool:
    """More characters than a document should have."""
    return len(text) > rules.max_chars


def broken_encoding(text: str, rules: Rules) -> bool:
    """Replacement characters, or UTF-8 that was read as Latin-1 (Ã©, â€™)."""
    return _ORPHANS.search(text) is not None or len(_MOJIBAKE.findall(text)) >= 2


def special_token(text: str, rules: Rules) -> bool:
    """A token of the chat format inside a text would open or end a turn."""
    return any(token in text for token in SPECIAL_TOKENS)


def unbalanced_fence(text: str, rules: Rules) -> bool:
    """A ``` fence that is never closed."""
    return len(_FENCE.findall(text)) % 2 == 1


def unbalanced_maths(text: str, rules: Rules) -> bool:
    r"""A `$$` or `\begin{…}` that is never closed: the text was cut."""
    opened = Counter(name for word, name in _ENVIRONMENT.findall(text) if word == "begin")
    closed = Counter(name for word, name in _ENVIRONMENT.findall(text) if word == "end")
    return opened != closed or len(_DISPLAY.findall(text)) % 2 == 1


def repeated_lines(text: str, rules: Rules) -> bool:
    """The same lines again and again."""
    found = [line.strip() for line in text.split("\n") if line.strip()]
    return len(found) >= 5 and 1 - len(set(found)) / len(found) > rules.repeated_lines


def repeated_ngrams(text: str, rules: Rules) -> bool:
    """The same five words again and again."""
    found = [word for word in words(text) if len(word) > 1 and word.isalpha()]
    if len(found) < 40:
        return False
    grams = ngrams(found, 5)
    return 1 - len(set(grams)) / len(grams) > rules.repeated_ngrams


def symbols(text: str, rules: Rules) -> bool:
    """Hardly a letter or digit among the signs."""
    visible = [c for c in text if not c.isspace()]
    return sum(c.isalnum() for c in visible) < rules.letters * len(visible)


def boilerplate(text: str, rules: Rules) -> bool:
    """Phrases of web pages that teach nothing: two of them, or one in fewer than 60 words."""
    found = {match.group().lower() for match in _BOILERPLATE.finditer(text)}
    return len(found) >= 2 or (len(found) == 1 and len(text.split()) < 60)


RULES: tuple[Rule, ...] = (
    too_short,
    too_long,
    broken_encoding,
    special_token,
    unbalanced_fence,
    unbalanced_maths,
    symbols,
    repeated_lines,
    repeated_ngrams,
    boilerplate,
)


def verdict(text: str, rules: Rules) -> str | None:
    """The name of the first rule that objects."""
    return next((rule.__name__ for rule in RULES if rule(text, rules)), None)
