"""Training speed on one GPU at the shapes of InternLM2-1.8B: `python tests/bench/bench_mfu.py [--steps 6]`.

Whole steps of `training.trainer` on packed rows of 4,096 places: packing, forward, backward, update by
Muon and AdamW. Printed as a share of the rate of a large matrix product (8,192 cubed, bf16, random numbers)
measured in the same process, twice: with the 6 N operations a token that MFU usually counts, and with those
of causal attention inside documents too (12 x layers x width x places of the document / 2; PaLM,
arXiv:2204.02311, appendix B).
With `--device cpu` and small shapes the same lines run on a laptop; the figures say nothing there.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench_train import random_corpus

from model.config import ModelConfig
from model.transformer import Transformer
from training.optim import OptimConfig
from training.packing import Stream
from training.run import RunConfig
from training.trainer import Trainer


def matrix_rate(device: torch.device, size: int) -> float:
    """Operations per second of a square bf16 product: the best of ten batches of five."""
    left, right = (torch.randn(size, size, device=device, dtype=torch.bfloat16) for _ in range(2))
    seconds = []
    for _ in range(11):
        start = time.perf_counter()
        for _ in range(5):
            product = left @ right
        float(product[0, 0])
        seconds.append((time.perf_counter() - start) / 5)
    return 2 * size**3 / min(seconds[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--layers", type=int, default=24)
    parser.add_argument("--hidden", type=int, default=2048)
    parser.add_argument("--wide", type=int, default=8192, help="width of the SwiGLU layer")
    parser.add_argument("--heads", type=int, default=16)
    parser.add_argument("--kv-heads", type=int, default=8)
    parser.add_argument("--vocabulary", type=int, default=92_544)
    parser.add_argument("--row-length", type=int, default=4_096)
    parser.add_argument("--micro-tokens", type=int, default=16_384)
    parser.add_argument("--batch-tokens", type=int, default=131_072)
    parser.add_argument("--matrix", type=int, default=8_192, help="size of the product that is the ceiling")
    parser.add_argument("--attention", default="auto")
    parser.add_argument("--recompute", action="store_true")
    parser.add_argument("--steps", type=int, default=6)
    options = parser.parse_args()
    torch.manual_seed(0)
    shape = ModelConfig(
        vocab_size=options.vocabulary, hidden_size=options.hidden, intermediate_size=options.wide,
        num_layers=options.layers, num_heads=options.heads, num_kv_heads=options.kv_heads,
        head_dim=options.hidden // options.heads, max_position=options.row_length, rope_theta=1_000_000.0,
        tie_embeddings=False,
    )  # fmt: skip
    config = RunConfig(
        out=Path(), steps=1, batch_tokens=options.batch_tokens, micro_tokens=options.micro_tokens,
        row_lengths=(options.row_length,), precision="bf16", device=options.device,
        attention=options.attention, recompute=options.recompute,
    )  # fmt: skip
    ceiling = matrix_rate(torch.device(options.device), options.matrix)
    with torch.device(options.device):
        model = Transformer(shape)
    trainer = Trainer(model, OptimConfig(), config, log=print)
    documents = random_corpus(options.row_length, 4 * options.batch_tokens)
    stream = Stream(
        documents, range(len(documents)), row_lengths=config.row_lengths, micro_tokens=config.micro_tokens,
        seed=0, split=True,
    )  # fmt: skip
    seconds = []
    for number in range(options.steps + 2):
        start = time.perf_counter()
        trainer.step(stream.take_share(config.micro_steps, rank=0, ranks=1), 1.0)
        seconds.append(time.perf_counter() - start)
        print(f"step {number}: {seconds[-1]:.2f} s", file=sys.stderr, flush=True)
    rate = options.batch_tokens / statistics.median(seconds[2:])
    each = trainer.operations_per_token()
    lengths = documents.lengths() - 1
    attention = 6 * options.layers * options.hidden * float((lengths**2).sum() / lengths.sum())
    figures = {
        "parameters": trainer.parameters,
        "attention": trainer.attention,
        "tokens_per_second": round(rate),
        "matrix_tflops": round(ceiling / 1e12, 1),
        "mfu": round(rate * each / ceiling, 3),
        "mfu_with_attention": round(rate * (each + attention) / ceiling, 3),
        "memory_gib": round(trainer.memory() / 2**30, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
