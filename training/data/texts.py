"""Plain pre-training text from fine-tuning lines: what the chat form says, without its markers.

`QUESTION\nSOLUTION` for problems, `STATEMENT := PROOF` for theorems; library statements are text already.
Copying exercises (`training.data.copying`) may be added.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from mathlm.errors import DataError
from mathlm.prompts import IM_END, IM_START, render_prove
from mathlm.records import read_jsonl, write_atomically
from training.data import copying

_USER = f"{IM_START}user\n"
_PROVE = render_prove("").text.removeprefix(_USER).split(IM_END)[0]


def plain_text(prompt: str, answer: str) -> str:
    """The text of one fine-tuning line. ValueError: `mathlm.prompts` did not render the prompt."""
    if not prompt.startswith(_USER) or IM_END not in prompt:
        raise ValueError("not a rendered prompt")
    asked = prompt.removeprefix(_USER).split(IM_END)[0]
    if asked.startswith(_PROVE):
        return f"{asked.removeprefix(_PROVE)} := {answer}"
    return f"{asked}\n{answer}"


def lines(sft: Sequence[Path], texts: Sequence[Path]) -> Iterator[dict[str, str]]:
    """Pre-training lines of all files, one file after the other (training shuffles)."""
    for path in texts:
        for row in read_jsonl(path, required=("id", "text")):
            yield {"id": row["id"], "text": row["text"]}
    for path in sft:
        for row in read_jsonl(path, required=("id", "prompt", "answer")):
            try:
                yield {"id": row["id"], "text": plain_text(row["prompt"], row["answer"])}
            except ValueError as error:
                raise DataError(f"{path}: {row['id']}: {error}: make the file with `mathlm data`") from None


def write(sft: Sequence[Path], texts: Sequence[Path], out: Path, *, copies: int = 0, seed: int = 0) -> int:
    """Write the lines and `copies` copying exercises to a file, whole or not at all; returns their number."""
    every = chain(lines(sft, texts), copying.texts(copies, seed=seed))
    found = [json.dumps(line, ensure_ascii=False) + "\n" for line in every]
    out.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(out, lambda partial: partial.write_text("".join(found), encoding="utf-8"))
    return len(found)
