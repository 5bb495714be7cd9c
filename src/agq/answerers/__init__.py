"""Evidence to the draft of an answer. ``ANSWERERS`` lists the ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agq.answerers.base import Answerer, AnswererConfig
from agq.answerers.chat import Chat
from agq.answerers.findings import Findings

ANSWERERS: Mapping[str, Callable[[AnswererConfig], Answerer]] = {"extract": Findings, "chat": Chat}
"""Name -> what makes it. ``chat`` needs a model's name; ``extract`` needs nothing."""

__all__ = ["ANSWERERS", "Answerer", "AnswererConfig"]
