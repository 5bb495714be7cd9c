"""`agq list`, and `agq search` without a query: papers by what they are, newest first."""

from __future__ import annotations

import json

from e2e.shell import Shell


def test_the_newest_that_pass_come_first_and_the_rest_is_counted(shell: Shell) -> None:
    done = shell.agq("list", "--since", "2025", "--format", "json", "-k", "5")
    assert done.returncode == 0, done.stderr.decode()
    listed = json.loads(done.stdout)["sources"]
    dates = [source["date"] for source in listed]
    assert len(dates) == 5
    assert dates == sorted(dates, reverse=True)
    assert min(dates) >= "2025"
    assert {source["match"] for source in listed} == {None}
    assert "note: the newest 5 of " in done.stderr.decode()


def test_a_search_without_a_query_lists_too(shell: Shell) -> None:
    by_search = shell.agq("search", "--since", "2025", "--format", "ids")
    by_list = shell.agq("list", "--since", "2025", "--format", "ids")
    assert by_search.stdout == by_list.stdout
    assert by_list.stdout.count(b"\n") == 20


def test_a_table_tells_year_and_author_and_no_match(shell: Shell) -> None:
    head, rule, *rows = shell.agq("list", "-k", "3").stdout.decode().splitlines()
    assert [cell.strip() for cell in head.strip("|").split("|")] == [
        "Year",
        "Author",
        "Category",
        "Title",
        "Id",
    ]
    assert rule.count("---") == 5
    assert len(rows) == 3
    assert "%" not in "".join(rows)


def test_nothing_passes(shell: Shell) -> None:
    done = shell.agq("list", "--author", "Nobody Atall")
    assert done.returncode == 3
    assert done.stdout == b""
    assert "no paper in this index is by Nobody Atall" in done.stderr.decode()
