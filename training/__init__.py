"""Training: data, pre-training, fine-tuning, reward model. One stage, one file, each with `main(config)`.

Mechanics that stages share: `corpus` (files to tokens), `packing` (tokens to rows), `trainer` (one
optimiser step), `optim` (Muon, AdamW, schedules), `run` (the folder of a run), `metrics` (its figures).
"""
