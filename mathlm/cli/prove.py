"""`mathlm prove "theorem t (a b : Nat) : a + b = b + a"`: a proof that the verifier accepts.

JSON: `statement, proof, status, reason, axioms, origin, attempts, steps, disproof, detail, vacuous,
toolchain, seconds`. `vacuous` is true when the hypotheses contradict each other, null when that is not
known. `disproof` is a proved theorem that says the statement is false. `--search` switches the parts of the
search (`mathlm.search`). Exit code 0 when proved, 1 when not (also for a statement that Lean does not
understand), 3 when the machine failed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from mathlm import pipeline
from mathlm.cli import options, output, views
from mathlm.config import DEFAULT_MODEL
from mathlm.rerank import How
from mathlm.types import to_json
from mathlm.watch import Watch


def prove(
    statement: Annotated[str | None, typer.Argument(help="theorem NAME BINDERS : TYPE")] = None,
    file: options.File = None,
    samples: options.Samples = options.DEFAULT_PROOFS,
    model: options.Model = DEFAULT_MODEL,
    seed: options.Seed = 0,
    temperature: options.Temperature = None,
    workers: options.Workers = 1,
    timeout: options.Timeout = options.DEFAULT_TIMEOUT,
    parts: options.Search = "all",
    seconds: options.Seconds = options.DEFAULT_SECONDS,
    use_model: Annotated[bool, typer.Option("--with-model/--no-model", help="Ask the model too.")] = True,
    paranoid: options.Paranoid = False,
    rerank: options.Rerank = How.VOTE,
    reward_model: options.RewardFolder = None,
    runtime: options.RuntimeOption = options.Runtime.AUTO,
    verifier: options.VerifierUrls = None,
    as_json: output.Json = False,
) -> int:
    """Prove a Lean 4 theorem."""
    text = options.one_text(statement, file, what="statement")
    pipeline.read_target(text)  # a bad statement is refused before anything is loaded
    config = options.search(parts, samples=samples, seconds=seconds)
    ranked = options.reranker(rerank, reward_model)
    hint = "; with --no-model only automation is tried"
    if use_model:
        options.require_model(model, otherwise=hint)
    from verify.lean.vacuity import vacuous

    with (
        output.progress("Proving", total=None) as bar,
        options.checker(workers, runtime, paranoid=paranoid, urls=verifier) as lean,
    ):
        lean.warm()
        backend = options.backend(model, otherwise=hint) if use_model else None
        retriever = options.retriever(lean, config) if use_model else None
        result = pipeline.prove(
            text, backend=backend, lean=lean, config=config, retriever=retriever, workers=workers,
            params=options.sampling(seed, samples, temperature, proofs=True),
            limits=options.lean_limits(timeout),
            watch=Watch(attempt=lambda _: bar.advance(1)),
            rerank=ranked,
        )  # fmt: skip
        if result.proof is not None:
            found = vacuous(lean, result.statement, limits=options.lean_limits(timeout))
            result = replace(result, vacuous=found)
    output.emit(to_json(result), views.show_proof(result), as_json=as_json)
    return output.ExitCode.OK if result.proof is not None else output.ExitCode.NOT_VERIFIED
