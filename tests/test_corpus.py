"""The shipped corpus: its facts are the source's to the letter, its abstracts are our own words."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

Card = dict[str, Any]


@pytest.fixture(scope="module")
def cards(root: Path) -> list[Card]:
    return [
        card for file in sorted((root / "corpus").glob("*.yaml")) for card in yaml.safe_load(file.read_text())
    ]


@pytest.fixture(scope="module")
def originals(shared_data: Path, cards: list[Card]) -> dict[str, Card]:
    """The source records: those collected by theme, and out of a larger part of arXiv those added later."""
    lines = (shared_data / "corpus-sources" / "papers.jsonl").read_text().splitlines()
    by_theme = {record["arxiv"]: record for record in map(json.loads, lines)}
    wanted = {card["id"] for card in cards} - by_theme.keys()
    with gzip.open(shared_data / "arxiv" / "arxiv-metadata-40k.jsonl.gz", "rt", encoding="utf-8") as file:
        later = [line for line in file if line.split('"', 4)[3] in wanted]  # the id comes first
    return by_theme | {record["id"]: as_collected(record) for record in map(json.loads, later)}


def as_collected(record: Card) -> Card:
    """A record of arXiv's metadata dump in the form of those collected by theme."""
    return {
        "arxiv": record["id"],
        "title": " ".join(record["title"].split()),
        "authors": [full_name(*name) for name in record["authors_parsed"]],
        "categories": record["categories"].split(),
        "date": record["versions"][0]["created"],
        "abstract": record["abstract"],
    }


def full_name(family: str, given: str, suffix: str) -> str:
    return " ".join(part for part in (given, family, suffix) if part)


def from_page(card: Card) -> bool:
    return str(card["id"]).startswith("AG-")


@pytest.fixture(scope="module")
def collected(cards: list[Card]) -> list[Card]:
    """The cards that do not come from the page."""
    found = [card for card in cards if not from_page(card)]
    assert len(found) >= 240
    return found


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str, length: int = 8) -> set[tuple[str, ...]]:
    seen = words(text)
    return {tuple(seen[i : i + length]) for i in range(len(seen) - length + 1)}


def test_at_least_240_papers_and_the_eight_of_the_page(cards: list[Card]) -> None:
    assert len({card["id"] for card in cards}) == len(cards)
    assert sum(not from_page(card) for card in cards) >= 240
    assert sum(from_page(card) for card in cards) == 8


def test_the_readmes_say_how_many_papers_there_are(root: Path, cards: list[Card]) -> None:
    assert (root / "corpus" / "README.md").read_text().count(f"\n{len(cards)} real papers") == 1
    assert f"the {len(cards)} papers in `corpus/`" in (root / "README.md").read_text()


def test_the_facts_are_the_sources_to_the_letter(collected: list[Card], originals: dict[str, Card]) -> None:
    for card in collected:
        original = originals[card["id"]]
        for field in ("arxiv", "title", "authors", "categories", "date"):
            assert card[field] == original[field], (card["id"], field)
        assert card["url"] == f"https://arxiv.org/abs/{card['id']}"


def test_abstracts_have_50_to_120_words(cards: list[Card]) -> None:
    lengths = {card["id"]: len(card["abstract"].split()) for card in cards if not from_page(card)}
    assert not {id_: length for id_, length in lengths.items() if not 50 <= length <= 120}


def test_no_run_of_eight_words_is_taken_over(collected: list[Card], originals: dict[str, Card]) -> None:
    for card in collected:
        original = originals[card["id"]]
        shared = runs(card["abstract"]) & runs(original["abstract"])
        assert not shared - runs(original["title"]), card["id"]


def test_the_pages_papers_are_those_of_the_page(cards: list[Card], shared_data: Path) -> None:
    page = (shared_data.parent / "seed-antigravity-page.txt").read_text()
    for card in (card for card in cards if from_page(card)):
        assert f"{card['categories'][0]}{card['title']}{card['id']}" in page
        assert not runs(card["abstract"]) & runs(page) - runs(card["title"]), card["id"]


def test_every_figure_in_an_abstract_is_in_the_source(
    collected: list[Card], originals: dict[str, Card]
) -> None:
    """A printed space inside a number (``12. 4``) is the source's slip, not another number."""
    for card in collected:
        original = originals[card["id"]]
        told = re.sub(r"(?<=\d\.) (?=\d)", "", original["title"] + " " + original["abstract"])
        known = set(re.findall(r"\d+(?:\.\d+)?", told))
        assert not set(re.findall(r"\d+(?:\.\d+)?", card["abstract"])) - known, card["id"]
