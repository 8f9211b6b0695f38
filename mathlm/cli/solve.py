"""`mathlm solve "QUESTION"`: an answer, and what stands behind it.

JSON: `question, answer, certificate, formal_statement, program, second_program, reasoning, votes, proof,
seconds`, and `axioms, toolchain, origin` of the Lean proof. Exit code 0 with the certificate that `--require`
names (by default `python`) or a stronger one, else 1.
Without the embedded Lean (no network on first use) answers get weaker certificates; a note says so.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from mathlm import pipeline
from mathlm.cli import options, output, views
from mathlm.config import DEFAULT_MODEL
from mathlm.rerank import How
from mathlm.types import Certificate, to_json


def solve(
    question: Annotated[str | None, typer.Argument(help="The question, in words.")] = None,
    file: options.File = None,
    samples: options.Samples = options.DEFAULT_SAMPLES,
    model: options.Model = DEFAULT_MODEL,
    context: options.Context = None,
    seed: options.Seed = 0,
    temperature: options.Temperature = None,
    workers: options.Workers = 1,
    timeout: options.Timeout = options.DEFAULT_TIMEOUT,
    require: Annotated[
        Certificate, typer.Option("--require", help="Weakest certificate that counts as solved.")
    ] = Certificate.PYTHON,
    use_lean: Annotated[bool, typer.Option("--lean/--no-lean", help="Try a Lean proof.")] = True,
    turns: Annotated[
        int, typer.Option("--turns", min=0, max=16, help="Times that a failing program may be corrected.")
    ] = 1,
    rerank: options.Rerank = How.VOTE,
    reward_model: options.RewardFolder = None,
    runtime: options.RuntimeOption = options.Runtime.AUTO,
    verifier: options.VerifierUrls = None,
    as_json: output.Json = False,
) -> int:
    """Solve a question; the answer has a certificate."""
    text = options.one_text(question, file, what="question")
    pipeline.solve_prompts(text, samples=samples)  # a bad question is refused before anything is loaded
    options.require_model(model)
    ranked = options.reranker(rerank, reward_model)
    from verify.python.verifier import PythonVerifier

    with output.progress("Solving", total=None), ExitStack() as stack:
        python = stack.enter_context(PythonVerifier(workers=workers))
        lean, missing = options.checker_or_none(workers, runtime, urls=verifier) if use_lean else (None, "")
        if lean is not None:
            stack.enter_context(lean)
            lean.warm(judges=False)
        backend = options.backend(model, context=context)
        found = pipeline.solve(
            text, backend=backend, python=python, lean=lean, samples=samples, workers=workers,
            params=options.sampling(seed, samples, temperature, proofs=False),
            limits=options.solve_limits(timeout),
            rerank=ranked, turns=turns,
        )  # fmt: skip
    if missing:
        output.note(f"no Lean certificate was tried: {missing}")
    proof = found.proof
    evidence = {
        "axioms": proof.axioms if proof else (),
        "toolchain": proof.toolchain if proof else "",
        "origin": proof.origin if proof else None,
    }
    output.emit(to_json(found.solution) | evidence, views.show_solution(found), as_json=as_json)
    strength = list(Certificate)  # strongest first
    verified = strength.index(found.solution.certificate) <= strength.index(require)
    return output.ExitCode.OK if verified else output.ExitCode.NOT_VERIFIED
