"""A chat model as the judge of citations."""

from __future__ import annotations

from contextlib import closing

from agq.answerers.connection import ChatRequest, Connection
from agq.answerers.prompt import estimated_tokens
from agq.config import ChatSettings
from agq.errors import AnswererFailed
from agq.judge import Asked, Reply
from agq.model import Usage


class ChatJudge:
    """The model that is named, asked once a request, at no temperature."""

    def __init__(self, settings: ChatSettings) -> None:
        self._connection = Connection(settings)
        self._room = settings.context_tokens or self._connection.at.context_tokens

    @property
    def model(self) -> str:
        """The model's name as the server knows it."""
        return self._connection.at.model

    @property
    def room(self) -> int:
        """Tokens that the model reads and writes at most."""
        return self._room

    def tokens(self, text: str) -> int:
        """About how many tokens ``text`` is, on the safe side."""
        return estimated_tokens(text)

    def reply(self, asked: Asked) -> Reply:
        """What it says, up to the fault that breaks it off."""
        text, usage = "", None
        request = ChatRequest(asked.messages, asked.limit, 0.0, asked.schema, patience=1)
        try:
            with closing(self._connection.chunks(request)) as chunks:
                for chunk in chunks:
                    if isinstance(chunk, Usage):
                        usage = chunk
                    else:
                        text += chunk
        except AnswererFailed as error:
            return Reply(self._connection.redacted(text), usage, f"failed: {error.message}")
        return Reply(self._connection.redacted(text), usage)
