"""The tools over the protocol, by the official SDK: through stdin and stdout, or HTTP on this machine."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, unquote

import anyio
import anyio.to_thread
import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from agq import __version__
from agq.errors import AgqError
from agq.mcp.library import LibrarySession
from agq.mcp.tools import TOOLS, Arguments, Object, Tool
from agq.records import unpacked
from agq.renderers.card import as_markdown
from agq.renderers.json import dumps
from agq.text.clean import one_line

INSTRUCTIONS = (
    "The user's own library of papers: titles and abstracts, not full texts. `ask` gives what the papers say "
    "on a question, in their own words; `search` and `list` find papers; `show` gives abstracts. Cite papers "
    "by id in square brackets, [id], and let `check` read what you wrote."
)
SCHEME = "agq://paper/"
RESOURCES_PER_PAGE = 100
"""Papers on a page of the list of resources."""

Context = ServerRequestContext[Any]


def serve_stdio(library: LibrarySession) -> None:
    """Serve one client through stdin and stdout until it hangs up."""

    async def serve() -> None:
        made = server(library)
        async with stdio_server() as (reading, writing):
            await made.run(reading, writing, made.create_initialization_options())

    anyio.run(serve)


def serve_http(library: LibrarySession, port: int) -> None:
    """Serve clients of this machine at ``http://127.0.0.1:PORT/mcp``; other machines reach nothing."""
    import uvicorn

    app = server(library).streamable_http_app(stateless_http=True, json_response=True)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def _warmed(library: LibrarySession) -> None:
    """An index that cannot be read is reported by the first tool that needs it."""
    try:
        library.warm()
    except AgqError as error:
        logging.getLogger(__name__).info("not warm: %s", error.message)


def server(library: LibrarySession) -> Server[Any]:
    """The server of one library."""
    asked = _Asked(library)
    return Server(
        "agq",
        version=__version__,
        title="agq: your own papers",
        instructions=INSTRUCTIONS,
        on_list_tools=asked.tools,
        on_call_tool=asked.call,
        on_list_resources=asked.resources,
        on_list_resource_templates=asked.templates,
        on_read_resource=asked.read,
    )


class _Asked:
    """What a client may ask, each a method of the protocol."""

    def __init__(self, library: LibrarySession) -> None:
        self._library = library
        self._warming = threading.Thread(target=_warmed, args=[library], daemon=True)

    async def tools(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        if not self._warming.ident:  # not before: the greeting would wait for it
            self._warming.start()
        return types.ListToolsResult(tools=[_described(name, tool) for name, tool in TOOLS.items()])

    async def call(self, _: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = TOOLS.get(params.name)
        if not tool:
            raise MCPError(types.INVALID_PARAMS, f"unknown tool {params.name[:80]!r}")
        return await anyio.to_thread.run_sync(self._answered, tool, params.arguments or {})

    def _answered(self, tool: Tool, arguments: Arguments) -> types.CallToolResult:
        if wrong := refused(tool, arguments):
            return _error(wrong)
        try:
            with self._library.turn():
                found = tool.answer(self._library, arguments)
        except AgqError as error:
            return _error(f"{error.message} ({error.hint})" if error.hint else error.message)
        return _told(found)

    async def resources(
        self, _: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        start = _page(params.cursor if params else None)
        return await anyio.to_thread.run_sync(self._listed, start)

    def _listed(self, start: int) -> types.ListResourcesResult:
        with _protocol_errors(), self._library.turn():
            ids = sorted(self._library.index.ids())
            papers = self._library.index.get(ids[start : start + RESOURCES_PER_PAGE])
        end = start + RESOURCES_PER_PAGE
        return types.ListResourcesResult(
            resources=[_resource(paper.id, paper.title) for paper in papers],
            next_cursor=str(end) if end < len(ids) else None,
        )

    async def templates(
        self, _: Context, __: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            name="paper",
            title="A paper",
            uri_template=SCHEME + "{id}",
            description="A paper's card by its id, percent-encoded: authors, date, venue, abstract.",
            mime_type="text/markdown",
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read(self, _: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        return await anyio.to_thread.run_sync(self._card, str(params.uri))

    def _card(self, uri: str) -> types.ReadResourceResult:
        """A paper's card. An id is looked up in the index and nowhere else: it opens no file."""
        if not uri.startswith(SCHEME):
            raise MCPError(types.INVALID_PARAMS, f"there is no resource {uri[:200]!r}: papers are {SCHEME}ID")
        with _protocol_errors(), self._library.turn():
            paper, record = self._library.works([unquote(uri.removeprefix(SCHEME))])[0]
        card = as_markdown(paper, unpacked(record))
        text = types.TextResourceContents(uri=uri, mime_type="text/markdown", text=card)
        return types.ReadResourceResult(contents=[text])


@contextmanager
def _protocol_errors() -> Iterator[None]:
    try:
        yield
    except AgqError as error:
        raise MCPError(types.INVALID_PARAMS, error.message[:500]) from error


def refused(tool: Tool, arguments: Arguments) -> str:
    """What is wrong with the arguments, in one line; empty where nothing is."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(tool.schema).iter_errors(arguments))
    if not error:
        return ""
    where = ".".join(str(part) for part in error.absolute_path)
    told = (
        error.message
        if len(error.message) < 300
        else f"does not meet {error.validator} {error.validator_value}"
    )
    return f"argument {where}: {told}" if where else f"arguments: {told}"


def _described(name: str, tool: Tool) -> types.Tool:
    return types.Tool(
        name=name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.schema,
        output_schema=dict(tool.result),
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )


def _told(found: Object) -> types.CallToolResult:
    text = dumps(found)
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], structured_content=_plain(text)
    )


def _plain(text: str) -> Mapping[str, Any]:
    """A result as JSON has it: lists for tuples, nothing that acts on a terminal."""
    import json

    held: Mapping[str, Any] = json.loads(text)
    return held


def _error(message: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=message)], is_error=True)


def _resource(id_: str, title: str) -> types.Resource:
    return types.Resource(
        uri=SCHEME + quote(id_, safe=""), name=one_line(id_), title=one_line(title), mime_type="text/markdown"
    )


def _page(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 12):
        raise MCPError(types.INVALID_PARAMS, f"unknown cursor {cursor[:40]!r}")
    return int(cursor)
