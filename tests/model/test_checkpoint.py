"""Checkpoints: both directions with transformers, atomic replacement, errors that name the file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, LlamaForCausalLM

from mathlm.errors import CheckpointError
from model import checkpoint
from model.tokenizer import Tokenizer

TOKENS = torch.randint(0, 260, (2, 24), generator=torch.Generator().manual_seed(0))


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


@pytest.mark.parametrize("shape", [{"tie_embeddings": True}, {"tie_embeddings": False, "num_kv_heads": 1}])
def test_transformers_reads_our_folder_and_we_read_theirs(make_model, tokenizer, tmp_path, shape) -> None:
    model = make_model(**shape)
    checkpoint.save(model, tokenizer, tmp_path / "ours", dtype=torch.float32)
    theirs = AutoModelForCausalLM.from_pretrained(tmp_path / "ours", dtype=torch.float32)
    assert isinstance(theirs, LlamaForCausalLM)
    assert theirs.generation_config.eos_token_id == [tokenizer.im_end_id, tokenizer.end_of_text_id]
    assert theirs.generation_config.pad_token_id == tokenizer.pad_id
    theirs.save_pretrained(tmp_path / "theirs")
    tokenizer.save(tmp_path / "theirs")
    again, _ = checkpoint.load(tmp_path / "theirs", dtype=torch.float32)
    with torch.no_grad():
        expected = model(TOKENS)
        torch.testing.assert_close(theirs(TOKENS).logits, expected, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(again(TOKENS), expected, atol=1e-4, rtol=1e-4)


def test_fused_model_saves_the_same_weights(make_model, tokenizer, folder, tmp_path) -> None:
    checkpoint.save(make_model().fuse_projections(), tokenizer, tmp_path / "fused", dtype=torch.float32)
    assert checkpoint.model_hash(tmp_path / "fused") == checkpoint.model_hash(folder)


def test_saves_bfloat16_by_default(make_model, tokenizer, tmp_path) -> None:
    checkpoint.save(make_model(), tokenizer, tmp_path / "m")
    assert {x.dtype for x in load_file(tmp_path / "m" / "model.safetensors").values()} == {torch.bfloat16}
    assert json.loads((tmp_path / "m" / "config.json").read_text())["dtype"] == "bfloat16"


def test_loaded_model_is_in_eval_mode_and_trainable(folder) -> None:
    model, _ = checkpoint.load(folder, dtype=torch.float32)
    assert not model.training
    model(TOKENS).sum().backward()


def test_extra_is_kept(folder) -> None:
    assert json.loads((folder / checkpoint.EXTRA).read_text()) == {"step": 7}


def test_hash_tells_weights_apart(make_model, tokenizer, folder, tmp_path) -> None:
    checkpoint.save(make_model(seed=1), tokenizer, tmp_path / "other", dtype=torch.float32)
    assert checkpoint.model_hash(tmp_path / "other") != checkpoint.model_hash(folder)
    assert len(checkpoint.model_hash(folder)) == 64


def test_sharded_weights_are_read(folder, copy) -> None:
    weights = load_file(copy / "model.safetensors")
    names = sorted(weights)
    (copy / "model.safetensors").unlink()
    for i, part in enumerate((names[::2], names[1::2])):
        save_file({name: weights[name] for name in part}, copy / f"model-0000{i + 1}-of-00002.safetensors")
    whole, _ = checkpoint.load(folder, dtype=torch.float32)
    shards, _ = checkpoint.load(copy, dtype=torch.float32)
    with torch.no_grad():
        assert torch.equal(whole(TOKENS), shards(TOKENS))


def test_replaces_an_older_checkpoint_and_leaves_nothing_else(make_model, tokenizer, copy) -> None:
    (copy / "old-file").write_text("x")
    checkpoint.save(make_model(seed=2), tokenizer, copy)
    assert not (copy / "old-file").exists()
    assert [path.name for path in copy.parent.iterdir()] == ["copy"]


def test_a_failed_save_keeps_the_older_checkpoint(make_model, tokenizer, copy) -> None:
    before = checkpoint.model_hash(copy)
    with pytest.raises(TypeError):  # the last file cannot be written: a set is no JSON
        checkpoint.save(make_model(seed=3), tokenizer, copy, extra={"bad": {1}})
    assert checkpoint.model_hash(copy) == before
    assert [path.name for path in copy.parent.iterdir()] == ["copy"]


def test_interrupted_replacement_is_explained(copy) -> None:
    copy.rename(copy.with_name(".copy.previous"))
    with pytest.raises(CheckpointError, match=r"older version is in .*\.copy\.previous"):
        checkpoint.load(copy)


def test_tokenizer_larger_than_the_model_is_refused(make_model, tokenizer, tmp_path) -> None:
    with pytest.raises(ValueError, match="vocab_size"):
        checkpoint.save(make_model(vocab_size=tokenizer.vocab_size - 1), tokenizer, tmp_path / "m")


def damage(name: str, content: bytes | None):
    def apply(copy: Path) -> None:
        if content is None:
            (copy / name).unlink()
        else:
            (copy / name).write_bytes(content)

    return apply


def shorten_weights(copy: Path) -> None:
    path = copy / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def drop_a_weight(copy: Path) -> None:
    weights = load_file(copy / "model.safetensors")
    del weights["model.norm.weight"]
    save_file(weights, copy / "model.safetensors")


def change_width(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"intermediate_size": 64}))


def foreign_tokenizer(copy: Path) -> None:
    Tokenizer.train(["other words and many of them " * 9] * 3, vocab_size=330).save(copy)
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"vocab_size": 264}))


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (shutil.rmtree, r"there is no model folder .*give the folder"),
        (damage("config.json", None), r"config\.json is missing"),
        (damage("config.json", b"{"), r"config\.json is not a usable Llama config"),
        (damage("config.json", b"[]"), r"config\.json is not a usable Llama config"),
        (
            damage("config.json", b'{"num_attention_heads": 0, "hidden_size": 8}'),
            r"not a usable Llama config",
        ),
        (damage("config.json", b"\xff\xfe"), r"config\.json is not a usable Llama config"),
        (damage("model.safetensors", None), r"model\.safetensors is missing"),
        (damage("model.safetensors", b""), r"model\.safetensors cannot be read"),
        (shorten_weights, r"model\.safetensors cannot be read"),
        (drop_a_weight, r"model\.norm\.weight is absent"),
        (change_width, r"mlp\.\w+\.weight is \(\d+, \d+\), expected"),
        (damage("tokenizer.json", None), r"tokenizer\.json is missing"),
        (damage("tokenizer.json", b"{}"), r"tokenizer\.json cannot be read"),
        (foreign_tokenizer, r"tokenizer\.json has \d+ ids, the model 264"),
    ],
)
def test_damage_is_named(copy, break_it, words) -> None:
    break_it(copy)
    with pytest.raises(CheckpointError, match=words):
        checkpoint.load(copy)
