"""Graded questions to figures: the same figures as trec_eval's."""

from __future__ import annotations

import gzip
import json
import random
import shutil
from pathlib import Path

import pytest
import pytrec_eval

from agq.errors import UsageError
from agq.evaluate import (
    Judged,
    figures,
    known_item,
    ndcg,
    open_beir,
    read_grades,
    read_queries,
    read_seeds,
    recall,
    reciprocal_rank,
    run_beir,
)

PAPERS = {
    "a": (
        "Boundary layers",
        "The boundary layer on a flat plate grows with the root of the distance downstream.",
    ),
    "b": (
        "Sourdough",
        "Bread made with wild yeast rises slowly, and bakers judge its dough by touch and smell.",
    ),
    "c": (
        "Black holes",
        "The entropy of a black hole is proportional to the area of its event horizon, not to its volume.",
    ),
    "d": (
        "Perovskites",
        "Perovskite solar cells degrade when moisture and heat reach their crystal lattice.",
    ),
}
QUESTIONS = {
    "1": "growth of the boundary layer on a plate",
    "2": "entropy of black holes",
    "3": "solar cells",
}
GRADES = {"1": {"a": 2, "b": 0}, "2": {"c": 1, "d": -1}, "3": {"d": 1, "b": 1}}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    """A collection in BEIR's layout, packed with gzip."""
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": key, "title": title, "text": text} for key, (title, text) in PAPERS.items()]
    queries = [{"_id": key, "text": text} for key, text in QUESTIONS.items()]
    for name, records in (("corpus", corpus), ("queries", queries)):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as stream:
            stream.writelines(json.dumps(record) + "\n" for record in records)
    lines = [f"{q}\t{d}\t{g}" for q, grades in GRADES.items() for d, g in grades.items()]
    (folder / "qrels" / "test.tsv").write_text(
        "\n".join(["query-id\tcorpus-id\tscore", *lines]), encoding="utf-8"
    )
    return folder


def test_the_figures_agree_with_trec_eval_to_four_decimals() -> None:
    chance = random.Random(1)
    papers = [f"p{n}" for n in range(300)]
    grades = {
        str(q): {p: chance.choice([-1, 0, 1, 1, 2, 3]) for p in chance.sample(papers, 30)} for q in range(50)
    }
    rankings = {q: chance.sample(papers, chance.randint(1, 150)) for q in grades}
    run = {q: {p: float(-rank) for rank, p in enumerate(found)} for q, found in rankings.items()}
    cut = {q: dict(list(found.items())[:10]) for q, found in run.items()}
    measures = {"ndcg_cut.10", "recall.10,100"}
    theirs = pytrec_eval.RelevanceEvaluator(grades, measures).evaluate(run)
    ranks = pytrec_eval.RelevanceEvaluator(grades, {"recip_rank"}).evaluate(cut)
    for query, found in rankings.items():
        graded = {paper: float(grade) for paper, grade in grades[query].items()}
        assert ndcg(found, graded) == pytest.approx(theirs[query]["ndcg_cut_10"], abs=5e-5)
        assert recall(found, graded, 10) == pytest.approx(theirs[query]["recall_10"], abs=5e-5)
        assert recall(found, graded, 100) == pytest.approx(theirs[query]["recall_100"], abs=5e-5)
        assert reciprocal_rank(found, graded) == pytest.approx(ranks[query]["recip_rank"], abs=5e-5)


def test_a_question_without_an_answer_found_counts_as_nothing() -> None:
    found = figures([Judged(("a",), {"a": 1.0}, 0.1), Judged((), {"b": 1.0}, 0.3)])
    assert (found.queries, found.ndcg10, found.recall100, found.mrr10) == (2, 0.5, 0.5, 0.5)
    assert found.seconds_per_query == pytest.approx(0.2)
    assert figures([]).queries == 0


def test_a_packed_collection_is_asked_through_a_real_index_that_is_kept(beir: Path, cache: Path) -> None:
    found = run_beir(beir, cache=cache)
    assert found.queries == 3
    assert found.mrr10 == 1.0
    assert found.recall10 == 1.0
    made = [place.stat().st_mtime_ns for place in (cache / "eval").glob("*/complete")]
    assert run_beir(beir, cache=cache).ndcg10 == found.ndcg10
    assert [place.stat().st_mtime_ns for place in (cache / "eval").glob("*/complete")] == made


def test_another_corpus_gets_another_index(beir: Path, cache: Path) -> None:
    with open_beir(beir, cache=cache) as index:
        before = index.state.papers
    with gzip.open(beir / "corpus.jsonl.gz", "at", encoding="utf-8") as stream:
        stream.write(json.dumps({"_id": "e", "title": "Tides", "text": "The moon raises tides."}) + "\n")
    with open_beir(beir, cache=cache) as index:
        assert index.state.papers == before + 1


def test_a_damaged_index_of_a_collection_is_built_again(beir: Path, cache: Path) -> None:
    open_beir(beir, cache=cache).close()
    for manifest in (cache / "eval").glob("*/generations/*/manifest.json"):
        manifest.write_text("{", encoding="utf-8")
    assert run_beir(beir, cache=cache).queries == 3


def test_both_layouts_of_grades_are_read(beir: Path) -> None:
    expected = {q: {d: float(g) for d, g in grades.items()} for q, grades in GRADES.items()}
    assert read_grades(beir, "test") == expected
    lines = [f"{q} 0 {d} {g}" for q, grades in GRADES.items() for d, g in grades.items()]
    (beir / "qrels" / "trec.tsv").write_text("\n".join(lines), encoding="utf-8")
    assert read_grades(beir, "trec") == expected


def test_what_is_missing_or_broken_is_named(beir: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"qrels/dev\.tsv"):
        read_grades(beir, "dev")
    shutil.rmtree(beir / "qrels")
    with pytest.raises(UsageError, match=r"qrels/test\.tsv"):
        read_grades(beir, "test")
    (tmp_path / "queries.jsonl").write_text('{"_id": "1", "text": "x"}\nnot json\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"queries\.jsonl:2 is not JSON"):
        read_queries(tmp_path)


def test_seeds_are_read_from_files_and_folders(tmp_path: Path) -> None:
    file = tmp_path / "some.yaml"
    file.write_text("- {question: Why, ids: [a, 2406.10000], kind: broad}\n- {question: What, ids: []}\n")
    one, other = read_seeds([tmp_path])
    assert (one.question, one.ids, one.kind, other.ids) == ("Why", ("a", "2406.10000"), "broad", ())
    assert read_seeds([file]) == [one, other]
    file.write_text("- {ids: [a]}\n")
    with pytest.raises(UsageError, match="without a question"):
        read_seeds([file])


def test_a_sentence_of_a_paper_finds_its_paper(beir: Path, cache: Path) -> None:
    with open_beir(beir, cache=cache) as index:
        found = known_item(index, index.embedder(), n=10)
    assert (found.queries, found.first, found.found10, found.mrr10) == (4, 1.0, 1.0, 1.0)
