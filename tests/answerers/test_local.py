"""Model servers of this machine are found where they answer, and quickly not where they do not."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from agq.answerers.endpoint import endpoint
from agq.answerers.gguf import address
from agq.answerers.local import AtHand, at_hand
from agq.errors import UsageError
from agq.servers import Server


@contextmanager
def listing(body: bytes, *, status: int = 200, pause: float = 0.0) -> Iterator[str]:
    """A server that answers each GET so."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(pause)
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        server.shutdown()


def models(*names: object) -> bytes:
    return json.dumps({"object": "list", "data": [{"id": name} for name in names]}).encode()


def test_a_server_that_answers_is_offered_with_its_models() -> None:
    with listing(models("qwen3:8b", "llama3.2", 5)) as url, listing(b"<html>", status=404) as other:
        servers = {
            "ollama": Server(url),
            "vllm": Server(other),
            "openai": Server("https://api.openai.com/v1"),
        }
        (found,) = at_hand(servers, seconds=60)
    assert found == AtHand("ollama", url, ("qwen3:8b", "llama3.2"))
    assert found.told == f"ollama answers at {url}: qwen3:8b, llama3.2"
    assert found.choice == "agq config set model ollama/qwen3:8b"


@pytest.mark.parametrize("body", [b"", b"not JSON", b"[1]", b'{"data": 5}', b'{"data": [5]}', models()])
def test_what_is_no_model_server_is_not_offered(body: bytes) -> None:
    with listing(body) as url:
        assert at_hand({"ollama": Server(url)}, seconds=60) == []


def test_a_slow_one_is_not_waited_for() -> None:
    with listing(models("m"), pause=60) as url:
        assert at_hand({name: Server(url) for name in "abcd"}) == []


def test_a_file_is_a_model() -> None:
    at = endpoint("~/models/qwen3-4b.gguf")
    assert (at.model, at.file, at.prompt) == ("qwen3-4b", "~/models/qwen3-4b.gguf", "short")
    assert not at.needs_key
    assert endpoint("m.gguf", "http://localhost:8080/v1").file == ""
    with pytest.raises(UsageError, match="no such file"):
        address("./nowhere.gguf", 4096)
