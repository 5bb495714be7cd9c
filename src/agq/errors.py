"""The errors a user can cause, and the exit codes they end in.

::

    AgqError                      1
    ├── UsageError                2   wrong usage or settings
    │   └── UnknownName           2   an unknown format, embedder, setting ...: names the nearest
    ├── NothingBears              3   nothing in the index bears on the question
    ├── AnswererFailed            4   key, network, limit, timeout
    │   └── LimitReached          4   the tokens of an answer are used up
    ├── CheckFailed               5   an unknown id, a citation in doubt or a rejected record under --strict
    └── IndexUnusable             6   no index, or one that cannot be read
        └── IndexLocked           1   another agq writes to this index

Each carries the thing, the reason and the next command. ``agq.cli`` is the only place that turns one
into a message on stderr and an exit code.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the exit code of ``agq`` means."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    NOTHING = 3
    ANSWERER = 4
    CHECK = 5
    INDEX = 6
    INTERRUPTED = 130


class AgqError(Exception):
    """An error to be told in words: what, why, and what to do next.

    Parameters
    ----------
    message:
        The thing and the reason, one sentence.
    hint:
        The next command or step, without a full stop. Empty where there is none.
    """

    code: Exit = Exit.ERROR

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AgqError):
    """Wrong usage or settings."""

    code = Exit.USAGE


class UnknownName(UsageError):
    """A name that is not in the table it was looked up in."""


class NothingBears(AgqError):
    """Nothing in the index bears on the question."""

    code = Exit.NOTHING


class AnswererFailed(AgqError):
    """The model behind the answer could not be reached or did not answer."""

    code = Exit.ANSWERER


class LimitReached(AnswererFailed):
    """The model stopped at the limit of tokens: what it said until then is not all that it had to say."""


class CheckFailed(AgqError):
    """A citation or a record did not pass a check that was asked to be strict."""

    code = Exit.CHECK


class IndexUnusable(AgqError):
    """There is no index, or this version or embedder cannot read it."""

    code = Exit.INDEX


class IndexLocked(IndexUnusable):
    """Another process writes to this index."""

    code = Exit.ERROR
