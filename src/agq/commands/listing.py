"""Writes a list of papers, or says why there is none; shared by `search`, `list` and `similar`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agq.commands import screen
from agq.commands.formats import ListWriter
from agq.config import Settings
from agq.errors import NothingBears
from agq.model import Filters, Source, Understood
from agq.registry import nearest

if TYPE_CHECKING:
    from agq.index import IndexReader

CATEGORIES_NAMED = 5
"""Categories that are named where one is not known."""


def show(
    write: ListWriter,
    asked: str,
    sources: Sequence[Source],
    *,
    explain: bool,
    understood: Understood | None = None,
) -> None:
    """A list on stdout and, where asked for, what its matches are made of on stderr."""
    if explain:
        screen.explain(sources)
    screen.write(write(asked, sources, understood))


def tell(settings: Settings, understood: Understood) -> None:
    """What a question was understood to limit, and what of it no paper mentions, on stderr."""
    from agq.understand import told

    if limits := told(understood):
        screen.notice(settings, f"note: read as: {limits} (--literal turns this off)")
    for name in understood.unknown:
        screen.notice(settings, f"note: no paper here is by {name}")
    if understood.missing:
        screen.notice(settings, f"note: none of the best matches mentions {either(understood.missing)}")


def either(names: Sequence[str]) -> str:
    """``A``, ``A or B``, ``A, B or C``."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


NO_LIMITS = Understood()


def nothing(
    index: IndexReader,
    filters: Filters,
    message: str,
    hint: str,
    understood: Understood = NO_LIMITS,
    question: str = "",
) -> NothingBears:
    """Why no paper came up, or none that answers: the first reason that holds, else ``message``."""
    from agq.understand import Limits

    within = Limits(understood).within(filters)
    return (
        _empty(index)
        or _no_such_category(index, within)
        or _no_such_author(index, (*understood.unknown, *within.authors))
        or _no_such_venue(index, within)
        or _none_within(index, within)
        or _not_mentioned(understood)
        or _in_another_language(index, question)
        or NothingBears(f"{message} within these filters" if within else message, hint=hint)
    )


def _empty(index: IndexReader) -> NothingBears | None:
    if index.state.papers:
        return None
    return NothingBears("the index holds no paper yet", hint="agq index SOURCE")


def _no_such_author(index: IndexReader, names: Sequence[str]) -> NothingBears | None:
    """The error for an author that no paper has, with the nearest names."""
    unknown = [name for name, count in zip(names, index.author_counts(names), strict=True) if not count]
    if not unknown:
        return None
    from agq.understand.authors import nearest_names

    near = nearest_names(unknown[0], index.authors())
    hint = f"the nearest names are {', '.join(near)}" if near else "--author takes a family name"
    return NothingBears(f"no paper in this index is by {unknown[0]}", hint=hint)


def _no_such_venue(index: IndexReader, filters: Filters) -> NothingBears | None:
    from agq.text.venues import spellings

    unknown = [name for name in filters.venues if not spellings([name], index.venues)]
    if not unknown:
        return None
    near = nearest(unknown[0], index.venues.papers)
    common = ", ".join(list(index.venues.papers)[:CATEGORIES_NAMED])
    hint = f"the most common are {common}" if common else "no paper here has a venue: leave --venue out"
    meant = f" (did you mean {near}?)" if near else ""
    return NothingBears(f"no paper in this index appeared in {unknown[0]!r}{meant}", hint=hint)


def _none_within(index: IndexReader, filters: Filters) -> NothingBears | None:
    if not filters or index.count(filters):
        return None
    undated = index.undated(filters) if filters.since or filters.until else 0
    said = f"; {undated} have no date" if undated else ""
    return NothingBears(f"no paper passes these filters{said}", hint="remove one of them")


MULTILINGUAL = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
"""An encoder that reads fifty languages; it is not shipped."""


def _in_another_language(index: IndexReader, question: str) -> NothingBears | None:
    """The error for a question that has no word of English and none of the papers'."""
    from agq.mentions import in_english
    from agq.text.terms import terms

    words = terms(question)
    if not words or in_english(question) or any(index.document_frequencies(words)):
        return None
    return NothingBears(
        "no paper here has a word of the question, which is not in English",
        hint=f"the default encoder reads English; others: agq index --rebuild --embedder {MULTILINGUAL}",
    )


def _not_mentioned(understood: Understood) -> NothingBears | None:
    if not understood.missing:
        return None
    return NothingBears(
        f"none of the best matches mentions {either(understood.missing)}",
        hint="the nearest papers cover only the rest of the question",
    )


def _no_such_category(index: IndexReader, filters: Filters) -> NothingBears | None:
    """The error for a category that neither is one of the index's nor begins one; None where all do."""
    if not filters.categories:
        return None
    from agq.index.schema import category_keys

    held = index.categories()
    branches = category_keys(list(held))
    unknown = [one for one in filters.categories if one.lower().rstrip(".") not in branches]
    if not unknown:
        return None
    near = nearest(unknown[0].lower(), branches)
    written = {name.lower(): name for name in held}
    meant = f" (did you mean {written.get(near, near)}?)" if near else ""
    common = ", ".join(sorted(held, key=lambda name: (-held[name], name))[:CATEGORIES_NAMED])
    hint = f"the most common are {common}" if held else "no paper here has a category: leave --category out"
    return NothingBears(f"no paper in this index has the category {unknown[0]!r}{meant}", hint=hint)
