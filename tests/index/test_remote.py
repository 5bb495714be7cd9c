"""An index on an object store: a real S3 server on this machine, real processes that ask and write."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agq.commands.collecting import index_it
from agq.commands.context import CommandContext
from agq.config import Environment
from agq.errors import AgqError
from agq.index.remote import push
from agq.index.store import NO_FILE, Store
from library import write_library
from processes import PATIENCE
from s3_server import Server, s3_server

pytestmark = pytest.mark.slow

QUESTION = "turbulence measured with method 8"
Agq = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with s3_server() as running:
        yield running


@pytest.fixture
def store(server: Server, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Store:
    """A bucket of this test's own."""
    for name, value in server.environ.items():
        monkeypatch.setenv(name, value)
    name = request.node.name.replace("_", "-")[:50].rstrip("-")
    return Store(f"{server.bucket(name)}/papers")


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture
def start(server: Server, homes: Path, tmp_path: Path) -> Start:
    """Starts agq in a home of its own; ``home`` names another one, that of another machine."""

    def started(*arguments: str, home: str = "one", **environ: str) -> subprocess.Popen[str]:
        (homes / home).mkdir(exist_ok=True)
        return subprocess.Popen(
            [sys.executable, "-m", "agq", *arguments],
            cwd=tmp_path,
            env={"HOME": str(homes / home), "PATH": os.environ["PATH"], **server.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return started


@pytest.fixture
def agq(start: Start) -> Agq:
    """The same, to its end: what it wrote. No secret is in it."""

    def run(
        *arguments: str, home: str = "one", code: int = 0, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        with start(*arguments, home=home, **environ) as running:
            out, err = running.communicate(timeout=PATIENCE)
        assert running.returncode == code, err
        assert "made-up" not in out + err
        return subprocess.CompletedProcess(arguments, code, out, err)

    return run


def ids(done: subprocess.CompletedProcess[str]) -> list[Any]:
    return [(one["id"], round(one["match"], 3)) for one in json.loads(done.stdout)["sources"]]


def test_the_server_takes_conditional_puts(store: Store, tmp_path: Path) -> None:
    """What all of this rests on: the engine commits by them too, in parts where a file is large."""
    import obstore
    from obstore.store import from_url

    assert store.replace("current", b"a", NO_FILE)
    assert not store.replace("current", b"b", NO_FILE)
    held = store.tagged("current")
    assert held is not None
    assert store.replace("current", b"c", held.tag)
    assert not store.replace("current", b"d", held.tag)
    assert store.get("current") == b"c"
    bucket = from_url(store.url)
    large = os.urandom(12 * 1024 * 1024)
    obstore.put(bucket, "large", large, mode="create", use_multipart=True, chunk_size=5 * 1024 * 1024)
    with pytest.raises(obstore.exceptions.AlreadyExistsError):
        obstore.put(bucket, "large", b"x" * 6 * 1024 * 1024, mode="create", use_multipart=True)
    assert store.get("large") == large


def test_what_is_on_the_store_is_asked_as_what_is_here(store: Store, agq: Agq, tmp_path: Path) -> None:
    library, here = write_library(tmp_path / "library", papers=60, files=2), str(tmp_path / "here")
    agq("index", str(library), "--index", here)
    agq("index", str(library), "--index", store.url)
    local = agq("search", QUESTION, "--format", "json", "--index", here)
    there = agq("search", QUESTION, "--format", "json", "--index", store.url)
    assert ids(there) == ids(local)
    on_another = agq("ask", QUESTION, "--format", "json", "--index", store.url, home="two")
    assert json.loads(on_another.stdout)["answer"]
    assert f"{store.url}: " in agq("doctor", "--index", store.url, home="two").stdout
    listed = agq("list", "-k", "999", "--format", "ids", "--index", store.url, home="two").stdout.split()
    assert sorted(listed) == sorted(
        agq("list", "-k", "999", "--format", "ids", "--index", here).stdout.split()
    )

    (library / "new.jsonl").write_text('{"id": "new", "title": "One more", "abstract": "Added later."}\n')
    told = json.loads(agq("index", "--json", "--index", store.url).stdout)
    assert (told["added"], told["unchanged"], told["papers"]) == (1, len(listed), len(listed) + 1)
    assert "new" in agq("list", "-k", "999", "--format", "ids", "--index", store.url, home="two").stdout
    before = store.get("current")
    agq("index", "--index", store.url)
    assert store.get("current") == before, "nothing changed, nothing was written"

    agq("pull", store.url, str(tmp_path / "pulled"), home="two")
    pulled = agq("search", QUESTION, "--format", "json", "--index", str(tmp_path / "pulled"))
    assert ids(pulled) == ids(agq("search", QUESTION, "--format", "json", "--index", store.url))
    agq("push", str(tmp_path / "pulled"), f"{store.url}-again")
    again = agq("search", QUESTION, "--format", "json", "--index", f"{store.url}-again", home="three")
    assert ids(again) == ids(pulled)


def test_sources_are_forgotten_and_records_added_where_the_index_is(
    server: Server, store: Store, agq: Agq, tmp_path: Path
) -> None:
    library, more = write_library(tmp_path / "library", papers=20, files=1), tmp_path / "more.jsonl"
    record = {"id": "new", "title": "One more", "abstract": "Added.", "doi": "10.1000/new"}
    more.write_text(json.dumps(record) + "\n")
    agq("index", str(library), str(more), "--index", store.url)
    known = agq("add", "10.1000/new", "--index", store.url, home="two")
    assert "1 of 1 are in the index already" in known.stderr
    assert "asking" not in known.stderr
    gone = agq("forget", str(more), "--index", store.url, home="three")
    assert f"papers in {store.url}: 1 removed, {more} forgotten" in gone.stderr
    assert "new" not in agq("list", "-k", "99", "--format", "ids", "--index", store.url).stdout.split()
    nothing = agq("forget", str(more), "--index", f"{store.url}-not", home="three", code=6)
    assert f"no index at {store.url}-not" in nothing.stderr

    context = CommandContext(Environment(tmp_path, {"HOME": str(tmp_path / "home")}), store.url, quiet=True)
    index_it(context, context.settings(), more)
    assert "new" in agq("list", "-k", "99", "--format", "ids", "--index", store.url).stdout.split()


def test_what_is_kept_here_of_a_store_is_not_written_to(
    store: Store, agq: Agq, homes: Path, tmp_path: Path
) -> None:
    library = write_library(tmp_path / "library", papers=20, files=1)
    agq("index", str(library), "--index", store.url, home="four")
    (mirror,) = (homes / "four").glob(".cache/agq/stores/*/origin")
    refused = agq("index", str(library), "--index", str(mirror.parent), home="four", code=2)
    assert f"--index {store.url}" in refused.stderr


def test_an_update_sends_what_has_changed(server: Server, store: Store, agq: Agq, tmp_path: Path) -> None:
    library = write_library(tmp_path / "library", papers=300, files=2)
    agq("index", str(library), "--index", store.url, "--later")
    whole = server.counts()["received"]
    (library / "new.jsonl").write_text('{"id": "new", "title": "One more", "abstract": "Added later."}\n')
    agq("index", "--index", store.url, "--later")
    assert server.counts()["received"] < whole / 2
    agq("search", QUESTION, "--index", store.url, home="five")
    server.counts()
    agq("list", "--index", store.url)
    assert server.counts()["bytes"] < 100_000, "who wrote it has it here"


def test_where_nothing_is_it_is_said(store: Store, agq: Agq) -> None:
    missing = agq("search", "anything", "--index", store.url, code=6)
    assert f"there is no index at {store.url}" in missing.stderr
    assert "agq index" in missing.stderr
    nowhere = agq("search", "anything", "--index", "s3://no-such-bucket/x", code=6)
    assert "there is no index" in nowhere.stderr
    assert "s3://, gs://, az://" in agq("search", "anything", "--index", "ftp://host/x", code=2).stderr


def test_of_two_who_write_at_once_one_wins_and_one_is_told(
    store: Store, start: Start, agq: Agq, tmp_path: Path
) -> None:
    first = write_library(tmp_path / "library", papers=20, files=1)
    agq("index", str(first), "--index", store.url)
    for name in ("one", "two"):
        record = {"id": name, "title": f"New in {name}", "abstract": "Found at the same time."}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(record) + "\n")
    writers = {
        name: start("index", f"{name}.jsonl", "--index", store.url, home=name) for name in ("one", "two")
    }
    told = {name: writer.communicate()[1] for name, writer in writers.items()}
    late = [name for name, writer in writers.items() if writer.returncode]
    assert all("another agq has written" in told[name] for name in late)
    assert len(late) < 2
    for name in late:
        agq("index", f"{name}.jsonl", "--index", store.url, home=name)
    listed = agq("list", "-k", "999", "--format", "ids", "--index", store.url, home="two").stdout.split()
    assert {"one", "two"} <= set(listed)
    assert len(listed) == len(set(listed))


def test_a_stale_tag_moves_nothing(store: Store, agq: Agq, tmp_path: Path) -> None:
    library = write_library(tmp_path / "library", papers=20, files=1)
    agq("index", str(library), "--index", str(tmp_path / "here"))
    push(tmp_path / "here", store.url, NO_FILE)
    held = store.tagged("current")
    assert held is not None
    push(tmp_path / "here", store.url, held.tag)
    for stale in (held.tag, NO_FILE):
        with pytest.raises(AgqError, match="another agq has written"):
            push(tmp_path / "here", store.url, stale)


def test_a_busy_and_slow_store_is_waited_for(server: Server, store: Store, agq: Agq, tmp_path: Path) -> None:
    library = write_library(tmp_path / "library", papers=20, files=1)
    server.behave(busy=0.1, slow=0.01)
    server.counts()
    try:
        agq("index", str(library), "--index", store.url)
        found = agq("search", QUESTION, "--format", "json", "--index", store.url, home="two")
    finally:
        server.behave()
    assert ids(found)
    assert server.counts()["refused"] > 3


def test_a_run_that_is_killed_before_its_end_is_not_seen(store: Store, agq: Agq, tmp_path: Path) -> None:
    library = write_library(tmp_path / "library", papers=20, files=1)
    agq("index", str(library), "--index", store.url)
    before = agq("list", "-k", "999", "--format", "ids", "--index", store.url).stdout
    current = store.get("current")
    half = f"generations/{current.decode().strip()[:-1] if current else ''}9/papers.lance/data/x.lance"
    store.put(half, b"half of it")
    assert agq("list", "-k", "999", "--format", "ids", "--index", store.url, home="two").stdout == before


def test_what_is_cached_is_asked_for_once(server: Server, store: Store, agq: Agq, tmp_path: Path) -> None:
    library = write_library(tmp_path / "library", papers=20, files=1)
    agq("index", str(library), "--index", store.url)
    server.counts()
    agq("search", QUESTION, "--index", store.url, home="fresh")
    cold = server.counts()
    agq("search", QUESTION, "--index", store.url, home="fresh")
    warm = server.counts()
    assert cold["bytes"] > 20_000_000
    assert (warm["requests"], warm["bytes"]) < (3, 1000)


def test_a_store_of_google_s_takes_the_same(server: Server, start: Start, agq: Agq, tmp_path: Path) -> None:
    """Its conditions go by another name: two writers, one winner, here as there."""
    library = write_library(tmp_path / "library", papers=20, files=1)
    url = server.bucket("google").replace("s3://", "gs://") + "/papers"
    agq("index", str(library), "--index", url, **server.google)
    (library / "new.jsonl").write_text('{"id": "new", "title": "One more", "abstract": "Added later."}\n')
    agq("index", str(library), "--index", url, **server.google)
    assert (
        "new"
        in agq(
            "list", "-k", "99", "--format", "ids", "--index", url, home="two", **server.google
        ).stdout.split()
    )


def test_why_a_store_cannot_be_used_is_said_plainly(server: Server, store: Store, agq: Agq) -> None:
    server.behave(denied=True)
    try:
        refused = agq("search", "anything", "--index", store.url, code=1)
    finally:
        server.behave()
    assert f"{store.url} cannot be used: it refuses the credentials" in refused.stderr
    assert "AWS_ACCESS_KEY_ID" in refused.stderr
    nobody = agq("search", "anything", "--index", "az://papers/x", code=1)
    assert "az://papers/x cannot be used" in nobody.stderr
    assert "AZURE_STORAGE_ACCOUNT_NAME" in nobody.stderr
    no_key = agq("add", "10.1000/new", "--index", "gs://papers/x", GOOGLE_SERVICE_ACCOUNT="nowhere", code=1)
    assert "gs://papers/x cannot be used" in no_key.stderr
    assert "GOOGLE_SERVICE_ACCOUNT" in no_key.stderr
    assert "asking" not in no_key.stderr, "nobody is asked for what could not be kept"
