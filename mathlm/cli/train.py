"""`mathlm train pretrain|sft|reward|rl`: options to a configuration, and the stage is run.

Exit codes: 0 finished, 2 bad options or data, 3 the machine. The same command again continues a run that
was stopped, with another `--ranks` too. `torchrun … -m mathlm.cli.app train …` starts the ranks as well, on
several machines for instance.
Not covered: options that are fields of `OptimConfig` and no option here (use Python).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from mathlm.cli import options
from mathlm.cli.output import MAX_SEED, ExitCode, Json, emit
from mathlm.errors import UsageError
from training import phases, ranks
from training.grading import ProveGrader, SolveGrader
from training.loop import check_shares
from training.optim import OptimConfig
from training.pretrain import PretrainConfig
from training.pretrain import main as pretrain_main
from training.reward import RewardConfig, optim_for
from training.reward import main as reward_main
from training.rl import OPTIM as RL_OPTIM
from training.rl import Grader, RlConfig
from training.rl import main as rl_main
from training.run import RunConfig
from training.sft import OPTIM, SftConfig
from training.sft import main as sft_main

T = TypeVar("T", PretrainConfig, SftConfig, RewardConfig, RlConfig)

app = typer.Typer(help="Pre-train, fine-tune, and train a reward model.", no_args_is_help=True)

Data = Annotated[list[Path], typer.Option("--data", help="JSON-lines file, also .gz; may be repeated.")]
Out = Annotated[Path, typer.Option("--out", help="Folder of the run; the same command continues in it.")]
Steps = Annotated[int | None, typer.Option(help="Optimiser steps.")]
Minutes = Annotated[float | None, typer.Option(help="Wall-clock budget; sets the number of steps.")]
Epochs = Annotated[float | None, typer.Option(help="Passes over the data.")]
BatchTokens = Annotated[int, typer.Option(help="Tokens of one optimiser step.")]
MicroTokens = Annotated[int, typer.Option(help="Tokens computed at a time; lower it to save memory.")]
RowLength = Annotated[list[int], typer.Option(help="Length of packed rows; may be repeated.")]
Seed = Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Of the weights and of the order of the data.")]
Device = Annotated[str, typer.Option(help="auto, cpu or cuda.")]
Precision = Annotated[str, typer.Option(help="auto, bf16 or fp32.")]
Compile = Annotated[str, typer.Option(help="torch.compile: auto, on or off.")]
CheckpointMinutes = Annotated[float, typer.Option(help="How often the state is saved.")]
Threads = Annotated[int, typer.Option(help="CPU threads; 0: torch decides.")]
MuonLr = Annotated[float | None, typer.Option(help="Peak learning rate of hidden matrices.")]
AdamLr = Annotated[float | None, typer.Option(help="Peak learning rate of embeddings and norms.")]
Schedule = Annotated[str | None, typer.Option(help="wsd or cosine.")]
Floor = Annotated[float | None, typer.Option(help="Share of the peak rate that it falls to.")]
Matrices = Annotated[str | None, typer.Option("--optimizer", help="Of hidden matrices: muon or adamw.")]
Attention = Annotated[str, typer.Option(help="auto, matmul, fused or varlen.")]
Recompute = Annotated[bool, typer.Option(help="Activation checkpointing: less memory, more work.")]
Phases = Annotated[
    list[str] | None,
    typer.Option(help="SHARE:ROW,ROW:ROPE_BASE; repeat it: 0.9:512,4096:5e4, then 0.1:4096,32768:1e6."),
]
Ranks = Annotated[
    int, typer.Option("--ranks", min=1, max=64, help="Processes of this machine that share the model.")
]

ROW_LENGTHS = [128, 256, 512]


class Task(StrEnum):
    """What reinforcement learning is about."""

    SOLVE = "solve"
    PROVE = "prove"


def _run_config(**options: Any) -> RunConfig:
    for name, allowed in (
        ("device", ("auto", "cpu", "cuda")),
        ("precision", ("auto", "bf16", "fp32")),
        ("compile", ("auto", "on", "off")),
        ("attention", ("auto", "matmul", "fused", "varlen")),
    ):
        if (given := options.get(name, "auto")) not in allowed:
            raise UsageError(f"--{name} must be one of {', '.join(allowed)}, got {given!r}")
    lengths = tuple(sorted(set(options.pop("row_length"))))
    return RunConfig(row_lengths=lengths, **options)


def _optim_config(default: OptimConfig, **options: Any) -> OptimConfig:
    return replace(default, **{name: value for name, value in options.items() if value is not None})


def _run(main: Callable[[T], dict[str, Any]], config: T, count: int, out: Path, *, as_json: bool) -> int:
    check_shares(config.run, count)
    summary = ranks.launch(count, main, config)
    if not ranks.started_first():
        return ExitCode.OK  # torchrun started several of us: one speaks
    shown = ", ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in summary.items())
    emit(
        {**summary, "checkpoint": str(out / "checkpoint")},
        f"{shown}\nmodel: {out / 'checkpoint'}\nreport: {out / 'report.html'}",
        as_json=as_json,
    )
    return ExitCode.OK


@app.command()
def pretrain(
    data: Data,
    out: Out,
    tokenizer: Annotated[Path | None, typer.Option(help="Folder with tokenizer.json; from scratch.")] = None,
    init: Annotated[Path | None, typer.Option(help="Checkpoint folder to continue from.")] = None,
    layers: int = 8,
    hidden: int = 256,
    heads: int = 8,
    kv_heads: int = 4,
    max_position: Annotated[int, typer.Option(help="Longest context that the model accepts.")] = 1024,
    steps: Steps = None,
    minutes: Minutes = None,
    epochs: Epochs = None,
    batch_tokens: BatchTokens = 16_384,
    micro_tokens: MicroTokens = 8_192,
    row_length: RowLength = ROW_LENGTHS,
    phase: Phases = None,
    muon_lr: MuonLr = None,
    adam_lr: AdamLr = None,
    schedule: Schedule = None,
    floor: Floor = None,
    matrices: Matrices = None,
    seed: Seed = 0,
    device: Device = "auto",
    precision: Precision = "auto",
    compile: Compile = "auto",
    attention: Attention = "auto",
    recompute: Recompute = False,
    checkpoint_minutes: CheckpointMinutes = 5.0,
    threads: Threads = 0,
    count: Ranks = 1,
    as_json: Json = False,
) -> int:
    """Train on plain text: JSON lines {"text"}. Give --tokenizer (from scratch) or --init."""
    try:
        config = PretrainConfig(
            data=tuple(data),
            tokenizer=tokenizer,
            init=init,
            layers=layers,
            hidden=hidden,
            heads=heads,
            kv_heads=kv_heads,
            max_position=max_position,
            phases=tuple(map(phases.parse, phase or ())),
            optim=_optim_config(
                OptimConfig(), muon_lr=muon_lr, adam_lr=adam_lr, schedule=schedule, floor=floor,
                matrices=matrices,
            ),
            run=_run_config(
                out=out, steps=steps, minutes=minutes, epochs=epochs, batch_tokens=batch_tokens,
                micro_tokens=micro_tokens, row_length=row_length, seed=seed, device=device,
                precision=precision, compile=compile, checkpoint_minutes=checkpoint_minutes,
                threads=threads, attention=attention, recompute=recompute,
            ),
        )  # fmt: skip
    except ValueError as error:
        raise UsageError(f"{error}; see `mathlm train pretrain --help`") from None
    return _run(pretrain_main, config, count, out, as_json=as_json)


@app.command()
def sft(
    data: Data,
    init: Annotated[Path, typer.Option(help="Checkpoint folder to start from.")],
    out: Out,
    steps: Steps = None,
    minutes: Minutes = None,
    epochs: Epochs = None,
    batch_tokens: BatchTokens = 16_384,
    micro_tokens: MicroTokens = 8_192,
    row_length: RowLength = ROW_LENGTHS,
    muon_lr: MuonLr = None,
    adam_lr: AdamLr = None,
    schedule: Schedule = None,
    floor: Floor = None,
    matrices: Matrices = None,
    seed: Seed = 0,
    device: Device = "auto",
    precision: Precision = "auto",
    compile: Compile = "auto",
    attention: Attention = "auto",
    recompute: Recompute = False,
    checkpoint_minutes: CheckpointMinutes = 5.0,
    threads: Threads = 0,
    count: Ranks = 1,
    as_json: Json = False,
) -> int:
    """Fine-tune on verified answers: JSON lines {"id", "prompt", "answer", "source"}."""
    try:
        config = SftConfig(
            data=tuple(data),
            init=init,
            optim=_optim_config(
                OPTIM, muon_lr=muon_lr, adam_lr=adam_lr, schedule=schedule, floor=floor,
                matrices=matrices,
            ),
            run=_run_config(
                out=out, steps=steps, minutes=minutes, epochs=epochs, batch_tokens=batch_tokens,
                micro_tokens=micro_tokens, row_length=row_length, seed=seed, device=device,
                precision=precision, compile=compile, checkpoint_minutes=checkpoint_minutes,
                threads=threads, attention=attention, recompute=recompute,
            ),
        )  # fmt: skip
    except ValueError as error:
        raise UsageError(f"{error}; see `mathlm train sft --help`") from None
    return _run(sft_main, config, count, out, as_json=as_json)


@app.command()
def reward(
    data: Data,
    init: Annotated[Path, typer.Option(help="Checkpoint folder of a fine-tuned model.")],
    out: Out,
    steps: Steps = None,
    minutes: Minutes = None,
    epochs: Epochs = None,
    batch_tokens: BatchTokens = 16_384,
    micro_tokens: MicroTokens = 8_192,
    row_length: RowLength = ROW_LENGTHS,
    muon_lr: MuonLr = None,
    adam_lr: AdamLr = None,
    schedule: Schedule = None,
    seed: Seed = 0,
    device: Device = "auto",
    precision: Precision = "auto",
    compile: Compile = "auto",
    checkpoint_minutes: CheckpointMinutes = 5.0,
    threads: Threads = 0,
    as_json: Json = False,
) -> int:
    """Train a reward model on pairs of `mathlm data pairs`: JSON lines {"id", "domain", "prompt", …}."""
    if steps is None and minutes is None and epochs is None:
        epochs = 1.0
    try:
        config = RewardConfig(
            data=tuple(data),
            init=init,
            optim=_optim_config(
                optim_for(init), muon_lr=muon_lr, adam_lr=adam_lr, schedule=schedule
            ),
            run=_run_config(
                out=out, steps=steps, minutes=minutes, epochs=epochs, batch_tokens=batch_tokens,
                micro_tokens=micro_tokens, row_length=row_length, seed=seed, device=device,
                precision=precision, compile=compile, checkpoint_minutes=checkpoint_minutes,
                threads=threads,
            ),
        )  # fmt: skip
    except ValueError as error:
        raise UsageError(f"{error}; see `mathlm train reward --help`") from None
    return _run(reward_main, config, 1, out, as_json=as_json)


@app.command()
def rl(
    task: Annotated[Task, typer.Argument(help="solve: id, question, answer; prove: id, statement.")],
    data: Data,
    init: Annotated[Path, typer.Option(help="Checkpoint folder of a fine-tuned model.")],
    out: Out,
    steps: Annotated[int, typer.Option(min=1, help="Optimiser steps.")] = 100,
    prompts: Annotated[int, typer.Option(min=1, help="Problems of a step.")] = 16,
    group: Annotated[int, typer.Option(min=2, help="Completions of a problem.")] = 8,
    kl: Annotated[float, typer.Option(min=0, help="Weight of the divergence from the first weights.")] = 0.0,
    workers: options.Workers = 1,
    timeout: options.Timeout = options.DEFAULT_TIMEOUT,
    runtime: options.RuntimeOption = options.Runtime.AUTO,
    micro_tokens: MicroTokens = 8_192,
    row_length: RowLength = ROW_LENGTHS,
    muon_lr: MuonLr = None,
    adam_lr: AdamLr = None,
    schedule: Schedule = None,
    seed: Seed = 0,
    device: Device = "auto",
    precision: Precision = "auto",
    checkpoint_minutes: CheckpointMinutes = 5.0,
    threads: Threads = 0,
    as_json: Json = False,
) -> int:
    """Reinforcement learning (GRPO): sampled answers, rewarded by the verifier."""
    try:
        config = RlConfig(
            data=tuple(data), init=init, prompts=prompts, group=group, kl=kl,
            optim=_optim_config(RL_OPTIM, muon_lr=muon_lr, adam_lr=adam_lr, schedule=schedule),
            run=_run_config(
                out=out, steps=steps, batch_tokens=micro_tokens, micro_tokens=micro_tokens,
                row_length=row_length, seed=seed, device=device, precision=precision, compile="off",
                checkpoint_minutes=checkpoint_minutes, threads=threads,
            ),
        )  # fmt: skip
    except ValueError as error:
        raise UsageError(f"{error}; see `mathlm train rl --help`") from None
    with ExitStack() as stack:
        grader: Grader
        if task is Task.PROVE:
            lean = stack.enter_context(options.lean(workers, runtime))
            grader = ProveGrader(lean=lean, limits=options.lean_limits(timeout))
        else:
            from verify.python.verifier import PythonVerifier

            python = stack.enter_context(PythonVerifier(workers=workers))
            grader = SolveGrader(python=python, limits=options.solve_limits(timeout).program)
        return _run(lambda c: rl_main(c, grader), config, 1, out, as_json=as_json)
