"""Which server and which model to ask: ``ollama/qwen3`` names both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from agq.answerers.gguf import is_file_of
from agq.servers import SERVERS, PromptKind, Server, prompt_kind

DEFAULT = SERVERS["openai"]
FILE_CONTEXT = 8_192
"""Tokens that a model in a file is given to read, unless it is told otherwise."""
UNKNOWN = Server("", context_tokens=8_192)
"""What is supposed of a server that has only an address."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server and a model of it. ``limit``: what the server calls a limit of tokens. ``file``: the model's
    file where no server runs yet.
    """

    model: str
    base_url: str
    key_variable: str
    context_tokens: int
    prompt: PromptKind = "full"
    start: str = ""
    needs_key: bool = False
    limit: str = "max_tokens"
    file: str = ""


def endpoint(model: str, base_url: str = "", key_variable: str = "") -> Endpoint:
    """Resolve ``SERVER/MODEL``, or a model of the server at ``base_url``, or one of OpenAI's.

    A ``base_url`` wins over a known server's address; the rest of a model's name is kept where its first part
    is no server (``meta-llama/Llama-3.1-8B``). A server of one's own is not asked for a key.
    """
    if is_file_of(model) and not base_url:
        kind = prompt_kind(model, "short")
        return Endpoint(Path(model).stem, "", "", FILE_CONTEXT, kind, file=model)
    name, slash, rest = model.partition("/")
    server = SERVERS.get(name) if slash else None
    if server and server.key_variable and base_url and base_url.rstrip("/") != server.base_url:
        server = None  # vLLM serves "openai/gpt-oss-20b" under that very name
    if server:
        return _of(server, rest, base_url, key_variable, needs_key=bool(server.key_variable) and not base_url)
    if base_url and base_url.rstrip("/") != DEFAULT.base_url:
        at = next((one for one in SERVERS.values() if one.base_url == base_url.rstrip("/")), UNKNOWN)
        return _of(replace(at, key_variable=""), model, base_url, key_variable, needs_key=False)
    return _of(DEFAULT, model, "", key_variable, needs_key=True)


def _of(server: Server, model: str, base_url: str, key_variable: str, *, needs_key: bool) -> Endpoint:
    return Endpoint(
        model,
        base_url or server.base_url,
        key_variable or server.key_variable,
        server.context_tokens,
        prompt_kind(model, server.prompt),
        server.start,
        needs_key,
        server.limit,
    )
