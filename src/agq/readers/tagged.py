"""What formats with a tag a line share: records cut at their tags, and what stands under each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from agq.readers.base import Bad, Draft, Fields, Input, Raw
from agq.readers.streams import NotText, lines, text

if TYPE_CHECKING:
    from agq.readers.streams import Line

ENDS = "ER"

Every = Callable[..., list[str]]

Get = Callable[..., str]


def tagged(held: Sequence[str], pattern: re.Pattern[str]) -> dict[str, list[str]]:
    """Tag -> its lines; a line without a tag is one more of the last."""
    fields: dict[str, list[str]] = {}
    last: list[str] = []
    for line in held:
        found = pattern.match(line)
        if found:
            last = fields.setdefault(found.group(1), [])
        said = (found.group(2) or "" if found else line).strip()
        if said:
            last.append(said)
    return fields


def records(
    file: Input, pattern: re.Pattern[str], start: str, draft: Callable[[Fields], Draft]
) -> Iterator[Raw | Bad]:
    """The records of a file, each from the tag ``start`` on, and what makes drafts of them."""
    for piece in pieces(file, pattern, start):
        if isinstance(piece, Bad):
            yield piece
        else:
            yield Raw(tagged(piece[1], pattern), draft, piece[0])


def pieces(file: Input, pattern: re.Pattern[str], start: str) -> Iterator[tuple[int, list[str]] | Bad]:
    """A record's lines, and the number of the first; what stands between records is nothing."""
    held: list[str] = []
    first, size, reason = 0, 0, ""
    for line in lines(file):
        content = decoded(line)
        tag = _tag(content, pattern) if isinstance(content, str) else ""
        if tag == start and held:
            yield _piece(first, held, reason)
            held = []
        if tag == start:
            first, size, reason = line.number if not isinstance(line, Bad) else 0, 0, ""
        if not held and tag != start:
            if isinstance(content, Bad):
                yield content
            continue
        size += len(content) if isinstance(content, str) else 0
        if isinstance(content, Bad) or size > file.limits.record:
            reason = reason or (content.reason if isinstance(content, Bad) else "record too long")
        elif tag != ENDS:
            held.append(content)
        if tag == ENDS:
            yield _piece(first, held, reason)
            held = []
    if held:
        yield _piece(first, held, reason)


def decoded(line: Line | Bad) -> str | Bad:
    if isinstance(line, Bad):
        return line
    try:
        return text(line.data).rstrip("\r\n").replace("\x00", "").removeprefix("\ufeff")
    except NotText as error:
        return Bad(str(error), line.number)


def _tag(content: str, pattern: re.Pattern[str]) -> str:
    found = pattern.match(content)
    return found.group(1) if found else ""


def _piece(first: int, held: list[str], reason: str) -> tuple[int, list[str]] | Bad:
    return Bad(reason, first) if reason else (first, held)


class _Tags(dict[str, str]):
    """Every tag under its own name."""

    def __missing__(self, tag: str) -> str:
        return tag

    def __contains__(self, _tag: object) -> bool:
        return True


def parser(pattern: re.Pattern[str], start: str) -> Callable[[Sequence[str]], list[Fields]]:
    from rispy.parser import RisParser  # noqa: PLC0415  (only these two formats need it)

    class Parser(RisParser):  # type: ignore[misc]  # rispy has no types
        """All tags, all as lists: a line without a tag goes on with the last one's."""

        START_TAG = start
        DEFAULT_MAPPING = _Tags()
        DEFAULT_LIST_TAGS = _Tags()

        def parse_line(self, line: str) -> tuple[str | None, str]:
            found = pattern.match(line)
            return (found.group(1), found.group(2).strip()) if found else (None, line.strip())

    parser = Parser(delimiter_tags_mapping={})
    return lambda held: parser.parse_lines(iter([*held, f"{ENDS}  - "]))


def getters(fields: Fields) -> tuple[Get, Every]:
    def every(*tags: str) -> list[str]:
        """All values of these tags."""
        held = (fields.get(tag) for tag in tags)
        lists = (values if isinstance(values, list) else [values] for values in held)
        return [value for values in lists for value in values if isinstance(value, str) and value]

    def get(*tags: str) -> str:
        """The lines of the first of these tags that says something."""
        return next((joined for tag in tags if (joined := " ".join(every(tag)))), "")

    return get, every
