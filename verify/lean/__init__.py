"""Checking Lean 4: `LeanVerifier` elaborates in sandboxed workers and judges from facts, not messages."""
