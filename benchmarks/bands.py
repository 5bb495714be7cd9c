"""What a match means: of the papers shown (the first ten), what share was judged relevant in each band of
match, on each set. A table, and a plot where matplotlib is installed (``pip install matplotlib``).

Assessors judged few papers a question, each set by its own rule: the shares tell how to read a match, not a
probability."""

from __future__ import annotations

import itertools
from pathlib import Path

from agq.retrieve import retrieve
from graded import CORPUS, SPLITS, opened, options, questions, table, write

EDGES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SHOWN = 10
ENOUGH = 20
"""A share of fewer papers says little and is left out."""

Shares = list[tuple[int, int]]
"""Band by band: how many papers, how many of them relevant."""


def main() -> None:
    """Print the table, write JSON and the plot."""
    given = options(__doc__ or "").parse_args()
    found = {name: shares(name, given.cache) for name in (*SPLITS, CORPUS)}
    bands = [f"{100 * low:.0f} to {100 * high:.0f} %" for low, high in itertools.pairwise(EDGES)]
    print(table(["match", *bands], [[name, *map(told, found[name])] for name in found]))
    write(given.out, "bands", {"edges": EDGES, "sets": found})
    plot(found, given.out / "bands.png")


def shares(name: str, cache: Path) -> Shares:
    """The bands of one set."""
    counts = [[0, 0] for _ in EDGES[1:]]
    with opened(name, cache) as index:
        for asked in (one for one in questions(name) if one.grades):
            for source in retrieve(index, index.embedder(), asked.text, k=SHOWN).sources:
                band = counts[max(n for n, edge in enumerate(EDGES[:-1]) if source.match >= edge)]
                band[0] += 1
                band[1] += asked.grades.get(source.paper.id, 0) > 0
    return [(papers, relevant) for papers, relevant in counts]


def told(band: tuple[int, int]) -> str:
    """The share of relevant papers and, in brackets, of how many."""
    papers, relevant = band
    return f"{100 * relevant / papers:.0f} % ({papers})" if papers >= ENOUGH else f"({papers})"


def plot(found: dict[str, Shares], file: Path) -> None:
    """The shares as lines, one a set."""
    try:
        import matplotlib
    except ImportError:
        print("no plot: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2), layout="constrained")
    for name, bands in found.items():
        told_bands = [(n, r / p) for n, (p, r) in enumerate(bands) if p >= ENOUGH]
        middles = [50 * (EDGES[n] + EDGES[n + 1]) for n, _ in told_bands]
        axes.plot(middles, [100 * share for _, share in told_bands], marker="o", label=name)
    axes.set(xlabel="match, %", ylabel="judged relevant, %", xlim=(0, 100), ylim=(0, 100))
    axes.set_title("Share of the shown papers judged relevant, by match")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(file, dpi=150)
    print(f"plot: {file}")


if __name__ == "__main__":
    main()
