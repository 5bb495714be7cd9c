"""The servers of chat models that agq knows by name: one line each, and what a model's name tells of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

PromptKind = Literal["full", "short"]


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is, the variable its key is kept in (empty where it needs none), the kind of prompt that suits
    a model of it whose size nobody knows, its usual context, how it is started, what it calls a token limit.
    """

    base_url: str
    key_variable: str = ""
    prompt: PromptKind = "full"
    context_tokens: int = 32_000
    start: str = ""
    limit: str = "max_tokens"


SERVERS: Mapping[str, Server] = MappingProxyType(
    {
        "openai": Server(
            "https://api.openai.com/v1", "OPENAI_API_KEY", "full", 128_000, limit="max_completion_tokens"
        ),
        "anthropic": Server("https://api.anthropic.com/v1", "ANTHROPIC_API_KEY", "full", 200_000),
        "google": Server(
            "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY", "full", 200_000
        ),
        "mistral": Server("https://api.mistral.ai/v1", "MISTRAL_API_KEY", "full", 128_000),
        "openrouter": Server("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", "full"),
        "ollama": Server("http://localhost:11434/v1", "", "short", 4_096, "ollama serve"),
        "lmstudio": Server("http://localhost:1234/v1", "", "short", 4_096, "lms server start"),
        "llama.cpp": Server("http://localhost:8080/v1", "", "short", 4_096, "llama-server -m MODEL.gguf"),
        "vllm": Server("http://localhost:8000/v1", "", "full", 8_192, "vllm serve MODEL"),
    }
)
"""By the name before the slash of a model's name. Ollama cuts a longer prompt in silence unless told
otherwise.
"""

SMALL_MODEL_WEIGHTS = 9e9
"""Weights up to which a model is told in the way that small ones follow."""
ANSWER_TOKENS: Mapping[PromptKind, int] = MappingProxyType({"full": 16_000, "short": 1_500})
"""Tokens of an answer at most, by kind of prompt; a model that reasons counts its reasoning among them."""

_SIZE = re.compile(
    r"(?<![a-z\d.])(?:(?P<experts>\d+)x)?(?P<number>\d+(?:\.\d+)?)(?P<unit>[bm])(?![a-z\d])", re.IGNORECASE
)


def weights(model: str) -> float:
    """How many weights a model's name tells, such as ``qwen3:8b``; 0 where it tells nothing."""
    found = [
        float(size["experts"] or 1) * float(size["number"]) * (1e9 if size["unit"].lower() == "b" else 1e6)
        for size in _SIZE.finditer(model)
    ]
    return max(found, default=0.0)


def prompt_kind(model: str, usual: PromptKind) -> PromptKind:
    """The kind of prompt for a model: by the size that its name tells, else as is usual with its server."""
    size = weights(model)
    if not size:
        return usual
    return "short" if size <= SMALL_MODEL_WEIGHTS else "full"


def is_own(address: str) -> bool:
    """Whether a server runs on this machine."""
    from urllib.parse import urlsplit  # noqa: PLC0415  # no start waits for it

    try:
        return urlsplit(address).hostname in {"localhost", "127.0.0.1", "::1"}
    except ValueError:
        return False
