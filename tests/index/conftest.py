"""A real index over the shipped corpus, made once; and how to make others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agq.embedders import open_encoder, prepared
from agq.index import open_index
from agq.index.search import IndexReader
from agq.index.text_stage import Incoming, Scope
from agq.index.write import BuildOptions, BuildReport, Encoder, Lookup, build_index
from agq.model import Paper, Rejected

Build = Callable[..., BuildReport]

PAPERS = [
    Paper("2301.00001", "Attention in transformers", "We study attention heads in language models.",
          ("Ada Lovelace", "Mary O'Brien"), ("cs.CL", "cs.LG"), "2023-01-05", arxiv="2301.00001"),
    Paper("hep-th/9901001", "Black hole entropy", "Entropy of black holes is counted from string states.",
          ("John von Neumann",), ("hep-th",), "1999-01"),
    Paper("smith2020", "Turbulence by neural networks", "A surrogate model predicts turbulent flow.",
          ("Smith, Jane",), ("physics.flu-dyn",), "2020", doi="10.1000/turb"),
    Paper("2406.08554", "Pre-training for molecules", "Pretraining on graphs improves property prediction.",
          ("José Müller",), ("physics.chem-ph", "q-bio.BM"), "2024-06-12", arxiv="2406.08554"),
    Paper("nodate", "On nothing in particular", "", (), (), ""),
]  # fmt: skip


@pytest.fixture(scope="session")
def papers() -> list[Paper]:
    return list(PAPERS)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def encoder(cache: Path) -> Encoder:
    return Encoder("", lambda: prepared(cache=cache), open_encoder)


@pytest.fixture(scope="session")
def build(encoder: Encoder) -> Build:
    """``build(path, papers, source="a", **options)``: papers that were read from one source, into an
    index."""

    def built(path: Path, items: Iterable[Paper | Incoming | Rejected], **options: object) -> BuildReport:
        source = str(options.pop("source", "a.bib"))
        made = options.pop("encoder", encoder)
        assert isinstance(made, Encoder)
        scope = Scope(lambda stored: stored == source, lambda paper: (f"id:{paper.id}", f"doi:{paper.doi}"))
        chosen = replace(BuildOptions(sources=(source,), scope=scope), **options)  # type: ignore[arg-type]  # by name

        def reading(_: Lookup) -> Iterator[Incoming | Rejected]:
            for item in items:
                yield Incoming(item, source) if isinstance(item, Paper) else item

        return build_index(path, reading, made, chosen)

    return built


@pytest.fixture(scope="session")
def small(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five papers above, complete. Not to be written to."""
    path = tmp_path_factory.mktemp("index") / "small"
    build(path, PAPERS)
    return path


@pytest.fixture
def reader(small: Path) -> Iterator[IndexReader]:
    with open_index(small, load_encoder=open_encoder) as opened:
        yield opened
