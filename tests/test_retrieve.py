"""Which papers come up for a question, and what the percentage beside them does and does not depend on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from agq.embedders import open_encoder
from agq.engines.plan import Plan
from agq.errors import UsageError
from agq.evaluate import SeedFigures, ndcg, open_beir, read_grades, read_queries, read_seeds, run_seeds
from agq.index.search import IndexReader, open_index
from agq.model import Evidence, Filters, Source
from agq.pipeline import build
from agq.retrieve import NO_FILTERS, retrieve, similar

FILES = ("antigravity.yaml", "turbulence.yaml", "protein.yaml")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def few(root: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexReader]:
    """Some thirty cards on three matters."""
    folder = tmp_path_factory.mktemp("few")
    for name in FILES:
        shutil.copy(root / "corpus" / name, folder / name)
    build(folder / "index", Plan((str(folder),)), cache)
    with open_index(folder / "index", load_encoder=open_encoder) as index:
        yield index


@pytest.fixture(scope="module")
def whole(root: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexReader]:
    """The corpus that ships."""
    place = tmp_path_factory.mktemp("whole") / "index"
    build(place, Plan((str(root / "corpus"),)), cache)
    with open_index(place, load_encoder=open_encoder) as index:
        yield index


def ask(index: IndexReader, question: str, k: int = 8, filters: Filters = NO_FILTERS) -> Evidence:
    return retrieve(index, index.embedder(), question, k=k, filters=filters)


def first(index: IndexReader, question: str) -> str:
    return ask(index, question).sources[0].paper.id


def matches(sources: tuple[Source, ...]) -> dict[str, float]:
    return {source.paper.id: source.match for source in sources}


QUESTION = "How can neural networks model turbulent flow?"


def test_sources_come_best_first_and_no_match_is_out_of_range(few: IndexReader) -> None:
    found = [source.match for source in ask(few, QUESTION).sources]
    assert len(found) == 8
    assert found == sorted(found, reverse=True)
    assert all(0 < value < 1 for value in found)


def test_a_match_does_not_depend_on_how_many_are_shown(few: IndexReader) -> None:
    many = matches(ask(few, QUESTION, k=30).sources)
    for k in (1, 3, 8):
        assert matches(ask(few, QUESTION, k=k).sources).items() <= many.items()


def test_a_match_does_not_depend_on_filters(few: IndexReader) -> None:
    everything = matches(ask(few, QUESTION, k=40).sources)
    one = ask(few, QUESTION, k=40).sources[-1].paper
    for filters in (Filters(ids=(one.id,)), Filters(since=one.date), Filters(categories=one.categories[:1])):
        filtered = matches(ask(few, QUESTION, k=40, filters=filters).sources)
        assert one.id in filtered
        assert filtered.items() <= everything.items()


def test_a_match_does_not_depend_on_how_far_down_one_looks(few: IndexReader) -> None:
    deep = matches(ask(few, QUESTION, k=300).sources)
    assert len(deep) == few.state.papers
    assert matches(ask(few, QUESTION, k=5).sources).items() <= deep.items()
    other = few.get([ask(few, QUESTION).sources[-1].paper.id])[0]
    filtered = matches(ask(few, QUESTION, k=300, filters=Filters(since=other.date)).sources)
    assert filtered.items() <= deep.items()


def test_similar_gives_the_same_match_with_and_without_filters(few: IndexReader) -> None:
    paper = ask(few, QUESTION).sources[0].paper
    everything = matches(similar(few, paper.id, k=40))
    some = matches(similar(few, paper.id, k=40, filters=Filters(ids=tuple(list(everything)[3:9]))))
    assert len(some) == 6
    assert some.items() <= everything.items()


def test_as_many_papers_come_back_as_pass_the_filters(few: IndexReader) -> None:
    ids = tuple(sorted(few.ids())[:5])
    assert len(ask(few, "cooking", k=5, filters=Filters(ids=ids)).sources) == 5
    assert ask(few, QUESTION, filters=Filters(ids=("no such paper",))).sources == ()


def test_a_question_about_something_else_gets_low_matches_and_does_not_bear(few: IndexReader) -> None:
    evidence = ask(few, "How long should sourdough rise before baking?")
    assert not evidence.answerable
    assert evidence.sources[0].match < 0.3


@pytest.mark.parametrize(
    "question", ["How do I fold a paper plane?", "What time does the first train leave?", "Why do cats purr?"]
)
def test_an_everyday_question_in_words_that_abstracts_use_does_not_bear(
    few: IndexReader, question: str
) -> None:
    assert not ask(few, question).answerable


def test_a_question_about_these_papers_bears(few: IndexReader) -> None:
    evidence = ask(few, QUESTION)
    assert evidence.answerable
    assert evidence.sources[0].match > 0.5


def test_the_parts_are_told(few: IndexReader) -> None:
    parts = ask(few, QUESTION).sources[0].parts
    assert 0 < parts.vector <= 1
    assert 0 < parts.text <= 1
    assert parts.feedback is not None
    assert parts.feedback > 0.8
    assert parts.sentence is not None
    assert 0 < parts.sentence <= 1


@pytest.mark.parametrize("question", ["", "  \n\t"])
def test_an_empty_question_is_refused(few: IndexReader, question: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        ask(few, question)


def test_capitals_find_the_same(few: IndexReader) -> None:
    quiet, loud = ask(few, QUESTION), ask(few, QUESTION.upper())
    assert [s.paper.id for s in loud.sources] == [s.paper.id for s in quiet.sources]


@pytest.mark.parametrize(
    ("right", "wrong"), [("turbulence", "turbulance"), ("protein structure", "protien structure")]
)
def test_a_typo_finds_what_was_meant(few: IndexReader, right: str, wrong: str) -> None:
    meant = {source.paper.id for source in ask(few, right).sources}
    found = {source.paper.id for source in ask(few, wrong).sources}
    assert len(meant & found) >= 5


def test_one_word_several_sentences_and_two_thousand_words_are_questions(few: IndexReader) -> None:
    assert ask(few, "turbulence").answerable
    assert ask(few, f"I work on fluids. {QUESTION} I have little data. Which closures are stable?").answerable
    long = " ".join([QUESTION, "We have simulated the flow past a cylinder and would like to go on."] * 150)
    assert len(long.split()) > 2000
    assert ask(few, long).sources


def test_a_question_in_another_language_or_of_stop_words_is_answered_without_an_error(
    few: IndexReader,
) -> None:
    for question in (
        "神经网络如何模拟湍流?",
        "Wie lernen neuronale Netze Turbulenz?",
        "who, what and why?",
        "???",
    ):
        assert len(ask(few, question).sources) == 8


def test_quotes_and_odd_characters_are_text(few: IndexReader) -> None:
    for question in ("turbulent 'flow\" OR 1=1 --", "flow AND (NOT", "50% of \\ flows; *"):
        assert ask(few, question).sources


def test_an_id_as_a_question_shows_that_paper_first_then_papers_like_it(few: IndexReader) -> None:
    paper = next(iter(few.sample(1, seed=3)))
    for question in (paper.id, f"[{paper.id}]", f"What does {paper.id} say?"):
        source = ask(few, question).sources[0]
        assert (source.paper.id, source.match) == (paper.id, 1.0)
    assert ask(few, paper.id).sources[1].match > 0.3


def test_an_id_within_a_question_does_not_pass_a_filter_it_fails(few: IndexReader) -> None:
    one, other = few.sample(2, seed=3)
    found = ask(few, one.id, filters=Filters(ids=(other.id,))).sources
    assert [source.paper.id for source in found] == [other.id]


def test_a_plain_number_names_no_paper(few: IndexReader) -> None:
    found = ask(few, "flow at Reynolds number 2000").sources
    assert len(found) == 8
    assert all(source.match < 1 for source in found)


def test_an_authors_name_finds_their_papers(few: IndexReader) -> None:
    paper = next(paper for paper in few.sample(40) if paper.authors)
    family = paper.authors[0].split()[-1]
    assert paper.id in {s.paper.id for s in ask(few, f"what did {family} do?", k=3).sources}


def test_similar_leaves_the_paper_itself_out_and_stays_on_its_matter(few: IndexReader) -> None:
    asked = ask(few, "turbulence closures").sources[0].paper
    found = similar(few, asked.id, k=3)
    assert asked.id not in matches(found)
    assert len(found) == 3
    assert all("flu" in " ".join(one.paper.categories) or "urbul" in one.paper.abstract for one in found)


def test_similar_to_an_unknown_paper_is_an_error(few: IndexReader) -> None:
    with pytest.raises(UsageError, match="no paper 'nope'"):
        similar(few, "nope")


def test_papers_without_vectors_are_encoded_when_asked_and_kept(
    root: Path, cache: Path, few: IndexReader, tmp_path: Path
) -> None:
    build(tmp_path / "index", Plan((str(root / "corpus" / "turbulence.yaml"),), later=True), cache)
    with open_index(tmp_path / "index", load_encoder=open_encoder) as index:
        assert index.state.vectors == 0
        assert ask(index, QUESTION).sources[0].parts.vector > 0.3
    with open_index(tmp_path / "index", load_encoder=open_encoder) as index:
        held = index.candidates(index.ids())
        assert any(candidate.vector is not None for candidate in held)


@pytest.mark.slow
def test_the_seeds_find_their_papers_and_what_is_foreign_is_refused(root: Path, whole: IndexReader) -> None:
    seeds = read_seeds([root / "seeds"])

    def asked(*kinds: str) -> SeedFigures:
        return run_seeds(whole, whole.embedder(), [one for one in seeds if one.kind in kinds])

    plain = asked("page", "broad", "narrow", "method", "number")
    assert not plain.unknown
    assert plain.ranking.ndcg10 > 0.85
    assert plain.missed <= 8
    other_words = asked("synonym")
    assert other_words.ranking.recall10 > 0.75
    foreign = asked("foreign")
    assert foreign.refused == foreign.beyond > 0


@pytest.mark.slow
def test_the_match_ranks_better_than_reciprocal_rank_fusion_on_real_claims(
    shared_data: Path, cache: Path, tmp_path: Path
) -> None:
    folder = _part_of(shared_data / "beir" / "scifact", tmp_path / "part", papers=600)
    questions, grades = read_queries(folder), read_grades(folder, "train")
    with open_beir(folder, cache=cache) as index:
        ours, fused = 0.0, 0.0
        for query, graded in grades.items():
            sources = ask(index, questions[query], k=10).sources
            ours += ndcg([source.paper.id for source in sources], graded)
            fused += ndcg(_fused(index, questions[query]), graded)
    assert ours / len(grades) > 0.86
    assert ours > fused + 0.02 * len(grades)


def _part_of(beir: Path, folder: Path, papers: int) -> Path:
    """A collection of the first ``papers`` of ``beir`` and the questions that rest on them alone."""
    folder.mkdir()
    (folder / "qrels").mkdir()
    corpus = (beir / "corpus.jsonl").read_text(encoding="utf-8").splitlines()[:papers]
    (folder / "corpus.jsonl").write_text("\n".join(corpus), encoding="utf-8")
    shutil.copy(beir / "queries.jsonl", folder)
    held = {line.split('"')[3] for line in corpus}
    grades = {q: g for q, g in read_grades(beir, "train").items() if held.issuperset(g)}
    lines = [
        f"{query}\t{paper}\t{grade:.0f}"
        for query, graded in grades.items()
        for paper, grade in graded.items()
    ]
    (folder / "qrels" / "train.tsv").write_text("\n".join(["q\td\tscore", *lines]), encoding="utf-8")
    return folder


def _fused(index: IndexReader, question: str) -> list[str]:
    """Reciprocal rank fusion of text and vectors, k = 60."""
    near = index.nearest(index.embedder().embed([question])[0], 100)
    scores: dict[str, float] = {}
    for ranking in (near, index.textual(question, 100)):
        for rank, one in enumerate(ranking, start=1):
            scores[one.paper.id] = scores.get(one.paper.id, 0.0) + 1 / (60 + rank)
    return sorted(scores, key=scores.__getitem__, reverse=True)
