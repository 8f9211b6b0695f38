"""Stage 4, expert iteration: the model's own verified samples make it better, round after round.

    problems -> rollout -> select -> conjecture -> train -> evaluate -> promote -> curve

Round 0 only measures the first checkpoint on the development sets. Each later round samples solutions of
the training problems from the best checkpoint so far (`mathlm.evaluate`: every sample is judged, in
threads, while the next batch is generated; no automation: the model speaks, and `mathlm.search.mend` corrects
its spelling), keeps what passed (`training.select`, over all rounds), fine-tunes on base data and that
(`training.sft`), and promotes the new checkpoint if it is better: pass@k, mean over the development sets,
ties to the older. Same samples and seed on the development sets in each round, other seeds in each rollout.

Folder OUT: `config.json` (what was asked for), `log.jsonl` (a line for each finished step; also the lock),
`state.json` (rounds done, best checkpoint, what was refused), `curve.json`, `curve.png`, `report.html`, and
`round-NN/` with a JSON file for each finished step beside what it made.
Contract: killed at any moment, the same command goes on: a finished step is read, not repeated; a rollout
keeps every judged problem; training continues from its last state. `--rounds` may grow, all else must be
the same.
Refused as rollout problems, with their numbers in `state.json`: see `training.rollout.admit`.
Errors: UsageError for bad options and another run's folder, InfraError when the machine let it down (run
the same command again); after TRIES a rollout goes on without the problems that could not be judged, and
counts them.
Source: expert iteration (Polu et al. 2022, arXiv:2202.01344); conjectures after STP (arXiv:2502.00212).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mathlm import evaluate as evaluation
from mathlm import tasks
from mathlm.cli.output import note, progress
from mathlm.config import git_hash
from mathlm.errors import InfraError, UsageError
from mathlm.records import Records, read_jsonl, write_atomically, write_json
from mathlm.search.shared import SharedBackend
from mathlm.types import SamplingParams, to_json
from model.checkpoint import model_hash
from model.generation.base import Backend
from training import conjecture, curve, sft
from training.loop_config import Kind, LoopConfig, Tools, same_run
from training.rollout import KeepPrompts, StrictPython, admit, normal
from training.select import Rollout, pass_rates, select

Row = dict[str, Any]
FIELDS: dict[Kind, tuple[str, ...]] = {"prove": ("id", "statement"), "solve": ("id", "question", "answer")}
ROUND_SEEDS = 2**40
"""Seeds between two rounds: more than one rollout uses."""
TRIES = 3
"""How often an evaluation is tried again for problems that the machine could not judge."""
PREFIX = "conjecture-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """A round's folder and its finished steps."""

    number: int
    folder: Path
    log: Records

    def step(self, name: str, work: Callable[[], Row]) -> Row:
        """What `work` gives, kept in `NAME.json`; read from there if it was done before."""
        path = self.folder / f"{name}.json"
        if not path.exists():
            started = time.monotonic()
            value = work()
            write_json(path, value)
            self.log.append(
                {"round": self.number, "step": name, "seconds": round(time.monotonic() - started, 3)}
            )
        found: Row = json.loads(path.read_text(encoding="utf-8"))
        return found


def main(config: LoopConfig, tools: Tools) -> Row:
    """Run the rounds that are not done yet; returns (and writes) the state."""
    with Records(config.out / "log.jsonl") as log:
        settings = same_run(config)
        rounds: list[Round] = []
        results: list[Row] = []
        state: Row = {}
        for number in range(config.rounds + 1):
            rounds.append(Round(number=number, folder=config.out / f"round-{number:02d}", log=log))
            rounds[-1].folder.mkdir(exist_ok=True)
            results.append(_round(config, tools, rounds, results))
            state = _report(config, results, settings)
        return state


def _round(config: LoopConfig, tools: Tools, rounds: Sequence[Round], before: Sequence[Row]) -> Row:
    """One round, from the problems to the promotion; the first one only measures."""
    this = rounds[-1]
    if not before:
        evaluated = this.step("evaluate", lambda: _evaluate(config, tools, this, config.init))
        return _result(config, this, {"model": str(config.init), "kept": 0}, evaluated, best=None)
    best = _best(before)
    model = Path(best["model"])

    # What may be asked: no test items, nothing of the development sets.
    asked = this.step("problems", lambda: _problems(config, tools, rounds))

    # Rollout: the best checkpoint's samples, each judged.
    this.step("rollout", lambda: _rollout(config, tools, this, model))

    # Select: what passed in any round, short proofs first.
    selected = this.step("select", lambda: _select(config, rounds))
    facts = {"model": best["model"], "kept": selected["kept"], "refused": asked["refused"]}

    # Conjecture: new statements near proved ones, for the next round.
    if config.conjectures:
        this.step("conjecture", lambda: _conjecture(config, tools, this, model))

    # Train on base data and what was kept; with nothing kept there is nothing new to learn.
    if not selected["kept"]:
        note(f"round {this.number}: no sample was accepted, so nothing is trained")
        return _result(config, this, facts, best["evaluation"], best=best)
    start = config.init if config.start_from == "init" else model
    this.step("train", lambda: _train(config, this, start))

    # Evaluate on the development sets, and promote what is better than the best.
    trained = this.folder / "sft" / "checkpoint"
    evaluated = this.step("evaluate", lambda: _evaluate(config, tools, this, trained))
    return _result(config, this, facts | {"model": str(trained)}, evaluated, best=best)


