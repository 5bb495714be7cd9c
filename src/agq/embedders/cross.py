"""A cross-encoder: a question read together with a sentence -> how well the sentence answers it; with a whole
paper -> whether the paper bears on it.

``training/cross_encoder.py`` trains the one (``cross.safetensors``), ``training/paper_reader.py`` the other
(``paper.safetensors``); both say how far it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agq.embedders.learned import EPSILON, HEADS, LAYERS, LearnedModel, kinds

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnx import ModelProto

    from agq.embedders.bert import Weights
    from agq.model import Passage

OF_SENTENCES = Path(__file__).with_name("cross.safetensors")
OF_PAPERS = Path(__file__).with_name("paper.safetensors")
QUESTION, SENTENCE, TITLE = 40, 120, 40
"""Tokens that are read of each; what is beyond is cut."""
PAPER_TOKENS_MAX = 500
"""Tokens of question and paper; sentences for which there is no more room are not read."""
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
    """Reads a question with sentences and papers. Safe to use from several threads; loaded by its first use.

    ``cache`` is agq's cache folder, where the graphs are kept.
    """

    def __init__(self, cache: Path) -> None:
        self._sentences = LearnedModel(OF_SENTENCES, _sentence_graph, max(QUESTION, SENTENCE), cache)
        self._papers = LearnedModel(OF_PAPERS, _paper_graph, PAPER_TOKENS_MAX, cache)

    def scores(self, question: str, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(sentences), 4), in logits: it is on the subject; it belongs in a good answer; it answers
        by itself; it cannot be read alone.
        """
        if not sentences:
            return np.empty((0, 4), np.float32)
        asked = self._sentences.ids(question)[:QUESTION]
        pool = self._sentences.pool
        return np.concatenate(list(pool.map(lambda text: self._sentence(asked, text), sentences)))

    def papers(self, question: str, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Shape (len(passages), 2), in logits: the paper is on the subject; something in it belongs in a good
        answer.
        """
        if not passages:
            return np.empty((0, 2), np.float32)
        return np.concatenate(list(self._papers.pool.map(lambda one: self._paper(question, one), passages)))

    def tokens(self, question: str, passage: Passage) -> PaperTokens:
        """How a paper is read."""
        begin, end = self._papers.ids("")
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
        return frozenset(self._papers.ids(PLAIN_TOKENS))

    def _bare(self, text: str) -> list[int]:
        return self._papers.ids(text)[1:-1]

    def _sentence(self, asked: Sequence[int], text: str) -> NDArray[np.float32]:
        ids = np.array([[*asked, *self._sentences.ids(text)[1:][:SENTENCE]]], np.int32)
        return self._sentences.run(ids=ids)

    def _paper(self, question: str, passage: Passage) -> NDArray[np.float32]:
        read = self.tokens(question, passage)
        ids, marks = (np.array([row], np.int32) for row in (read.ids, read.kinds))
        return self._papers.run(ids=ids, kinds=marks)


def _sentence_graph(weights: Weights) -> ModelProto:
    from agq.embedders.bert import BertShape, cross_graph

    return cross_graph(weights, BertShape(LAYERS, HEADS, EPSILON, "mean"))


def _paper_graph(weights: Weights) -> ModelProto:
    from agq.embedders.bert import BertShape, paper_graph

    return paper_graph(weights, BertShape(LAYERS, HEADS, EPSILON, "mean"))
