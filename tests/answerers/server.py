"""A server of the OpenAI protocol that says, or fails, what it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """Where it is, what it was asked, and what it will do next; the last reply is repeated."""

    base_url: str = ""
    requests: list[dict[str, object]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    def next(self) -> Reply:
        """The reply to the request at hand."""
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def serving(*replies: Reply) -> Iterator[Server]:
    """A server on a free port of this machine."""
    served = Server(replies=list(replies))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            served.requests.append(json.loads(body))
            served.headers.append({name.lower(): value for name, value in self.headers.items()})
            with suppress(ConnectionError):  # who has enough hangs up
                served.next()(self)

        def end_headers(self) -> None:
            # one answer a connection, and said so: a client not told may send its next request into the end
            self.send_header("connection", "close")
            super().end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        served.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()


def chunk(text: str | None = None, *, finish: str | None = None, **delta: object) -> bytes:
    """One event of a stream."""
    given = {"content": text, **delta} if text is not None or delta else {}
    choice = {"index": 0, "delta": given, "finish_reason": finish}
    return _event(
        {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    )


def usage(prompt: int, completion: int) -> bytes:
    """The event that counts tokens."""
    counted = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return _event(
        {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "m",
            "choices": [],
            "usage": counted,
        }
    )


def _event(data: object) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


def streams(*events: bytes, pause: float = 0.0, kind: str = "text/event-stream") -> Reply:
    """A reply of these events; closes the connection after them."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", kind)
        handler.end_headers()
        for event in events:
            handler.wfile.write(event)
            handler.wfile.flush()
            time.sleep(pause)

    return reply


def says(text: str, *, size: int = 7, finish: str = "stop") -> Reply:
    """A whole, well-formed answer, broken into pieces of ``size`` characters."""
    pieces = [chunk(text[i : i + size]) for i in range(0, len(text), size)]
    return streams(*pieces, chunk(finish=finish), usage(100, 20), DONE)


def fails(status: int, message: str, *, headers: dict[str, str] | None = None, kind: str = "") -> Reply:
    """An error, in the protocol's form or as a page of ``kind``."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        body = message.encode() if kind else json.dumps({"error": {"message": message, "type": "x"}}).encode()
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("content-type", kind or "application/json")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def cuts(*events: bytes) -> Reply:
    """Promises more than it sends, and hangs up."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        body = b"".join(events)
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.send_header("content-length", str(len(body) + 1000))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def waits(seconds: float, *before: bytes) -> Reply:
    """Sends what it has and then nothing for a while."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        if before:
            streams(*before)(handler)
        time.sleep(seconds)

    return reply
