"""One step: no leakage in packed rows, exact means, measuring without a trace."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from mathlm.errors import UsageError
from model.config import ModelConfig
from model.transformer import Transformer
from training.corpus import Corpus
from training.optim import OptimConfig
from training.packing import IGNORE, Batch, Stream
from training.run import RunConfig
from training.trainer import Trainer, count_targets

MakeRun = Callable[..., RunConfig]
VOCABULARY = 50


def make_trainer(config: RunConfig, log: Callable[[str], None] = print, *, layers: int = 2) -> Trainer:
    torch.manual_seed(0)
    shape = ModelConfig(
        vocab_size=VOCABULARY, hidden_size=16, intermediate_size=48, num_layers=layers, num_heads=4,
        num_kv_heads=2, head_dim=4, max_position=128,
    )  # fmt: skip
    return Trainer(Transformer(shape), OptimConfig(), config, log=log)


@pytest.fixture
def stream() -> Stream:
    rng = np.random.default_rng(0)
    lengths = rng.integers(2, 60, size=40)
    corpus = Corpus(
        tokens=rng.integers(0, VOCABULARY, size=lengths.sum()).astype(np.uint16),
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        loss_from=np.ones(40, np.int64),
        held_out=np.zeros(40, np.bool_),
        hashes={},
    )
    return Stream(corpus, range(40), row_lengths=(64, 128), micro_tokens=256, seed=0, split=True)


def test_a_packed_document_has_the_logits_it_has_alone(tiny_run: MakeRun, stream: Stream) -> None:
    trainer = make_trainer(tiny_run())
    batch = stream.take()
    documents = 0
    with torch.no_grad():
        packed = trainer.model(
            torch.from_numpy(batch.tokens_BL),
            positions_BL=torch.from_numpy(batch.positions_BL),
            doc_ids_BL=torch.from_numpy(batch.doc_ids_BL),
        )
        for row in range(len(batch.tokens_BL)):
            for document in set(batch.doc_ids_BL[row].tolist()) - {-1}:
                inside = torch.from_numpy(batch.doc_ids_BL[row] == document)
                alone = trainer.model(torch.from_numpy(batch.tokens_BL[row])[inside][None])[0]
                torch.testing.assert_close(packed[row, inside], alone, rtol=1e-4, atol=1e-5)
                documents += 1
    assert documents > len(batch.tokens_BL), "some row holds several documents"


def test_the_loss_is_the_mean_over_target_places_only(tiny_run: MakeRun, stream: Stream) -> None:
    trainer = make_trainer(tiny_run())
    batch = stream.take()
    with torch.no_grad():
        logits = trainer.model(
            torch.from_numpy(batch.tokens_BL),
            positions_BL=torch.from_numpy(batch.positions_BL),
            doc_ids_BL=torch.from_numpy(batch.doc_ids_BL),
        )
        expected = F.cross_entropy(
            logits.flatten(0, 1), torch.from_numpy(batch.targets_BL).flatten(), ignore_index=IGNORE
        )
    assert trainer.evaluate([batch]) == pytest.approx(float(expected), rel=1e-5)


def test_two_micro_batches_are_one_batch(tiny_run: MakeRun, stream: Stream) -> None:
    batches = [batch for batch in stream.epoch_batches(0) if batch.tokens_BL.shape[1] == 64][:2]
    assert len({count_targets(batch) for batch in batches}) == 2, "a plain mean of means would differ"
    arrays = ("tokens_BL", "positions_BL", "doc_ids_BL", "targets_BL")
    joined = Batch(**{name: np.concatenate([getattr(b, name) for b in batches]) for name in arrays})
    results = []
    for parts in (batches, [joined]):
        trainer = make_trainer(tiny_run())
        results.append((*trainer.step(parts, 1.0), trainer.evaluate(batches)))
    assert results[0] == pytest.approx(results[1], rel=1e-4)


def test_bf16_keeps_float32_masters_and_trains(tiny_run: MakeRun, stream: Stream) -> None:
    trainer = make_trainer(tiny_run(precision="bf16"))
    batch = stream.take()
    losses = [trainer.step([batch], 1.0)[0] for _ in range(15)]
    assert {w.dtype for w in trainer.model.parameters()} == {torch.bfloat16}
    masters = trainer.optimizer.state_dict()["muon_master"]
    assert {x.dtype for x in masters} == {torch.float32}
    assert losses[-1] < losses[0] - 0.1


def test_measuring_a_step_leaves_no_trace(tiny_run: MakeRun, stream: Stream) -> None:
    measured, plain = make_trainer(tiny_run()), make_trainer(tiny_run())
    assert measured.seconds_per_step(stream) > 0
    assert stream.state == (0, 0)
    batch = stream.take()
    assert measured.step([batch], 1.0) == plain.step([batch], 1.0)
    assert measured.evaluate([batch]) == plain.evaluate([batch])


def test_without_a_compiler_auto_trains_eagerly_and_says_so(
    tiny_run: MakeRun, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "/nonexistent/compiler")
    monkeypatch.setattr("torch._inductor.config.cpp.cxx", ("/nonexistent/compiler",))
    monkeypatch.setattr("torch._inductor.config.fx_graph_cache", False)
    monkeypatch.setattr("torch._functorch.config.enable_autograd_cache", False)
    batch = stream.take()
    lines: list[str] = []
    trainer = make_trainer(tiny_run(compile="auto"), lines.append, layers=1)
    eager = make_trainer(tiny_run(compile="off"), layers=1)
    assert trainer.step([batch], 1.0) == eager.step([batch], 1.0)
    assert len(lines) == 1 and "without torch.compile" in lines[0]
    with pytest.raises(UsageError, match="--compile auto or off"):
        make_trainer(tiny_run(compile="on"), layers=1).step([batch], 1.0)


def test_a_loss_that_is_not_finite_says_what_to_do(tiny_run: MakeRun, stream: Stream) -> None:
    trainer = make_trainer(tiny_run())
    with torch.no_grad():
        trainer.model.output_weight.fill_(float("inf"))
    with pytest.raises(UsageError, match="lower the learning rates"):
        trainer.step([stream.take()], 1.0)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has the device")
def test_a_device_that_is_not_there_is_a_usage_error(tiny_run: MakeRun) -> None:
    with pytest.raises(UsageError, match="--device cpu"):
        make_trainer(tiny_run(device="cuda"))
