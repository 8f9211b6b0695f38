"""What whole-proof prompts show."""

from __future__ import annotations

from collections.abc import Sequence

from mathlm.extract import read_statement
from mathlm.premises import Premise
from mathlm.search import Part, SearchConfig, whole
from mathlm.search.search import Search
from mathlm.types import SamplingParams
from model.generation.fake import FakeBackend
from verify.base import Limits
from verify.fake import FakeLeanVerifier


class Shelf:
    """Retrieval that knows forty lemmas and counts its calls."""

    calls = 0

    def retrieve(self, statement: str, *, k: int, exclude: frozenset[str]) -> Sequence[Premise]:
        self.calls += 1
        return [Premise(name=f"lemma{i}", signature=f"lemma{i} : q") for i in range(40)][:k]


def search(shelf: Shelf, *parts: Part) -> Search:
    return Search(
        target=read_statement("theorem t : p"), lean=FakeLeanVerifier(set()), backend=FakeBackend({}),
        params=SamplingParams(max_tokens=9, temperature=1.0), retriever=lambda: shelf,
        limits=Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000),
        config=SearchConfig(parts=frozenset(parts)),
    )  # fmt: skip


def test_every_second_prompt_shows_lemmas_and_each_shows_others() -> None:
    shelf = Shelf()
    texts = [p.text for p in whole.prompts(("theorem t : p",), search(shelf, Part.PREMISES), samples=9)]
    assert len(texts) == 9 and len(set(texts[0::2])) == 1 and "Lemmas" not in texts[0]
    assert len(set(texts[1::2])) == 4
    assert all(text.count("lemma") == SearchConfig().premises for text in texts[1::2])
    assert all(f"lemma{i} " in texts[1] for i in range(SearchConfig().premises))
    assert shelf.calls == 1


def test_without_the_part_no_prompt_shows_any() -> None:
    shelf = Shelf()
    texts = [p.text for p in whole.prompts(("theorem t : p",), search(shelf, Part.WHOLE), samples=4)]
    assert len(texts) == 4 and len(set(texts)) == 1 and shelf.calls == 0
