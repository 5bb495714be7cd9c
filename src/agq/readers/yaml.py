"""YAML: cards, a list of mappings; also one card a document, or a list under a name (``references:``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import yaml

from agq.readers.base import Bad, Input, Raw, SourceFormat
from agq.readers.nested import RECORD_LISTS, records_in
from agq.readers.streams import Line, NotText, lines, text

if TYPE_CHECKING:
    from yaml.events import Event, ScalarEvent

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class _TooMuch(ValueError):
    """A card that is built to grow."""


class _Builder:
    """Values from YAML events. Every scalar stays the text it is: ``2406.08550`` is no number.

    An alias is the very value its anchor named, so nesting them takes no memory; their number is limited.
    """

    def __init__(self, aliases: int, anchors: dict[str, object]) -> None:
        self._limit = aliases
        self._count = 0
        self._anchors = anchors

    def value(self, event: Event, events: Iterator[Event]) -> object:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        built: object
        if isinstance(event, yaml.SequenceStartEvent):
            built = self._sequence(events)
        elif isinstance(event, yaml.MappingStartEvent):
            built = self._mapping(events)
        elif isinstance(event, yaml.ScalarEvent):
            built = self._scalar(event)
        else:
            raise _TooMuch(f"unexpected {type(event).__name__}")
        if event.anchor:
            self._anchors[event.anchor] = built
        return built

    def _alias(self, event: yaml.AliasEvent) -> object:
        self._count += 1
        if self._count > self._limit:
            raise _TooMuch(f"more than {self._limit} YAML aliases")
        if event.anchor not in self._anchors:
            raise _TooMuch(f"YAML alias *{event.anchor} without its anchor")
        return self._anchors[event.anchor]

    @staticmethod
    def _scalar(event: ScalarEvent) -> str | None:
        plain = event.implicit[0] and not event.style
        return None if plain and event.value in _NULLS else str(event.value)

    def _sequence(self, events: Iterator[Event]) -> list[object]:
        built: list[object] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            built.append(self.value(event, events))
        return built

    def _mapping(self, events: Iterator[Event]) -> dict[str, object]:
        built: dict[str, object] = {}
        merged: dict[str, object] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.value(event, events)
            value = self.value(next(events), events)
            if key == "<<":
                merged.update(_merged(value))
            elif isinstance(key, str):
                built[key] = value
        return merged | built


def _merged(value: object) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    maps = [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
    return {key: item for one in reversed(maps) for key, item in one.items()}


def read_yaml(file: Input) -> Iterator[Raw | Bad]:
    """Cards, each parsed by itself: a broken one costs no other, and memory holds one at a time."""
    anchors: dict[str, object] = {}
    for part in _parts(file):
        if isinstance(part, Bad):
            yield part
        else:
            yield from _records(part, anchors, file.limits.aliases)


def _records(part: _CardPart, anchors: dict[str, object], aliases: int) -> Iterator[Raw | Bad]:
    builder = _Builder(aliases, anchors)
    try:
        documents = list(_documents(text(part.data), builder))
    except yaml.YAMLError as error:
        yield _bad(error, part.line)
    except (_TooMuch, NotText) as error:
        yield Bad(str(error), part.line)
    except RecursionError:
        yield Bad("YAML nested too deeply", part.line)
    else:
        for document in documents:
            yield from _raws(document, part.line)


def _documents(content: str, builder: _Builder) -> Iterator[object]:
    events = iter(yaml.parse(content, Loader=_Loader))
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            yield builder.value(event, events)


def _raws(document: object, line: int) -> Iterator[Raw | Bad]:
    for value in records_in(document):
        if isinstance(value, Mapping):
            yield Raw(value, line=line)
        elif value is not None:
            yield Bad("not a mapping", line)


def _bad(error: yaml.YAMLError, first: int) -> Bad:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
    return Bad(f"not valid YAML: {problem}", first + (mark.line if mark else 0))


class _CardPart(NamedTuple):
    """Some lines that stand for themselves, and the number of the first."""

    line: int
    data: bytes


class _Splitter:
    """Lines into parts: one item of the outermost list each, or what stands between lists and marks."""

    def __init__(self, file: Input) -> None:
        self._limits = file.limits
        self._held: list[bytes] = []
        self._size = 0
        self._first = 0
        self._dash: int | None = None
        self._over = False

    def feed(self, line: Line) -> Iterator[_CardPart | Bad]:
        """The part that this line ends, if it ends one."""
        content = line.data.strip()
        if not content or content.startswith(b"#"):
            if self._held:
                self._keep(line)
            return
        if line.data.startswith((b"---", b"...", b"%")) and self._is_mark(line.data):
            yield from self.flush()
            self._dash = None
            return
        if self._starts_item(line.data, content):
            yield from self.flush()
        self._keep(line)

    def _is_mark(self, data: bytes) -> bool:
        return data.startswith(b"%") or not data[3:].strip()

    def _starts_item(self, data: bytes, content: bytes) -> bool:
        indent = len(data) - len(data.lstrip(b" "))
        dashed = content == b"-" or content.startswith(b"- ")
        if self._dash is None:
            if dashed and (not self._held or self._under_name() or not self._awaits_list(indent)):
                self._dash = indent
                return True
            return False
        if indent < self._dash or (
            indent == self._dash and not dashed and data[indent : indent + 1] != b"\t"
        ):
            self._dash = None
            return True
        return indent == self._dash and dashed

    def _awaits_list(self, indent: int) -> bool:
        """Whether a list at this depth belongs to what is held: it stands deeper, or below a name without
        value."""
        if indent > len(self._held[0]) - len(self._held[0].lstrip(b" ")):
            return True
        names = (
            line
            for line in reversed(self._held)
            if line.strip() and not line.lstrip().startswith((b"- ", b"-\n", b"#"))
        )
        above = next((line for line in names if len(line) - len(line.lstrip(b" ")) <= indent), b"")
        return above.rstrip().endswith(b":") or b": &" in above

    def _under_name(self) -> bool:
        """Whether the last line held is ``references:`` or the like, which the list then belongs to."""
        last = next((line.strip() for line in reversed(self._held) if line.strip()), b"")
        name, colon, rest = last.partition(b":")
        return bool(colon) and not rest and name.decode("utf-8", "replace").strip("\"'") in RECORD_LISTS

    def _keep(self, line: Line) -> None:
        if not self._held and not self._over:
            self._first = line.number
        self._size += len(line.data)
        self._over = self._over or self._size > self._limits.record
        if self._over:
            self._held.clear()
        else:
            self._held.append(line.data)

    def flush(self) -> Iterator[_CardPart | Bad]:
        """The part held so far."""
        if self._over:
            yield Bad(f"card longer than {self._limits.record:,} bytes", self._first)
        elif self._held and not (self._dash is not None and self._only_name()):
            yield _CardPart(self._first, b"".join(self._held))
        self._held, self._size, self._over = [], 0, False

    def _only_name(self) -> bool:
        return self._under_name() and len(self._held) == 1


def _parts(file: Input) -> Iterator[_CardPart | Bad]:
    splitter = _Splitter(file)
    for line in lines(file):
        if isinstance(line, Bad):
            yield line
        else:
            yield from splitter.feed(line)
    yield from splitter.flush()


_FIRST = re.compile(rb"- +&\w+\s*$|-\s*$|(?:- +)?(?:&\w+ +)?[\w\"'-]+ *:(?:\s|$)")


def _looks(start: bytes) -> bool:
    first = next(
        (line for line in start.splitlines() if line.strip() and not line.startswith((b"#", b"%", b"---"))),
        b"",
    )
    return bool(_FIRST.match(first.strip()))


YAML = SourceFormat("yaml", read_yaml, _looks, (".yaml", ".yml", ".cff"))
