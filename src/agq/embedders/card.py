"""What an encoder folder holds, and where the ones made on this machine are kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from agq.errors import AgqError, IndexUnusable

MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
CARD = "encoder.json"

LIBRARY = "library"
"""The kind of an encoder that sentence-transformers runs; its folder holds the card alone."""

FORMAT = 1
"""Counts the ways in which the graph has been written: after a change it is exported afresh."""


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """What an encoder folder says of itself. ``weights`` is the sha256 of the weights it was made from."""

    name: str
    dim: int
    max_tokens: int
    weights: str
    kind: str = "onnx"

    def write(self, folder: Path) -> None:
        """Write the card into its folder."""
        (folder / CARD).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> EncoderCard:
        """The card of a folder.

        Raises
        ------
        IndexUnusable
            There is no such card, or it does not say what it should.
        """
        try:
            return cls(**json.loads((folder / CARD).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise IndexUnusable(
                f"the encoder in {folder} cannot be read: {error}", hint="agq index --rebuild"
            ) from error


def encoder_place(cache: Path, weights: str, name: str) -> Path:
    """Where the encoder of that name, made from weights with that sha256, is kept below agq's cache
    folder."""
    told = sha256(f"{weights} {name} {FORMAT}".encode()).hexdigest()
    return cache / "encoders" / told[:20]


class NotExportable(AgqError):
    """A model that is not a plain BERT with mean or first-token pooling: sentence-transformers runs it."""
