"""Data files to token documents, kept on disk so that a rerun starts at once.

Pre-training lines are `{"text"}` (other fields are ignored); a document is the text and `<|endoftext|>`.
SFT lines are `{"id", "prompt", "answer", "source"}`, prompts rendered by `mathlm.prompts`; a document is
prompt, answer and `<|im_end|>`, with loss from the first answer token on. Special tokens are recognised
in prompts only.

Contract: `load` gives the same corpus for the same bytes. The cache folder holds one folder per corpus,
named by a hash of file contents, tokenizer and format; it is made under another name and renamed.
Errors: DataError with `path:line` for a bad line, UsageError for a file that cannot be read.
Not covered: cleaning the cache folder (each entry may be deleted at any time).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mathlm.errors import DataError, UsageError
from mathlm.records import line_number, read_jsonl
from model.tokenizer import Tokenizer

FORMAT = 1
"""Goes up when the same lines would give other tokens."""
FIELDS = {"text": ("text",), "chat": ("id", "prompt", "answer", "source")}
LINES_AT_ONCE = 2048
HELD_OUT = 0.01
"""Share of documents, by the hash of their tokens, that is for validation only."""

Kind = Literal["text", "chat"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """Token documents one after the other; document i is `tokens[starts[i]:starts[i + 1]]`."""

    tokens: npt.NDArray[Any]
    """All token ids, a read-only memory map."""
    starts: npt.NDArray[np.int64]
    """Where each document starts; one entry more than documents."""
    loss_from: npt.NDArray[np.int64]
    """Index in the document of the first token that the loss counts; at least 1."""
    held_out: npt.NDArray[np.bool_]
    """True for the documents that belong to validation."""
    hashes: dict[str, str]
    """sha256 of each data file."""

    def __len__(self) -> int:
        return len(self.loss_from)

    def lengths(self) -> npt.NDArray[np.int64]:
        """Number of tokens of each document."""
        return np.diff(self.starts)


def file_hash(path: Path) -> str:
    """sha256 of a file's bytes, in hex."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror}): name a readable data file") from None


def tokenizer_hash(tokenizer: Tokenizer) -> str:
    """sha256 of the tokenizer's file, in hex."""
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.save(folder)
        return file_hash(Path(folder) / "tokenizer.json")


def load(
    paths: Sequence[Path],
    *,
    kind: Kind,
    tokenizer: Tokenizer,
    cache: Path,
    log: Callable[[str], None],
) -> Corpus:
    """The documents of all files in order, from the cache or tokenised now."""
    hashes = {str(path): file_hash(path) for path in paths}
    key = json.dumps([FORMAT, kind, HELD_OUT, list(hashes.values()), tokenizer_hash(tokenizer)])
    folder = cache / hashlib.sha256(key.encode()).hexdigest()[:24]
    if not folder.is_dir():
        partial = folder.with_name(f".{folder.name}.partial-{os.getpid()}")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            _write(partial, paths, kind, tokenizer, log)
            try:
                partial.rename(folder)
            except OSError:
                if not folder.is_dir():  # else another run made the same corpus meanwhile
                    raise
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    corpus = Corpus(
        tokens=np.load(folder / "tokens.npy", mmap_mode="r"),
        **{name: np.load(folder / f"{name}.npy") for name in ("starts", "loss_from", "held_out")},
        hashes=hashes,
    )
    if not len(corpus):
        raise DataError(f"{', '.join(map(str, paths))}: no documents; give a file with at least one line")
    log(f"{len(corpus):,} documents, {len(corpus.tokens):,} tokens")
    return corpus


def _write(
    folder: Path, paths: Sequence[Path], kind: Kind, tokenizer: Tokenizer, log: Callable[[str], None]
) -> None:
    small = tokenizer.vocab_size <= 1 << 16
    tokens, starts, loss_from = array("H" if small else "I"), array("q", [0]), array("q")
    held_out = array("b")
    for path in paths:
        log(f"tokenising {path} …")
        records = _read(path, FIELDS[kind])
        while lines := list(islice(records, LINES_AT_ONCE)):
            for ids, first in _encode(lines, kind, tokenizer):
                tokens.extend(ids)
                starts.append(len(tokens))
                loss_from.append(first)
                held_out.append(_is_held_out(ids))
    np.save(folder / "tokens.npy", np.asarray(tokens))
    np.save(folder / "starts.npy", np.asarray(starts, dtype=np.int64))
    np.save(folder / "loss_from.npy", np.asarray(loss_from, dtype=np.int64))
    np.save(folder / "held_out.npy", np.asarray(held_out, dtype=np.bool_))


def _read(path: Path, fields: tuple[str, ...]) -> Iterator[dict[str, str]]:
    for index, record in enumerate(read_jsonl(path, required=fields)):
        for name in fields:
            if not isinstance(record[name], str) or (name in ("text", "answer") and not record[name]):
                got = "empty text" if record[name] == "" else type(record[name]).__name__
                raise DataError(f"{path}:{line_number(path, index)}: field {name!r} must be text, got {got}")
        yield record


def _encode(
    lines: Sequence[dict[str, str]], kind: Kind, tokenizer: Tokenizer
) -> Iterator[tuple[list[int], int]]:
    """Token ids of each document, and the index of the first one with loss."""
    if kind == "text":
        for ids in tokenizer.encode_batch([line["text"] for line in lines], special=False):
            yield [*ids, tokenizer.end_of_text_id], 1
        return
    prompts = tokenizer.encode_batch([line["prompt"] for line in lines], special=True)
    answers = tokenizer.encode_batch([line["answer"] for line in lines], special=False)
    for prompt, answer in zip(prompts, answers, strict=True):
        yield [*prompt, *answer, tokenizer.im_end_id], max(1, len(prompt))


def _is_held_out(ids: Sequence[int]) -> bool:
    digest = hashlib.sha256(np.asarray(ids, dtype=np.uint32).tobytes()).digest()
    return int.from_bytes(digest[:8], "big") >= (1 - HELD_OUT) * 2**64
