"""Training speed beside the Hugging Face Trainer: `python tests/bench/bench_train.py [--rounds 3]`.

Both train the same Llama-style model on the same documents of random lengths, in one process and by turns, so
that other programs on the machine slow both. Printed: target tokens per second of each (places that give a
loss; padding counts nothing), the ratio of every round, and our share of the matrix-product rate.
On a machine that is busy all the same, `--threads 1 --processor-time` counts the seconds of the processor.
The Trainer is set up as its documentation advises on this hardware: bf16 autocast, fused AdamW, batches by
length, padded to the longest document, as many tokens a batch as ours has places. Compiling is left off
there (`--hf-compile` turns it on), since padded lengths change.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from model.config import ModelConfig
from model.transformer import Transformer
from training.corpus import Corpus
from training.optim import OptimConfig
from training.packing import Stream
from training.run import RunConfig
from training.trainer import Trainer, count_targets

VOCABULARY = 4096
Clock = Callable[[], float]


def random_corpus(longest: int, tokens: int) -> Corpus:
    """Documents of random lengths, most of them short, that fit a row of `longest` places."""
    rng = np.random.default_rng(0)
    lengths = np.clip(rng.lognormal(np.log(longest / 5), 0.6, size=tokens * 5 // longest), 8, longest + 1)
    lengths = lengths.astype(np.int64)
    return Corpus(
        tokens=rng.integers(0, VOCABULARY, size=lengths.sum()).astype(np.uint16),
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        loss_from=np.ones(len(lengths), np.int64),
        held_out=np.zeros(len(lengths), np.bool_),
        hashes={},
    )


class Ours:
    """This project's trainer on packed rows."""

    def __init__(self, shape: ModelConfig, documents: Corpus, options: argparse.Namespace) -> None:
        torch.manual_seed(0)
        rows = tuple(sorted(options.row_length))
        config = RunConfig(
            out=Path(), steps=1, batch_tokens=options.batch_tokens, micro_tokens=options.batch_tokens,
            row_lengths=rows, compile=options.compile, precision="bf16", device="cpu",
            threads=options.threads,
        )  # fmt: skip
        self.trainer = Trainer(Transformer(shape), OptimConfig(), config, log=print)
        self.stream = Stream(
            documents, range(len(documents)), row_lengths=rows, micro_tokens=config.micro_tokens, seed=0,
            split=True,
        )  # fmt: skip
        for size in {size for size, _ in self.stream.plan(0)}:
            self.trainer.step([self.stream.example(size)], 1.0)  # compiles

    def rate(self, steps: int, clock: Clock) -> float:
        """Target tokens per second of so many steps, packing and update included."""
        start, targets = clock(), 0
        for _ in range(steps):
            batch = self.stream.take()
            self.trainer.step([batch], 1.0)
            targets += count_targets(batch)
        return targets / (clock() - start)


class Theirs:
    """transformers' Trainer on padded batches of like lengths."""

    def __init__(self, shape: ModelConfig, documents: Corpus, options: argparse.Namespace) -> None:
        from transformers import LlamaConfig, LlamaForCausalLM

        torch.manual_seed(0)
        self.model = LlamaForCausalLM(LlamaConfig(**shape.to_hf()))
        self.examples = [
            {"input_ids": documents.tokens[a:b].tolist()}
            for a, b in zip(documents.starts[:-1], documents.starts[1:], strict=True)
        ]
        self.size = max(1, round(options.batch_tokens / documents.lengths().mean()))
        self.compile = options.hf_compile

    def rate(self, steps: int, clock: Clock) -> float:
        """Target tokens per second of so many steps after a first one, from batch to update."""
        from transformers import Trainer as HFTrainer
        from transformers import TrainerCallback, TrainingArguments

        begun: list[float] = []

        class Ends(TrainerCallback):
            def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
                begun.append(clock())

        targets: list[int] = []

        def collate(batch: list[dict[str, list[int]]]) -> dict[str, torch.Tensor]:
            longest = max(len(x["input_ids"]) for x in batch)
            padded = [x["input_ids"] + [0] * (longest - len(x["input_ids"])) for x in batch]
            seen = [[1] * len(x["input_ids"]) + [0] * (longest - len(x["input_ids"])) for x in batch]
            ids, mask = torch.tensor(padded), torch.tensor(seen)
            targets.append(int(mask[:, 1:].sum()))
            return {"input_ids": ids, "attention_mask": mask, "labels": ids.masked_fill(mask == 0, -100)}

        with tempfile.TemporaryDirectory() as folder:
            arguments = TrainingArguments(
                output_dir=folder, max_steps=steps + 1, per_device_train_batch_size=self.size, bf16=True,
                use_cpu=True, train_sampling_strategy="group_by_length", optim="adamw_torch_fused",
                report_to="none", logging_strategy="no", save_strategy="no", disable_tqdm=True,
                dataloader_pin_memory=False, torch_compile=self.compile,
            )  # fmt: skip
            trainer = HFTrainer(
                model=self.model, args=arguments, train_dataset=self.examples, data_collator=collate,
                callbacks=[Ends()],
            )  # fmt: skip
            trainer.train()
        return sum(targets[1 : steps + 1]) / (begun[steps] - begun[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--heads", type=int, default=8)
    parser.add_argument("--batch-tokens", type=int, default=8_192)
    parser.add_argument("--row-length", type=int, nargs="+", default=[128, 256, 512])
    parser.add_argument("--compile", default="auto")
    parser.add_argument("--hf-compile", action="store_true")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--processor-time", action="store_true")
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    longest = max(options.row_length)
    shape = ModelConfig(
        vocab_size=VOCABULARY, hidden_size=options.hidden, intermediate_size=3 * options.hidden,
        num_layers=options.layers, num_heads=options.heads, num_kv_heads=options.heads // 2,
        head_dim=options.hidden // options.heads, max_position=2 * longest,
    )  # fmt: skip
    documents = random_corpus(longest, 40 * options.batch_tokens)
    ours, theirs = Ours(shape, documents, options), Theirs(shape, documents, options)
    size = f"{ours.trainer.parameters / 1e6:.2f}M parameters"
    print(f"{size}, load average {os.getloadavg()[0]:.1f}", flush=True)
    ratios = []
    clock = time.process_time if options.processor_time else time.perf_counter
    for number in range(1, options.rounds + 1):
        own, other = ours.rate(options.steps, clock), theirs.rate(options.steps, clock)
        ratios.append(own / other)
        print(
            f"round {number}: {own:,.0f} and {other:,.0f} target tokens/s, ratio {ratios[-1]:.2f}", flush=True
        )
    share = own * ours.trainer.operations_per_token() / ours.trainer.matmul_rate()
    print(f"ratio {statistics.median(ratios):.2f} (median); MFU {share:.2f} in the last round")


if __name__ == "__main__":
    main()
