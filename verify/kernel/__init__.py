"""A second, independent kernel for Lean's exported proofs: `host.cjs` checks, `checker.py` drives it.

Promise: it may decline, but it never accepts what is ill-typed. It shares no code with Lean. Its files:

    level.cjs, expr.cjs    universe levels and expressions, interned
    json.cjs, parse.cjs    the strict parser of lean4export's NDJSON 3.1
    environment.cjs        constants, and the names that candidates may not take
    literals.cjs           numbers and strings
    reduce.cjs, defeq.cjs  weak head normal form and definitional equality
    typecheck.cjs          types, and the check of one declaration
    check.cjs, host.cjs    a session (trusted library, candidates) and its process

Supported: all of Lean's expressions; beta, delta, zeta, iota (K, nested and mutual recursors, structure eta),
projections, quotients, arithmetic on literals, strings, proof irrelevance, eta, universe polymorphism.
Declined: new axioms, opaque constants, inductive types and quotients of a candidate; unsafe and partial
definitions; projections out of inductive families; other versions of the format; too many steps.
Believed: the trusted text, with its recursors and their rules, as it is given.
Gaps: an equality that Lean's kernel finds may need too many steps here; `Lean.reduceBool` computes nothing.
"""

from verify.kernel.checker import KernelAnswer, KernelChecker, KernelVerdict

__all__ = ["KernelAnswer", "KernelChecker", "KernelVerdict"]
