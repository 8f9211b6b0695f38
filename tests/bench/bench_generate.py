"""Tokens per second of native generation against transformers' `generate`: same weights, prompts and run.

    python tests/bench/bench_generate.py [FOLDER] [--random] [--batch 64] [--tokens 128] [--repeats 3]

Both generate greedily exactly `--tokens` tokens for each of `--batch` different prompts of 32 to 96 tokens
(no stop token), in bfloat16 on the CPU or GPU, taking turns; the best run of each counts. transformers runs
its stock `generate` (dynamic cache, SDPA). `--sample` draws at temperature 0.8, top-p 0.95 instead.
Prints one JSON line; exit code 1 when the native backend is slower.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, GenerationConfig

sys.path.insert(0, str(Path(__file__).parents[2]))

from mathlm.types import Prompt, SamplingParams
from model import checkpoint
from model.config import ModelConfig
from model.generation import resolve_model
from model.generation.native import NativeBackend, default_device
from model.tokenizer import Tokenizer
from model.transformer import Transformer


def random_checkpoint(folder: Path) -> Path:
    """The shape of the shipped model, with random weights."""
    config = ModelConfig(
        vocab_size=4096,
        hidden_size=256,
        intermediate_size=768,
        num_layers=8,
        num_heads=8,
        num_kv_heads=4,
        head_dim=32,
        max_position=1024,
    )
    torch.manual_seed(0)
    words = ["".join(random.Random(i).choices("abcdefgh", k=5)) for i in range(6000)]
    tokenizer = Tokenizer.train([" ".join(words)] * 2, vocab_size=4096)
    checkpoint.save(Transformer(config), tokenizer, folder)
    return folder


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - start


def bench(folder: Path, args: argparse.Namespace) -> dict[str, object]:
    device = default_device()
    native = NativeBackend.load(folder, device=device, dtype=torch.bfloat16, max_batch=args.batch)
    reference = AutoModelForCausalLM.from_pretrained(str(folder), dtype=torch.bfloat16).to(device).eval()
    reference.generation_config = GenerationConfig()
    tokenizer, rng = native.tokenizer, random.Random(0)
    # letters and blanks, one token a piece at least: equal work, nothing to stop on
    texts = [
        " ".join(str(rng.randrange(10)) for _ in range(rng.randrange(16, 48))) for _ in range(args.batch)
    ]
    ids = [tokenizer.encode(text) for text in texts]
    longest = max(map(len, ids))
    tokens = torch.tensor([[tokenizer.pad_id] * (longest - len(x)) + x for x in ids], device=device)
    mask = torch.tensor([[0] * (longest - len(x)) + [1] * len(x) for x in ids], device=device)
    sampling = {"do_sample": True, "temperature": 0.8, "top_p": 0.95, "top_k": 0} if args.sample else {}
    config = GenerationConfig(max_new_tokens=args.tokens, pad_token_id=tokenizer.pad_id, **sampling)
    params = SamplingParams(
        max_tokens=args.tokens, temperature=0.8 if args.sample else 0.0, top_p=0.95 if args.sample else 1.0
    )
    prompts = [Prompt(text=text, stop=()) for text in texts]
    produced = {"native": 0, "transformers": 0}

    def run_native() -> None:
        produced["native"] = sum(x.tokens for x in native.generate(prompts, params))

    def run_reference() -> None:
        with torch.inference_mode():
            output = reference.generate(input_ids=tokens, attention_mask=mask, generation_config=config)
        produced["transformers"] = (output.shape[1] - longest) * args.batch

    run_native(), run_reference()
    best = {"native": float("inf"), "transformers": float("inf")}
    for _ in range(args.repeats):
        best["native"] = min(best["native"], seconds(run_native))
        best["transformers"] = min(best["transformers"], seconds(run_reference))
    speed = {name: produced[name] / best[name] for name in best}
    return {
        "model": folder.name,
        "device": device,
        "threads": torch.get_num_threads(),
        "batch": args.batch,
        "new_tokens": args.tokens,
        "native_tokens_per_s": round(speed["native"]),
        "transformers_tokens_per_s": round(speed["transformers"]),
        "ratio": round(speed["native"] / speed["transformers"], 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="native generation against transformers' generate")
    parser.add_argument("folder", nargs="?", default="mathlm-mini", help="model name or checkpoint folder")
    parser.add_argument("--random", action="store_true", help="a random model of the shipped shape")
    parser.add_argument("--sample", action="store_true", help="temperature 0.8, top-p 0.95, not greedy")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, help="CPU threads of torch (default: all)")
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    with tempfile.TemporaryDirectory() as scratch:
        folder = random_checkpoint(Path(scratch) / "random") if args.random else resolve_model(args.folder)
        result = bench(folder, args)
    print(json.dumps(result))
    return 0 if float(str(result["ratio"])) >= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
