"""Where well-known servers of the OpenAI protocol are: ``ollama/qwen3`` needs no more to be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agq.config import KEY_VARIABLES


@dataclass(frozen=True, slots=True)
class Preset:
    """A server: its address, the variable its key is kept in (empty where it needs none), its usual
    context.
    """

    base_url: str
    key_variable: str = ""
    context_tokens: int = 32_000
    start: str = ""


PRESETS: Mapping[str, Preset] = {
    "openai": Preset("https://api.openai.com/v1", KEY_VARIABLES["openai"], 128_000),
    "anthropic": Preset("https://api.anthropic.com/v1", KEY_VARIABLES["anthropic"], 200_000),
    "openrouter": Preset("https://openrouter.ai/api/v1", KEY_VARIABLES["openrouter"]),
    "ollama": Preset("http://localhost:11434/v1", context_tokens=4_096, start="ollama serve"),
    "llama.cpp": Preset("http://localhost:8080/v1", context_tokens=4_096, start="llama-server -m MODEL.gguf"),
    "vllm": Preset("http://localhost:8000/v1", context_tokens=8_192, start="vllm serve MODEL"),
}
"""The name before the slash of a model's name. Ollama cuts a longer prompt in silence unless told
otherwise.
"""

DEFAULT = PRESETS["openai"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Whom to ask, and for which model."""

    model: str
    base_url: str
    key_variable: str
    context_tokens: int
    start: str = ""
    needs_key: bool = False


def endpoint(model: str, base_url: str = "", key_variable: str = "") -> Endpoint:
    """Resolve ``PRESET/MODEL``, or a model of the server at ``base_url``, or one of OpenAI's.

    A ``base_url`` wins over a preset's address; the rest of a model's name is kept where its first part is
    no preset (``meta-llama/Llama-3.1-8B``). A server of one's own is not asked for a key.
    """
    name, slash, rest = model.partition("/")
    preset = PRESETS.get(name) if slash else None
    if preset and base_url and name in {"openai", "anthropic"} and base_url.rstrip("/") != preset.base_url:
        preset = None  # vLLM serves "openai/gpt-oss-20b" under that very name
    if preset:
        return Endpoint(
            rest,
            base_url or preset.base_url,
            key_variable or preset.key_variable,
            preset.context_tokens,
            preset.start,
            needs_key=bool(preset.key_variable) and not base_url,
        )
    if base_url and base_url.rstrip("/") != DEFAULT.base_url:
        return Endpoint(model, base_url, key_variable, 8_192)
    variable = key_variable or DEFAULT.key_variable
    return Endpoint(model, DEFAULT.base_url, variable, DEFAULT.context_tokens, needs_key=True)
