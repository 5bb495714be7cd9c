"""Evidence to the draft of an answer. ``ANSWERERS`` lists the ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agq.answerers.base import Answerer, Means
from agq.answerers.chat import Chat
from agq.answerers.findings import Findings

ANSWERERS: Mapping[str, Callable[[Means], Answerer]] = {"extract": Findings, "chat": Chat}
"""Name -> what makes it. ``chat`` needs a model's name; ``extract`` needs nothing."""

__all__ = ["ANSWERERS", "Answerer", "Means"]
