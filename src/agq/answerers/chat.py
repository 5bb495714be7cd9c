"""An answer by a chat model behind any OpenAI-compatible API, streamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

from agq.answerers import faults
from agq.answerers.base import AnswererConfig
from agq.answerers.connection import ANSWER_TOKENS_MIN, ChatRequest, Connection
from agq.answerers.draft import DraftSplitter, Thinking
from agq.answerers.endpoint import Endpoint
from agq.answerers.findings import Findings
from agq.answerers.follow_up import propose
from agq.answerers.prompt import Prompt, keys, prompt
from agq.answerers.repetition import Echo, Loop
from agq.errors import LimitReached
from agq.model import Evidence, Piece, Usage
from agq.servers import ANSWER_TOKENS, PromptKind

_SAYS = {"sentence", "row", "block"}
"""The kinds of pieces that make an answer; a line that only announces one does not."""

LOOPED = "the model began to repeat itself and was stopped there"


class Chat:
    """The answerer with a model."""

    def __init__(self, config: AnswererConfig) -> None:
        self._config = config
        self._connection = Connection(config.chat)
        self._at = self._connection.at
        self._cut: LimitReached | None = None

    @property
    def model(self) -> str:
        """The model's name as the server knows it."""
        return self._at.model

    def answer(self, evidence: Evidence) -> Iterator[Piece]:
        """The model's answer, a piece as soon as it is whole, without the key should the server repeat it."""
        for piece in self._pieces(evidence):
            text, claim = self._connection.redacted(piece.text), self._connection.redacted(piece.claim)
            yield replace(piece, text=text, claim=claim)

    def _pieces(self, evidence: Evidence) -> Iterator[Piece]:
        built = prompt(evidence, self._room(), self._kind, self._quoted(evidence))
        draft, thinking = DraftSplitter(keys(evidence.sources[: built.used]).get), Thinking()
        if built.used < len(evidence.sources):
            yield Piece("note", _dropped(evidence, built, self._at))
        yield from self._told(built, draft, thinking)
        if self._config.follow_ups:  # after the model's own, of which there may be none
            papers = [source.paper for source in evidence.sources]
            yield from (Piece("follow_up", text) for text in propose(evidence.question, papers))

    def _quoted(self, evidence: Evidence) -> Mapping[str, Sequence[str]]:
        """For a small model, what would be quoted without one."""
        if self._kind != "short":
            return {}
        alone = Findings(replace(self._config, follow_ups=False))
        entries = (piece.finding for piece in alone.answer(evidence) if piece.finding)
        return {one.id: [quote.text for quote in one.sentences] for one in entries if one.sentences}

    def _told(self, built: Prompt, draft: DraftSplitter, thinking: Thinking) -> Iterator[Piece]:
        """What the model says, less its instructions, up to where it begins to turn in a circle."""
        echo, loop, said = Echo(built.instructions, built.marks), Loop(), False
        request = ChatRequest(built.messages, self._limit(built.tokens), self._config.chat.temperature)
        with closing(self._connection.chunks(request)) as chunks:
            for piece in self._drafted(chunks, draft, thinking, loop):
                if piece.text and piece.text in echo:
                    continue
                said = said or (piece.kind in _SAYS and not piece.text.endswith(":"))
                yield piece
                if piece.kind == "sentence" and loop.said(piece.text):
                    break
        if not said and self._cut:
            raise self._cut
        if not said:
            raise faults.said_nothing(self._at, "it repeats itself" if loop.found else "it is empty")
        if loop.found:
            yield Piece("note", LOOPED)

    def _drafted(
        self, chunks: Iterator[str | Usage], draft: DraftSplitter, thinking: Thinking, loop: Loop
    ) -> Iterator[Piece]:
        for chunk in self._up_to_limit(chunks):
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
        if self._cut:
            yield Piece("cut", f"{self._cut.message}; {self._cut.hint}")

    def _up_to_limit(self, chunks: Iterator[str | Usage]) -> Iterator[str | Usage]:
        """What came until the tokens were used up is kept."""
        try:
            yield from chunks
        except LimitReached as error:
            self._cut = error

    @property
    def _kind(self) -> PromptKind:
        return self._config.chat.prompt or self._at.prompt

    @property
    def _context(self) -> int:
        return self._config.chat.context_tokens or self._at.context_tokens

    def _room(self) -> int:
        """Tokens for the prompt: the context less what an answer needs."""
        return self._context - min(self._limit(), self._context // 3)

    def _limit(self, prompt: int = 0) -> int:
        """Tokens of the answer at most, as far as the context reaches behind the prompt."""
        wanted = self._config.chat.max_tokens or ANSWER_TOKENS[self._kind]
        return (
            max(min(wanted, self._context - prompt), ANSWER_TOKENS_MIN)
            if not self._config.chat.max_tokens
            else wanted
        )


def _dropped(evidence: Evidence, built: Prompt, at: Endpoint) -> str:
    n = len(evidence.sources) - built.used
    papers = "paper was" if n == 1 else "papers were"
    return f"the last {n} {papers} left out to fit the context of {at.model}"
