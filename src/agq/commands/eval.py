"""`agq eval`: how well retrieval does on graded questions."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agq.commands import screen
from agq.commands.context import CommandContext
from agq.commands.indexes import opened
from agq.config import Settings
from agq.errors import UsageError

if TYPE_CHECKING:
    from agq.evaluate import Figures, KnownItemFigures, SeedFigures

Rows = dict[str, object]


def evaluate(
    context: CommandContext,
    folder: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DIR]...", show_default=False, help="A BEIR folder, or graded questions in YAML."
        ),
    ] = None,
    split: Annotated[
        str, typer.Option(metavar="NAME", help="The split of a BEIR folder: qrels/NAME.tsv.")
    ] = "test",
    known_item: Annotated[
        bool,
        typer.Option("--known-item", help="Search for papers of this index by one of their own sentences."),
    ] = False,
    n: Annotated[
        int, typer.Option("-n", min=1, metavar="N", help="How many papers --known-item samples.")
    ] = 200,
    embedder: Annotated[
        str | None, typer.Option(metavar="NAME_OR_PATH", help="The encoder for a BEIR folder.")
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Rebuild the index of a BEIR folder.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
) -> None:
    """Measure retrieval on graded questions.

    nDCG, recall and MRR, as trec_eval counts them.

    DIR is a folder in BEIR's layout, which gets an index of its own, or YAML files of questions with the ids
    that a good answer rests on, for the index in force. --known-item needs no grades: a sentence of a paper
    must find its paper.
    """
    settings = context.settings(embedder=embedder)
    if known_item:
        rows = _known_item(context, settings, n)
    elif not folder:
        raise UsageError("there is nothing to evaluate on", hint="agq eval seeds/, or agq eval --known-item")
    elif _is_beir(folder[0]):
        rows = _beir(context, settings, folder[0], split, rebuild=rebuild)
    else:
        rows = _seeds(context, settings, folder)
    screen.write(_written(rows, as_json=as_json))


def _is_beir(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("corpus.jsonl", "corpus.jsonl.gz"))


def _beir(context: CommandContext, settings: Settings, folder: Path, split: str, *, rebuild: bool) -> Rows:
    from agq.commands.building import watched
    from agq.evaluate import run_beir

    with watched(settings) as watch:
        found = run_beir(
            folder,
            cache=context.environment.cache,
            split=split,
            embedder=settings.embedder,
            rebuild=rebuild,
            progress=watch,
        )
    return _ranking(found)


def _seeds(context: CommandContext, settings: Settings, places: list[Path]) -> Rows:
    from agq.evaluate import read_seeds, run_seeds

    seeds = read_seeds(places)
    with opened(context, settings) as index, screen.waiting(settings, f"asking {len(seeds)} questions"):
        found: SeedFigures = run_seeds(index, index.embedder(), seeds)
    if found.unknown:
        screen.notice(settings, f"note: not in this index: {', '.join(found.unknown)}")
    return _ranking(found.ranking) | {
        "refused": found.refused,
        "beyond": found.beyond,
        "missed": found.missed,
        "by_kind": {kind: _ranking(one) for kind, one in found.by_kind.items()},
    }


def _known_item(context: CommandContext, settings: Settings, n: int) -> Rows:
    from agq.evaluate import known_item

    with (
        opened(context, settings) as index,
        screen.waiting(settings, "searching for papers by their sentences"),
    ):
        found: KnownItemFigures = known_item(index, index.embedder(), n=n)
    named = {"first": "first", "found10": "recall@10", "mrr10": "mrr@10"}
    return {named.get(key, key): _rounded(value) for key, value in asdict(found).items()}


def _ranking(found: Figures) -> Rows:
    return {
        "queries": found.queries,
        "ndcg@10": _rounded(found.ndcg10),
        "recall@10": _rounded(found.recall10),
        "recall@100": _rounded(found.recall100),
        "mrr@10": _rounded(found.mrr10),
        "seconds_per_query": _rounded(found.seconds_per_query),
    }


def _rounded(value: float) -> float:
    return round(value, 4)


def _written(rows: Rows, *, as_json: bool) -> str:
    from agq.text.clean import as_json as dumped

    if as_json:
        return dumped({"schema": 2} | rows)
    lines = [f"{name:<18} {value}" for name, value in rows.items() if not isinstance(value, dict)]
    kinds = rows.get("by_kind")
    for kind, figures in kinds.items() if isinstance(kinds, dict) else ():
        lines.append(f"  {kind:<16} ndcg@10 {figures['ndcg@10']}, recall@10 {figures['recall@10']}")
    return "\n".join(lines) + "\n"
