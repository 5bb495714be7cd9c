"""Parquet, with pyarrow: a row a record, batch by batch."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from agq.readers.base import Bad, Input, Raw, SourceFormat

if TYPE_CHECKING:
    import pyarrow

ROWS_PER_BATCH = 512
"""Rows at a time."""


def read_parquet(file: Input) -> Iterator[Raw | Bad]:
    """The rows of a file; one that does not lie on disk unpacked is put there first, as its end has to be
    read first."""
    if file.path:
        with open(file.path, "rb") as stream:
            yield from _rows(stream)
        return
    with tempfile.TemporaryFile() as stream:
        shutil.copyfileobj(file.stream, stream)
        if not file.broken:
            yield from _rows(stream)


def _rows(stream: BinaryIO) -> Iterator[Raw | Bad]:
    import pyarrow  # noqa: PLC0415  (150 ms, for this format only)
    from pyarrow import parquet  # noqa: PLC0415

    number = 0
    try:
        opened = parquet.ParquetFile(stream, buffer_size=1024 * 1024, pre_buffer=False)
        columns = [field.name for field in opened.schema_arrow if not _is_vector(field.type)]
        for batch in opened.iter_batches(batch_size=ROWS_PER_BATCH, columns=columns, use_threads=False):
            for row in range(batch.num_rows):
                number += 1
                yield _row(batch, row, number)
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).strip().split("\n", 1)[0]
        yield Bad(f"not valid Parquet: {reason}", record=str(number + 1))


def _is_vector(kind: pyarrow.DataType) -> bool:
    """A column of embeddings: long, and of no use here."""
    import pyarrow  # noqa: PLC0415  (as above)

    listed = (
        pyarrow.types.is_list(kind)
        or pyarrow.types.is_large_list(kind)
        or pyarrow.types.is_fixed_size_list(kind)
    )
    return bool(listed and pyarrow.types.is_floating(kind.value_type))


def _row(batch: pyarrow.RecordBatch, row: int, number: int) -> Raw | Bad:
    try:
        value = batch.slice(row, 1).to_pylist()[0]
    except UnicodeDecodeError as error:
        return Bad(f"not valid UTF-8 ({error.reason})", record=str(number))
    return (
        Raw(value, record=str(number)) if isinstance(value, Mapping) else Bad("not a row", record=str(number))
    )


PARQUET = SourceFormat("parquet", read_parquet, lambda start: start.startswith(b"PAR1"), (".parquet",))
