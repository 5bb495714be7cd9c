"""A model in a GGUF file, run by llama.cpp in this process; the extra ``agq[gguf]`` brings it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from agq.errors import UsageError

SUFFIX = ".gguf"


def is_file_of(model: str) -> bool:
    """Whether a model's name is that of a file."""
    return model.lower().endswith(SUFFIX)


def address(model: str, context_tokens: int) -> str:
    """Where the model of a file is served, on this machine only, from now to the end of the process.

    Raises
    ------
    UsageError
        There is no such file, it is none of the kind, or the extra is not installed.
    """
    path = Path(model).expanduser()
    if not path.is_file():
        raise UsageError(
            f"no such file: {model}", hint="--model takes the path of a GGUF file, or SERVER/MODEL"
        )
    return f"{_served(str(path.resolve()), context_tokens).listening_address}/v1"


@cache
def _served(path: str, context_tokens: int) -> Any:  # xllamacpp has no types
    try:
        import xllamacpp  # noqa: PLC0415
    except ImportError as error:
        raise UsageError("a GGUF file needs llama.cpp", hint="pip install 'agq[gguf]'") from error
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.n_ctx, params.n_parallel, params.verbosity = context_tokens, 1, -1
    params.hostnames, params.port = ["127.0.0.1"], 0
    try:
        return xllamacpp.Server(params)
    except (RuntimeError, ValueError) as error:
        raise UsageError(f"{path} cannot be loaded: {error}", hint="is it a whole GGUF file?") from error
