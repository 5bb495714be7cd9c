"""A cross-encoder: a question read together with a whole paper -> whether the paper bears on it, and which of
its sentences answer it.

Each sentence is read where it stands, behind its title and between its neighbours.
``training/cross_encoder.py`` trains it and says how far it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agq.embedders.learned import EPSILON, HEADS, LAYERS, LearnedModel, kinds
from agq.model import PaperScores

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnx import ModelProto

    from agq.embedders.bert import Weights
    from agq.model import Passage

CROSS_ENCODER = Path(__file__).with_name("cross.safetensors")
QUESTION, SENTENCE, TITLE = 40, 120, 40
"""Tokens that are read of each; what is beyond is cut."""
PAPER_TOKENS_MAX = 500
"""Tokens of question and paper; sentences for which there is no more room are not read."""
SENTENCE_SCORES = 5
"""Scores of a sentence; those behind them are the paper's."""
PLAIN_TOKENS = ". , ; : ( ) - % the of and in a to ? is are what how does do for on with by"
"""What says nothing where question and paper share it."""


@dataclass(frozen=True, slots=True)
class PaperTokens:
    """A paper as it is read under a question: the tokens of both; for each whether it is the question's (0,
    1) or the paper's (2, 3), odd where the other has it too; where each sentence that is read begins and
    ends.
    """

    ids: Sequence[int]
    kinds: Sequence[int]
    spans: Sequence[tuple[int, int]]


class OnnxCrossEncoder:
    """Safe to use from several threads; loaded by its first use.

    ``cache`` is agq's cache folder, where the graph is kept.
    """

    def __init__(self, cache: Path) -> None:
        self._model = LearnedModel(CROSS_ENCODER, _graph, PAPER_TOKENS_MAX, cache)

    def read(self, question: str, passages: Sequence[Passage]) -> list[PaperScores]:
        """What it makes of each paper and of its sentences."""
        return list(self._model.pool.map(lambda one: self._read(question, one), passages))

    def tokens(self, question: str, passage: Passage) -> PaperTokens:
        """How a paper is read."""
        begin, end = self._model.ids("")
        asked = [begin, *self._bare(question)[:QUESTION], end]
        told = [*self._bare(passage.title)[:TITLE], end]
        spans: list[tuple[int, int]] = []
        for sentence in passage.sentences:
            said = self._bare(sentence)[:SENTENCE]
            if len(asked) + len(told) + len(said) >= PAPER_TOKENS_MAX:
                break
            spans.append((len(asked) + len(told), len(asked) + len(told) + len(said)))
            told += said
        told.append(end)
        return PaperTokens([*asked, *told], kinds(asked, told, self._plain), spans)

    @cached_property
    def _plain(self) -> frozenset[int]:
        return frozenset(self._model.ids(PLAIN_TOKENS))

    def _bare(self, text: str) -> list[int]:
        return self._model.ids(text)[1:-1]

    def _read(self, question: str, passage: Passage) -> PaperScores:
        read = self.tokens(question, passage)
        ids, marks = (np.array([row], np.int32) for row in (read.ids, read.kinds))
        scores = self._model.run(ids=ids, kinds=marks, pool=pool(read))
        return PaperScores(scores[:-1, :SENTENCE_SCORES], scores[-1, SENTENCE_SCORES:])


def pool(read: PaperTokens) -> NDArray[np.float32]:
    """Shape (sentences + 1, tokens): what each token counts in each sentence, and in the paper as a whole, so
    that the product with the tokens' vectors is their means.
    """
    counts = np.zeros((len(read.spans) + 1, len(read.ids)), np.float32)
    for row, (begin, end) in zip(counts, read.spans, strict=False):
        row[begin : max(end, begin + 1)] = 1
    counts[-1] = np.array(read.kinds) >= 2  # the paper's
    counts /= counts.sum(axis=1, keepdims=True)
    return counts


def _graph(weights: Weights) -> ModelProto:
    from agq.embedders.bert import BertShape, cross_graph

    return cross_graph(weights, BertShape(LAYERS, HEADS, EPSILON, "mean"))
