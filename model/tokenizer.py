"""Words or letters on the `tokenizers` library: lossless, one token a digit, ChatML special tokens.

A frequent word or sign is one token; any other is spelled byte by byte. So a word that a program has to copy
from its question has the same tokens wherever it stands: ` iiusn`, `'iiusn'` and `(iiusn` end in the same
five, where byte-pair merges would cut each differently. The file is a BPE model without merges.

Contract: `decode(encode(x)) == x` for every str that is valid Unicode (a lone surrogate raises a
ValueError). With `special=False` text like `<|im_end|>` is plain text and never becomes a special token;
only rendered prompts (`mathlm.prompts`) are encoded with `special=True`. A folder written by `save` loads
in transformers' AutoTokenizer, and its chat template renders what `mathlm/prompts.py` renders.
Errors: CheckpointError, naming the file, for a missing or broken `tokenizer.json`.
Single-digit tokens: see arXiv:2402.14903 (right-to-left and single digits against pairs and triples).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Regex, decoders, models, pre_tokenizers, trainers
from tokenizers import Tokenizer as _Fast

from mathlm.errors import CheckpointError
from mathlm.prompts import END_OF_TEXT, IM_END, IM_START, PAD, SPECIAL_TOKENS

BYTES = 256
"""A byte-level vocabulary holds at least these and the special tokens."""
MIN_FREQUENCY = 8
"""A word that is rarer is spelled."""
_WORD = Regex(
    r" ?(?:\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}]+|\p{Lu}+)"  # camelCase is cut, as names in Lean are built
    r"|```| ?(?:\*\*|:=|=>|->|<;>|<=|>=|!=|==|//|\+\+|&&|\|\||::)"  # signs of several characters
    r"| ?[^\s\p{L}\p{N}]|\p{N}|\n+ *| +(?=\S)|\s"
)
"""What may be one token, with the space before it."""


def chat_template() -> str:
    """The Jinja template of `mathlm/prompts.py`'s format; special tokens in a message are defused."""
    content = "message['content']"
    for token in SPECIAL_TOKENS:
        content += f" | replace('{token}', '{token.replace('|', '¦')}')"
    return (
        "{% for message in messages %}"
        f"{{{{ '{IM_START}' + message['role'] + '\\n' + ({content} | trim) + '{IM_END}\\n' }}}}"
        "{% endfor %}"
        f"{{% if add_generation_prompt %}}{{{{ '{IM_START}assistant\\n' }}}}{{% endif %}}"
    )


