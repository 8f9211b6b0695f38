"""Training speed on random tokens: `python tests/bench/bench_train.py [--compile off] [--device cuda]`.

Prints, for each row length, tokens per second (forward, backward and update; the best of several steps,
since other programs may use the cores) and the share of the matrix-product rate of this machine.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from model.config import ModelConfig
from model.transformer import Transformer
from training.corpus import Corpus
from training.optim import OptimConfig
from training.packing import Stream
from training.run import RunConfig
from training.trainer import Trainer

VOCABULARY = 4096


def random_corpus(longest: int, tokens: int) -> Corpus:
    """Documents of random lengths that fit a row of `longest` places."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(max(3, longest // 3), longest + 2, size=tokens * 2 // longest)
    return Corpus(
        tokens=rng.integers(0, VOCABULARY, size=lengths.sum()).astype(np.uint16),
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        loss_from=np.ones(len(lengths), np.int64),
        held_out=np.zeros(len(lengths), np.bool_),
        hashes={},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--heads", type=int, default=8)
    parser.add_argument("--batch-tokens", type=int, default=16_384)
    parser.add_argument("--micro-tokens", type=int, default=8_192)
    parser.add_argument("--row-length", type=int, nargs="+", default=[128, 256, 512])
    parser.add_argument("--compile", default="auto")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--steps", type=int, default=5)
    options = parser.parse_args()
    for length in options.row_length:
        torch.manual_seed(0)
        shape = ModelConfig(
            vocab_size=VOCABULARY, hidden_size=options.hidden, intermediate_size=3 * options.hidden,
            num_layers=options.layers, num_heads=options.heads, num_kv_heads=options.heads // 2,
            head_dim=options.hidden // options.heads, max_position=length,
        )  # fmt: skip
        config = RunConfig(
            out=Path(), steps=options.steps, batch_tokens=options.batch_tokens,
            micro_tokens=options.micro_tokens, row_lengths=(length,), compile=options.compile,
            device=options.device, precision=options.precision,
        )  # fmt: skip
        trainer = Trainer(Transformer(shape), OptimConfig(), config, log=print)
        documents = random_corpus(length, options.batch_tokens)
        stream = Stream(
            documents, range(len(documents)), row_lengths=(length,), micro_tokens=config.micro_tokens,
            seed=0, split=True,
        )  # fmt: skip
        seconds = []
        for _ in range(options.steps + 1):  # the first one compiles
            batches = [stream.take() for _ in range(config.micro_steps)]
            start = time.perf_counter()
            trainer.step(batches, 1.0)
            seconds.append(time.perf_counter() - start)
        rate = config.batch_tokens / min(seconds[1:])
        share = rate * trainer.operations_per_token() / trainer.matmul_rate()
        print(
            f"rows of {length}: {trainer.parameters / 1e6:.2f}M parameters, {rate:,.0f} tokens/s, "
            f"{share:.2f} of the matrix-product rate, first step {seconds[0]:.1f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
