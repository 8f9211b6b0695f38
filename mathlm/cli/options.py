"""Options and set-up that `solve`, `prove`, `check` and `eval` share.

Units: `--timeout` is seconds of wall time for one check, of a program or of a proof.
Errors: UsageError for options out of range; CheckpointError, with what else to do, for a missing model.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mathlm.cli.output import MAX_SEED, note, read_text
from mathlm.config import cores
from mathlm.errors import CheckpointError, RuntimeMissing, UsageError
from mathlm.pipeline import SolveLimits
from mathlm.rerank import How, Judge, Reranker
from mathlm.search.config import Part, SearchConfig, read_parts
from mathlm.types import SamplingParams
from verify.base import Limits

if TYPE_CHECKING:
    from mathlm.client.remote import RemoteVerifier
    from mathlm.search.premises import Retriever
    from model.generation.base import Backend
    from model.reward import RewardModel
    from verify.lean.policy import Policy
    from verify.lean.verifier import LeanVerifier

MAX_TOKENS = 512
"""Tokens of one completion."""
TEMPERATURE, PROOF_TEMPERATURE = 0.7, 1.1

Samples = Annotated[int, typer.Option("--samples", min=1, max=4096, help="Completions to sample.")]
Model = Annotated[str, typer.Option("--model", help="A shipped model's name, or a checkpoint folder.")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=MAX_SEED, help="Seed of the sampling.")]
Temperature = Annotated[
    float | None,
    typer.Option(
        "--temperature", min=0.0, max=10.0,
        help="Of several samples: 0.7 for programs, 1.1 for proofs, if not told. A single one is greedy.",
    ),
]  # fmt: skip
Workers = Annotated[int, typer.Option("--workers", min=1, max=256, help="Checks at once.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, max=3600, help="Seconds for one check.")]
Paranoid = Annotated[bool, typer.Option("--paranoid", help="A second, independent kernel must agree.")]


class Runtime(StrEnum):
    """Which Lean: see `verify.lean.runtimes`."""

    AUTO = "auto"
    NATIVE = "native"
    EMBEDDED = "embedded"


Rerank = Annotated[
    How, typer.Option("--rerank", help="What is proposed first: by votes, by reward, or by both.")
]
RewardFolder = Annotated[
    str | None, typer.Option("--reward-model", help="Reward model for --rerank: a checkpoint folder.")
]
RuntimeOption = Annotated[
    Runtime, typer.Option("--runtime", help="Which Lean; auto is native where its build is ready.")
]
VerifierUrls = Annotated[
    list[str] | None,
    typer.Option(
        "--verifier",
        metavar="URL",
        envvar="MATHLM_VERIFIER",
        help="Check on this `mathlm serve` instead of here. Repeatable: they share the work. "
        "MATHLM_API_KEY holds the key.",
    ),
]
File = Annotated[Path | None, typer.Option("--file", help="Read it from this file; '-' is stdin.")]

Context = Annotated[
    int | None,
    typer.Option(
        "--context", min=1, max=1_000_000, help="Tokens to read at most, by scaling RoPE if needed."
    ),
]

Search = Annotated[
    str,
    typer.Option(
        "--search",
        help="Parts of the search: automation, whole, mend, finish, resume, repair, best-first, sketch, "
        "premises, mathlib, disprove, critic; or 'all', and '-PART' after it to leave one out.",
    ),
]
Seconds = Annotated[
    float, typer.Option("--seconds", min=0.1, max=86_400, help="Seconds for the search of one statement.")
]

DEFAULT_SECONDS = SearchConfig().seconds
DEFAULT_SAMPLES = 4
DEFAULT_PROOFS = 16
DEFAULT_TIMEOUT = 20.0


def lean_limits(timeout: float) -> Limits:
    return Limits(seconds=timeout, memory_mb=2048, heartbeats=400_000, output_bytes=65_536)


def solve_limits(timeout: float) -> SolveLimits:
    """Programs and comparisons run in the Python sandbox, which knows no heartbeats."""
    python = Limits(seconds=timeout, memory_mb=1024, heartbeats=1, output_bytes=65_536)
    return SolveLimits(program=python, comparison=python, lean=lean_limits(timeout))


def sampling(seed: int, samples: int, temperature: float | None = None, *, proofs: bool) -> SamplingParams:
    """Greedy for a single sample, else varied: a proof need be right once, programs must agree."""
    if temperature is None:
        temperature = PROOF_TEMPERATURE if proofs else TEMPERATURE
    return SamplingParams(
        max_tokens=MAX_TOKENS, temperature=temperature if samples > 1 else 0.0, top_p=0.95, seed=seed
    )


def search(parts: str, *, samples: int, seconds: float) -> SearchConfig:
    """The search that the options ask for; the width of its other parts is fixed (see `SearchConfig`)."""
    return SearchConfig(parts=read_parts(parts), samples=samples, seconds=seconds)


def require_model(model: str, *, otherwise: str = "") -> None:
    """Refuse a model that is not there before anything else is fetched or started."""
    from model.generation import resolve_model

    try:
        resolve_model(model)
    except CheckpointError as error:
        raise CheckpointError(f"{error}{otherwise}") from None


def backend(model: str, *, otherwise: str = "", beside: int = 0, context: int | None = None) -> Backend:
    """The model, opened; `otherwise` ends the message when there is none.

    `beside` is the number of checks that run while the model generates: it leaves them their cores.
    `context` lets the model read longer prompts than it was trained on.
    """
    from model.generation import load_backend

    try:
        threads = max(1, cores() - beside) if beside else None
        return load_backend(model, threads=threads, context=context)
    except CheckpointError as error:
        raise CheckpointError(f"{error}{otherwise}") from None


def reward_model(model: str) -> RewardModel:
    """The reward model of a checkpoint folder, opened."""
    from model.generation import resolve_model
    from model.reward import RewardModel

    return RewardModel.load(resolve_model(model))


def judge(model: str) -> Judge:
    """A language model in its verifier role."""
    from model.generation import resolve_model
    from model.generation.native import NativeBackend

    return Judge(backend=NativeBackend.load(resolve_model(model)))


def reranker(how: How, model: str | None) -> Reranker | None:
    """What puts answers in order; None where the votes alone decide."""
    if (how is How.VOTE) != (model is None):
        raise UsageError(
            "re-ranking needs both --rerank reward (or both) and --reward-model CHECKPOINT: "
            "give the two, or neither"
        )
    return None if model is None else Reranker(scorer=reward_model(model), how=how)


def lean(
    workers: int, which: Runtime, *, paranoid: bool = False, rules: Policy | None = None
) -> LeanVerifier:
    """The Lean verifier on the runtime that was asked for; says so where `auto` took the native one."""
    from verify.lean.runtimes import choose
    from verify.lean.verifier import LeanVerifier

    runtime = choose(which.value)
    if which is Runtime.AUTO and runtime.name == "native":
        note(f"using {runtime.toolchain}; --runtime embedded takes the one that comes with mathlm")
    return LeanVerifier(workers=workers, runtime=runtime, paranoid=paranoid, rules=rules)


def checker(
    workers: int,
    which: Runtime,
    *,
    urls: list[str] | None,
    paranoid: bool = False,
    rules: Policy | None = None,
) -> LeanVerifier | RemoteVerifier:
    """The servers at `urls`, else `lean`."""
    if urls:
        return _remote(urls, which, workers, paranoid=paranoid, rules=rules)
    return lean(workers, which, paranoid=paranoid, rules=rules)


def _remote(
    urls: list[str], which: Runtime, workers: int, *, paranoid: bool, rules: Policy | None
) -> RemoteVerifier:
    """Lean on servers, which have a runtime and rules of their own."""
    from mathlm.client.remote import RemoteVerifier

    if rules is not None or which is not Runtime.AUTO:
        raise UsageError(
            "a server has its own rules and its own Lean: leave out --policy and --runtime with --verifier"
        )
    verifier = RemoteVerifier(urls, at_once=workers)
    if paranoid and "two kernels" not in verifier.toolchain:
        verifier.close()
        raise UsageError(f"{', '.join(urls)} has one kernel: start it by `mathlm serve --paranoid`")
    return verifier


def retriever(lean: LeanVerifier | RemoteVerifier, config: SearchConfig) -> Callable[[], Retriever] | None:
    """What finds lemmas for the prompts; None where they are switched off, or not kept (a note says so)."""
    from mathlm import premises
    from verify.lean.verifier import LeanVerifier

    if Part.PREMISES not in config.parts:
        return None
    if not isinstance(lean, LeanVerifier):
        note("the model sees no lemmas: a server does not list Lean's library")
        return None
    if not premises.is_ready(lean.runtime):
        note(
            "the model sees no lemmas: 'mathlm setup' reads Lean's library for them, once, in a minute or two"
        )
        return None
    return lambda: premises.retriever(lean)


def lean_or_none(workers: int, which: Runtime) -> tuple[LeanVerifier | None, str]:
    """The Lean verifier, or the reason why there is none on this machine."""
    from verify import runtime

    try:
        verifier = lean(workers, which)
        if verifier.runtime.name == "embedded":
            runtime.lean_dir()
    except RuntimeMissing as error:
        if which is Runtime.NATIVE:  # asked for by name: not to be left out quietly
            raise
        return None, str(error)
    return verifier, ""


def checker_or_none(
    workers: int, which: Runtime, *, urls: list[str] | None
) -> tuple[LeanVerifier | RemoteVerifier | None, str]:
    """The servers at `urls`, else `lean_or_none`."""
    return (checker(workers, which, urls=urls), "") if urls else lean_or_none(workers, which)


def one_text(argument: str | None, file: Path | None, *, what: str) -> str:
    """The text from the command line or from `--file`, whichever is given."""
    if (argument is None) == (file is None):
        raise UsageError(f"give the {what} as an argument or by --file FILE, one of the two")
    return argument if argument is not None else read_text(file or Path("-"))
