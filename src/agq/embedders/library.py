"""Any other encoder, run by sentence-transformers: slower to load and to run, but what it can load works."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from agq.errors import UsageError

if TYPE_CHECKING:
    from agq.model import Vectors


class LibraryEmbedder:
    """A sentence-transformers model: half precision on a GPU, single precision elsewhere."""

    def __init__(self, name: str, *, fetch: bool = False) -> None:
        self.name = name
        self._model = _load(name, fetch=fetch)

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, float32, shape (len(texts), dim)."""
        if not texts:
            return np.empty((0, self.dim), np.float32)
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)


def _load(name: str, *, fetch: bool) -> Any:
    """The model; from the hub only where ``fetch``, and from safetensors alone: others can run code."""
    disable_progress_bar()  # type: ignore[no-untyped-call]  # theirs to type
    try:
        model = SentenceTransformer(name, local_files_only=not fetch, model_kwargs={"use_safetensors": True})
    except Exception as error:  # the hub, the file system and torch each raise classes of their own
        raise UsageError(
            f"no encoder {name!r} could be loaded: {str(error).splitlines()[0]}",
            hint="name a folder, or omit --embedder to use the built-in one",
        ) from error
    return model.half() if torch.cuda.is_available() else model
