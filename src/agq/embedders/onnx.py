"""The encoder that an index carries: onnxruntime, tokenizers and numpy, nothing else.

One text is one run on one core, and as many texts run side by side as there are cores. That beats batches
here: no padding, no synchronising of threads inside a matrix product, tokenising overlaps with encoding, and
a vector is a function of its text alone.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions
from tokenizers import Tokenizer

from agq.embedders.card import MODEL, TOKENIZER, EncoderCard
from agq.errors import IndexUnusable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agq.model import Vectors


class OnnxEmbedder:
    """An encoder folder, loaded. Safe to use from several threads."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        self.folder = folder
        self._threads = threads or cores()
        self.card = EncoderCard.read(folder)
        try:
            self._session = session(folder / MODEL, careful=products_may_overflow())
            self._tokenizer = tokenizer(folder / TOKENIZER, self.card.max_tokens)
        except Exception as error:  # both libraries raise bare classes of their own for a damaged file
            raise IndexUnusable(
                f"the encoder in {folder} is damaged: {error}", hint="agq index --rebuild"
            ) from error

    @property
    def name(self) -> str:
        """The name by which the index knows this encoder."""
        return self.card.name

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return self.card.dim

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, float32, shape (len(texts), dim). Texts are cut at the model's limit."""
        if not texts:
            return np.empty((0, self.dim), np.float32)
        alone = len(texts) == 1 or self._threads == 1
        rows = list(map(self._one, texts) if alone else self._pool.map(self._one, texts))
        return np.concatenate(rows)

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is one of the encoder's own vocabulary, not put together of pieces."""
        return self.rank(word) is not None

    def rank(self, word: str) -> int | None:
        """The place of a lower-case word in the encoder's vocabulary, most common words first."""
        place: int | None = self._tokenizer.token_to_id(word)
        return place

    def _one(self, text: str) -> NDArray[np.float32]:
        # encode_batch lets go of the interpreter's lock, encode does not
        (encoded,) = self._tokenizer.encode_batch([text])
        ids = np.array([encoded.ids], np.int32)
        vector: NDArray[np.float32] = self._session.run(None, {"ids": ids})[0]
        return vector

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="encode")


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def session(model: Path | bytes, *, careful: bool) -> InferenceSession:
    """A graph or its file, loaded, one thread a run. ``careful``: products that cannot overflow, at half the
    speed.
    """
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # every text has a length of its own
    options.log_severity_level = 3  # errors only
    # the graph is written fused: what ONNX Runtime would fuse beyond that is slower
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_BASIC
    if careful:
        options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.add_session_config_entry("session.x64quantprecision", "1")
    graph = model if isinstance(model, bytes) else str(model)
    return InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def products_may_overflow() -> bool:
    """Whether this is an x86 processor without VNNI: its 8-bit products are summed in pairs in 16 bits, which
    saturate, and vectors come out wrong. ONNX Runtime can go another way there; where nothing is known of the
    processor, that way is safe."""
    if platform.machine().lower() not in {"x86_64", "amd64"}:
        return False
    try:
        return b"vnni" not in Path("/proc/cpuinfo").read_bytes()
    except OSError:
        return True


def tokenizer(file: Path, max_tokens: int) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.enable_truncation(max_tokens)
    tokenizer.no_padding()
    return tokenizer
