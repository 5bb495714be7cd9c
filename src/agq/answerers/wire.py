"""The connection to a model's server: to the one that was named and no other, bounded, nothing packed; and
what comes over it, held against the protocol, which the client library takes on trust.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx2
import openai

from agq.model import Usage

REPLY_BYTES_MAX = 64 * 1024 * 1024
"""More than this no answer has, with all that the protocol wraps around each word."""


_REASONING = ("reasoning_content", "reasoning")
"""Where servers put what a model says to itself; no part of an answer, but a sign of life."""


class Refused(httpx2.RemoteProtocolError):
    """What came back is not what may come back."""


class Malformed(Exception):
    """A part of a stream that is not as the protocol has it."""


@dataclass(frozen=True, slots=True)
class StreamDelta:
    """What one event of a stream says."""

    text: str = ""
    finish: str | None = None
    refusal: str = ""
    usage: Usage | None = None
    reasons: bool = False


def part(event: object) -> StreamDelta:
    """What an event says; nothing where it has neither choices nor usage, as a server's ping.

    Raises
    ------
    Malformed
        It has what the protocol has no place for.
    """
    if not hasattr(event, "choices"):
        raise Malformed("a part of its answer is no object")
    choices = event.choices or []
    if not isinstance(choices, list):
        raise Malformed("a part of its answer has no choices")
    usage = _usage(getattr(event, "usage", None))
    if not choices:
        return StreamDelta(usage=usage)
    delta = getattr(choices[0], "delta", None)
    said = [getattr(delta, name, None) or "" for name in ("content", "refusal")]
    finish = getattr(choices[0], "finish_reason", None)
    if not all(isinstance(one, str) for one in (*said, finish or "")):
        raise Malformed("a part of its answer is no text")
    return StreamDelta(
        said[0], finish, said[1], usage, any(getattr(delta, name, None) for name in _REASONING)
    )


def _usage(told: object) -> Usage | None:
    counts = [getattr(told, name, None) for name in ("prompt_tokens", "completion_tokens")]
    prompt, completion = (one if isinstance(one, int) else None for one in counts)
    return None if prompt is None or completion is None else Usage(prompt, completion)


def client() -> httpx2.Client:
    """An HTTP client that follows no redirection: a question goes to the server it was meant for."""
    hooks: dict[str, list[Callable[..., None]]] = {"request": [_ask_for_plain], "response": [_bound]}
    return openai.DefaultHttpxClient(follow_redirects=False, event_hooks=hooks)


def _ask_for_plain(request: httpx2.Request) -> None:
    request.headers["Accept-Encoding"] = "identity"


def _bound(response: httpx2.Response) -> None:
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refused("it sent packed data, which it was asked not to")
    assert isinstance(response.stream, httpx2.SyncByteStream)
    response.stream = _Bounded(response.stream)


class _Bounded(httpx2.SyncByteStream):
    """A body that ends in an error rather than in no memory left."""

    def __init__(self, inner: httpx2.SyncByteStream) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        count = 0
        for part in self._inner:
            count += len(part)
            if count > REPLY_BYTES_MAX:
                raise Refused(f"it is longer than {REPLY_BYTES_MAX:,} bytes")
            yield part

    def close(self) -> None:
        self._inner.close()
