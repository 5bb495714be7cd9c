"""Files in an object store: a prefix of a bucket of S3, Google Cloud Storage or Azure.

Through obstore, the client that LanceDB has inside: both take the same options and credentials from the
environment (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT`` ...), and both try again where a store says that it is
busy. What is written is there whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from agq.errors import AgqError, UsageError

Result = TypeVar("Result")

DAY = timedelta(days=1)
"""How long what nobody needs any more is left for those who read it still."""

AT_ONCE = 1000
"""Files deleted in one request."""


CREDENTIALS: Mapping[str, str] = MappingProxyType(
    {
        "s3": "export AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_REGION=...",
        "gs": "export GOOGLE_SERVICE_ACCOUNT=FILE",
        "az": "export AZURE_STORAGE_ACCOUNT_NAME=... AZURE_STORAGE_ACCOUNT_KEY=...",
    }
)
"""How a store is told who asks, by the scheme of its address."""

OF_MACHINES = "169.254.169.254"
"""Where a machine of a cloud asks for credentials of its own: the last resort."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What tells one state of a file from another: S3 and Azure go by the one, Google by the other."""

    e_tag: str = ""
    version: str = ""

    def __bool__(self) -> bool:
        return bool(self.e_tag)

    @property
    def state(self) -> dict[str, str]:
        """As the client takes it."""
        said = {"e_tag": self.e_tag, "version": self.version}
        return {name: value for name, value in said.items() if value}


NO_FILE = Tag()


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a file holds, and the tag of this very state of it."""

    content: bytes
    tag: Tag


class Store:
    """The files below an address such as ``s3://bucket/prefix``. Can be sent to other processes."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def __reduce__(self) -> tuple[type[Store], tuple[str]]:
        return Store, (self.url,)

    def get(self, name: str) -> bytes | None:
        """What a file holds; None where there is none."""
        found = self.tagged(name)
        return found.content if found else None

    def tagged(self, name: str) -> Tagged | None:
        """The same with its tag."""

        def got() -> Tagged | None:
            try:
                result = self._engine.get(self._held, name)
                tag = Tag(str(result.meta["e_tag"]), result.meta["version"] or "")
                return Tagged(bytes(result.bytes()), tag)
            except FileNotFoundError:
                return None

        return self._told(got)

    def put(self, name: str, content: bytes) -> None:
        """Write a file, whatever was there."""
        self._told(lambda: self._engine.put(self._held, name, content))

    def replace(self, name: str, content: bytes, tag: Tag) -> bool:
        """Write a file if it is in the state of ``tag``, or there is none for ``NO_FILE``; whether it was."""
        mode: Any = tag.state if tag else "create"
        refused = (self._engine.exceptions.AlreadyExistsError, self._engine.exceptions.PreconditionError)

        def written() -> bool:
            try:
                self._engine.put(self._held, name, content, mode=mode, use_multipart=False)
            except refused:
                return False
            return True

        return self._told(written)

    def upload(self, file: Path, name: str) -> None:
        """Write a file from one on a disk, in parts where it is large."""

        def uploaded() -> None:
            with file.open("rb") as stream:
                self._engine.put(self._held, name, stream)

        self._told(uploaded)

    def copy(self, name: str, to: str) -> None:
        """Write a file from another one of the store, which copies it itself."""
        self._told(lambda: self._engine.copy(self._held, name, to))

    def download(self, name: str, file: Path) -> None:
        """A file to one on a disk, piece by piece."""

        def downloaded() -> None:
            with file.open("wb") as stream:
                for piece in self._engine.get(self._held, name).stream():
                    stream.write(piece)

        self._told(downloaded)

    def names(self, below: str = "") -> dict[str, int]:
        """The files whose names begin with ``below``, and their sizes."""
        return {one["path"]: one["size"] for one in self._listed(below)}

    def drop(self, names: Sequence[str]) -> None:
        """Remove files."""
        for start in range(0, len(names), AT_ONCE):
            some = list(names[start : start + AT_ONCE])
            self._told(lambda some=some: self._engine.delete(self._held, some))  # type: ignore[misc]  # bound now

    def clear(self) -> None:
        """Remove the files that have been there for a day: a younger one may be somebody else's."""
        before = datetime.now(UTC) - DAY
        self.drop([one["path"] for one in self._listed("") if one["last_modified"] < before])

    def _listed(self, below: str) -> list[Any]:
        return self._told(
            lambda: [one for some in self._engine.list(self._held, prefix=below or None) for one in some]
        )

    @cached_property
    def _engine(self) -> Any:
        try:
            import obstore
        except ImportError:
            raise UsageError(
                f"{self.url} is on an object store, which needs obstore", hint="pip install 'agq[cloud]'"
            ) from None
        return obstore

    @cached_property
    def _held(self) -> Any:
        from obstore.store import from_url

        return self._told(lambda: from_url(self.url))

    def _told(self, call: Callable[[], Result]) -> Result:
        """The call; what the store raises, in words.

        Raises
        ------
        AgqError
            It cannot be reached, or refuses.
        """
        with _translated(self.url, self._engine):
            return call()


@contextmanager
def _translated(url: str, engine: Any) -> Iterator[None]:
    try:
        yield
    except (engine.exceptions.BaseError, OSError, ValueError) as error:
        known = CREDENTIALS.get(url.partition("://")[0], "")
        raise AgqError(f"{url} cannot be used: {_reason(error, engine)}", hint=known) from error


def _reason(error: Exception, engine: Any) -> str:
    """Why, in one line, without what the store or its client adds."""
    refused = engine.exceptions.PermissionDeniedError, engine.exceptions.UnauthenticatedError
    if OF_MACHINES in str(error):
        return "there are no credentials for it in the environment"
    if isinstance(error, refused):
        return "it refuses the credentials in the environment"
    return " ".join(str(error).strip().split("\n", 1)[0].split())
