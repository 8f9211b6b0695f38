"""The verifier: Lean proofs and Python programs, checked in sandboxed workers with explicit limits."""
