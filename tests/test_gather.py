"""From a question to the papers within its limits, on a real index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agq.embedders import open_encoder
from agq.engines.plan import Plan
from agq.gather import Query, gather, newest
from agq.index.search import IndexReader, open_index
from agq.model import Evidence, Filters
from agq.pipeline import build

LIBRARY = """
@article{moss2015, title={Rotation curves of faint spiral galaxies}, author={Moss, Ada and Lind, Per},
  journal={Physical Review Letters}, year={2015}, doi={10.1103/abc.5},
  abstract={We measure rotation curves of faint spiral galaxies and find dark matter in their outskirts.}}
@article{moss2021, title={Dark matter in dwarf galaxies}, author={Moss, Ada}, journal={Phys. Rev. Lett.},
  year={2021}, abstract={Dwarf galaxies hold more dark matter than their stars suggest.}}
@article{oder2019, title={Weak lensing by galaxy clusters}, author={Ødegård, Anne},
  journal={Nature Astronomy}, year={2019},
  abstract={We weigh galaxy clusters by weak lensing of background galaxies.}}
@phdthesis{lind2012, title={Weak lensing in deep images}, author={Lind, Per}, school={Lund}, year={2012},
  abstract={This thesis measures weak lensing by galaxy clusters in deep images.}}
@misc{none, title={Dark matter, a view}, author={Moss, Ada}, abstract={What dark matter may be, an opinion.}}
@article{wolf2016, title={The 2014 eruption of Mount Ontake}, author={Wolf, Eva}, year={2016},
  abstract={The eruption of Mount Ontake in 2014 came without a warning. We study its steam.}}
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexReader]:
    folder = tmp_path_factory.mktemp("library")
    (folder / "library.bib").write_text(LIBRARY, encoding="utf-8")
    build(folder / "index", Plan((str(folder / "library.bib"),)), folder / "cache")
    with open_index(folder / "index", load_encoder=open_encoder) as opened:
        yield opened


def ask(index: IndexReader, question: str, **options: object) -> Evidence:
    return gather(index, index.embedder(), Query(question, **options))  # type: ignore[arg-type]  # by name


def ids(evidence: Evidence) -> list[str]:
    return [source.paper.id for source in evidence.sources]


def test_where_only_limits_are_asked_for_the_papers_are_listed_newest_first(index: IndexReader) -> None:
    found = ask(index, "what has Moss written?")
    assert ids(found) == ["moss2021", "moss2015", "none"]
    assert found.answerable
    assert {source.match for source in found.sources} == {1.0}


def test_limits_are_applied_before_ranking_and_undated_papers_are_counted(index: IndexReader) -> None:
    found = ask(index, "dark matter papers by Moss since 2014", k=2)
    assert ids(found) == ["moss2021", "moss2015"]
    assert (found.understood.since, found.understood.undated) == ("2014", 1)
    assert found.question == "dark matter papers by Moss since 2014"


def test_a_doubtful_limit_falls_where_papers_beyond_it_answer_better(index: IndexReader) -> None:
    found = ask(index, "the eruption of Mount Ontake in 2014")
    assert ids(found)[0] == "wolf2016"
    assert found.understood.since == ""


def test_a_literal_question_is_not_limited(index: IndexReader) -> None:
    found = ask(index, "dark matter papers by Moss since 2014", literal=True)
    assert len(found.sources) == 6
    assert found.understood.authors == ()


@pytest.mark.parametrize("venue", ["Physical Review Letters", "phys rev lett", "PRL"])
def test_a_venue_is_known_by_its_name_in_full_cut_short_and_by_its_initials(
    index: IndexReader, venue: str
) -> None:
    assert sorted(ids(ask(index, "dark matter", filters=Filters(venues=(venue,))))) == [
        "moss2015",
        "moss2021",
    ]


def test_types_and_tags_are_filters(index: IndexReader) -> None:
    assert ids(ask(index, "weak lensing", filters=Filters(types=("Thesis",)))) == ["lind2012"]
    assert ids(ask(index, "weak lensing", filters=Filters(tags=("no such tag",)))) == []


def test_names_are_folded(index: IndexReader) -> None:
    assert ids(ask(index, "papers by Odegard")) == ["oder2019"]
    assert ids(ask(index, "lensing", filters=Filters(authors=("odegard",)))) == ["oder2019"]


def test_papers_that_authors_wrote_together_come_alone(index: IndexReader) -> None:
    assert ids(ask(index, "Moss and Lind on rotation curves")) == ["moss2015"]
    assert set(ids(ask(index, "papers by Moss and Ødegård"))) == {"moss2021", "moss2015", "none", "oder2019"}


def test_an_identifier_in_any_form_names_its_paper(index: IndexReader) -> None:
    for question in ("10.1103/ABC.5", "What does https://doi.org/10.1103/abc.5 claim?", "moss2015"):
        assert ids(ask(index, question)) == ["moss2015"]
    assert ids(ask(index, "galaxies", filters=Filters(ids=("doi:10.1103/abc.5",)))) == ["moss2015"]


def test_an_author_that_no_paper_has_leaves_nothing(index: IndexReader) -> None:
    found = ask(index, "what has Einstein written?")
    assert (found.sources, found.answerable, found.understood.unknown) == ((), False, ("Einstein",))


def test_recent_papers_come_newest_first_among_those_that_fit(index: IndexReader) -> None:
    found = ask(index, "recent papers on dark matter in galaxies")
    assert ids(found)[0] == "moss2021"
    assert ids(found).index("moss2021") < ids(found).index("moss2015")
    assert found.understood.newest


def test_without_a_question_the_newest_papers_within_the_filters_come(index: IndexReader) -> None:
    found = newest(index, Query("", 2, Filters(authors=("moss",))))
    assert ids(found) == ["moss2021", "moss2015"]


def test_what_no_paper_mentions_is_named_and_costs_all_papers_alike(index: IndexReader) -> None:
    plain = {s.paper.id: s.match for s in ask(index, "weak lensing by galaxy clusters").sources}
    found = ask(index, "weak lensing by Zwicky's zeolites")
    assert found.understood.missing == ("Zwicky's zeolites",)
    assert max(source.match for source in found.sources) < max(plain.values()) / 2


def test_short_and_long_forms_get_the_same_matches(tmp_path: Path) -> None:
    (tmp_path / "udg.bib").write_text(
        "@article{a, title={Faint galaxies}, year={2020}, abstract={We count ultra-diffuse galaxies (UDGs).}}"
        "@article{b, title={UDGs in Coma}, year={2021}, abstract={All UDGs of the Coma cluster, once more.}}"
    )
    build(tmp_path / "index", Plan((str(tmp_path / "udg.bib"),)), tmp_path / "cache")
    with open_index(tmp_path / "index", load_encoder=open_encoder) as few:
        short, long = ask(few, "How do UDGs form?"), ask(few, "How do ultra-diffuse galaxies form?")
    assert dict(short.understood.expanded) == {"UDGs": "ultra-diffuse galaxies"}
    assert dict(long.understood.expanded) == {"ultra-diffuse galaxies": "UDGs"}
    assert [(s.paper.id, s.match) for s in short.sources] == [(s.paper.id, s.match) for s in long.sources]
