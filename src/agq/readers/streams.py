"""Bytes in: unpacking by content, lines of bounded length, text whatever its encoding."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import zlib
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol, cast

from agq.readers.base import Bad, Input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agq.readers.base import InputLimits

HEAD_BYTES = 64 * 1024
CHUNK_BYTES = 256 * 1024


class _Reads(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class _Plain:
    """``read1`` for a stream that may lack it."""

    def __init__(self, raw: BinaryIO) -> None:
        self.read1 = raw.read


def _zstd(raw: BinaryIO) -> _Reads:
    import pyarrow  # noqa: PLC0415  (only a .zst file needs it, and it is here already; it tells a truncated one)

    return _Plain(pyarrow.CompressedInputStream(pyarrow.PythonFile(raw, mode="r"), "zstd"))


PACKED: tuple[tuple[str, bytes, Callable[[BinaryIO], _Reads]], ...] = (
    ("gzip", b"\x1f\x8b", lambda raw: gzip.GzipFile(fileobj=raw)),
    ("bzip2", b"BZh", bz2.BZ2File),
    ("xz", b"\xfd7zXZ\x00", lzma.LZMAFile),
    ("zstd", b"\x28\xb5\x2f\xfd", _zstd),
)
"""Packing, its first bytes, and what unpacks it."""


class _Counted(io.RawIOBase):
    """A stream that counts the bytes taken from it, after those already taken as ``head``."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head = head
        self._rest = rest
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        size = CHUNK_BYTES if size < 0 else size
        data = self._head[:size] or self._rest.read(size) or b""
        self._head = self._head[len(data) :] if self._head else b""
        self.count += len(data)
        return data


class Unpacked(io.RawIOBase):
    """What a file holds once unpacked. It ends early instead of raising; ``broken`` then says why.

    ``head`` is its first 64 KiB, read ahead and still to come.
    """

    def __init__(self, packed: _Counted, name: str, opened: _Reads, limits: InputLimits) -> None:
        super().__init__()
        self._packed = packed
        self._name = name
        self._opened = opened
        self._limits = limits
        self._count = 0
        self.broken = ""
        self.head = self._ahead(HEAD_BYTES)
        self._pending = self.head

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # Buffer is 3.12's
        data = self._pending[: len(buffer)] or self._next(len(buffer))
        self._pending = self._pending[len(data) :]
        buffer[: len(data)] = data
        return len(data)

    def _ahead(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size > 0 and (part := self._next(size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _next(self, size: int) -> bytes:
        if self.broken:
            return b""
        try:
            data = self._opened.read1(min(size, HEAD_BYTES))
        except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
            self.broken = f"{self._name or 'file'} truncated or damaged: {_first_line(error)}"
            return b""
        self._count += len(data)
        if self._bomb():
            self.broken = f"{self._name} data unpacks to more than {self._limits.ratio} times its size"
            return b""
        return data

    def _bomb(self) -> bool:
        over = self._count > self._limits.unpacked
        return over and bool(self._name) and self._count > self._limits.ratio * self._packed.count


class _Changed(io.RawIOBase):
    """A stream whose pieces pass through a function."""

    def __init__(self, inner: Unpacked, change: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._inner = inner
        self._change = change
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # Buffer is 3.12's
        while not self._pending and (data := self._inner.read(HEAD_BYTES)):
            self._pending = self._change(data)
        data = self._pending[: len(buffer)]
        self._pending = self._pending[len(data) :]
        buffer[: len(data)] = data
        return len(data)


def _from_utf_16() -> Callable[[bytes], bytes]:
    """UTF-16 with a byte order mark, as UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    return lambda data: decoder.decode(data).encode("utf-8", "replace")


def _with_newlines(data: bytes) -> bytes:
    """Lines that end as they did on old Macs, as they end now."""
    return data.replace(b"\r", b"\n")


def _both(first: Callable[[bytes], bytes], then: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: then(first(data))


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0] or type(error).__name__


def opened(raw: BinaryIO, source: str, limits: InputLimits, path: str = "") -> Input:
    """One file, unpacked by what its first bytes say, whatever its name says."""
    ahead = raw.read(HEAD_BYTES)
    packed = _Counted(ahead, raw)
    name, opener = next(((n, o) for n, magic, o in PACKED if ahead.startswith(magic)), ("", _Plain))
    unpacked = Unpacked(packed, name, opener(cast("BinaryIO", packed)), limits)
    head = unpacked.head
    change: Callable[[bytes], bytes] | None = None
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        change = _from_utf_16()
        head = _from_utf_16()(head)
    if b"\r" in head and b"\n" not in head and not head.startswith(BINARY):
        change = _both(change, _with_newlines) if change else _with_newlines
        head = _with_newlines(head)
    stream = io.BufferedReader(_Changed(unpacked, change) if change else unpacked, CHUNK_BYTES)
    return Input(source, stream, unpacked, head.removeprefix(codecs.BOM_UTF8), limits, "" if name else path)


BINARY = b"PAR1"
"""What a file begins with whose bytes are no text."""


class Line(NamedTuple):
    """A line with its ending, and its number from 1."""

    number: int
    data: bytes


def lines(file: Input) -> Iterator[Line | Bad]:
    """The lines of a file; one over the limit is reported and skipped without being held.

    The last line of a file that breaks off is left out: nobody knows what it would have said.
    """
    limit = file.limits.record
    number = 0
    while data := file.stream.readline(limit + 1):
        number += 1
        if number == 1:
            data = data.removeprefix(codecs.BOM_UTF8)
        ended = data.endswith(b"\n")
        if len(data) > limit and not ended:
            _skip_line(file.stream)
            yield Bad(f"line longer than {limit:,} bytes", line=number)
        elif ended or not file.broken:
            yield Line(number, data)


def _skip_line(stream: BinaryIO) -> None:
    while (data := stream.readline(CHUNK_BYTES)) and not data.endswith(b"\n"):
        pass


class NotText(ValueError):
    """Bytes that are no text in any encoding that can be told."""


def text(data: bytes) -> str:
    """UTF-8; or Windows-1252, which holds Latin-1's letters, where no letter is in UTF-8.

    Raises
    ------
    NotText
        UTF-8 with broken bytes in it: read as another encoding its good letters would come out wrong.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if data.decode("utf-8", "ignore").isascii():
            return data.decode("cp1252", "replace") if _printable(data) else data.decode("latin-1")
        raise NotText(f"not valid UTF-8 (byte 0x{data[error.start]:02x})") from error


def _printable(data: bytes) -> bool:
    return not any(byte in data for byte in b"\x81\x8d\x8f\x90\x9d")
