"""A claim and what a paper says, read together -> whether the paper states the claim.

``training/entailment.py`` trains it (``entails.safetensors``) and tells how it reads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agq.embedders.learned import EPSILON, HEADS, LAYERS, LearnedModel, kinds
from agq.text.terms import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnx import ModelProto

    from agq.embedders.bert import Weights
    from agq.model import Passage

LEARNED = Path(__file__).with_name("entails.safetensors")
CLAIM, TITLE, SENTENCE, PASSAGE = 56, 18, 60, 110
"""Tokens that are read of each; what is beyond is cut. A passage is a title with its sentences."""
PLAIN = ". , ; : ( ) - % the of and in a to"
"""What says nothing where claim and passage share it."""
CLAIM_SCORES = 5


class OnnxEntailmentModel:
    """Reads a claim with what papers say. Safe to use from several threads; loaded by its first use.

    ``cache`` is agq's cache folder, where the graph is kept.
    """

    def __init__(self, cache: Path) -> None:
        self._model = LearnedModel(LEARNED, _graph, 512, cache)

    def scores(self, claim: str, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Shape (len(passages), 5), in logits: the passage states the claim; and, where it does not, how
        likely it says the opposite, another thing, less than this, nothing of it.
        """
        if not passages:
            return np.empty((0, CLAIM_SCORES), np.float32)
        pairs = [self.read(claim, passage) for passage in passages]
        return np.concatenate(list(self._model.pool.map(self._one, pairs)))

    def read(self, claim: str, passage: Passage) -> tuple[list[int], list[int]]:
        """The tokens, and for each whether it is the claim's (0, 1) or the passage's (2, 3), odd where the
        other has it too.
        """
        asked = self._model.ids(claim)[:CLAIM]
        said = self._told(claim, passage)
        return [*asked, *said], kinds(asked, said, self._plain)

    @cached_property
    def _plain(self) -> frozenset[int]:
        return frozenset(self._model.ids(PLAIN))

    def _told(self, claim: str, passage: Passage) -> list[int]:
        """Title, the authors that the claim names, sentences."""
        words = {fold(re.sub(r"['’]s$", "", word.strip(".,;()"))) for word in claim.split()}
        named = ", ".join(name for name in passage.authors if fold(name) in words)
        title = f"{passage.title} ({named})." if named else f"{passage.title}."
        said = self._model.ids(title)[1:-1][:TITLE]
        for sentence in passage.sentences:
            said += self._model.ids(sentence)[1:-1][:SENTENCE]
        return [*said[:PASSAGE], self._model.ids("")[-1]]

    def _one(self, pair: tuple[list[int], list[int]]) -> NDArray[np.float32]:
        ids, marks = (np.array([row], np.int32) for row in pair)
        return self._model.run(ids=ids, kinds=marks)


def _graph(weights: Weights) -> ModelProto:
    from agq.embedders.bert import BertShape, entailment_graph

    return entailment_graph(weights, BertShape(LAYERS, HEADS, EPSILON, "mean"))
