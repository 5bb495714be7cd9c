"""A cross-encoder: a question and a paper read together -> how well each of its sentences answers, and
whether the paper bears on the question.

Two models read it. One reads sentence by sentence (``cross.safetensors``, made by
``training/cross_encoder.py``), which tells best which of a paper's sentences answers. The other reads title
and abstract at once (``paper.safetensors``, ``training/paper_reader.py``), which tells best whether the paper
is on the question at all, and what "it" is. Sentences score the mean of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agq.embedders.learned import EPSILON, HEADS, LAYERS, LearnedModel
from agq.model import Marks

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnx import ModelProto

    from agq.embedders.bert import Weights
    from agq.model import Passage

ALONE = Path(__file__).with_name("cross.safetensors")
WHOLE = Path(__file__).with_name("paper.safetensors")
QUESTION, TITLE, SENTENCE = 40, 40, 120
"""Tokens that are read of each; what is beyond is cut."""
WINDOW = 500
"""Tokens that are read at once; a longer abstract is read in parts, each behind the title."""
TOKENS = 512
"""Tokens of a text, at most."""
PLAIN = ". , ; : ( ) - % the of and in a to ? is are what how does do for on with by"
"""What says nothing where question and paper share it."""


Span = tuple[int, int]
"""Where a sentence's tokens begin and end."""


@dataclass(frozen=True, slots=True)
class Window:
    """What is read at once: tokens, for each whether it is the question's (0, 1) or the paper's (2, 3), odd
    where the other has it too; its sentences.
    """

    ids: Sequence[int]
    kinds: Sequence[int]
    spans: Sequence[Span]


class OnnxCrossEncoder:
    """Reads a question with papers. Safe to use from several threads; loaded by its first use.

    ``cache`` is agq's cache folder, where the graph is kept.
    """

    def __init__(self, cache: Path) -> None:
        self._alone = LearnedModel(ALONE, _sentence_graph, TOKENS, cache)
        self._whole = LearnedModel(WHOLE, _paper_graph, TOKENS, cache)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Marks]:
        """What it makes of each paper and of each of its sentences."""
        asked = self._ids(question)[:QUESTION]
        told = [sentence for passage in passages for sentence in passage.sentences]
        pool = self._whole.pool
        whole = [pool.submit(self._read_whole, asked, passage) for passage in passages]
        alone = [pool.submit(self._read_alone, asked, sentence) for sentence in told]
        rows = iter(alone)
        return [
            _both(marks.result(), [next(rows).result() for _ in passage.sentences])
            for marks, passage in zip(whole, passages, strict=True)
        ]

    def windows(self, question: str, passage: Passage) -> Iterator[Window]:
        """What is read of a paper, part by part."""
        return self._windows(self._ids(question)[:QUESTION], passage)

    def _windows(self, asked: Sequence[int], passage: Passage) -> Iterator[Window]:
        begin, end = self._whole.ids("")
        first = [begin, *asked, end]
        title = [*self._ids(passage.title)[:TITLE], end]
        read = list(title)
        spans: list[Span] = []
        for sentence in passage.sentences:
            tokens = self._ids(sentence)[:SENTENCE]
            if spans and len(first) + len(read) + len(tokens) >= WINDOW:
                yield self._window(first, [*read, end], spans)
                read, spans = list(title), []
            at = len(first) + len(read)
            spans.append((at, at + len(tokens)))
            read += tokens
        yield self._window(first, [*read, end], spans)

    def _window(
        self, first: Sequence[int], second: Sequence[int], spans: Sequence[tuple[int, int]]
    ) -> Window:
        shared = (set(first) & set(second)) - set(self._whole.ids(PLAIN))
        kinds = [int(token in shared) for token in first] + [2 + int(token in shared) for token in second]
        return Window([*first, *second], kinds, spans)

    def _ids(self, text: str) -> list[int]:
        return self._whole.ids(text)[1:-1]

    def _read_alone(self, asked: Sequence[int], sentence: str) -> NDArray[np.float32]:
        begin, end = self._alone.ids("")
        ids = np.array([[begin, *asked, end, *self._ids(sentence)[:SENTENCE], end]], np.int32)
        (scores,) = self._alone.run(ids=ids)[0]
        return np.asarray(scores)

    def _read_whole(self, asked: Sequence[int], passage: Passage) -> Marks:
        parts = [self._scored(window) for window in self._windows(asked, passage)]
        return Marks(
            np.max([paper for _, paper in parts], axis=0), np.concatenate([said for said, _ in parts])
        )

    def _scored(self, window: Window) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scores of the sentences and of the paper."""
        spans = np.zeros((max(len(window.spans), 1), len(window.ids)), np.int32)
        spans[0, -1] = not window.spans
        for row, (begin, end) in zip(spans, window.spans, strict=False):
            row[begin : max(end, begin + 1)] = 1
        ids, kinds = (np.array([row], np.int32) for row in (window.ids, window.kinds))
        sentences, papers = self._whole.run(ids=ids, kinds=kinds, spans=spans)
        return sentences[: len(window.spans)], papers[0]


def _both(whole: Marks, alone: Sequence[NDArray[np.float32]]) -> Marks:
    """The mean of what either model makes of the sentences; whether one can be read alone is told by what it
    says alone, how well it opens the answer by its place.
    """
    if not alone:
        return whole
    rows = np.stack(alone)
    means = (rows[:, :3] + whole.sentences[:, :3]) / 2
    return Marks(whole.paper, np.hstack([means, rows[:, 3:], whole.sentences[:, 4:]]))


def _sentence_graph(weights: Weights) -> ModelProto:
    from agq.embedders.bert import BertShape, cross_graph

    return cross_graph(weights, BertShape(LAYERS, HEADS, EPSILON, "mean"))


def _paper_graph(weights: Weights) -> ModelProto:
    from agq.embedders.bert import BertShape, paper_graph

    return paper_graph(weights, BertShape(LAYERS, HEADS, EPSILON, "mean"))
