"""A model that obeys every order it reads: a real HTTP server on loopback that speaks the OpenAI protocol."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = Callable[[str, str], Iterator[str]]
"""The whole prompt and the key in; the pieces of the reply out."""

MODEL = "obedient"
ENDLESS = 200_000


class Failure(Exception):
    """Ends a request with an HTTP status, as a server in trouble does."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


@dataclass
class Obedient:
    """The running server: where it is, what it was asked, what it answers."""

    url: str
    reply: Reply
    prompts: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the library's
        """Say nothing."""

    def do_GET(self) -> None:
        self.server.state.paths.append(self.path)
        self._whole({"object": "list", "data": [{"id": MODEL, "object": "model"}]})

    def do_POST(self) -> None:
        state = self.server.state
        state.paths.append(self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        prompt = "\n\n".join(str(m["content"]) for m in body["messages"])
        state.prompts.append(prompt)
        state.keys.append(key)
        try:
            pieces = state.reply(prompt, key)
            if body.get("stream"):
                self._stream(pieces)
            else:
                self._whole(_completion("".join(pieces)))
        except Failure as failure:
            self._whole({"error": {"message": failure.message}}, failure.status, failure.headers)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _whole(self, value: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, pieces: Iterator[str]) -> None:
        first = next(pieces, None)  # a failure shows before the head is sent
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for piece in [] if first is None else [first]:
            self._event({"content": piece})
        for piece in pieces:
            self._event({"content": piece})
        self._event({}, "stop")
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, delta: dict[str, str], finish: str | None = None) -> None:
        chunk = {
            "id": "c",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": MODEL,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }
        self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        self.wfile.flush()


def _completion(text: str) -> dict[str, object]:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": "c", "object": "chat.completion", "created": 0, "model": MODEL, "choices": [choice]}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    state: Obedient


@contextmanager
def serving(reply: Reply) -> Iterator[Obedient]:
    """The server, for as long as the block lasts."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.state = Obedient(f"http://127.0.0.1:{server.server_address[1]}/v1", reply)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def in_pieces(text: str, size: int = 7) -> Iterator[str]:
    """``text`` as a model streams it, a few letters at a time."""
    yield from (text[i : i + size] for i in range(0, len(text), size))


def obey(says: str, prompt: str, key: str) -> Iterator[str]:
    """What an attack's ``obeys`` says, with its few words for what no fixed text can hold."""
    if says == "{endless}":
        yield from (f"Nothing ends at {n}, {'and so on, ' * 40}for ever. " for n in range(ENDLESS))
    elif says == "{unbroken}":
        yield from ("never a full stop " * 20 for _ in range(ENDLESS))
    elif says == "{fails}":
        raise Failure(401, f"Incorrect API key provided: {key}. Order: {prompt[-200:]}")
    elif says == "{huge error}":
        raise Failure(400, "\x1b]52;c;UFdORUQ=\x07" + "PWNED " * 200_000)
    else:
        yield from in_pieces(says.replace("{key}", key).replace("{prompt}", prompt))
