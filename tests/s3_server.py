"""An S3 server on this machine (moto's) that can be told to be busy or slow, and counts what it is asked.

Google's stores speak the same language with other names for its conditions: what comes with those is
translated, so that the server is one of them, too.

Run as a program: it prints its address, and ends when its standard input does.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
SIGNED = "AWS4-HMAC-SHA256 Credential=made-up/20260101/us-east-1/s3/aws4_request, Signature=made-up"
CONTROL = "/-/"
"""Below this path it is the server itself that is spoken to."""


@dataclass(frozen=True)
class Server:
    """A server that runs, and what a program has to have in its environment to use it."""

    address: str

    @property
    def environ(self) -> dict[str, str]:
        """As LanceDB takes it."""
        return {
            "AWS_ENDPOINT": self.address,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "made-up-key-id",
            "AWS_SECRET_ACCESS_KEY": "made-up-secret",
            "AWS_REGION": "us-east-1",
        }

    @property
    def google(self) -> dict[str, str]:
        """The same as a store of Google's."""
        nobody = {"client_email": "", "private_key": "", "private_key_id": "", "disable_oauth": True}
        return {"GOOGLE_SERVICE_ACCOUNT_KEY": json.dumps({"gcs_base_url": self.address, **nobody})}

    def bucket(self, name: str) -> str:
        """A new bucket; its address."""
        _ask(urllib.request.Request(f"{self.address}/{name}", method="PUT"))
        return f"s3://{name}"

    def behave(self, busy: float = 0.0, slow: float = 0.0, denied: bool = False) -> None:
        """From now on answer 503 to this share of requests, and take so many seconds longer for each.

        ``denied``: refuse whoever asks.
        """
        _ask(f"{self.address}{CONTROL}behave?busy={busy}&slow={slow}&denied={int(denied)}")

    def counts(self) -> dict[str, int]:
        """Requests, bytes sent, bytes received and requests refused since this was asked last."""
        found: dict[str, int] = json.loads(_ask(f"{self.address}{CONTROL}counts"))
        return found


def _ask(request: str | urllib.request.Request) -> bytes:
    with urllib.request.urlopen(request, timeout=30) as answer:
        content: bytes = answer.read()
        return content


@contextmanager
def s3_server() -> Iterator[Server]:
    """A server for as long as the block runs."""
    command = [sys.executable, __file__]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield Server(process.stdout.readline().strip())
        finally:
            process.stdin.close()
            process.kill()


class _Moody:
    """The application with its moods and its counts."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self._turn = threading.Lock()
        self._chance = random.Random(7)
        self._mood = {"busy": 0.0, "slow": 0.0, "denied": 0.0}
        self._counts = {"requests": 0, "bytes": 0, "received": 0, "refused": 0}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(CONTROL):
            return self._controlled(environ, start)
        time.sleep(self._mood["slow"])
        with self._turn:
            self._counts["requests"] += 1
            self._counts["received"] += int(environ.get("CONTENT_LENGTH") or 0)
            refused = self._chance.random() < self._mood["busy"]
            self._counts["refused"] += refused
        if refused:
            start("503 Slow Down", [("Content-Length", "0")])
            return [b""]
        if self._mood["denied"]:
            start("403 Forbidden", [("Content-Length", str(len(DENIED)))])
            return [DENIED]
        parts = list(self._application(_as_s3(environ), _as_google(start)))
        with self._turn:
            self._counts["bytes"] += sum(map(len, parts))
        return parts

    def _controlled(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        said = json.dumps(self._counts).encode()
        self._mood |= {name: float(value) for name, value in parse_qsl(environ["QUERY_STRING"])}
        if environ["PATH_INFO"].endswith("counts"):
            self._counts = dict.fromkeys(self._counts, 0)
        start("200 OK", [("Content-Length", str(len(said)))])
        return [said]


def _as_s3(environ: dict[str, Any]) -> dict[str, Any]:
    """A request with the conditions of S3 in place of Google's: a state of a file is its tag, as a number."""
    if not environ.get("HTTP_AUTHORIZATION", "").startswith("AWS4"):
        environ["HTTP_AUTHORIZATION"] = SIGNED
    generation = environ.pop("HTTP_X_GOOG_IF_GENERATION_MATCH", None)
    if generation == "0":
        environ["HTTP_IF_NONE_MATCH"] = "*"
    elif generation:
        number = int(generation)
        environ["HTTP_IF_MATCH"] = number.to_bytes((number.bit_length() + 7) // 8).decode()
    if source := environ.pop("HTTP_X_GOOG_COPY_SOURCE", None):
        environ["HTTP_X_AMZ_COPY_SOURCE"] = unquote(source)  # moto leaves the bucket as it is
    return environ


def _as_google(start: Callable[..., Any]) -> Callable[..., Any]:
    def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        tags = [value for name, value in headers if name.lower() == "etag"]
        told = [("x-goog-generation", str(int.from_bytes(tag.encode()))) for tag in tags]
        return start(status, [*headers, *told], *more)

    return started


def main() -> None:
    """Serve until nobody listens any more."""
    from moto import server as moto
    from werkzeug.serving import WSGIRequestHandler, make_server

    class KeepAlive(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

    application = _Moody(moto.DomainDispatcherApplication(moto.create_backend_app))  # type: ignore[attr-defined]  # imported there
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=KeepAlive)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
