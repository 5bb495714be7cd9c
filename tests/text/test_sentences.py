"""Sentences of scientific prose: none lost, none cut at an abbreviation."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.text.sentences import sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "Smith et al. (2019) and Li et al. found it.",
        "It holds, i.e. always, e.g. at 3.5 K.",
        "As Fig. 2 and Eq. (3) and Figs. 4, 5 of Ref. 6 show, it holds.",
        "J. K. Rowling and M. Planck met in the U.S. Army.",
        "We find $a. B$ and $x_{1}. Y$ for all n.",
        "The value is approx. 5, vs. 7 before, cf. Sec. 2.",
        "Errors (see App. B. It is long) are small.",
        "No. 5 is alive and ca. 30 are not.",
        "The p value was 0. 05 there.",
        "St. Petersburg and Dr. Who are far apart.",
        "Ph.D. theses, B.Sc. theses etc. are read.",
        "1. First things come first.",
        "Does it hold?",
        "Version 2.0.1 of python3.11 is at www.example.org now.",
    ],
)
def test_one_sentence_stays_one(sentence: str) -> None:
    assert sentences(sentence) == [sentence]
    assert sentences(f"{sentence} We say so.") == [sentence, "We say so."]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It works. mRNA levels rose. It is so.", 3),
        ("Is it? Yes! It is.", 3),
        ('He said "stop." Then he left.', 2),
        ("It rose by 5%. 20 of them fell.", 2),
        ("This concerns vitamin C. The rest does not.", 2),
        ("It is by Smith et al. We differ.", 2),
        ("It has graphs, etc. The rest is text.", 2),
        ("It ends at 5 K. [2406.00001] is cited.", 2),
        ("It ends… Then it begins.", 2),
        ("One\nline.  Two\tlines.", 2),
        ("青蛙在冰下冬眠。它通过皮肤呼吸。「真的吗？」他问。", 4),
        ("それは３．５である．次に進む．", 2),
        ("It was found.We then went home. See github.com now.", 3),
        ("It took nine months.Approach:We used it (twice).Results:Three were found.", 3),
        ("", 0),
        ("   ", 0),
    ],
)
def test_where_sentences_end(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_text_is_lost(text: str) -> None:
    assert " ".join(sentences(text)) == " ".join(text.split())


@given(st.text(alphabet="aZ.?! $()[]\"'0,", max_size=80))
def test_no_text_is_lost_between_stops(text: str) -> None:
    assert " ".join(sentences(text)) == " ".join(text.split())


def test_real_abstracts(shared_data: Path) -> None:
    """Of real abstracts few sentences are shreds, and few hold two."""
    with gzip.open(shared_data / "arxiv" / "arxiv-metadata-40k.jsonl.gz", "rt", encoding="utf-8") as lines:
        abstracts = [json.loads(next(lines))["abstract"] for _ in range(300)]
    found = [sentence for abstract in abstracts for sentence in sentences(abstract)]
    assert 5 < len(found) / len(abstracts) < 10
    assert sum(len(sentence.split()) < 4 for sentence in found) < 0.01 * len(found)
    assert sum(len(sentence.split()) > 80 for sentence in found) < 0.01 * len(found)


def test_agreement_with_annotators(shared_data: Path) -> None:
    """SciFact's abstracts were split by others: most of their boundaries are found, and few besides."""
    with (shared_data / "evidence" / "scifact_corpus_sentences.jsonl").open(encoding="utf-8") as lines:
        split = [json.loads(next(lines))["abstract"] for _ in range(500)]
    theirs = sum(len(abstract) for abstract in split)
    ours = [sentences(" ".join(abstract)) for abstract in split]
    pairs = zip(ours, split, strict=True)
    shared = sum(len({" ".join(s.split()) for s in b} & set(a)) for a, b in pairs)
    assert shared > 0.93 * theirs
