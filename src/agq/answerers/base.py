"""What every answerer is: evidence to the pieces of a draft, as they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from agq.model import CrossEncoder, Embedder, Evidence, Piece
from agq.servers import PromptKind
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
    """What an answerer is given to work with.

    ``model`` may name a server before a slash (``ollama/qwen3``). ``api_key`` is the value, never the
    variable's name; ``key_variable`` is only told in messages. ``context_tokens`` 0: as is usual with the
    server; ``max_tokens`` 0 and ``prompt`` empty: as suits the model. ``retries`` counts further tries after
    the first. ``follow_ups`` False: none are proposed.
    """

    embedder: Embedder
    cross_encoder: CrossEncoder
    frequencies: Frequencies | None = None
    model: str = ""
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    key_variable: str = ""
    temperature: float = 0.2
    max_tokens: int = 0
    prompt: PromptKind | Literal[""] = ""
    timeout: float = 120.0
    context_tokens: int = 0
    retries: int = 2
    follow_ups: bool = True
