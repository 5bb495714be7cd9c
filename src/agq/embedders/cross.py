"""A cross-encoder: a question and a sentence read together -> how well the sentence answers it.

``training/cross_encoder.py`` trains it (``cross.safetensors``) and says how far it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agq.embedders.learned import EPSILON, HEADS, LAYERS, LearnedModel

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnx import ModelProto

    from agq.embedders.bert import Weights

LEARNED = Path(__file__).with_name("cross.safetensors")
QUESTION, SENTENCE = 40, 120
"""Tokens that are read of either; what is beyond is cut."""


class OnnxCrossEncoder:
    """Reads a question and sentences together. Safe to use from several threads; loaded by its first use.

    ``cache`` is agq's cache folder, where the graph is kept.
    """

    def __init__(self, cache: Path) -> None:
        self._model = LearnedModel(LEARNED, _graph, max(QUESTION, SENTENCE), cache)

    def scores(self, question: str, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(sentences), 4), in logits: it is on the subject; it belongs in a good answer; it answers
        by itself; it cannot be read alone.
        """
        if not sentences:
            return np.empty((0, 4), np.float32)
        asked = self._model.ids(question)[:QUESTION]
        return np.concatenate(list(self._model.pool.map(lambda text: self._one(asked, text), sentences)))

    def _one(self, asked: Sequence[int], text: str) -> NDArray[np.float32]:
        ids = np.array([[*asked, *self._model.ids(text)[1:][:SENTENCE]]], np.int32)
        return self._model.run(ids=ids)


def _graph(weights: Weights) -> ModelProto:
    from agq.embedders.bert import BertShape, cross_graph

    return cross_graph(weights, BertShape(LAYERS, HEADS, EPSILON, "mean"))
