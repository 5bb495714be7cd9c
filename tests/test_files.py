"""A file is replaced as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from agq.files import replace_file, replacing


def test_an_error_halfway_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "notes.md"
    replace_file(file, b"old")

    def torn() -> None:
        with replacing(file) as stream:
            stream.write(b"ne")
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        torn()
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("notes.md", b"old")]


@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_the_mode_of_a_file_that_is_there_is_kept(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "notes.md"
    file.write_bytes(b"old")
    file.chmod(mode)
    replace_file(file, b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", mode)
