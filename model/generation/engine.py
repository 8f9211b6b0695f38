"""One model for many callers at once: a thread that owns it, requests that join and leave between two steps.

Contract. `Engine` is a `LikelihoodBackend`; its methods are thread-safe and block. Requests of all callers
run in one open batch (see `batch.py`), and a greedy or seeded one gets what it would get alone. A caller
whose `cancelled()` turns true, or that drops the iterator, has its rows taken out before the next step.
`stream` gives text as it comes: the pieces of a completion joined are its `text`, no piece ends inside of a
character, and none holds a part of a stop string.
Memory: `max_rows` rows of the model's whole context (see `kv_cache.py`).
Errors: UsageError for a prompt that does not fit, at the call; `Abandoned` for a caller that was cancelled;
CheckpointError for a model that produces NaN; InfraError once the engine is closed.
Not covered: several models; how many may wait (who calls has a bound of its own).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Self

from mathlm.errors import Abandoned, InfraError
from mathlm.types import Completion, Prompt, SamplingParams
from model.generation.base import StopRule, encode_prompts
from model.generation.batch import Batch, Row
from model.generation.native import NativeBackend, TokenScore
from model.tokenizer import Tokenizer

POLL_SECONDS = 0.1
"""How long a caller that waits does not look whether it was cancelled."""

Cancelled = Callable[[], bool]


def never() -> bool:
    """A caller that stays to the end."""
    return False


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """New text of completion `index`; the last piece of each, maybe empty, has the whole completion."""

    index: int
    text: str
    completion: Completion | None = None


class TextStream:
    """Token ids in, text out as soon as it is certain."""

    def __init__(self, tokenizer: Tokenizer, stop: StopRule) -> None:
        self._tokenizer, self._stop = tokenizer, stop
        self._ids: list[int] = []
        """Tokens whose text is not all given yet; what they spell starts at a character's border."""
        self._given = 0
        """Characters of that text that are given."""
        self.length = 0
        """Characters given in all."""

    def add(self, token: int) -> str:
        """The text that this token makes certain."""
        if token in self._stop.ids:
            return ""
        self._ids.append(token)
        text = self._tokenizer.decode(self._ids)
        # a character whose last bytes are still to come reads as one U+FFFD
        certain = len(text) - text.endswith("\ufffd")
        certain = min([certain, *(_before(stop, text[:certain]) for stop in self._stop.texts)])
        piece = text[self._given : certain]
        self.length += len(piece)
        self._given = max(self._given, certain)
        if self._given == len(text):
            self._ids, self._given = [], 0
        return piece

    def rest(self, completion: Completion) -> str:
        """What is left of a completion that has ended."""
        return completion.text[self.length :]


def _before(stop: str, text: str) -> int:
    """Where `stop`, or the beginning of it that `text` ends with, starts; the length of `text` if nowhere."""
    if (at := text.find(stop)) >= 0:
        return at
    ends = range(min(len(stop) - 1, len(text)), 0, -1)
    return len(text) - next((n for n in ends if text.endswith(stop[:n])), 0)


@dataclass(kw_only=True, slots=True, eq=False)
class _Job:
    """What one caller asked for; `inbox` gets (index, token or completion), (0, scores) or an exception."""

    inbox: SimpleQueue[Any]
    rows: Sequence[Row] = ()
    score: Callable[[], Any] | None = None


