"""An answer by a chat model behind any OpenAI-compatible API, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from agq.answerers import faults
from agq.answerers.base import Means
from agq.answerers.connection import Connection, Request
from agq.answerers.draft import Draft, Thinking
from agq.answerers.follow_up import propose
from agq.answerers.presets import Endpoint
from agq.answerers.prompt import Prompt, prompt
from agq.answerers.repetition import Echo, Loop
from agq.model import Evidence, Piece, Usage

_SAYS = {"sentence", "row", "block"}
"""The kinds of pieces that make an answer; a line that only announces one does not."""

LOOPED = "the model began to repeat itself and was stopped there"


class Chat:
    """The answerer with a model."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._connection = Connection(means)
        self._at = self._connection.at

    @property
    def model(self) -> str:
        """The model's name as the server knows it."""
        return self._at.model

    def answer(self, evidence: Evidence) -> Iterator[Piece]:
        """The model's answer, a piece as soon as it is whole, without the key should the server repeat it."""
        for piece in self._pieces(evidence):
            yield replace(piece, text=self._connection.redacted(piece.text))

    def _pieces(self, evidence: Evidence) -> Iterator[Piece]:
        ids = {source.paper.id: source.paper.id for source in evidence.sources}
        draft, thinking = Draft(ids.get), Thinking()
        built = prompt(evidence, self._room())
        if built.used < len(evidence.sources):
            yield Piece("note", _dropped(evidence, built, self._at))
        yield from self._told(built, draft, thinking)
        if self._means.follow_ups:  # after the model's own, of which there may be none
            yield from (
                Piece("follow_up", question) for question in propose(evidence, self._means.frequencies)
            )

    def _told(self, built: Prompt, draft: Draft, thinking: Thinking) -> Iterator[Piece]:
        """What the model says, less its instructions, up to where it begins to turn in a circle."""
        echo, loop, said = Echo(built.instructions, built.marks), Loop(), False
        request = Request(built.messages, self._means.max_tokens, self._means.temperature)
        with closing(self._connection.chunks(request)) as chunks:
            for piece in self._drafted(chunks, draft, thinking, loop):
                if piece.text and piece.text in echo:
                    continue
                said = said or (piece.kind in _SAYS and not piece.text.endswith(":"))
                yield piece
                if piece.kind == "sentence" and loop.said(piece.text):
                    break
        if not said:
            raise faults.said_nothing(self._at, "it repeats itself" if loop.found else "it is empty")
        if loop.found:
            yield Piece("note", LOOPED)

    def _drafted(
        self, chunks: Iterator[str | Usage], draft: Draft, thinking: Thinking, loop: Loop
    ) -> Iterator[Piece]:
        for chunk in chunks:
            if isinstance(chunk, Usage):
                yield Piece("note", "", usage=chunk)
                continue
            answer = thinking.feed(chunk)
            yield from draft.feed(answer)
            if thinking.stray:
                raise faults.not_the_protocol(self._at, "the model's thinking came as part of its answer")
            if loop.feed(answer):
                return
        yield from draft.feed(thinking.close())
        yield from draft.close()

    def _room(self) -> int:
        """Tokens for the prompt: the context less the answer."""
        context = self._means.context_tokens or self._at.context_tokens
        return context - min(self._means.max_tokens, context // 3)


def _dropped(evidence: Evidence, built: Prompt, at: Endpoint) -> str:
    n = len(evidence.sources) - built.used
    papers = "paper was" if n == 1 else "papers were"
    return f"the last {n} {papers} left out to fit the context of {at.model}"
