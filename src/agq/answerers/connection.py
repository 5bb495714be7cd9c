"""One model behind a server of the OpenAI protocol: the only place that talks to it.

Who asks it what, for an answer or for a judgement, is no matter here. Each fault becomes an AnswererFailed.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agq.answerers import faults
from agq.answerers.endpoint import endpoint
from agq.answerers.gguf import address
from agq.config import ChatSettings
from agq.errors import AnswererFailed
from agq.model import Usage
from agq.redaction import redact

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletionChunk

ANSWER_CHARACTERS_MAX = 100_000
"""A reply longer than this is none; nothing more is read."""

RETRY_PAUSE_SECONDS_MAX = 60.0
"""Seconds that a server may ask to wait; of more the user is told instead."""

ANSWER_TOKENS_MIN = 256
"""Tokens below which no answer is asked for."""

_LIMITS = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a model is asked.

    ``schema``: the JSON schema of the reply, empty for a reply in words. A server that knows none is asked
    for JSON of any form, and one that does not know that either has only the messages to go by.
    ``patience``: how many times the timeout the whole reply may take; a server may drip for ever.
    """

    messages: Sequence[Mapping[str, str]]
    max_tokens: int
    temperature: float
    schema: Mapping[str, object] | None = None
    patience: int = 10


class Connection:
    """A server and a model of it, with the key."""

    def __init__(self, settings: ChatSettings) -> None:
        self._settings = settings
        self.at = endpoint(settings.model, settings.base_url, settings.key_variable)
        self._begun = False

    def chunks(self, request: ChatRequest) -> Generator[str | Usage, None, None]:
        """The reply's text as it comes, and the usage.

        Raises
        ------
        AnswererFailed
            With the cause, and what to do about it.
        """
        if self.at.needs_key and not self._settings.api_key:
            raise faults.no_key(self.at)
        if self.at.file and not self.at.base_url:
            context = self._settings.context_tokens or self.at.context_tokens
            self.at = replace(self.at, base_url=address(self.at.file, context))
        self._begun = False
        try:
            yield from self._chunks(request)
        except AnswererFailed as error:
            message, hint = self.redacted(error.message), self.redacted(error.hint)
            raise type(error)(message, hint=hint) from error.__cause__

    def redacted(self, text: str) -> str:
        """``text`` without the key."""
        return redact(text, [self._settings.api_key])

    def _chunks(self, request: ChatRequest) -> Generator[str | Usage, None, None]:
        import httpx2  # noqa: PLC0415
        import openai  # noqa: PLC0415  # half a second, and only where a model is named

        from agq.answerers import wire  # noqa: PLC0415

        client = openai.OpenAI(
            api_key=self._settings.api_key or "none",
            base_url=self.at.base_url,
            timeout=self._settings.timeout,
            max_retries=0,
            http_client=wire.client(),
        )
        try:
            with client, self._opened(client, request) as stream:
                yield from self._read(stream, request)
        except openai.APITimeoutError as error:
            raise faults.timed_out(self.at, self._settings.timeout, begun=self._begun) from error
        except openai.APIConnectionError as error:
            if self._begun:
                raise faults.cut(self.at, "the connection broke") from error
            raise faults.unreachable(error, self.at) from error
        except openai.APIStatusError as error:
            told = faults.sends_on if 300 <= error.status_code < 400 else faults.refused
            raise told(error, self.at) from error
        except httpx2.TimeoutException as error:
            raise faults.timed_out(self.at, self._settings.timeout, begun=self._begun) from error
        except wire.Refused as error:
            raise faults.cut(self.at, str(error)) from error
        except httpx2.HTTPError as error:
            raise faults.cut(self.at, "the connection broke") from error
        except openai.APIError as error:
            raise faults.cut(self.at, faults.told(error)) from error
        except (wire.Malformed, json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            what = str(error) if isinstance(error, wire.Malformed) else "a part of its answer is not JSON"
            raise faults.not_the_protocol(self.at, what) from error

    def _opened(self, client: openai.OpenAI, request: ChatRequest) -> openai.Stream[ChatCompletionChunk]:
        import openai  # noqa: PLC0415

        sent: dict[str, Any] = {
            "model": self.at.model,
            "messages": list(request.messages),
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": request.temperature,
            self.at.limit: request.max_tokens,
        }
        if request.schema:
            sent["response_format"] = _schema(request.schema)
        failed = 0
        while True:
            try:
                stream: openai.Stream[ChatCompletionChunk] = client.chat.completions.create(**sent)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if not _without_refused(sent, error):
                    raise
            except openai.APITimeoutError:
                raise  # a model that is slow now is slow again, and is paid for each time
            except (openai.RateLimitError, openai.InternalServerError, openai.APIConnectionError) as error:
                pause = _pause(error, failed)
                failed += 1
                if failed > self._settings.retries or pause > RETRY_PAUSE_SECONDS_MAX:
                    raise
                time.sleep(pause)
            else:
                return stream

    def _read(
        self, stream: openai.Stream[ChatCompletionChunk], request: ChatRequest
    ) -> Iterator[str | Usage]:
        from agq.answerers import wire  # noqa: PLC0415

        kind = stream.response.headers.get("content-type", "")
        if "html" in kind:
            raise faults.not_the_protocol(self.at, "it sent a web page")
        length, finished, refusal, reasons = 0, None, "", False
        seconds = request.patience * self._settings.timeout
        latest = time.monotonic() + seconds
        for event in stream:
            if time.monotonic() > latest:
                raise faults.cut(self.at, f"it took longer than {seconds:g} s")
            part = wire.part(event)
            length += len(part.text)
            if length > ANSWER_CHARACTERS_MAX:
                raise faults.cut(self.at, f"it is longer than {ANSWER_CHARACTERS_MAX:,} characters")
            reasons = reasons or part.reasons
            self._begun = self._begun or bool(part.text) or reasons
            finished, refusal = part.finish or finished, refusal + part.refusal
            yield from (said for said in (part.usage, part.text) if said)
        if not length and not finished and "event-stream" not in kind:
            raise faults.not_the_protocol(self.at, f"it sent {kind or 'something'} and no stream of events")
        if finished == "length" and not refusal:
            raise faults.limit_reached(request.max_tokens, reasoned=reasons and not length)
        self._must_be_whole(length, finished, refusal)

    def _must_be_whole(self, length: int, finished: str | None, refusal: str) -> None:
        if refusal:
            raise faults.cut(self.at, f"the model refused: {' '.join(refusal.split())[:200]}")
        if finished == "content_filter":
            raise faults.cut(self.at, "the provider's content filter stopped it")
        if not length:
            raise faults.cut(self.at, "it is empty")
        if finished is None:
            raise faults.cut(self.at, "the stream ended early")


def _without_refused(request: dict[str, Any], error: openai.APIStatusError) -> bool:
    """Take out, or rename, the parameter that the server does not know; False where it objects to something
    else.
    """
    said = f"{error.message} {error.body}".lower()
    if "max_tokens" in said and "max_completion_tokens" in said and "max_tokens" in request:
        request["max_completion_tokens"] = request.pop("max_tokens")
        return True
    if any(name in said and name in request for name in _LIMITS) and _within_what_is_allowed(request, said):
        return True
    for name in ("stream_options", "temperature"):
        if name in said and name in request:
            del request[name]
            return True
    return _with_looser_form(request)


def _within_what_is_allowed(request: dict[str, Any], said: str) -> bool:
    """Ask for as many tokens as the server says that it gives at most."""
    name = next(name for name in _LIMITS if name in request)
    allowed = [
        int(number)
        for number in re.findall(r"\d{3,}", said)
        if ANSWER_TOKENS_MIN <= int(number) < request[name]
    ]
    if allowed:
        request[name] = max(allowed)
    return bool(allowed)


def _pause(error: Exception, failed: int) -> float:
    """Seconds to wait before asking again: what the server says, else a little, longer each time."""
    response = getattr(error, "response", None)
    said = response.headers.get("retry-after", "") if response is not None else ""
    return float(said) if re.fullmatch(r"\d+(?:\.\d+)?", said) else 0.5 * 2**failed


def _schema(schema: Mapping[str, object]) -> dict[str, object]:
    return {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": schema}}


def _with_looser_form(request: dict[str, Any]) -> bool:
    """Ask for JSON of any form where a schema was asked for, and then for none: servers that know neither do
    not always say so.
    """
    form = request.pop("response_format", None)
    if form and form["type"] == "json_schema":
        request["response_format"] = {"type": "json_object"}
    return form is not None
