"""The cache's own bookkeeping: room, appended prefills, dropped rows."""

from __future__ import annotations

import pytest
import torch

from model.kv_cache import KVCache


def make(config, rows, capacity=20, **more) -> KVCache:
    return KVCache(config, rows=rows, capacity=capacity, dtype=torch.float32, device="cpu", **more)


def test_appended_and_dropped_rows_go_on_as_if_alone(make_model) -> None:
    model = make_model()
    tokens = torch.randint(0, 320, (2, 12))
    lengths = torch.tensor([5, 8])
    with torch.no_grad():
        prefill = make(model.config, 2)
        model(tokens[:, :8], cache=prefill)
        prefill.truncate(lengths)
        cache = make(model.config, 0, max_rows=5)
        cache.append(prefill, torch.tensor([1, 0, 0, 1, 1]))
        cache.drop([0, 3])  # rows [1, 0, 0, 1, 1] -> [1, 0, 0], by moving from the end
        assert cache.lengths_B.tolist() == [8, 5, 5]
        source = [1, 0, 0]
        next_tokens = torch.tensor([[int(tokens[b, lengths[b]])] for b in source])
        step = model(next_tokens, cache=cache)[:, 0]
        for row, b in enumerate(source):
            alone = model(tokens[b : b + 1, : int(lengths[b]) + 1])[0, -1]
            torch.testing.assert_close(step[row], alone, atol=1e-4, rtol=1e-4)


def test_a_full_cache_says_so(make_model) -> None:
    model = make_model()
    cache = make(model.config, 1, capacity=4)
    model(torch.zeros(1, 4, dtype=torch.int64), cache=cache)
    with pytest.raises(ValueError, match="capacity 4"):
        model(torch.zeros(1, 1, dtype=torch.int64), cache=cache)


def test_bad_use_is_refused(make_model) -> None:
    config = make_model().config
    with pytest.raises(ValueError, match="max_position"):
        make(config, 1, capacity=97)
    with pytest.raises(ValueError, match="shorten"):
        make(config, 1).truncate(torch.tensor([3]))
    with pytest.raises(ValueError, match="exceed"):
        make(config, 0, max_rows=1).append(make(config, 1), torch.tensor([0, 0]))
