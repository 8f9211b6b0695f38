"""Training texts -> the folder of a new tokenizer.

Data: JSON lines for pre-training (`{"text"}`) and for fine-tuning (`{"prompt", "answer"}`), mixed as
wished. Special tokens in prompts end a text, so that no word reaches over them.
Errors: DataError with `path:line` for a line that is neither, UsageError for a file that cannot be read.
Not covered: adding tokens to an existing tokenizer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from mathlm.errors import DataError
from mathlm.prompts import SPECIAL_TOKENS
from mathlm.records import line_number, read_jsonl
from model.tokenizer import Tokenizer

_SPECIAL = re.compile("|".join(map(re.escape, SPECIAL_TOKENS)))


def learn(paths: Sequence[Path], *, vocab_size: int, out: Path) -> Tokenizer:
    """Learn a tokenizer of at most `vocab_size` ids and save it in `out`."""
    tokenizer = Tokenizer.train(texts(paths), vocab_size=vocab_size)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(out)
    return tokenizer


def texts(paths: Sequence[Path]) -> Iterator[str]:
    """All texts, without special tokens."""
    for path in paths:
        for index, record in enumerate(read_jsonl(path)):
            parts = [record["text"]] if "text" in record else [record.get("prompt"), record.get("answer")]
            found = [part for part in parts if isinstance(part, str)]
            if found != parts:
                raise DataError(
                    f"{path}:{line_number(path, index)}: expected text in 'text', or in 'prompt' and 'answer'"
                )
            for part in found:
                yield from filter(None, _SPECIAL.split(part))
