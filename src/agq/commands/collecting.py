"""What `add`, `fetch` and `fill` share: the file that records go to, who asks, and the index after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.config import Settings

if TYPE_CHECKING:
    from agq.collect import Clients
    from agq.services import Service
    from agq.services.base import Client

To = Annotated[
    Path | None,
    typer.Option(
        "--to", metavar="FILE", help="The file to add the records to. [library.jsonl beside the index]"
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the requests, but send and write nothing.")]


def target(settings: Settings, to: Path | None) -> Path:
    """The file that records go to: beside the index, or here where that is on an object store."""
    if to:
        return to
    if settings.store:
        return Path(f"{PurePosixPath(settings.store).name}-library.jsonl")
    beside = settings.index
    return beside.with_name("library.jsonl" if beside.name == ".agq" else f"{beside.name}-library.jsonl")


@contextmanager
def clients(settings: Settings) -> Iterator[Clients]:
    """One client a service; each service that is asked is named on stderr."""
    from urllib.parse import urlsplit

    from agq.services.polite import PoliteClient

    with ExitStack() as stack:
        made: dict[str, Client] = {}

        def client(service: Service) -> Client:
            if service.title not in made:
                screen.notice(settings, f"asking {service.title} ({urlsplit(service.address).hostname})")
                tell = screen.to_stderr if settings.verbose else lambda _: None
                polite = PoliteClient(service, settings.contact, tell)
                stack.callback(polite.close)
                made[service.title] = polite
            return made[service.title]

        yield client


def index_it(context: CommandContext, settings: Settings, path: Path) -> None:
    """The file into the index."""
    from agq.commands.building import build, summary
    from agq.engines.plan import Plan

    if path.exists():
        plan = Plan((str(path),), settings.embedder, fields=settings.fields, store=settings.store)
        built = build(context, settings, plan)
        screen.notice(settings, summary(settings, built))
