"""What of a question is a limit: read against what an index holds, and against nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from agq.index.schema import author_keys, name_key
from agq.model import Filters, Understood
from agq.text.venues import Venues
from agq.understand import Limits, literal, told, understand
from agq.understand.authors import nearest_names
from agq.understand.identifiers import keys

TODAY = "2026-11-28"


@dataclass(frozen=True)
class Shelf:
    """A library in memory: who wrote what, where it appeared, which words its papers use, and how often."""

    authors: Mapping[str, int] = field(default_factory=dict)
    venues: Venues = field(default_factory=lambda: Venues({}))
    held: Mapping[str, int] = field(default_factory=dict)
    spoken: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, int] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    together: int = 1

    def author_counts(self, names: Sequence[str]) -> list[int]:
        found: dict[str, int] = {}
        for author, count in self.authors.items():
            for key in author_keys([author]):
                found[key] = found.get(key, 0) + count
        return [found.get(name_key(name), 0) for name in names]

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        return [self.spoken.get(term, 0) for term in terms]

    def categories(self) -> Mapping[str, int]:
        return self.held

    def known_as(self, handles: Mapping[str, Sequence[str]]) -> dict[str, str]:
        return {handle: self.ids[key] for handle, some in handles.items() for key in some if key in self.ids}

    def count(self, filters: Filters) -> int:
        return self.together if filters.coauthors else 5

    def undated(self, filters: Filters) -> int:  # noqa: ARG002  # the same for all
        return 3


SHELF = Shelf(
    authors={
        "Song Huang": 4, "Pieter van Dokkum": 2, "Eleonora Di Valentino": 1, "Anders Søgaard": 3,
        "Ann Forest": 1, "Isaac Galatzer-Levy": 2, "Duncan Forbes": 6, "Antoine Nappi": 3,
        "Pierre Drapeau": 2,
    },
    venues=Venues({
        "Physical Review Letters": 5, "Nature": 3, "Nature Astronomy": 2, "J Trauma Stress": 2,
        "Journal of Traumatic Stress": 4, "ACL 2022: System Demonstrations": 9,
        "Annual Review of Astronomy and Astrophysics": 4,
    }),
    held={"astro-ph.GA": 4, "hep-th": 2, "self-esteem": 2},
    spoken={"forest": 40, "selfesteem": 9, "galaxi": 50, "stress": 30, "traumat": 20, "planck": 30},
    types={"article-journal": 40, "thesis": 3},
    ids={
        "doi:10.1000/x.5": "smith2020", "arxiv:2406.08554": "smith2024", "pmid:25657356": "41",
        "id:key1": "key1",
    },
)  # fmt: skip


def limits(question: str, shelf: Shelf = SHELF) -> Understood:
    return understand(question, shelf, today=TODAY).limits.understood


def rest(question: str) -> str:
    return understand(question, SHELF, today=TODAY).text


@pytest.mark.parametrize(
    ("question", "since", "until", "text"),
    [
        ("What came out in 2023 about low surface brightness galaxies?", "2023", "2023",
         "low surface brightness galaxies?"),
        ("dark matter papers from before 2000", "", "1999", "dark matter papers"),
        ("authorship verification since July 2026", "2026-07", "", "authorship verification"),
        ("work between 2015 and 2018 on lensing", "2015", "2018", "lensing"),
        ("lensing studies of 2015-2018", "2015", "2018", "lensing studies"),
        ("lensing papers from 2015 to 2018", "2015", "2018", "lensing papers"),
        ("lensing papers after 2021", "2022", "", "lensing papers"),
        ("lensing papers up to March 2021", "", "2021-03", "lensing papers"),
        ("lensing papers from 2019 on", "2019", "", "lensing papers"),
        ("lensing results in the last five years", "2021-11", "", "lensing results"),
        ("what do I have from before 2010?", "", "2009", ""),
        ("models of the 2011 earthquake", "", "", "models of the 2011 earthquake"),
        ("warming until 2100", "", "", "warming until 2100"),
        ("a sample of 2000 galaxies in 47 groups", "", "", "a sample of 2000 galaxies in 47 groups"),
    ],
)  # fmt: skip
def test_years_limit(question: str, since: str, until: str, text: str) -> None:
    found = limits(question)
    assert (found.since, found.until) == (since, until)
    assert rest(question) == text or (not since and not until)


def test_a_year_that_papers_may_speak_of_is_a_doubtful_limit() -> None:
    assert not understand("the outbreak in 2014", SHELF, today=TODAY).plain
    assert understand("papers in 2014 on the outbreak", SHELF, today=TODAY).plain
    assert understand("the outbreak since 2014", SHELF, today=TODAY).plain


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("recent pulsar timing results", True),
        ("most recent studies of woodpeckers", True),
        ("what are the latest papers on lensing?", True),
        ("was there a recent merger in Perseus", False),
        ("the latest stage of stellar evolution", False),
    ],
)
def test_recent_orders_where_it_speaks_of_papers(question: str, newest: bool) -> None:
    assert limits(question).newest is newest


@pytest.mark.parametrize(
    ("question", "authors", "text"),
    [
        ("what has Huang written?", ("Huang",), ""),
        ("what has huang written?", ("huang",), ""),
        ("Song Huang's papers on starlight", ("Song Huang",), "starlight"),
        ("papers by Sogaard on fairness", ("Sogaard",), "fairness"),
        ("Forbes on globular clusters", ("Forbes",), "globular clusters"),
        ("Galatzer-Levy on trajectories", ("Galatzer-Levy",), "trajectories"),
        ("Nappi and Drapeau on burned boreal forest", ("Nappi", "Drapeau"), "burned boreal forest"),
        ("what did Di Valentino find about dark energy?", ("Di Valentino",), "dark energy?"),
        ("Anders Søgaard", ("Anders Søgaard",), ""),
        ("Drapeau, fires", ("Drapeau",), "fires"),
        ("does salvage logging harm the forest", (), "does salvage logging harm the forest"),
        ("Forest on the edge of the prairie", (), "Forest on the edge of the prairie"),
        ("what did Planck find about dark energy?", (), "what did Planck find about dark energy?"),
    ],
)
def test_authors_limit_where_they_are_meant(question: str, authors: tuple[str, ...], text: str) -> None:
    assert limits(question).authors == authors
    assert rest(question) == text


def test_an_author_and_a_year() -> None:
    assert limits("van Dokkum 2015") == Understood(
        authors=("van Dokkum",), since="2015", until="2015", undated=3
    )
    found = limits("What did Huang et al. (2022) measure in outer haloes?")
    assert (found.authors, found.since, found.until) == (("Huang",), "2022", "2022")


def test_authors_who_wrote_nothing_together_have_each_written_something() -> None:
    question = "Nappi and Drapeau on burned boreal forest"
    both = understand(question, SHELF).limits.within(Filters())
    assert (both.authors, both.coauthors) == ((), ("Nappi", "Drapeau"))
    apart = understand(question, Shelf(SHELF.authors, together=0)).limits.within(Filters())
    assert (apart.authors, apart.coauthors) == (("Nappi", "Drapeau"), ())


@pytest.mark.parametrize("question", ["what has Einstein written?", "papers by Einstein", "Einstein et al."])
def test_an_author_that_no_paper_has_is_named(question: str) -> None:
    assert limits(question).unknown == ("Einstein",)


def test_the_nearest_names_go_by_the_family_name() -> None:
    assert nearest_names("Odegard", ["Anne Ødegård", "Huang, Song", "Per Ødegaard"])[0] == "Anne Ødegård"


@pytest.mark.parametrize(
    ("question", "venue", "text"),
    [
        ("anything on dark matter in Physical Review Letters?", "Physical Review Letters",
         "dark matter"),
        ("lensing in Nature", "Nature", "lensing"),
        ("Annual Review articles on clusters", "Annual Review", "clusters"),
        ("Journal of Traumatic Stress, all of them", "Journal of Traumatic Stress", ""),
        ("Which system demonstrations present an annotation tool?", "system demonstrations",
         "present an annotation tool?"),
        ("the laws of nature", "", "the laws of nature"),
        ("traumatic stress in children", "", "traumatic stress in children"),
    ],
)  # fmt: skip
def test_venues_limit(question: str, venue: str, text: str) -> None:
    found = understand(question, SHELF, today=TODAY)
    if not venue:
        assert not found.limits.understood.venue or not found.plain
        return
    assert (found.limits.understood.venue, found.text) == (venue, text)


def test_categories_limit_by_codes_that_are_no_words() -> None:
    assert limits("astro-ph.GA: stellar streams").categories == ("astro-ph.GA",)
    assert limits("hep-th papers on black holes").categories == ("hep-th",)
    assert limits("self-esteem in children").categories == ()


def test_types_limit_where_papers_are_asked_for() -> None:
    found = understand("theses on lensing", SHELF)
    assert (found.limits.understood.type, found.text) == ("thesis", "lensing")
    assert limits("lensing in a thesis") == Understood()


@pytest.mark.parametrize(
    ("question", "id_"),
    [
        ("10.1000/x.5", "smith2020"),
        ("https://doi.org/10.1000/X.5.", "smith2020"),
        ("doi:10.1000/x.5, what does it say?", "smith2020"),
        ("Summarise arXiv:2406.08554v2 in two sentences.", "smith2024"),
        ("https://arxiv.org/abs/2406.08554v1", "smith2024"),
        ("https://arxiv.org/pdf/2406.08554.pdf", "smith2024"),
        ("the PMID 25657356 paper", "41"),
        ("PMID:25657356", "41"),
        ("key1", "key1"),
    ],
)
def test_identifiers_name_a_paper_in_any_form(question: str, id_: str) -> None:
    found = understand(question, SHELF)
    assert (found.limits.understood.ids, found.text) == ((id_,), "")


def test_an_address_is_known_without_its_scheme() -> None:
    assert "url:example.org/a/b" in keys("http://www.example.org/a/b/")


def test_a_literal_question_has_no_limits() -> None:
    reading = literal("Huang 2015")
    assert (reading.text, reading.limits, reading.plain) == ("Huang 2015", Limits(), True)


def test_what_was_given_stands_and_the_question_narrows_it() -> None:
    found = understand("lensing papers since 2020 by Huang", SHELF, today=TODAY)
    both = found.limits.within(Filters(since="2022", authors=("Forbes",)))
    assert (both.since, both.authors) == ("2022", ("Forbes",))


def test_limits_are_told_in_one_line() -> None:
    found = Understood(authors=("Huang", "Forbes"), since="2015", until="2015", venue="Nature", undated=2)
    assert told(found) == "by Huang and Forbes; of 2015; in Nature; 2 without a date left out"
    assert told(Understood(since="2020", newest=True)) == "since 2020; newest first"
    assert told(Understood()) == ""