def _best(results: Sequence[Row]) -> Row:
    """The best round so far; of equal ones the oldest."""
    return max(results, key=lambda result: (result["figure"], -result["round"]))


def _result(config: LoopConfig, this: Round, facts: Row, evaluated: Row, *, best: Row | None) -> Row:
    figure = curve.figure_of(evaluated, samples=config.samples)
    promoted = best is None or figure > best["figure"]
    return {
        **facts, "round": this.number, "evaluation": evaluated, "figure": figure, "promoted": promoted
    }  # fmt: skip


def _problems(config: LoopConfig, tools: Tools, rounds: Sequence[Round]) -> Row:
    """Write the problems of this round; returns how many, and how many were refused and why."""
    counts: Row = {"allowed": {}, "refused": {}}
    for kind, path in config.problems.items():
        field = FIELDS[kind][1]
        development = config.development.get(kind)
        allowed, refused = admit(
            evaluation.read_rows(path, required=FIELDS[kind]),
            field=field,
            development=_rows(development) if development is not None else [],
            held_out=tools.held_out,
        )
        if not allowed:
            raise UsageError(f"{path}: every problem is refused ({dict(refused)}): give problems to train on")
        if refused:
            why = ", ".join(f"{count} for their {reason}" for reason, count in refused.most_common())
            note(
                f"{path.name}: {refused.total()} of {refused.total() + len(allowed)} problems REFUSED: {why}"
            )
        if kind == "prove":
            allowed += _conjectures(rounds)
        _write(rounds[-1].folder / f"problems-{kind}.jsonl", allowed)
        counts["allowed"][kind], counts["refused"][kind] = len(allowed), dict(refused)
    return counts


def _conjectures(rounds: Sequence[Round]) -> list[Row]:
    """New ones of the last round, and older ones while the model can prove them, but seldom."""
    *_, before, _ = (None, *rounds)
    if before is None or not (before.folder / "conjecture.json").exists():
        return []
    rates = pass_rates(_rows(before.folder / "rollout-prove" / "samples.jsonl"))
    low, high = conjecture.WINDOW
    old = [
        row
        for row in _rows(before.folder / "problems-prove.jsonl")
        if row["id"].startswith(PREFIX) and low < rates.get(row["id"], 0.0) <= high
    ]
    return [*old, *_rows(before.folder / "conjectures.jsonl")]


def _rollout(config: LoopConfig, tools: Tools, this: Round, model: Path) -> Row:
    """Sample and judge every problem of the round."""
    with tools.backend(model) as backend:
        return {
            kind: _measure(
                kind, config, tools, backend, model, further=ROUND_SEEDS * this.number, must_be_whole=False,
                data=this.folder / f"problems-{kind}.jsonl", out=this.folder / f"rollout-{kind}",
            )
            for kind in config.problems
        }  # fmt: skip


def _evaluate(config: LoopConfig, tools: Tools, this: Round, model: Path) -> Row:
    """The summaries of the development sets."""
    with tools.backend(model) as backend:
        return {
            kind: _measure(
                kind, config, tools, backend, model, further=0, must_be_whole=True,
                data=path, out=this.folder / f"dev-{kind}",
            )
            for kind, path in config.development.items()
        }  # fmt: skip


