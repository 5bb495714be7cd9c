"""What a judge is: a model that is asked and replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from agq.model import Usage


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to a judge: the messages in the protocol's form, the schema of the reply, its most tokens."""

    messages: tuple[Mapping[str, str], ...]
    schema: Mapping[str, object]
    limit: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    ``fault``: what broke it off, in words that go on from the judge's name; ``text`` is then what came
    before.
    """

    text: str
    usage: Usage | None = None
    fault: str = ""


class Judge(Protocol):
    """A chat model, wherever it is."""

    @property
    def model(self) -> str:
        """Its name."""

    @property
    def room(self) -> int:
        """Tokens of a request and its reply together."""

    def tokens(self, text: str) -> int:
        """About how many tokens ``text`` is."""

    def reply(self, asked: Asked) -> Reply:
        """What it says. Faults of the connection are told in the reply, not raised."""
