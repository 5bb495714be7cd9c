"""The services on this machine: a server that answers as each of them does, and misbehaves when told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

PAGE = 100


@dataclass(frozen=True)
class Reply:
    """A reply as it goes over the wire. ``cut``: bytes of it that are sent in fact."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


Query = Mapping[str, str]
Trouble = Callable[[Reply], Reply]

TROUBLES: Mapping[str, Trouble] = {
    "too many": lambda _: Reply(b"slow down", 429, {"Retry-After": "7"}),
    "hours": lambda _: Reply(b"slow down", 429, {"Retry-After": "7200"}),
    "broken": lambda _: Reply(b"oops", 500),
    "cut": lambda good: Reply(good.body, cut=len(good.body) // 2),
    "cut in silence": lambda good: Reply(good.body[: len(good.body) // 2]),
    "html": lambda _: Reply(b"<!DOCTYPE html><html><body><p>Maintenance</p></body></html>"),
}
"""What may come instead of a good reply, once."""


class Fake:
    """One service with ``count`` records: what it was asked, and what it does wrong next.

    ``twice``: records that come again on the next page. ``cursors``: those that it knows; it forgets the
    others.
    """

    def __init__(self, name: str, count: int, twice: int = 0) -> None:
        self.name = name
        self.count = count
        self.twice = twice
        self.asked: list[Query] = []
        self.wrong: dict[int, str] = {}
        self.epoch = "a"
        self.address = ""

    def reply(self, path: str, query: Query) -> Reply:
        self.asked.append(query)
        trouble = self.wrong.pop(len(self.asked), "")
        good = getattr(self, f"_{self.name}")(path, query)
        if trouble == "empty":
            return self._emptied(good)
        return TROUBLES[trouble](good) if trouble else good

    def _emptied(self, good: Reply) -> Reply:
        """A reply that holds no record, though there are more."""
        if self.name == "arxiv":
            return Reply(self._feed([]))
        held = json.loads(good.body)
        for path in (("results",), ("message", "items"), ("esearchresult", "idlist")):
            within = held
            for name in path[:-1]:
                within = within.get(name, {})
            if path[-1] in within:
                within[path[-1]] = []
        return Reply(json.dumps(held).encode())

    def _numbers(self, start: int, size: int = PAGE) -> list[int]:
        return list(range(max(0, start - self.twice if start else 0), min(start + size, self.count)))

    def _arxiv(self, _: str, query: Query) -> Reply:
        if "id_list" in query:
            wanted = query["id_list"].split(",")
            return Reply(self._feed([n for n in range(self.count) if f"2401.{n:05d}" in wanted]))
        return Reply(self._feed(self._numbers(int(query["start"]), int(query["max_results"]))))

    def _feed(self, numbers: list[int]) -> bytes:
        entries = "".join(
            f"<entry><id>http://arxiv.org/abs/2401.{n:05d}v1</id><title>Paper {n} on strings</title>"
            f"<summary>Strings of kind {n}.</summary><published>2024-01-05T00:00:00Z</published>"
            "<author><name>Ana Müller</name></author>"
            '<category term="hep-th" scheme="http://arxiv.org/schemas/atom"/></entry>'
            for n in numbers
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
            '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
            f"{self.count}</opensearch:totalResults>{entries}</feed>"
        ).encode()

    def _cursor(self, query: Query) -> int | None:
        """Where a cursor points; None for one of an earlier time."""
        cursor = query["cursor"]
        if cursor == "*":
            return 0
        epoch, _, start = cursor.partition(":")
        return int(start) if epoch == self.epoch else None

    def _openalex(self, _: str, query: Query) -> Reply:
        if "cursor" not in query:
            return self._by_filter(query["filter"])
        start = self._cursor(query)
        if start is None:
            return Reply(b'{"error": "Pagination error."}', 400)
        end = start + PAGE
        after = f"{self.epoch}:{end}" if end < self.count else None
        return self._works([self._work(n) for n in self._numbers(start)], {"next_cursor": after})

    def _works(self, works: list[dict[str, object]], meta: dict[str, object]) -> Reply:
        return Reply(json.dumps({"meta": {"count": self.count, **meta}, "results": works}).encode())

    def _by_filter(self, said: str) -> Reply:
        kind, _, value = said.partition(":")
        every = [self._work(n) for n in range(self.count)]
        if kind == "doi":
            return self._works([w for w in every if str(w["doi"]).split("org/")[1] in value.split("|")], {})
        words = set(value.lower().split())
        return self._works([w for w in every if words <= set(str(w["title"]).lower().split())], {})

    def _work(self, n: int) -> dict[str, object]:
        words = f"Strings of kind {n}.".split()
        return {
            "id": f"https://openalex.org/W{n}",
            "doi": f"https://doi.org/10.5555/s.{n}",
            "title": f"Paper {n} on strings",
            "publication_date": "2024-01-05",
            "authorships": [{"author": {"display_name": "Ana Müller"}}],
            "abstract_inverted_index": {word: [place] for place, word in enumerate(words)},
        }

    def _crossref(self, _: str, query: Query) -> Reply:
        if "cursor" not in query:
            wanted = [one.removeprefix("doi:") for one in query["filter"].split(",")]
            return self._message([n for n in range(self.count) if f"10.5555/s.{n}" in wanted], "")
        start = self._cursor(query)
        if start is None:
            return Reply(b'{"status": "failed"}', 400)
        return self._message(self._numbers(start), f"{self.epoch}:{start + PAGE}")

    def _message(self, numbers: list[int], after: str) -> Reply:
        listed = [
            {
                "DOI": f"10.5555/S.{n}",
                "type": "journal-article",
                "title": [f"Paper {n} on strings"],
                "author": [{"family": "Müller", "given": "Ana"}],
                "issued": {"date-parts": [[2024, 1, 5]]},
                "container-title": ["Strings"],
                "abstract": f"<jats:p>Strings of kind {n}.</jats:p>",
            }
            for n in numbers
        ]
        message = {"total-results": self.count, "items": listed, "next-cursor": after}
        return Reply(json.dumps({"status": "ok", "message": message}).encode())

    def _pubmed(self, path: str, query: Query) -> Reply:
        if path.endswith("esearch.fcgi"):
            numbers = self._numbers(int(query["retstart"]), int(query["retmax"]))
            found = {"count": str(self.count), "idlist": [str(5000 + n) for n in numbers]}
            return Reply(json.dumps({"esearchresult": found}).encode())
        wanted = [int(number) - 5000 for number in query["id"].split(",")]
        articles = "".join(
            f"<PubmedArticle><MedlineCitation><PMID>{5000 + n}</PMID><Article>"
            f"<ArticleTitle>Paper {n} on strings</ArticleTitle>"
            f"<Abstract><AbstractText>Strings of kind {n}.</AbstractText></Abstract>"
            "<AuthorList><Author><LastName>Müller</LastName><ForeName>Ana</ForeName></Author></AuthorList>"
            "<Journal><JournalIssue><PubDate><Year>2024</Year></PubDate></JournalIssue></Journal>"
            "</Article></MedlineCitation></PubmedArticle>"
            for n in wanted
            if 0 <= n < self.count
        )
        return Reply(f'<?xml version="1.0"?><PubmedArticleSet>{articles}</PubmedArticleSet>'.encode())


class Server(Protocol):
    """What answers, at its address."""

    address: str

    def reply(self, path: str, query: Query) -> Reply:
        """The reply to a request."""


Serving = TypeVar("Serving", bound=Server)


@contextmanager
def served(fake: Serving) -> Iterator[Serving]:
    """The fake at an address of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # what the server calls
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            reply = fake.reply(parts.path, {**query, "user-agent": self.headers["User-Agent"]})
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut])
            if reply.cut is not None:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name it has
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    fake.address = f"http://127.0.0.1:{server.server_port}/works"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