class Tokenizer:
    """Example: `tokenizer.decode(tokenizer.encode("gcd(12, 18)", special=False)) == "gcd(12, 18)"`"""

    def __init__(self, fast: _Fast) -> None:
        self._special = fast
        self._plain = _Fast.from_str(fast.to_str())
        self._plain.encode_special_tokens = True
        self._ids: dict[str, int] = {}
        for name in SPECIAL_TOKENS:
            id_ = fast.token_to_id(name)
            if id_ is None:
                raise ValueError(f"the vocabulary lacks the special token {name}")
            self._ids[name] = id_
        self.end_of_text_id, self.im_start_id = self._ids[END_OF_TEXT], self._ids[IM_START]
        self.im_end_id, self.pad_id = self._ids[IM_END], self._ids[PAD]

    @classmethod
    def train(cls, texts: Iterable[str], *, vocab_size: int, show_progress: bool = False) -> Tokenizer:
        """Learn the words. `vocab_size` counts bytes and special tokens; fewer may result."""
        least = BYTES + len(SPECIAL_TOKENS)
        if vocab_size < least:
            raise ValueError(f"vocab_size must be at least {least} (bytes, special tokens), got {vocab_size}")
        alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
        counted = _Fast(models.WordLevel(unk_token=PAD))
        counted.pre_tokenizer = _pieces()
        # bytes are asked for too, so room is left for them to be among the most frequent
        trainer = trainers.WordLevelTrainer(
            vocab_size=vocab_size + BYTES, min_frequency=MIN_FREQUENCY, show_progress=show_progress
        )
        counted.train_from_iterator(texts, trainer)
        by_count = sorted((i, word) for word, i in counted.get_vocab().items())
        words = [word for _, word in by_count if len(word) > 1 and word not in SPECIAL_TOKENS]
        vocabulary = [*SPECIAL_TOKENS, *alphabet, *words[: vocab_size - least]]
        ids = {text: i for i, text in enumerate(vocabulary)}
        fast = _Fast(models.BPE(vocab=ids, merges=[], ignore_merges=True))
        fast.pre_tokenizer = _pieces()
        fast.decoder = decoders.ByteLevel()
        fast.add_special_tokens(list(SPECIAL_TOKENS))
        return cls(fast)

    @classmethod
    def load(cls, folder: Path | str) -> Tokenizer:
        """Read `tokenizer.json` from a folder."""
        path = Path(folder) / "tokenizer.json"
        try:
            return cls(_Fast.from_str(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise CheckpointError(f"{path} is missing: give the folder of a saved model") from None
        except Exception as error:  # the library raises bare Exception for a broken file
            raise CheckpointError(f"{path} cannot be read ({error}): copy or download it again") from error

    def save(self, folder: Path | str) -> None:
        """Write `tokenizer.json` and `tokenizer_config.json` into an existing folder."""
        folder = Path(folder)
        (folder / "tokenizer.json").write_text(self._special.to_str(pretty=True) + "\n", encoding="utf-8")
        config: dict[str, Any] = {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "eos_token": IM_END,
            "pad_token": PAD,
            "additional_special_tokens": [END_OF_TEXT, IM_START],
            "clean_up_tokenization_spaces": False,
            "padding_side": "left",
            "chat_template": chat_template(),
        }
        text = json.dumps(config, indent=2, ensure_ascii=False) + "\n"
        (folder / "tokenizer_config.json").write_text(text, encoding="utf-8")

    @property
    def vocab_size(self) -> int:
        """Number of ids, special tokens included."""
        return int(self._special.get_vocab_size(with_added_tokens=True))

    def special_id(self, text: str) -> int | None:
        """The id of a special token, or None when `text` is not one."""
        return self._ids.get(text)

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """Token ids; special tokens in `text` are recognised only when `special` is set."""
        return self.encode_batch([text], special=special)[0]

    def encode_batch(self, texts: Sequence[str], *, special: bool = False) -> list[list[int]]:
        """As `encode`, for many texts at once (parallel)."""
        fast = self._special if special else self._plain
        try:
            encodings = fast.encode_batch(list(texts), add_special_tokens=False)
        except TypeError as error:
            raise ValueError("the text is not valid Unicode: remove lone surrogates") from error
        return [encoding.ids for encoding in encodings]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of `ids`, special tokens included; bytes that are not UTF-8 become U+FFFD."""
        return str(self._special.decode(list(ids), skip_special_tokens=False))

    def token_text(self, token: int) -> str:
        """One token for people: its text, or `bytes:\\xe2\\x88` where its bytes are no characters alone."""
        text = self.decode([token])
        if "\ufffd" not in text:
            return text
        spelled = str(self._special.id_to_token(token))
        return "bytes:" + "".join(f"\\x{_BYTE_OF.get(char, 0):02x}" for char in spelled)


def _byte_alphabet() -> dict[str, int]:
    """The byte that each character of a byte-level vocabulary stands for (GPT-2's `bytes_to_unicode`)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(BYTES) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + i): byte for i, byte in enumerate(others)}


_BYTE_OF = _byte_alphabet()


def _pieces() -> pre_tokenizers.Sequence:
    """Digits one by one, words and signs as `_WORD` says, bytes as characters."""
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(_WORD, "isolated"),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
