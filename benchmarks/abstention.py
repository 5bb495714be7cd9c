"""Whether an index knows what it does not know: the best match of each set's own questions against that of
the other sets' questions, and of everyday questions made of words that abstracts use too. AUC, what is
refused at the threshold that ships, and, set by set, what is refused where weights and threshold are chosen
on the other sets alone."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agq.embedders import open_encoder
from agq.engines.plan import Plan
from agq.index.search import IndexReader, open_index
from agq.match import (
    CHANCE_WEIGHT,
    INDEX_SIZE_BOUNDS,
    LOGISTIC_MIDPOINT,
    LOGISTIC_SLOPE,
    MIN_MATCH,
    SIZE_WEIGHT,
    TOPIC_WEIGHT,
    USUAL_SIZE,
    chance,
)
from agq.model import Embedder
from agq.pipeline import build
from agq.retrieve import retrieve, understood
from graded import BEIR, CORPUS, SPLITS, Asked, opened, options, questions, table, write

ASTRONOMY = "astronomy"
LIBRARY = BEIR.parent / "bib" / "zotero_astro_2026.bib"
"""A real bibliography, asked everyday questions only."""

EVERYDAY = """
Why is the sky blue?
How long should I boil an egg?
What is the best way to learn to drive a car?
How do I grow tomatoes from seed?
Who won the last world cup?
What time does the first train leave in the morning?
How do I train a puppy to sit?
Which phone has the best camera?
Why is my internet connection so slow?
How do I change a flat tyre?
What is the capital of Australia?
How do I write a good cover letter?
What should I give a ten-year-old for his birthday?
How do I get a mortgage with a low rate?
When is the best time to visit Japan?
How do I clean a coffee machine?
What are the rules of chess?
Who is the president of France?
How many players are in a football team?
How can I save money on energy bills?
Which film should I watch this evening?
How do I fold a paper plane?
Where can I park near the central station?
Why did my house plant die?
How do I set the table for a large group?
What does my star sign say about love?
How high is the highest mountain?
How do I paint a wall without leaving marks?
What is a fair price for a used bicycle?
How do I choose a school for my child?
""".strip().splitlines()
"""Foreign to a science library, in words that stand in abstracts: the weak spot of coverage."""

OWN_REFUSED, FOREIGN_REFUSED = 0.03, 0.96
"""What one threshold is to hold to on every set."""
TOPICS, CHANCES, SIZE_WEIGHTS = (0.4, 0.6, 0.8, 1.0), (0.0, 0.05, 0.1, 0.15), (0.0, 0.005, 0.01, 0.015)


@dataclass(frozen=True, slots=True)
class Best:
    """The best match of a question, and what its level was made of."""

    match: float
    topic: float
    chance: float
    size: float

    def under(self, topic: float, chance: float, size: float) -> float:
        """What was found, before the logistic, with other weights than those that ship."""
        found = (
            LOGISTIC_MIDPOINT + math.log(self.match / (1 - self.match)) / LOGISTIC_SLOPE
            if 0 < self.match < 1
            else 9.0
        )
        return (
            found
            + (topic - TOPIC_WEIGHT) * self.topic
            - (chance - CHANCE_WEIGHT) * self.chance
            - (size - SIZE_WEIGHT) * self.size
        )


@dataclass(frozen=True, slots=True)
class Answers:
    """One index: its own questions, those of others, the everyday ones; and its own by kind."""

    own: Sequence[Best]
    foreign: Sequence[Best]
    everyday: Sequence[Best]
    kinds: Mapping[str, Sequence[Best]]


def main() -> None:
    """Print the tables, write every best match as JSON."""
    given = options(__doc__ or "").parse_args()
    sets = {name: questions(name) for name in (*SPLITS, CORPUS)}
    found = {}
    for name in sets:
        with opened(name, given.cache) as index:
            found[name] = answers(index, index.embedder(), name, sets)
        print(f"{name} done", flush=True)
    print(f"threshold {MIN_MATCH}\n{shipped(found)}")
    with astronomy(given.cache) as index:
        everyday = bests(index, index.embedder(), [Asked(text, {}) for text in EVERYDAY])
    accepted = [text for text, one in zip(EVERYDAY, everyday, strict=True) if one.match >= MIN_MATCH]
    print(f"astronomy: {len(EVERYDAY) - len(accepted)} of {len(EVERYDAY)} everyday questions refused")
    print(f"  not refused: {accepted}")
    for kind, some in found[CORPUS].kinds.items():
        print(f"seeds, {kind}: {sum(one.match < MIN_MATCH for one in some)} of {len(some)} refused")
    print("\n" + held_out(found))
    write(
        given.out,
        "abstention",
        {"threshold": MIN_MATCH, "best": {name: plain(of) for name, of in found.items()}},
    )


def astronomy(cache: Path) -> IndexReader:
    """The index of the bibliography."""
    place = cache / "eval" / ASTRONOMY
    build(place, Plan((str(LIBRARY),)), cache)
    return open_index(place, load_encoder=open_encoder)


def answers(index: IndexReader, embedder: Embedder, name: str, sets: Mapping[str, list[Asked]]) -> Answers:
    """The best matches of all questions in one index."""
    own = bests(index, embedder, sets[name])
    kinds: dict[str, list[Best]] = {}
    for best, one in zip(own, sets[name], strict=True):
        kinds.setdefault(one.kind, []).append(best)
    foreign = [one for other in sets if other != name for one in sets[other] if one.grades]
    return Answers(
        own=[best for best, one in zip(own, sets[name], strict=True) if one.grades],
        foreign=bests(index, embedder, foreign),
        everyday=bests(index, embedder, [Asked(text, {}) for text in EVERYDAY]),
        kinds=kinds,
    )


def bests(index: IndexReader, embedder: Embedder, asked: Sequence[Asked]) -> list[Best]:
    """The best match of each question."""
    assert index.centroid is not None
    papers = index.state.papers
    size = math.log(min(max(papers, INDEX_SIZE_BOUNDS[0]), INDEX_SIZE_BOUNDS[1]) / USUAL_SIZE)
    found = []
    for one in asked:
        sources = retrieve(index, embedder, one.text, k=1).sources
        question = understood(index, embedder, one.text)
        topic = 0.0 if question.vector is None else float(index.centroid.vector @ question.vector)
        found.append(Best(sources[0].match if sources else 0.0, topic, chance(question.asked, papers), size))
    return found


def shipped(found: Mapping[str, Answers]) -> str:
    """The table at the threshold that ships."""
    head = ["index", "own", "foreign", "AUC", "own refused", "foreign refused", "everyday refused"]
    return table(head, [row(name, of) for name, of in found.items()])


def row(name: str, of: Answers) -> list[str]:
    """One line of it."""
    own, foreign = [one.match for one in of.own], [one.match for one in of.foreign]
    shares = [share_below(own, MIN_MATCH), share_below(foreign, MIN_MATCH)]
    everyday = sum(one.match < MIN_MATCH for one in of.everyday)
    told = [f"{100 * share:.1f} %" for share in shares]
    area = f"{auc(own, foreign):.4f}"
    return [name, str(len(own)), str(len(foreign)), area, *told, f"{everyday} of {len(of.everyday)}"]


def share_below(values: Sequence[float], threshold: float) -> float:
    """The share of values under a threshold."""
    return sum(value < threshold for value in values) / len(values)


def auc(high: Sequence[float], low: Sequence[float]) -> float:
    """The chance that one of ``high`` lies above one of ``low``; ties count half."""
    above = sum((a > b) + 0.5 * (a == b) for a in high for b in low)
    return above / (len(high) * len(low))


def held_out(found: Mapping[str, Answers]) -> str:
    """Set by set: weights and threshold chosen on the other public sets, and what they do on this one."""
    rows = []
    for name in found:
        others = [found[other] for other in SPLITS if other != name]
        weights, threshold = max(choices(others), key=lambda choice: worth(others, *choice))
        own = [one.under(*weights) for one in found[name].own]
        foreign = [one.under(*weights) for one in found[name].foreign]
        everyday = sum(one.under(*weights) < threshold for one in found[name].everyday)
        rows.append(
            [
                name,
                " / ".join(f"{weight:g}" for weight in weights),
                f"{auc(own, foreign):.4f}",
                f"{100 * share_below(own, threshold):.1f} %",
                f"{100 * share_below(foreign, threshold):.1f} %",
                str(everyday),
            ]
        )
    head = ["held out", "topic / chance / size", "AUC", "own refused", "foreign refused", "everyday refused"]
    return table(head, rows)


Choice = tuple[tuple[float, float, float], float]


def choices(on: Sequence[Answers]) -> Iterator[Choice]:
    """Weights, each with the thresholds around what refuses few of the sets' own questions."""
    for weights in itertools.product(TOPICS, CHANCES, SIZE_WEIGHTS):
        own = sorted(one.under(*weights) for of in on for one in of.own)
        yield from ((weights, own[int(share / 1000 * len(own))]) for share in range(0, 50, 2))


def worth(on: Sequence[Answers], weights: tuple[float, float, float], threshold: float) -> float:
    """How far both demands are met on the set where they are met least; what is everyday counts little."""
    slack = 1.0
    for of in on:
        own = share_below([one.under(*weights) for one in of.own], threshold)
        foreign = share_below([one.under(*weights) for one in of.foreign], threshold)
        slack = min(slack, OWN_REFUSED - own, foreign - FOREIGN_REFUSED)
    everyday = [one.under(*weights) for of in on for one in of.everyday]
    return min(slack, 0.002) + 0.02 * share_below(everyday, threshold)


def plain(of: Answers) -> dict[str, list[float]]:
    """Best matches, for JSON."""
    some = {"own": of.own, "foreign": of.foreign, "everyday": of.everyday}
    return {name: [round(one.match, 4) for one in values] for name, values in some.items()}


if __name__ == "__main__":
    main()
