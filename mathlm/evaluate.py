"""`mathlm eval`: measure solving or proving on a data file, keeping every sample.

A run is a folder: `config.json` (what was asked for), `samples.jsonl` (append-only, one line a sample and
one a problem) and `summary.json`. A problem's lines are written together once it is judged, so a run that
was killed or interrupted continues where it stopped; a changed configuration in the same folder is refused.
The data is cut into fixed batches and each batch has its own seed: a resumed run samples what an
uninterrupted one would have. Judging runs in threads while the next batch is generated.

Units: seconds of wall time, summed over the calls that a run took. pass@k is the unbiased estimator of
Chen et al. 2021 (section 2.1), for k <= n only. Errors: UsageError, DataError (`path:line`), InfraError
when some problems could not be judged (all others are kept; the same command tries those again).
Not covered: more than one process per folder.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from mathlm import config, pipeline
from mathlm.errors import CheckpointError, DataError, InfraError, UsageError
from mathlm.records import Records, line_number, read_jsonl, write_json
from mathlm.rerank import How
from mathlm.search import SearchConfig
from mathlm.summary import summarize
from mathlm.types import Completion, Prompt, SamplingParams, to_json

if TYPE_CHECKING:
    from model.generation.base import Backend

BATCH = 16
"""Problems whose samples are generated together. Fixed: it decides which seed a sample gets."""
BACKLOG = 4 * BATCH
"""Problems that may wait to be judged before generation pauses."""

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class EvalConfig:
    """What a run is. Two runs with equal configurations give the same samples.

    Example: `EvalConfig(verb="prove", data=Path("d.jsonl"), samples=16, model="mathlm-mini", …)`
    """

    verb: Literal["solve", "prove"]
    data: Path
    samples: int
    model: str
    model_hash: str
    params: SamplingParams
    limits: pipeline.SolveLimits
    search: SearchConfig = pipeline.DEFAULT_SEARCH
    """What else tries to prove; its `samples` is not read here."""
    turns: int = 0
    """Solve: times that a failing program may be corrected."""
    rerank: How = How.VOTE
    """What is proposed, or tried, first."""
    reward_hash: str = ""
    """Weights of the reward model that `rerank` asks."""
    workers: int = 1

    def identity(self) -> Row:
        """What must be the same for a run to be continued."""
        own = {"turns": self.turns} if self.verb == "solve" else {"search": self.search.identity()}
        return {
            **own,
            "rerank": self.rerank.value,
            "reward_hash": self.reward_hash,
            "verb": self.verb,
            "data_sha256": hashlib.sha256(self.data.read_bytes()).hexdigest(),
            "samples": self.samples,
            "model_hash": self.model_hash,
            "params": to_json(self.params),
            "limits": to_json(self.limits),
        }


class Task(Protocol):
    """One kind of evaluation: what to ask the model, and how to judge what it says."""

    @property
    def fields(self) -> tuple[str, ...]:
        """What every data line must have; the second one is the problem."""

    def prompts(self, row: Row) -> list[Prompt]: ...

    def judge(self, row: Row, completions: Sequence[Completion]) -> list[Row]:
        """The lines for `samples.jsonl`, without `id`; the last one has `kind: "problem"`."""

    def unreadable(self, why: str) -> Row:
        """The one line of a problem that is none."""


def evaluate(
    task: Task,
    run: EvalConfig,
    out: Path,
    *,
    backend: Backend | None,
    progress: Callable[[int], None] | None = None,
) -> Row:
    """Do what is not done yet of the run in `out`; returns (and writes) the summary."""
    started = time.monotonic()
    rows = read_rows(run.data, required=task.fields)
    _same_run(run, out)
    with Records(out / "samples.jsonl") as store:
        done = {record["id"] for record in store.read() if record["kind"] == "problem"}
        if progress is not None:
            progress(len(done))
        try:
            failed = _work(task, run, rows, done, store, backend=backend, progress=progress)
        finally:
            store.append({"kind": "call", "id": None, "seconds": time.monotonic() - started})
        if failed:
            raise InfraError(f"{len(failed)} of {len(rows)} problems could not be judged ({failed[0]}); "
                             "the rest is kept: run the same command again")  # fmt: skip
        summary = summarize(run.verb, list(store.read()), samples=run.samples)
    tail = {"model": run.model, "model_hash": run.model_hash, "git_hash": config.git_hash()}
    summary |= {**tail, "seed": run.params.seed, "data": str(run.data)}
    write_json(out / "summary.json", summary)
    return summary


def read_rows(path: Path, *, required: Sequence[str]) -> list[Row]:
    """All problems of the file; ids must be there once, texts must be texts."""
    rows: list[Row] = []
    seen: set[str] = set()
    for index, row in enumerate(read_jsonl(path, required=required)):
        row["id"] = str(row["id"])
        for name in required[1:]:
            if not isinstance(row[name], str if name != "answer" else str | int | float):
                where = f"{path}:{line_number(path, index)}"
                raise DataError(f"{where}: field {name!r} must be text, got {type(row[name]).__name__}")
        if not _is_list_of_texts(row.get("forbidden", [])):
            where = f"{path}:{line_number(path, index)}"
            raise DataError(f"{where}: field 'forbidden' must be a list of names, such as [\"Nat.add_comm\"]")
        if row["id"] in seen:
            where = f"{path}:{line_number(path, index)}"
            raise DataError(f"{where}: the id {row['id']!r} is there twice: make ids unique")
        seen.add(row["id"])
        rows.append(row)
    if not rows:
        raise DataError(f"{path} has no problems: one JSON object a line is needed")
    return rows


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _work(
    task: Task,
    run: EvalConfig,
    rows: Sequence[Row],
    done: set[str],
    store: Records,
    *,
    backend: Backend | None,
    progress: Callable[[int], None] | None,
) -> list[str]:
    """Generate batch by batch and judge in threads; returns what went wrong with the machine."""
    failures: list[str] = []
    lock = threading.Lock()

    def judge(row: Row, completions: Sequence[Completion]) -> None:
        try:
            lines = task.judge(row, completions)
        except InfraError as error:
            failures.append(f"{row['id']}: {error}")
            return
        except UsageError as error:
            lines = [task.unreadable(str(error))]
        with lock:
            store.append(*({"id": row["id"], **line} for line in lines))
        if progress is not None:
            progress(1)

    pool = ThreadPoolExecutor(run.workers)
    waiting: set[Future[None]] = set()
    try:
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            if all(row["id"] in done for row in batch):
                continue
            seed = run.params.seed + start * run.samples
            completions = _generate(task, batch, backend, replace(run.params, seed=seed))
            for row, found in zip(batch, completions, strict=True):
                if row["id"] not in done:
                    waiting.add(pool.submit(judge, row, found))
            while len(waiting) > BACKLOG:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                _raise_any(finished)
        _raise_any(wait(waiting).done)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return failures


def _raise_any(futures: set[Future[None]]) -> None:
    for future in futures:
        future.result()


def _generate(
    task: Task, batch: Sequence[Row], backend: Backend | None, params: SamplingParams
) -> list[list[Completion]]:
    """The completions of each problem; none for one that cannot be read or is too long for the model."""
    if backend is None:
        return [[] for _ in batch]
    prompts: list[list[Prompt]] = []
    for row in batch:
        try:
            prompts.append(task.prompts(row))
        except UsageError:
            prompts.append([])  # `judge` meets the same text and keeps the reason
    try:
        flat = iter(backend.generate([prompt for row in prompts for prompt in row], params))
        return [[next(flat) for _ in row] for row in prompts]
    except CheckpointError:
        raise  # a damaged model, which no smaller batch mends
    except UsageError:
        if len(batch) == 1:
            return [[]]
        halves = batch[: len(batch) // 2], batch[len(batch) // 2 :]
        return [found for half in halves for found in _generate(task, half, backend, params)]


def _same_run(run: EvalConfig, out: Path) -> None:
    """Write the configuration of a new run; refuse to mix two runs in one folder."""
    path, wanted = out / "config.json", run.identity()
    try:
        out.mkdir(parents=True, exist_ok=True)
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read or written ({error}): choose another --out") from None
    if before is None:
        write_json(path, wanted)
    elif different := sorted(key for key in {*before, *wanted} if before.get(key) != wanted.get(key)):
        changes = ", ".join(f"{key}: {before.get(key)!r} then, {wanted.get(key)!r} now" for key in different)
        raise UsageError(f"{out} holds another run ({changes}): choose another --out, or repeat its options")
