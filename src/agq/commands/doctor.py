"""`agq doctor`: what is wrong, and the command that fixes it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.commands.indexes import brought
from agq.config import Settings
from agq.errors import AgqError, Exit, IndexUnusable
from agq.redaction import public_address

if TYPE_CHECKING:
    from agq.index import IndexReader


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at. ``mend`` is the command that helps; empty where all is well."""

    what: str
    said: str
    mend: str = ""
    code: Exit = Exit.DONE


def doctor(context: CommandContext) -> None:
    """Report what is wrong, with the command that fixes it.

    Looks at the index and its encoder, sources that changed since, the history, and the key and server of the
    model if one is named. The exit code is that of the worst finding.
    """
    settings = context.settings()
    findings = list(_findings(context, settings))
    screen.write("".join(_line(finding) for finding in findings))
    wrong = [finding for finding in findings if finding.code]
    if wrong:
        worst = max(wrong, key=lambda finding: finding.code)
        raise _error(worst, len(wrong))


def _error(worst: Diagnosis, count: int) -> AgqError:
    message = f"{count} {'problem' if count == 1 else 'problems'} found"
    error = AgqError if worst.code == Exit.ERROR else IndexUnusable
    return error(message, hint=worst.mend)


def _line(finding: Diagnosis) -> str:
    mark = "✗" if finding.code else ("!" if finding.mend else "✓")
    lines = [*screen.wrapped(finding.said, 13), *([f"{' ' * 13}→ {finding.mend}"] if finding.mend else [])]
    return f"{mark} {finding.what:<10} " + "\n".join(lines).lstrip() + "\n"


def _findings(context: CommandContext, settings: Settings) -> Iterator[Diagnosis]:
    yield from _index(settings)
    yield _history(context)
    yield from _model(settings)


def _index(settings: Settings) -> Iterator[Diagnosis]:
    from agq.embedders import open_encoder
    from agq.index import open_index

    try:
        brought(settings)
        with open_index(settings.index, load_encoder=open_encoder) as index:
            yield _held(settings, index)
            yield _files(index)
            yield _encoder(index)
            yield _sources(index)
    except AgqError as error:
        yield _wrong("index", error)


def _wrong(what: str, error: AgqError) -> Diagnosis:
    return Diagnosis(what, error.message, error.hint or "agq index --rebuild", error.code)


def _held(settings: Settings, index: IndexReader) -> Diagnosis:
    state = index.state
    said = (
        f"{settings.index_name}: {state.papers:,} papers, {state.vectors:,} vectors, updated {state.updated}"
    )
    if not state.papers:
        return Diagnosis("index", said, "agq index SOURCE", Exit.INDEX)
    return Diagnosis("index", said, "agq index" if state.vectors < state.papers else "")


def _files(index: IndexReader) -> Diagnosis:
    """Every file against its checksum; asking looks at all of them in a small index only."""
    from agq.index.checksums import damaged

    if found := damaged(index.generation, thorough=True):
        mend = f"agq index --rebuild {' '.join(index.sources)}".rstrip()
        return Diagnosis("files", f"damaged: {', '.join(found)}", mend, Exit.INDEX)
    return Diagnosis("files", "intact")


def _encoder(index: IndexReader) -> Diagnosis:
    """Loads the encoder, asks it for a vector, and the table for the papers near it."""
    try:
        embedder = index.embedder()
        (vector,) = embedder.embed(["a first question"])
        index.nearest(vector, 1)
        index.textual("a first question", 1)
    except AgqError as error:
        return _wrong("encoder", error)
    return Diagnosis("encoder", f"{embedder.name}, {embedder.dim} dimensions")


def _sources(index: IndexReader) -> Diagnosis:
    from agq.commands.building import is_gone
    from agq.commands.staleness import changed

    if not index.sources:
        return Diagnosis("sources", "none known: this index was read from stdin")
    if gone := [source for source in index.sources if is_gone(source)]:
        mend = f"agq index ITS_NEW_PLACE, or agq forget {shlex.quote(gone[0])}"
        return Diagnosis("sources", f"gone: {', '.join(gone)}", mend)
    newer = list(changed(index.sources, index.state.updated, limit=10.0))
    if newer:
        return Diagnosis("sources", f"changed since: {', '.join(newer)}", "agq index")
    return Diagnosis("sources", f"{', '.join(index.sources)}, unchanged")


def _history(context: CommandContext) -> Diagnosis:
    from agq.history import open_history

    file = context.environment.history_file
    try:
        with open_history(file) as log:
            last = log.last()
    except AgqError as error:
        return _wrong("history", error)
    count = last.number if last else 0
    return Diagnosis("history", f"{file}: {count:,} {'answer' if count == 1 else 'answers'}")


def _model(settings: Settings) -> Iterator[Diagnosis]:
    if not settings.chat.model:
        yield Diagnosis("model", "none named: answers quote the abstracts, and nothing is sent")
        yield from _offered()
        return
    from agq.answerers.endpoint import endpoint

    at = endpoint(settings.chat.model, settings.chat.base_url, settings.chat.key_variable)
    if at.file:
        yield _held_in(at.file)
        return
    yield Diagnosis("model", f"{at.model} at {public_address(at.base_url)}")
    if settings.withheld:
        yield Diagnosis(
            "key",
            f"not sent: {settings.withheld}",
            f"agq ask --base-url {public_address(at.base_url)} ...",
            Exit.ERROR,
        )
    elif settings.chat.api_key:
        yield Diagnosis("key", f"from {settings.origin('api_key')}")
    elif at.key_variable:
        yield Diagnosis("key", "none", f"export {at.key_variable}=...", Exit.ERROR)
    yield _reached(at.base_url, settings.chat.api_key, at.start)


def _offered() -> Iterator[Diagnosis]:
    """Model servers of this machine that could answer, if the user chose so."""
    from agq.answerers.local import at_hand

    yield from (Diagnosis("server", one.told, one.choice) for one in at_hand())


def _held_in(file: str) -> Diagnosis:
    """A model in a file of this machine."""
    from importlib.util import find_spec

    path = Path(file).expanduser()
    if not path.is_file():
        return Diagnosis("model", f"no such file: {file}", "agq config set model PATH", Exit.ERROR)
    if find_spec("xllamacpp") is None:
        return Diagnosis("model", f"{file} needs llama.cpp", "pip install 'agq[gguf]'", Exit.ERROR)
    return Diagnosis("model", f"{file}, {path.stat().st_size / 1e9:.1f} GB, run on this machine")


def _reached(base_url: str, key: str, start: str) -> Diagnosis:
    """Asks the server for its list of models, which costs nothing."""
    import httpx2

    from agq.answerers.wire import client

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with (
            client() as http,
            http.stream("GET", f"{base_url.rstrip('/')}/models", headers=headers) as response,
        ):
            status = response.status_code
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        return Diagnosis("server", f"cannot be reached: {error}", start or "check the address", Exit.ERROR)
    if status in {401, 403}:
        return Diagnosis("server", f"refuses the key ({status})", "check the key", Exit.ERROR)
    return Diagnosis("server", f"answers ({status})")
