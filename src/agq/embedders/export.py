"""A model folder in sentence-transformers' layout -> an encoder folder, made once per model on a machine."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import onnx
from safetensors.numpy import load_file

from agq.embedders.bert import BertShape, bert_graph
from agq.embedders.card import CARD, MODEL, TOKENIZER, EncoderCard, NotExportable, encoder_place
from agq.errors import AgqError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def export(model: Path, cache: Path, *, name: str, sha256: str = "") -> Path:
    """The encoder folder made from ``model``, from ``cache`` where it is already there.

    ``sha256`` is what the weights must hash to, where that is known beforehand. Several processes may export
    at once: each writes a folder of its own, and the first to rename it into place wins.

    Raises
    ------
    AgqError
        The weights are not those of the official release.
    NotExportable
        The model is of another architecture.
    """
    weights = model / "model.safetensors"
    if not weights.is_file():
        raise NotExportable(f"{model} holds no model.safetensors")
    digest = sha256_of(weights)
    if sha256 and digest != sha256:
        raise AgqError(
            f"the weights of {name} are not the official ones: {weights}", hint="reinstall the package"
        )
    place = encoder_place(cache, digest, name)
    if not (place / CARD).is_file():
        _publish(model, place, name=name, digest=digest)
    return place


def library_folder(card: EncoderCard, cache: Path) -> Path:
    """The folder of an encoder that has nothing but a card."""
    place = encoder_place(cache, card.weights, card.name)
    place.mkdir(parents=True, exist_ok=True)
    card.write(place)
    return place


def sha256_of(file: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _publish(model: Path, place: Path, *, name: str, digest: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".making-") as made:
        folder = Path(made) / "encoder"
        folder.mkdir()
        _write(model, folder, name=name, digest=digest)
        with suppress(OSError):  # another process was first, and what it made is the same
            os.rename(folder, place)
    if not (place / CARD).is_file():
        raise AgqError(f"the encoder could not be put into {place}")


def _write(model: Path, folder: Path, *, name: str, digest: str) -> None:
    shape = _shape(model)
    state = {
        key.removeprefix("bert."): _float32(value)
        for key, value in load_file(model / "model.safetensors").items()
    }
    onnx.save(bert_graph(state, shape), folder / MODEL)
    shutil.copyfile(model / TOKENIZER, folder / TOKENIZER)
    positions, dim = state["embeddings.position_embeddings.weight"].shape
    EncoderCard(name=name, dim=dim, max_tokens=_limit(model, positions), weights=digest).write(folder)


def _limit(model: Path, positions: int) -> int:
    """How many tokens of a text are read: what the model says, in either of the two places, or can."""
    said = _json(model / "sentence_bert_config.json").get("max_seq_length")
    said = said or _json(model / "tokenizer_config.json").get("model_max_length")
    return int(min(said or positions, positions))


def _float32(value: NDArray[Any]) -> NDArray[np.float32]:
    return value.astype("float32", copy=False)


def _shape(model: Path) -> BertShape:
    """What ``config.json`` and the pooling say.

    Raises
    ------
    NotExportable
        It is not a plain BERT.
    """
    config = _json(model / "config.json")
    plain = {"model_type": "bert", "hidden_act": "gelu"}
    if any(config.get(key) != value for key, value in plain.items()):
        raise NotExportable(f"{model} is not a plain BERT")
    if config.get("position_embedding_type", "absolute") != "absolute" or not (model / TOKENIZER).is_file():
        raise NotExportable(f"{model} is not a plain BERT")
    return BertShape(
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        epsilon=config["layer_norm_eps"],
        pooling=_pooling(model),
    )


def _pooling(model: Path) -> str:
    kinds = [entry["type"].rsplit(".", 1)[-1] for entry in _json(model / "modules.json") or []]
    if kinds[:2] != ["Transformer", "Pooling"] or kinds[2:] not in ([], ["Normalize"]):
        raise NotExportable(f"{model} does more than encode and pool")
    ways = _ways(_json(model / "1_Pooling" / "config.json"))
    if ways not in (["mean"], ["cls"]):
        raise NotExportable(f"{model} pools in a way of its own")
    return ways[0]


def _ways(pooling: Mapping[str, Any]) -> list[str]:
    """The ways of pooling that are on; older versions wrote a flag for each, newer ones a name."""
    if "pooling_mode" in pooling:
        return [str(pooling["pooling_mode"])]
    flags = [key for key, value in pooling.items() if key.startswith("pooling_mode_") and value is True]
    return [
        flag.removeprefix("pooling_mode_").removesuffix("_tokens").removesuffix("_token") for flag in flags
    ]


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