def _measure(
    kind: Kind,
    config: LoopConfig,
    tools: Tools,
    backend: Backend,
    model: Path,
    *,
    data: Path,
    out: Path,
    further: int,
    must_be_whole: bool,
) -> Row:
    """`mathlm.evaluate` of samples and what is mended in them alone; it continues what is in `out`."""
    run = evaluation.EvalConfig(
        verb=kind, data=data, samples=config.samples, model=str(model), model_hash=model_hash(model),
        params=_other_seed(config.params[kind], further), limits=config.limits, workers=config.workers,
        search=config.search,
    )  # fmt: skip
    shared = SharedBackend(backend)
    task: evaluation.Task
    if kind == "prove":
        if tools.lean is None:
            raise UsageError("statements need Lean: 'mathlm setup' fetches it")
        task = tasks.ProveTask(run=run, lean=tools.lean, retriever=tools.retriever)
    else:
        if tools.python is None:
            raise UsageError("questions need the Python sandbox: 'mathlm setup' fetches it")
        task = tasks.SolveTask(run=run, python=StrictPython(python=tools.python), lean=tools.lean)
    for tried in range(1, TRIES + 1):
        with progress(f"{out.parent.name}: {out.name}", total=len(_rows(data))) as bar:
            try:
                return evaluation.evaluate(
                    KeepPrompts(task=task), run, out, backend=shared, progress=bar.advance
                )
            except InfraError as error:
                judged = any(row["kind"] == "problem" for row in _rows(out / "samples.jsonl"))
                if tried == TRIES and (must_be_whole or not judged):
                    raise
                note(f"{out.parent.name}: {error}")
                lost = str(error)
    return {"infra_error": lost}


def _select(config: LoopConfig, rounds: Sequence[Round]) -> Row:
    """Write `kept.jsonl` of this round; returns the counts."""
    rollouts: list[Rollout] = []
    proposed: dict[str, Row] = {}
    for this in rounds[1:]:
        for kind in config.problems:
            problems = {row["id"]: row for row in _rows(this.folder / f"problems-{kind}.jsonl")}
            records = _rows(this.folder / f"rollout-{kind}" / "samples.jsonl")
            new = {key: row for key, row in problems.items() if key.startswith(PREFIX)}
            proposed |= new
            for window, chosen in ((config.window, problems.keys() - new), (conjecture.WINDOW, new.keys())):
                mine = [record for record in records if record["id"] in chosen]
                rollouts.append(Rollout(records=mine, problems=problems, window=window))
    selection = select(rollouts, keep=config.keep)
    solved = {sample.id.rpartition("-")[0] for sample in selection.samples}
    lessons = conjecture.lessons(row for key, row in proposed.items() if key in solved)
    _write(rounds[-1].folder / "kept.jsonl", [to_json(s) for s in (*selection.samples, *lessons)])
    return {**selection.counts, "conjectures": len(lessons)}


def _conjecture(config: LoopConfig, tools: Tools, this: Round, model: Path) -> Row:
    """Propose and sift; writes `conjectures.jsonl`, returns the counts."""
    if tools.lean is None:
        raise UsageError("conjectures need Lean: 'mathlm setup' fetches it")
    rows = _rows(this.folder / "problems-prove.jsonl")
    proved = {r["id"] for r in _rows(this.folder / "rollout-prove" / "samples.jsonl") if r.get("proved")}
    seeds = [row["statement"] for row in rows if row["id"] in proved]
    development = config.development.get("prove")
    closed = [*_rows(config.problems["prove"]), *(_rows(development) if development is not None else [])]
    known = {normal(row["statement"]) for row in (*closed, *rows)} | tools.held_out
    params = _other_seed(config.params["prove"], ROUND_SEEDS * this.number + ROUND_SEEDS // 2)
    with tools.backend(model) as backend:
        proposals = conjecture.propose(seeds, count=config.conjectures, backend=backend, params=params)
    with progress(f"{this.folder.name}: conjectures", total=len(proposals)) as bar:
        kept, counts = conjecture.sift(
            proposals, known=known, lean=tools.lean, limits=config.limits.lean,
            prefix=f"{PREFIX}{this.number:02d}", progress=bar.advance,
        )  # fmt: skip
    _write(this.folder / "conjectures.jsonl", kept)
    return {"seeds": len(seeds), **counts}


def _train(config: LoopConfig, this: Round, start: Path) -> Row:
    """Fine-tune on base data and what was kept; continues a training that was stopped."""
    run = replace(config.sft, out=this.folder / "sft")
    data = (*config.base_data, this.folder / "kept.jsonl")
    return sft.main(sft.SftConfig(data=data, init=start, run=run, optim=config.optim))


def _report(config: LoopConfig, results: Sequence[Row], settings: Row) -> Row:
    best = _best(results)
    points = curve.write(config.out, results, samples=config.samples, settings=settings)
    state: Row = {
        "rounds": results[-1]["round"],
        "best": {key: best[key] for key in ("round", "model", "figure")},
        "promotion": f"mean of pass@{config.samples} over {', '.join(config.development)}; ties to the older",
        "refused": results[-1].get("refused", {}),
        "curve": points,
        "git_hash": git_hash(),
    }
    write_json(config.out / "state.json", state)
    return state


def _other_seed(params: SamplingParams, further: int) -> SamplingParams:
    return replace(params, seed=params.seed + further)


def _rows(path: Path) -> list[Row]:
    return list(read_jsonl(path))


def _write(path: Path, rows: Sequence[Row]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    write_atomically(path, lambda partial: partial.write_text(text, encoding="utf-8"))
