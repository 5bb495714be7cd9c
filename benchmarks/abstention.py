"""Whether an index knows what it does not know: the best match of each set's own questions against that of
the other sets' questions. AUC, and what is refused at the threshold that ships."""

from __future__ import annotations

from collections.abc import Sequence

from agq.index.search import IndexReader
from agq.match import BEARS
from agq.model import Embedder
from agq.retrieve import retrieve
from graded import CORPUS, SPLITS, Asked, opened, options, questions, table, write

NEAR_MISS = "near-miss"


def main() -> None:
    """Print the table, write every best match as JSON."""
    given = options(__doc__ or "").parse_args()
    sets = {name: questions(name) for name in (*SPLITS, CORPUS)}
    found: dict[str, dict[str, list[float]]] = {}
    for name in sets:
        with opened(name, given.cache) as index:
            found[name] = measured(index, index.embedder(), name, sets)
        print(f"{name} done", flush=True)
    head = ["index", "own", "foreign", "AUC", "own refused", "foreign refused", "foreign refused at 3 % own"]
    print(f"threshold {BEARS}\n" + table(head, [row(name, found[name]) for name in found]))
    for kind, matches in by_kind(found[CORPUS], sets[CORPUS]).items():
        print(f"seeds, {kind}: {sum(one < BEARS for one in matches)} of {len(matches)} refused")
    write(given.out, "abstention", {"threshold": BEARS, "best": found})


def measured(
    index: IndexReader, embedder: Embedder, name: str, sets: dict[str, list[Asked]]
) -> dict[str, list[float]]:
    """The best match of every question: ``own``, and by the set it comes from; ``all`` for the index's own
    set, those that nothing answers among them."""

    def best(asked: Sequence[Asked]) -> list[float]:
        evidence = (retrieve(index, embedder, one.text, k=1) for one in asked)
        return [one.sources[0].match if one.sources else 0.0 for one in evidence]

    own = best(sets[name])
    answered = [value for value, one in zip(own, sets[name], strict=True) if one.grades]
    others = {other: best([one for one in sets[other] if one.grades]) for other in sets if other != name}
    return {"own": answered, "all": own, **others}


def row(name: str, found: dict[str, list[float]]) -> list[str]:
    """One line of the table."""
    own = found["own"]
    foreign = [value for other, values in found.items() if other not in {"own", "all"} for value in values]
    at_three = sorted(own)[int(0.03 * len(own))]
    refused = [
        sum(v < BEARS for v in own) / len(own),
        sum(v < BEARS for v in foreign) / len(foreign),
        sum(v < at_three for v in foreign) / len(foreign),
    ]
    return [
        name,
        str(len(own)),
        str(len(foreign)),
        f"{auc(own, foreign):.4f}",
        *(f"{100 * r:.1f} %" for r in refused),
    ]


def auc(high: Sequence[float], low: Sequence[float]) -> float:
    """The chance that one of ``high`` lies above one of ``low``; ties count half."""
    above = sum((a > b) + 0.5 * (a == b) for a in high for b in low)
    return above / (len(high) * len(low))


def by_kind(found: dict[str, list[float]], asked: Sequence[Asked]) -> dict[str, list[float]]:
    """The best matches of the seeds, kind by kind."""
    kinds: dict[str, list[float]] = {}
    for value, one in zip(found["all"], asked, strict=True):
        kinds.setdefault(one.kind, []).append(value)
    return kinds


if __name__ == "__main__":
    main()
