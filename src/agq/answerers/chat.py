"""An answer by a chat model behind any OpenAI-compatible API, streamed."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agq.answerers import faults
from agq.answerers.base import Means
from agq.answerers.draft import Draft, Thinking
from agq.answerers.follow_up import propose
from agq.answerers.presets import Endpoint, endpoint
from agq.answerers.prompt import Prompt, prompt
from agq.answerers.repetition import Echo, Loop
from agq.errors import AnswererFailed
from agq.model import Evidence, Piece, Usage

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletionChunk

MOST_CHARACTERS = 100_000
"""An answer longer than this is no answer; nothing more is read."""


MOST_TIMEOUTS = 10
"""An answer that takes longer than so many times the timeout is cut: a server may drip for ever."""

LOOPED = "the model began to repeat itself and was stopped there"

SHORTEST_KEY = 6
"""Anything shorter is a word such as "none", which a local server is given for a key."""


class Chat:
    """The answerer with a model."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._at = endpoint(means.model, means.base_url, means.key_variable)

    @property
    def model(self) -> str:
        """The model's name as the server knows it."""
        return self._at.model

    def answer(self, evidence: Evidence) -> Iterator[Piece]:
        """The model's answer, a piece as soon as it is whole, without the key should the server repeat it."""
        try:
            for piece in self._pieces(evidence):
                yield replace(piece, text=self._blot(piece.text))
        except AnswererFailed as error:
            raise AnswererFailed(self._blot(error.message), hint=self._blot(error.hint)) from error.__cause__

    def _blot(self, text: str) -> str:
        key = self._means.api_key
        return text.replace(key, "(key)") if len(key) >= SHORTEST_KEY else text

    def _pieces(self, evidence: Evidence) -> Iterator[Piece]:
        if self._at.needs_key and not self._means.api_key:
            raise faults.no_key(self._at)
        ids = {source.paper.id: source.paper.id for source in evidence.sources}
        draft, thinking = Draft(ids.get), Thinking()
        built = prompt(evidence, self._room())
        if built.used < len(evidence.sources):
            yield Piece("note", _dropped(evidence, built, self._at))
        yield from self._told(built, draft, thinking)
        if self._means.follow_ups:  # after the model's own, of which there may be none
            yield from (Piece("follow_up", question) for question in propose(evidence))

    def _told(self, built: Prompt, draft: Draft, thinking: Thinking) -> Iterator[Piece]:
        """What the model says, less its instructions, up to where it begins to turn in a circle."""
        echo, loop, said = Echo(built.instructions, built.marks), Loop(), False
        with closing(_Conversation(self._means, self._at).chunks(built)) as chunks:
            for piece in self._drafted(chunks, draft, thinking, loop):
                if piece.text and piece.text in echo:
                    continue
                said = said or piece.kind == "sentence"
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


class _Conversation:
    """One request and its stream; every fault of it as an AnswererFailed."""

    def __init__(self, means: Means, at: Endpoint) -> None:
        self._means = means
        self._at = at
        self._begun = False

    def chunks(self, built: Prompt) -> Generator[str | Usage, None, None]:
        """The text as it comes, and the usage."""
        import httpx2  # noqa: PLC0415
        import openai  # noqa: PLC0415  # half a second, and only where a model is named

        from agq.answerers import wire  # noqa: PLC0415

        client = openai.OpenAI(
            api_key=self._means.api_key or "none",
            base_url=self._at.base_url,
            timeout=self._means.timeout,
            max_retries=self._means.retries,
            http_client=wire.client(),
        )
        try:
            with client, self._opened(client, built) as stream:
                yield from self._read(stream)
        except openai.APITimeoutError as error:
            raise faults.timed_out(self._at, self._means.timeout, begun=self._begun) from error
        except openai.APIConnectionError as error:
            if self._begun:
                raise faults.cut(self._at, "the connection broke") from error
            raise faults.unreachable(error, self._at) from error
        except openai.APIStatusError as error:
            told = faults.sends_on if 300 <= error.status_code < 400 else faults.refused
            raise told(error, self._at) from error
        except httpx2.TimeoutException as error:
            raise faults.timed_out(self._at, self._means.timeout, begun=self._begun) from error
        except wire.Refused as error:
            raise faults.cut(self._at, str(error)) from error
        except httpx2.HTTPError as error:
            raise faults.cut(self._at, "the connection broke") from error
        except openai.APIError as error:
            raise faults.cut(self._at, faults.told(error)) from error
        except (wire.Malformed, json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            what = str(error) if isinstance(error, wire.Malformed) else "a part of its answer is not JSON"
            raise faults.not_the_protocol(self._at, what) from error

    def _opened(self, client: openai.OpenAI, built: Prompt) -> openai.Stream[ChatCompletionChunk]:
        import openai  # noqa: PLC0415

        request: dict[str, Any] = {
            "model": self._at.model,
            "messages": list(built.messages),
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": self._means.temperature,
            "max_tokens": self._means.max_tokens,
        }
        while True:
            try:
                stream: openai.Stream[ChatCompletionChunk] = client.chat.completions.create(**request)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if not _without_refused(request, error):
                    raise
            else:
                return stream

    def _read(self, stream: openai.Stream[ChatCompletionChunk]) -> Iterator[str | Usage]:
        from agq.answerers import wire  # noqa: PLC0415

        kind = stream.response.headers.get("content-type", "")
        if "html" in kind:
            raise faults.not_the_protocol(self._at, "it sent a web page")
        length, finished, refusal = 0, None, ""
        latest = time.monotonic() + MOST_TIMEOUTS * self._means.timeout
        for event in stream:
            if time.monotonic() > latest:
                raise faults.cut(self._at, f"it took longer than {MOST_TIMEOUTS * self._means.timeout:g} s")
            part = wire.part(event)
            length += len(part.text)
            if length > MOST_CHARACTERS:
                raise faults.cut(self._at, f"it is longer than {MOST_CHARACTERS:,} characters")
            self._begun = self._begun or bool(part.text)
            finished, refusal = part.finish or finished, refusal + part.refusal
            yield from (said for said in (part.usage, part.text) if said)
        if not length and not finished and "event-stream" not in kind:
            raise faults.not_the_protocol(self._at, f"it sent {kind or 'something'} and no stream of events")
        self._must_be_whole(length, finished, refusal)

    def _must_be_whole(self, length: int, finished: str | None, refusal: str) -> None:
        if refusal:
            raise faults.cut(self._at, f"the model refused: {' '.join(refusal.split())[:200]}")
        if finished == "length":
            raise faults.cut(self._at, f"it reached the limit of {self._means.max_tokens} tokens")
        if finished == "content_filter":
            raise faults.cut(self._at, "the provider's content filter stopped it")
        if not length:
            raise faults.cut(self._at, "it is empty")
        if finished is None:
            raise faults.cut(self._at, "the stream ended early")


def _without_refused(request: dict[str, Any], error: openai.APIStatusError) -> bool:
    """Take out, or rename, the parameter that the server does not know; False where it objects to something
    else.
    """
    said = f"{error.message} {error.body}".lower()
    if "max_tokens" in said and "max_completion_tokens" in said and "max_tokens" in request:
        request["max_completion_tokens"] = request.pop("max_tokens")
        return True
    for name in ("stream_options", "temperature"):
        if name in said and name in request:
            del request[name]
            return True
    return False
