"""Records from services that misbehave: nothing lost, nothing doubled, gone on with where it stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from agq.collect import Clients, Errand, Fetched, ResumePoint, Shelf, fetch, fill, works
from agq.errors import UsageError
from agq.model import Paper
from agq.readers import read
from agq.records import Work
from agq.services import SERVICES, Ask, Service
from agq.services.base import Read, Request
from agq.services.polite import TRIES, PoliteClient, ServiceFailed
from fake_services import Fake, served

COUNT = 250
TROUBLES = ("too many", "broken", "cut", "cut in silence", "html", "empty")


class Desk:
    """Somebody who fetches from a fake service into a file, and notes what was told and waited for."""

    def __init__(self, fake: Fake, folder: Path) -> None:
        self.fake = fake
        self.folder = folder
        self.waited: list[float] = []
        self.told: list[str] = []

    @property
    def target(self) -> Path:
        return self.folder / "library.jsonl"

    @property
    def ask(self) -> Ask:
        return Ask("strings", address=self.fake.address, contact="me@example.org")

    def client(self) -> PoliteClient:
        service = replace(SERVICES[self.fake.name], pause=0.001)
        return PoliteClient(service, "me@example.org", self.told.append, self.waited.append)

    def fetch(self, most: int = 1000) -> Fetched:
        resume = ResumePoint(self.folder, self.fake.name, self.ask, self.target)
        with closing(self.client()) as client:
            return fetch(Errand(self.fake.name, self.ask, most, client, Shelf(self.target), resume))

    def titles(self) -> list[str]:
        found = [found.item for found in read([self.target])]
        assert all(isinstance(item, Paper) for item in found)
        return [item.title for item in found if isinstance(item, Paper)]


WANTED = [f"Paper {n} on strings" for n in range(COUNT)]


@pytest.fixture(params=sorted(SERVICES))
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    with served(Fake(request.param, COUNT)) as fake:
        yield Desk(fake, tmp_path)


def test_all_pages_come_and_say_who_asks(desk: Desk) -> None:
    assert desk.fetch() == Fetched(COUNT, COUNT, COUNT)
    assert desk.titles() == WANTED
    assert all("mailto:me@example.org" in query["user-agent"] for query in desk.fake.asked)
    assert len([line for line in desk.told if line.startswith("asking http")]) == len(desk.fake.asked)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_on_any_page_loses_and_doubles_nothing(desk: Desk, trouble: str) -> None:
    requests = 6 if desk.fake.name == "pubmed" else 3
    troubled = [
        n for n in range(1, requests + 1) if trouble != "empty" or desk.fake.name != "pubmed" or n % 2
    ]
    for number, at in enumerate(troubled):
        desk.fake.wrong[at + number] = trouble
    assert desk.fetch().new == COUNT
    assert desk.titles() == WANTED
    assert not desk.fake.wrong
    asked_to_wait = [seconds for seconds in desk.waited if seconds > 0.5]
    assert len(asked_to_wait) == len(troubled)
    assert trouble != "too many" or set(asked_to_wait) == {7.0}


def test_what_is_repeated_on_the_next_page_comes_once(desk: Desk) -> None:
    desk.fake.twice = 10
    desk.fetch()
    assert desk.titles() == WANTED


def test_a_run_that_failed_is_gone_on_with(desk: Desk) -> None:
    second = 3 if desk.fake.name == "pubmed" else 2
    desk.fake.wrong = dict.fromkeys(range(second, second + TRIES), "broken")
    with pytest.raises(ServiceFailed, match="failed 5 times: status 500") as error:
        desk.fetch()
    assert "goes on where it stopped" in error.value.hint
    assert desk.titles() == WANTED[:100]
    before = len(desk.fake.asked)
    assert desk.fetch() == Fetched(COUNT, COUNT - 100, COUNT, resumed=True)
    assert desk.titles() == WANTED
    assert len(desk.fake.asked) - before == (4 if desk.fake.name == "pubmed" else 2)


def test_a_cursor_that_is_no_longer_known_is_no_end(desk: Desk) -> None:
    desk.fake.wrong = dict.fromkeys(range(3, 3 + TRIES), "broken")
    with pytest.raises(ServiceFailed):
        desk.fetch()
    desk.fake.epoch = "b"
    desk.fetch()
    assert desk.titles() == WANTED


def test_no_more_come_than_were_asked_for(desk: Desk) -> None:
    assert desk.fetch(130).came == 130
    assert desk.titles() == WANTED[:130]
    assert desk.fetch(130).new == 0


def test_a_service_that_wants_hours_is_left(desk: Desk) -> None:
    desk.fake.wrong[1] = "hours"
    with pytest.raises(ServiceFailed, match="asks to wait 7200 seconds"):
        desk.fetch()
    assert len(desk.fake.asked) == 1


def test_records_come_by_identifier(desk: Desk) -> None:
    ids = {"arxiv": ["2401.00003", "2401.00007", "2401.99999"], "pubmed": ["5003", "5007", "1"]}
    wanted = ids.get(desk.fake.name, ["10.5555/s.3", "10.5555/s.7", "10.5555/none"])
    with closing(desk.client()) as client:
        found = list(works(desk.fake.name, wanted, desk.ask, client))
    assert {item["title"] for item in found} == {"Paper 3 on strings", "Paper 7 on strings"}
    assert {item["abstract"] for item in found} == {"Strings of kind 3.", "Strings of kind 7."}


def test_a_line_that_a_crash_cut_short_is_written_again(desk: Desk) -> None:
    desk.fetch(100)
    desk.target.write_bytes(desk.target.read_bytes()[:-20])
    desk.fetch()
    assert sorted(desk.titles()) == sorted(WANTED)


def test_a_file_of_somebody_else_is_not_added_to(tmp_path: Path) -> None:
    mine = tmp_path / "mine.jsonl"
    mine.write_text('{"id": "a", "title": "My own"}\n')
    with pytest.raises(UsageError, match="was not made by agq"):
        Shelf(mine)
    assert mine.read_text() == '{"id": "a", "title": "My own"}\n'


@pytest.fixture
def clients() -> Iterator[Clients]:
    """All services, each with the same papers, and a client of the one that is wanted."""
    with ExitStack() as stack:
        fakes = {name: stack.enter_context(served(Fake(name, 20))) for name in SERVICES}
        by_title = {SERVICES[name].title: fake for name, fake in fakes.items()}

        def client(service: Service) -> Redirected:
            fake = by_title[service.title]
            made = PoliteClient(replace(service, pause=0.0), "", lambda _: None, lambda _: None)
            stack.callback(made.close)
            return Redirected(made, fake.address)

        yield client


class Redirected:
    """A client whose requests go to a fake."""

    def __init__(self, client: PoliteClient, address: str) -> None:
        self._client = client
        self._address = address

    def get(self, request: Request, read: Callable[[bytes], Read]) -> Read:
        program = request.address.rpartition("/")[2]
        return self._client.get(replace(request, address=f"{self._address}/{program}"), read)


def test_what_lacks_an_abstract_gets_it_by_the_surest_identifier(clients: Clients, tmp_path: Path) -> None:
    papers = [
        Work(Paper("a", "Whatever", arxiv="2401.00001")),
        Work(Paper("b", "Whatever", doi="10.5555/s.2")),
        Work(Paper("c", "Whatever"), json.dumps({"handles": ["pmid:5003"]})),
        Work(Paper("d", "Paper 4: on Strings", date="2024")),
        Work(Paper("e", "Paper 5 on strings", date="2019")),
        Work(Paper("f", "Paper 77 on strings", date="2024")),
    ]
    shelf = Shelf(tmp_path / "library.jsonl")
    filled = {one.id: (one.service, one.by) for one in fill(papers, Ask(""), clients, shelf)}
    assert filled == {
        "a": ("arXiv", "arXiv id"),
        "b": ("OpenAlex", "DOI"),
        "c": ("PubMed", "PMID"),
        "d": ("OpenAlex", "title"),
    }
    held = {json.loads(line)["id"]: json.loads(line) for line in shelf.path.read_text().splitlines()}
    assert {one: held[one]["abstract"] for one in filled} == {
        "a": "Strings of kind 1.",
        "b": "Strings of kind 2.",
        "c": "Strings of kind 3.",
        "d": "Strings of kind 4.",
    }
    assert held["d"]["title"] == "Paper 4: on Strings"


def test_of_papers_with_one_title_none_gets_the_abstract_of_another(clients: Clients, tmp_path: Path) -> None:
    """The same title and year are two papers; in another year it is a third, which is asked for by itself."""
    papers = [
        Work(Paper("one", "Paper 5 on strings", date="2024")),
        Work(Paper("two", "Paper 5 on strings", date="2024-03", authors=("Bo Li",))),
        Work(Paper("earlier", "Paper 6 on strings", date="2024")),
        Work(Paper("later", "Paper 6 on strings", date="1999")),
    ]
    filled = list(fill(papers, Ask(""), clients, Shelf(tmp_path / "library.jsonl")))
    assert [one.id for one in filled] == ["earlier"]
