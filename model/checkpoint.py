"""Save and load a model as a Hugging Face folder.

Files: `config.json` (LlamaConfig), `model.safetensors`, `tokenizer.json`, `tokenizer_config.json`,
`generation_config.json` and, when given, `mathlm.json` (facts about the run: step, data hash, …).
transformers, vLLM and llama.cpp's converter read the folder as it is.

Contract: `save` never leaves a half-written checkpoint: it writes a temporary folder beside the target
and renames it; an older checkpoint is replaced, and kept when writing fails. `load` raises
CheckpointError, naming the file and what to do, for anything missing, truncated or of the wrong shape.
Not covered: optimizer state (training keeps its own), writing shards (`load` reads them).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, TypeVar, overload

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from mathlm.errors import CheckpointError
from model.config import ModelConfig
from model.tokenizer import Tokenizer
from model.transformer import Transformer

EXTRA = "mathlm.json"
Model = TypeVar("Model", bound=Transformer)


def save(
    model: Transformer,
    tokenizer: Tokenizer,
    folder: Path | str,
    *,
    dtype: torch.dtype = torch.bfloat16,
    extra: dict[str, Any] | None = None,
) -> None:
    """Write the checkpoint folder atomically; `extra` is JSON kept beside the weights."""
    if tokenizer.vocab_size > model.config.vocab_size:
        raise ValueError(
            f"the tokenizer has {tokenizer.vocab_size} ids, the model {model.config.vocab_size}: "
            "train the model with this tokenizer's vocab_size"
        )
    folder = Path(folder).absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = folder.with_name(f".{folder.name}.partial-{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir()
        weights = {k: v.detach().to("cpu", dtype).clone() for k, v in model.state_dict().items()}
        save_file(weights, partial / "model.safetensors", metadata={"format": "pt"})
        tokenizer.save(partial)
        eos = [tokenizer.im_end_id, tokenizer.end_of_text_id]
        ids = {"eos_token_id": eos, "pad_token_id": tokenizer.pad_id, "bos_token_id": None}
        config = model.hf_config() | ids | {"dtype": str(dtype).removeprefix("torch.")}
        _write_json(partial / "config.json", config)
        _write_json(partial / "generation_config.json", ids)
        if extra is not None:
            _write_json(partial / EXTRA, extra)
        _replace(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _aside(folder: Path) -> Path:
    """Where the older checkpoint is between the two renames of `_replace`."""
    return folder.with_name(f".{folder.name}.previous")


def _replace(partial: Path, folder: Path) -> None:
    previous = _aside(folder)
    if folder.exists():
        shutil.rmtree(previous, ignore_errors=True)
        folder.rename(previous)
    partial.rename(folder)
    shutil.rmtree(previous, ignore_errors=True)


@overload
def load(
    folder: Path | str, *, dtype: torch.dtype = ..., device: torch.device | str = ...
) -> tuple[Transformer, Tokenizer]: ...


@overload
def load(
    folder: Path | str, *, dtype: torch.dtype = ..., device: torch.device | str = ..., kind: type[Model]
) -> tuple[Model, Tokenizer]: ...


def load(
    folder: Path | str,
    *,
    dtype: torch.dtype = torch.bfloat16,
    device: torch.device | str = "cpu",
    kind: type[Any] = Transformer,
) -> tuple[Any, Tokenizer]:
    """The model (in eval mode) and its tokenizer; `kind` is the class of the model, by default the LM."""
    folder = Path(folder)
    config = read_config(folder)
    _check_architecture(folder, kind)
    tokenizer = Tokenizer.load(folder)
    if tokenizer.vocab_size > config.vocab_size:
        raise CheckpointError(
            f"{folder / 'tokenizer.json'} has {tokenizer.vocab_size} ids, the model {config.vocab_size}: "
            "the files are of different models, copy the folder again"
        )
    with torch.device("meta"):
        model = kind(config)
    weights = _read_weights(folder, model)
    model.load_state_dict({k: v.to(device, dtype) for k, v in weights.items()}, assign=True)
    return model.eval(), tokenizer


def read_config(folder: Path | str) -> ModelConfig:
    """The `ModelConfig` of a checkpoint folder."""
    path = Path(folder) / "config.json"
    if not path.parent.is_dir():
        hint = f"; an older version is in {_aside(path.parent.absolute())}, rename it back"
        kept = hint if _aside(path.parent.absolute()).is_dir() else ": give the folder of a saved model"
        raise CheckpointError(f"there is no model folder {path.parent}{kept}")
    try:
        return ModelConfig.from_hf(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise CheckpointError(f"{path} is missing: give the folder of a saved model") from None
    except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise CheckpointError(
            f"{path} is not a usable Llama config ({error}): copy the folder again or convert the model"
        ) from error


def _check_architecture(folder: Path, kind: type[Transformer]) -> None:
    """Refuse a language model where a reward model is wanted, and the other way round."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    found = config.get("architectures") or [kind.architecture]
    if kind.architecture not in found:
        raise CheckpointError(
            f"{folder} holds a {found[0]}, a {kind.architecture} is needed: give a checkpoint of that kind "
            "(`mathlm train reward` makes LlamaForSequenceClassification, the other stages LlamaForCausalLM)"
        )


def _weight_files(folder: Path) -> list[Path]:
    files = sorted(folder.glob("model*.safetensors"))
    if not files:
        raise CheckpointError(
            f"{folder / 'model.safetensors'} is missing: copy the weights into the folder or train the model"
        )
    return files


def _read_weights(folder: Path, model: Transformer) -> dict[str, Tensor]:
    weights: dict[str, Tensor] = {}
    files = _weight_files(folder)
    for path in files:
        try:
            weights |= load_file(path)
        except (SafetensorError, OSError) as error:
            raise CheckpointError(f"{path} cannot be read ({error}): copy or download it again") from error
    if model.config.tie_embeddings:
        weights.pop("lm_head.weight", None)
    wanted = {name: tuple(x.shape) for name, x in model.state_dict().items()}
    found = {name: tuple(x.shape) for name, x in weights.items()}
    if wanted != found:
        name = min(k for k in wanted.keys() | found.keys() if wanted.get(k) != found.get(k))
        raise CheckpointError(
            f"{files[0]} does not fit {folder / 'config.json'}: {name} is {found.get(name, 'absent')}, "
            f"expected {wanted.get(name, 'absent')}; copy the folder again"
        )
    return weights


def model_hash(folder: Path | str) -> str:
    """SHA-256 (hex) of the weight file, or of all shards in order."""
    digest = hashlib.sha256()
    for path in _weight_files(Path(folder)):
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
