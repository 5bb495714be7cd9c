"""Model servers that answer on this machine: offered to the user, never used unasked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agq.servers import SERVERS, Server, is_own
from agq.text.clean import one_line

if TYPE_CHECKING:
    import httpx2

PROBE_SECONDS = 0.3
"""As long as is waited for a server that would be on this machine."""
LIST_BYTES_MAX = 1_000_000
MODELS_NAMED_MAX = 5
"""Models of a server that are named."""


@dataclass(frozen=True, slots=True)
class AtHand:
    """A server that answers, under the name that it has before a model's, and its models."""

    name: str
    base_url: str
    models: tuple[str, ...]

    @property
    def told(self) -> str:
        """What there is, in words."""
        more = ", …" if len(self.models) > MODELS_NAMED_MAX else ""
        return f"{self.name} answers at {self.base_url}: {', '.join(self.models[:MODELS_NAMED_MAX])}{more}"

    @property
    def choice(self) -> str:
        """The command that has its first model answer from now on."""
        return f"agq config set model {self.name}/{self.models[0]}"


def at_hand(servers: Mapping[str, Server] = SERVERS, seconds: float = PROBE_SECONDS) -> list[AtHand]:
    """The servers on this machine that answer in time and have a model, all asked at once."""
    from agq.answerers.wire import client  # noqa: PLC0415  # half a second, for doctor alone

    local = [(name, one.base_url) for name, one in servers.items() if is_own(one.base_url)]
    with client() as http, ThreadPoolExecutor(max(len(local), 1)) as pool:
        models = pool.map(lambda item: tuple(_models(http, item[1], seconds)), local)
        found = [AtHand(name, address, named) for (name, address), named in zip(local, models, strict=True)]
    return [one for one in found if one.models]


def _models(http: httpx2.Client, base_url: str, seconds: float) -> Iterator[str]:
    """The names of a server's models; none where it does not answer, or says something else."""
    import httpx2  # noqa: PLC0415

    try:
        with http.stream("GET", f"{base_url}/models", timeout=seconds) as response:
            said = b""
            for part in response.iter_bytes():
                said += part
                if len(said) > LIST_BYTES_MAX:
                    return
        listed = json.loads(said)
        named = [one.get("id") for one in listed["data"]] if response.status_code == 200 else []
    except (httpx2.HTTPError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return
    yield from (one_line(name) for name in named if isinstance(name, str) and name)
