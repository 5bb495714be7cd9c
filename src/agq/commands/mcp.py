"""`agq mcp`: the index for an assistant."""

from __future__ import annotations

from typing import Annotated

import typer

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.commands.indexes import brought
from agq.errors import AgqError, IndexUnusable


def mcp(
    context: CommandContext,
    http: Annotated[
        bool, typer.Option("--http", help="Serve HTTP on this machine only, instead of stdin and stdout.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, metavar="N", help="The port of --http.")
    ] = 8417,
) -> None:
    """Serve the index to an assistant over the Model Context Protocol.

    Tools: search, ask, show, similar, list, cite and check, with the arguments of the commands; papers are
    resources. The server is read-only, asks no model, and serves only this machine.
    """
    from agq.index.layout import is_index

    settings = context.settings(model="")
    brought(settings)
    if not is_index(settings.index):
        raise IndexUnusable(f"there is no index at {settings.index_name}", hint="agq index FILE_OR_FOLDER")
    try:
        from agq.mcp.server import serve_http, serve_stdio
    except ModuleNotFoundError as error:
        raise AgqError(
            f"agq mcp needs a package that is not installed: {error.name}",
            hint="pip install 'agq[mcp]'",
        ) from error
    from agq.mcp.library import LibrarySession

    library = LibrarySession(settings, context.environment.cache)
    if http:
        screen.notice(settings, f"serving {settings.index_name} at http://127.0.0.1:{port}/mcp")
        serve_http(library, port)
    else:
        serve_stdio(library)
