"""The connection to a model's server: to the one that was named and no other, bounded, nothing packed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx2
import openai

MOST_BYTES = 64 * 1024 * 1024
"""More than this no answer has, with all that the protocol wraps around each word."""


class Refused(httpx2.RemoteProtocolError):
    """What came back is not what may come back."""


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
            if count > MOST_BYTES:
                raise Refused(f"it is longer than {MOST_BYTES:,} bytes")
            yield part

    def close(self) -> None:
        self._inner.close()
