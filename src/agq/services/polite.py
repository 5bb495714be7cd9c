"""HTTP requests that keep to a service's rules: they say who asks, go out one at a time and within the rate
limit, and respect a request to wait. A broken reply is retried a few times and then given up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from agq import __version__
from agq.errors import AgqError
from agq.services.base import Read, Request, Service

if TYPE_CHECKING:
    import httpx2

TRIES = 5
RETRY_WAIT_SECONDS_MAX = 120.0
"""Seconds that are waited at most because a service says so; for more, the run ends and can be resumed."""
TIMEOUT_SECONDS = 60.0
REPLY_BYTES_MAX = 64 * 1024 * 1024
"""Bytes of a reply."""
RESUME_HINT = "run this again: it goes on where it stopped"


class ServiceFailed(AgqError):
    """A service could not be reached, or went on answering badly."""


class ServiceRefused(ServiceFailed):
    """A service will not have the request itself: a query or a cursor that it does not take.

    ``status`` is what it answered.
    """

    status = 0


class _Later(Exception):
    """Ask again, after ``seconds`` where the service says so."""

    def __init__(self, reason: str, seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds


@dataclass
class PoliteClient:
    """Asks one service.

    Parameters
    ----------
    tell:
        Is told of each request, and of each that failed.
    wait:
        Lets time pass.
    direct:
        No proxy is asked: the service is on this machine.
    """

    service: Service
    contact: str = ""
    tell: Callable[[str], None] = lambda _: None
    wait: Callable[[float], None] = time.sleep
    direct: bool = False
    _asked: float = field(default=0.0, init=False)
    _http: httpx2.Client | None = field(default=None, init=False)

    def get(self, request: Request, read: Callable[[bytes], Read]) -> Read:
        """What ``read`` makes of the reply.

        Raises
        ------
        ServiceFailed
            There is none that is whole.
        """
        reason = ""
        for attempt in range(TRIES):
            self._keep_distance()
            try:
                return read(self._body(request))
            except _Later as later:
                reason = later.reason
                pause = later.seconds or 2.0**attempt
            except ValueError as error:
                reason, pause = " ".join(str(error).split()), 2.0**attempt
            self.tell(f"{self.service.title}: {reason}")
            if pause > RETRY_WAIT_SECONDS_MAX:
                raise ServiceFailed(
                    f"{self.service.title} asks to wait {pause:.0f} seconds ({reason})", hint=RESUME_HINT
                )
            if attempt + 1 < TRIES:
                self.wait(pause)
        raise ServiceFailed(f"{self.service.title} failed {TRIES} times: {reason}", hint=RESUME_HINT)

    def close(self) -> None:
        """Hang up."""
        if self._http:
            self._http.close()

    def _keep_distance(self) -> None:
        early = self._asked + self.service.pause - time.monotonic()
        if self._asked and early > 0:
            self.wait(early)
        self._asked = time.monotonic()

    def _body(self, request: Request) -> bytes:
        import httpx2

        client = self._client()
        self.tell(f"asking {shown(request)}")
        try:
            with client.stream("GET", request.address, params=dict(request.parameters)) as reply:
                _refuse(self.service.title, reply)
                return b"".join(_bounded(reply))
        except (httpx2.TimeoutException, httpx2.TransportError) as error:
            raise _Later(
                f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            ) from error

    def _client(self) -> httpx2.Client:
        import httpx2

        if not self._http:
            who = f"agq/{__version__}" + (f" (mailto:{self.contact})" if self.contact else "")
            self._http = httpx2.Client(
                timeout=TIMEOUT_SECONDS, headers={"User-Agent": who}, trust_env=not self.direct
            )
        return self._http


def shown(request: Request) -> str:
    """A request as one address."""
    from urllib.parse import urlencode

    return f"{request.address}?{urlencode(request.parameters)}" if request.parameters else request.address


def _bounded(reply: httpx2.Response) -> Iterator[bytes]:
    size = 0
    for part in reply.iter_bytes():
        size += len(part)
        if size > REPLY_BYTES_MAX:
            raise ServiceFailed(
                f"a reply of {reply.request.url.host} is larger than {REPLY_BYTES_MAX:,} bytes"
            )
        yield part
    if (said := reply.headers.get("Content-Length")) and not reply.headers.get("Content-Encoding"):
        _refuse_cut(size, said)


def _refuse_cut(size: int, said: str) -> None:
    if said.isdigit() and size < int(said):
        raise _Later(f"a reply cut off after {size:,} of {said} bytes")


def _refuse(title: str, reply: httpx2.Response) -> None:
    status = reply.status_code
    if status == 200:
        return
    if status == 429 or status >= 500:
        raise _Later(f"status {status}", _seconds(reply.headers.get("Retry-After", "")))
    refusal = ServiceRefused(
        f"{title} refuses the request: status {status}", hint="--verbose tells what was asked"
    )
    refusal.status = status
    raise refusal


def _seconds(said: str) -> float:
    """What ``Retry-After`` says, in seconds or as a date; 0 for nothing."""
    if said.strip().isdigit():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