class Engine:
    """Example: `Engine(NativeBackend.load(folder)).generate([prompt], SamplingParams(max_tokens=64))`"""

    def __init__(self, backend: NativeBackend, *, max_rows: int = 32) -> None:
        self._backend, self._max_rows = backend, max_rows
        self._changed = threading.Condition()
        self._new: deque[_Job] = deque()
        self._left: deque[_Job] = deque()
        self._jobs: set[_Job] = set()
        """What is under way; the thread's own."""
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="model", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        return self._backend.name

    @property
    def tokenizer(self) -> Tokenizer:
        return self._backend.tokenizer

    @property
    def context(self) -> int:
        """Tokens that a prompt and its answer may have together."""
        return self._backend.model.config.context

    def generate(
        self,
        prompts: Sequence[Prompt],
        params: SamplingParams,
        *,
        progress: Callable[[int], None] | None = None,
        cancelled: Cancelled = never,
    ) -> list[Completion]:
        """See `base.Backend`."""
        done: dict[int, Completion] = {}
        for index, completion in self._events(prompts, params, cancelled=cancelled, tokens=False):
            done[index] = completion
            if progress is not None:
                progress(1)
        return [done[i] for i in range(len(prompts))]

    def stream(
        self,
        prompts: Sequence[Prompt | Sequence[int]],
        params: SamplingParams,
        *,
        stop: tuple[str, ...] = (),
        cancelled: Cancelled = never,
    ) -> Iterator[Piece]:
        """Pieces of all completions as they come; `stop` is for prompts that are token ids."""
        events = self._events(prompts, params, stop=stop, cancelled=cancelled, tokens=True)
        stops = {prompt.stop if isinstance(prompt, Prompt) else stop for prompt in prompts}
        rules = {texts: StopRule(self.tokenizer, texts) for texts in stops}
        texts = [
            TextStream(self.tokenizer, rules[prompt.stop if isinstance(prompt, Prompt) else stop])
            for prompt in prompts
        ]
        return self._pieces(events, texts)

    def _pieces(self, events: Iterator[tuple[int, Any]], texts: Sequence[TextStream]) -> Iterator[Piece]:
        for index, item in events:
            if isinstance(item, Completion):
                yield Piece(index=index, text=texts[index].rest(item), completion=item)
            elif text := texts[index].add(item):
                yield Piece(index=index, text=text)

    def score_continuations(self, prompts: Sequence[Prompt], continuations: Sequence[str]) -> list[float]:
        """See `base.LikelihoodBackend`."""
        work = partial(self._backend.score_continuations, prompts, continuations)
        scores: list[float] = self._ask(work, never)
        return scores

    def score_tokens(
        self, texts: Sequence[Sequence[int]], *, top: int = 0, cancelled: Cancelled = never
    ) -> list[list[TokenScore]]:
        """See `native.NativeBackend`."""
        scores: list[list[TokenScore]] = self._ask(
            partial(self._backend.score_tokens, texts, top=top), cancelled
        )
        return scores

    def bound(self, cancelled: Cancelled) -> Bound:
        """This model for one caller, whose calls all end once `cancelled()` is true."""
        return Bound(self, cancelled)

    def encode(self, prompts: Sequence[Prompt | Sequence[int]]) -> list[list[int]]:
        """Token ids of each prompt; UsageError for one that does not fit."""
        return encode_prompts(self.tokenizer, prompts, self.context)

    def close(self) -> None:
        """End the thread; who waits gets an InfraError."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _events(
        self,
        prompts: Sequence[Prompt | Sequence[int]],
        params: SamplingParams,
        *,
        tokens: bool,
        stop: tuple[str, ...] = (),
        cancelled: Cancelled = never,
    ) -> Iterator[tuple[int, Any]]:
        """(index, token) where `tokens` are wanted, and (index, completion) as each is done."""
        inbox: SimpleQueue[Any] = SimpleQueue()

        def put(index: int, item: object) -> None:
            inbox.put((index, item))

        rows = self._backend.rows(prompts, params, on_done=put, stop=stop)
        for index, row in enumerate(rows if tokens else ()):
            row.on_token = partial(put, index)
        return self._follow(_Job(inbox=inbox, rows=rows), len(rows), cancelled)

    def _ask(self, score: Callable[[], Any], cancelled: Cancelled) -> Any:
        ((_, scores),) = self._follow(_Job(inbox=SimpleQueue(), score=score), 1, cancelled)
        return scores

    def _follow(self, job: _Job, results: int, cancelled: Cancelled) -> Iterator[tuple[int, Any]]:
        """Hand a job over and give what comes back, until `results` of it are there."""
        if not results:
            return
        with self._changed:
            if self._closed:
                raise InfraError("the model was closed: open it again")
            self._new.append(job)
            self._changed.notify()
        try:
            while results:
                if cancelled():
                    raise Abandoned("nobody waits for this text any longer")
                try:
                    item = job.inbox.get(timeout=POLL_SECONDS)
                except Empty:
                    continue
                if isinstance(item, BaseException):
                    raise item
                results -= not isinstance(item[1], int)
                yield item
        finally:
            with self._changed:
                self._left.append(job)
                self._changed.notify()

    def _serve(self) -> None:
        """Body of the thread."""
        batch = self._batch()
        while True:
            with self._changed:
                while batch.idle and not (self._new or self._left or self._closed):
                    self._changed.wait()
                new, left = list(self._new), list(self._left)
                self._new.clear()
                self._left.clear()
                if self._closed:
                    break
            self._jobs.update(new)
            for job in left:
                self._jobs.discard(job)
                for row in job.rows:
                    batch.cancel(row)
            try:
                for job in new:
                    if job in self._jobs:  # else its caller has left already
                        self._begin(job, batch)
                batch.step()
            except Exception as error:
                self._fail(error)
                batch = self._batch()
        self._jobs.update(new)
        self._fail(InfraError("the model was closed while it worked: ask again"))

    def _begin(self, job: _Job, batch: Batch) -> None:
        batch.add(job.rows)
        if job.score is not None:
            try:
                job.inbox.put((0, job.score()))
            except Exception as error:  # this caller's own, such as a text that is too long
                job.inbox.put(error)

    def _fail(self, error: Exception) -> None:
        """Tell everybody; a broken batch is of no use to any of them."""
        for job in self._jobs:
            job.inbox.put(error)
        self._jobs.clear()

    def _batch(self) -> Batch:
        return Batch(
            self._backend.model,
            vocab=self.tokenizer.vocab_size,
            capacity=self.context,
            max_rows=self._max_rows,
        )


class Bound:
    """An `Engine` for one caller; see `Engine.bound`."""

    def __init__(self, engine: Engine, cancelled: Cancelled) -> None:
        self._engine, self._cancelled = engine, cancelled

    @property
    def name(self) -> str:
        return self._engine.name

    def generate(
        self,
        prompts: Sequence[Prompt],
        params: SamplingParams,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Completion]:
        """See `base.Backend`."""
        return self._engine.generate(prompts, params, progress=progress, cancelled=self._cancelled)
