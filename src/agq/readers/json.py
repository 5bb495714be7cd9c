"""JSON Lines, a record a line, and JSON documents of any size: lists, lists under a name, one value after
the other."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from agq.readers.base import Bad, Input, Raw, SourceFormat
from agq.readers.nested import RECORD_LISTS, looks_like_paper, records_in
from agq.readers.streams import CHUNK_BYTES, Line, lines

if TYPE_CHECKING:
    from re import Match

_DECODER = json.JSONDecoder(strict=False)
_BLANK = re.compile(r"[\s,\ufeff]*")
_NO_TEXT = re.compile("[\udc80-\udcff]")
_ANY_START = re.compile(r"\{")
_FIRST_KEY = re.compile(r'\{\s*"[^"\\]*"')


def read_json_lines(file: Input) -> Iterator[Raw | Bad]:
    """JSON Lines: every line an object; empty lines are nothing."""
    for line in lines(file):
        if isinstance(line, Bad):
            yield line
        elif line.data.strip():
            yield _record(line)


def _record(line: Line) -> Raw | Bad:
    try:
        value = json.loads(line.data.rstrip(b"\r\n").decode())
    except UnicodeDecodeError as error:
        return Bad(f"not valid UTF-8 (byte 0x{line.data[error.start]:02x})", line.number)
    except json.JSONDecodeError as error:
        return Bad(f"not valid JSON: {error.msg.removesuffix(' at')} at column {error.colno}", line.number)
    except RecursionError:
        return Bad("not readable JSON: nested too deeply", line.number)
    except ValueError as error:
        return Bad(f"not readable JSON: {error}", line.number)
    if not isinstance(value, dict):
        return Bad("not a JSON object", line.number)
    return Raw(value, line=line.number)


def read_json(file: Input) -> Iterator[Raw | Bad]:
    """A JSON document, decoded record by record: a broken one costs no other, and memory holds one at a
    time."""
    document = _Document(file)
    while opening := document.peek():
        if opening == "[":
            yield from _list(document)
        elif opening == "{":
            yield from _object(document)
        elif opening in "]}":
            document.at += 1
        else:
            yield Bad(f"not JSON: {document.rest(20)!r}", document.line())
            return
        document.cut()


def _object(document: _Document) -> Iterator[Raw | Bad]:
    line = document.line()
    try:
        value = document.value()
    except _TooLong:
        yield from _members(document)
    except _Broken as error:
        yield from _recovered(document, error, line)
    else:
        for number, record in enumerate(records_in(value), start=1):
            yield _raw(record, line, number if record is not value else None)


def _raw(value: object, line: int, number: int | None = None) -> Raw | Bad:
    record = str(number) if number else None
    return (
        Raw(value, line=line, record=record)
        if isinstance(value, Mapping)
        else Bad("not a JSON object", line, record)
    )


def _members(document: _Document) -> Iterator[Raw | Bad]:
    """An object too long to be one record: the list in it that holds records, or a record under each name."""
    document.at += 1
    while document.peek() not in ("}", ""):
        line = document.line()
        try:
            name = document.value()
            if document.peek() == ":":
                document.at += 1
            opening = document.peek()
            if opening == "[" and name in RECORD_LISTS:
                yield from _list(document)
            elif opening == "{" and name in RECORD_LISTS:
                yield from _members(document)
            elif isinstance(value := document.value(), Mapping) and looks_like_paper(value):
                yield Raw({"id": name, **value}, line=line)
        except (_Broken, _TooLong) as error:
            yield Bad(str(error), line)
            return
        document.cut()
    document.at += 1


def _list(document: _Document) -> Iterator[Raw | Bad]:
    document.at += 1
    while (opening := document.peek()) not in ("]", ""):
        line = document.line()
        document.remember_start(opening)
        try:
            yield _raw(document.value(), line)
        except (_Broken, _TooLong) as error:
            yield from _recovered(document, error, line)
        document.cut()
    document.at += 1


def _recovered(document: _Document, error: Exception, line: int) -> Iterator[Bad]:
    """Told, and on to where the next record seems to begin."""
    if not document.broken:
        yield Bad(str(error), line)
    if not isinstance(error, _NotUtf8):
        document.to_next_start()


class _Broken(ValueError):
    """Text that is no JSON."""


class _NotUtf8(_Broken):
    """A value that could be read, but for bytes that are no text."""


class _TooLong(ValueError):
    """A value that is longer than a record may be."""


class _Document:
    """A window on the text of a file, long enough for one value."""

    def __init__(self, file: Input) -> None:
        self._file = file
        self._limit = file.limits.record
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape").decode
        self._text = ""
        self._ended = False
        self._suspect = False
        self._lines = 1
        self._counted = 0
        self._start: re.Pattern[str] | None = None
        self.at = 0

    @property
    def broken(self) -> bool:
        """Whether the file breaks off, and all of it has been seen."""
        return self._ended and bool(self._file.broken)

    def _more(self, size: int = CHUNK_BYTES) -> bool:
        if self._ended:
            return False
        data = self._file.stream.read(size)
        self._ended = not data
        text = self._decode(data, final=self._ended)
        self._suspect = self._suspect or bool(_NO_TEXT.search(text))
        self._text += text
        return True

    def peek(self) -> str:
        """The next character that is not blank (or a comma); empty at the end."""
        while True:
            found = _BLANK.match(self._text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self._text):
                return self._text[self.at]
            if not self._more():
                return ""

    def rest(self, size: int) -> str:
        return self._text[self.at : self.at + size]

    def line(self) -> int:
        """The number of the line that the next value begins in."""
        self.peek()
        self._lines += self._text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._lines

    def cut(self) -> None:
        """Lets go of what has been read, now and then."""
        if self.at > CHUNK_BYTES:
            self.line()
            self._text = self._text[self.at :]
            self.at = self._counted = 0

    def value(self) -> object:
        """The next value.

        Raises
        ------
        _Broken, _TooLong
            With the place left where it is; behind the value for _NotUtf8.
        """
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self.at)
            except json.JSONDecodeError as error:
                self._grow(error)
            except RecursionError:
                raise _Broken("not readable JSON: nested too deeply") from None
            except ValueError as error:
                raise _Broken(f"not readable JSON: {error}") from error
            else:
                start, self.at = self.at, end
                if self._suspect and _NO_TEXT.search(self._text, start, end):
                    raise _NotUtf8("not valid UTF-8")
                return value

    def _grow(self, error: json.JSONDecodeError) -> None:
        """More text, if that could help."""
        certain = error.pos < len(self._text) - 64 and not error.msg.startswith("Unterminated")
        if certain or self._ended:
            line = self._lines + self._text.count("\n", self._counted, error.pos)
            raise _Broken(f"not valid JSON: {error.msg.removesuffix(' at')} at line {line}")
        if len(self._text) - self.at > self._limit:
            raise _TooLong(f"record longer than {self._limit:,} bytes")
        self._more(max(CHUNK_BYTES, len(self._text) - self.at))

    def remember_start(self, opening: str) -> None:
        """How records begin here, seen on the first: behind which blanks, with which key."""
        if self._start or opening != "{" or not (first := _FIRST_KEY.match(self._text, self.at)):
            return
        line_start = self._text.rfind("\n", 0, self.at)
        before = self._text[line_start + 1 : self.at]
        blanks = f"\n{before}" if line_start >= 0 and not before.strip() else ""
        key = re.escape(first.group()[1:].lstrip())
        self._start = re.compile(re.escape(blanks) + r"\{\s*" + key)

    def to_next_start(self) -> None:
        """The place of the next text that begins as records do; the end if there is none."""
        self.at += 1
        while not (found := self._next_start()):
            self.at = max(self.at, len(self._text) - 1024)
            self.cut()
            if not self._more():
                self.at = len(self._text)
                return
        self.at = found.end() - len(found.group().lstrip("\n \t\r"))

    def _next_start(self) -> Match[str] | None:
        return (self._start or _ANY_START).search(self._text, self.at)


_OPENS = re.compile(rb"\[\s*[\[{\]]|\{\s*[\"}]")


def _is_json_lines(start: bytes) -> bool:
    """One whole object a line, and more than one line."""
    first, _, rest = start.partition(b"\n")
    if not first.startswith(b"{") or not rest.strip():
        return False
    return _is_object(first) or (rest.lstrip().startswith(b"{") and not _opens_only(first))


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _opens_only(line: bytes) -> bool:
    """Whether this is the first line of an object written over several: ``{`` or ``{"id": 1,``."""
    return line.strip() == b"{" or line.rstrip().endswith((b",", b"[", b"{"))


JSON_LINES = SourceFormat("json-lines", read_json_lines, _is_json_lines, (".jsonl", ".ndjson"))
JSON = SourceFormat("json", read_json, lambda start: bool(_OPENS.match(start)), (".json",))
