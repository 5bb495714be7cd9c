"""JSON Lines, a record a line, and JSON documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from agq.readers.base import Bad, Input, Raw
from agq.readers.streams import Line, lines

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_json_lines(file: Input) -> Iterator[Raw | Bad]:
    """JSON Lines: every line an object; empty lines are nothing."""
    for line in lines(file):
        if isinstance(line, Bad):
            yield line
        elif line.data.strip():
            yield _record(line)


def _record(line: Line) -> Raw | Bad:
    try:
        value = json.loads(line.data.decode())
    except UnicodeDecodeError as error:
        return Bad(f"not valid UTF-8 (byte 0x{line.data[error.start]:02x})", line.number)
    except json.JSONDecodeError as error:
        return Bad(f"not valid JSON: {error.msg} at column {error.colno}", line.number)
    except (ValueError, RecursionError) as error:
        return Bad(f"not readable JSON: {error}", line.number)
    if not isinstance(value, dict):
        return Bad("not a JSON object", line.number)
    return Raw(value, line=line.number)
