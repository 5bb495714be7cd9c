"""`agq pull`, `agq push`: an index copied from or to an object store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.config import Settings
from agq.errors import IndexUnusable, UsageError

URL = Annotated[str, typer.Argument(metavar="URL", help="The index on a store, such as s3://bucket/papers.")]
DIR = Annotated[str, typer.Argument(metavar="DIR", help="The folder of the index.")]


def pull(context: CommandContext, url: URL, folder: DIR) -> None:
    """Copy an index from an object store into a folder, to work offline.

    An index that stands in DIR is replaced once the copy is whole. Needs the extra agq[cloud]; the address
    and credentials of the store come from the environment, as LanceDB takes them.
    """
    from agq.index.remote import pull as copied

    settings = _at(context, url)
    manifest = copied(settings.store, _folder(context, folder))
    screen.notice(settings, f"{manifest.papers:,} papers from {settings.index_name} in {folder}")


def push(context: CommandContext, folder: DIR, url: URL) -> None:
    """Copy the index in a folder to an object store, where all who have its address can ask it.

    What is asked there now is replaced in one step. Needs the extra agq[cloud].
    """
    from agq.index.layout import Manifest, current_generation, is_index
    from agq.index.remote import push as copied

    settings, here = _at(context, url), _folder(context, folder)
    if not is_index(here):
        raise IndexUnusable(f"there is no index at {folder}", hint=f"agq index SOURCE --index {folder}")
    copied(here, settings.store)
    papers = Manifest.read(current_generation(here)).papers
    screen.notice(settings, f"{papers:,} papers from {folder} at {settings.index_name}")


def _at(context: CommandContext, url: str) -> Settings:
    settings = context.settings(index=url)
    if not settings.store:
        raise UsageError(f"{url} is no address of an object store", hint="s3://BUCKET/NAME, gs:// or az://")
    return settings


def _folder(context: CommandContext, folder: str) -> Path:
    settings = context.settings(index=folder)
    if settings.store:
        raise UsageError(f"{folder} is no folder", hint="agq pull URL DIR, agq push DIR URL")
    return settings.index
