"""What every answerer is: evidence to the pieces of a draft, as they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from agq.config import ChatSettings
from agq.model import CrossEncoder, Embedder, Evidence, Piece
from agq.text.terms import Frequencies


class Answerer(Protocol):
    """Writes the draft of an answer. Every sentence is verified by somebody else before it is shown."""

    @property
    def model(self) -> str:
        """The name of the model that answers; empty where no model does."""

    def answer(self, evidence: Evidence) -> Iterator[Piece]:
        """Headings, sentences with ``[id]`` citations, notes and more than three follow-up questions.

        Raises
        ------
        AnswererFailed
            With the cause, and what to do about it.
        """


@dataclass(frozen=True, slots=True)
class AnswererConfig:
    """What an answerer is given to work with. ``follow_ups`` False: none are proposed."""

    embedder: Embedder
    cross_encoder: CrossEncoder
    frequencies: Frequencies | None = None
    chat: ChatSettings = field(default_factory=ChatSettings)
    follow_ups: bool = True
