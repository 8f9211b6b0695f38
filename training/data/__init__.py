"""Training data: problems with programs, theorems with proofs, library statements, tokenizers."""
