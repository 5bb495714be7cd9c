"""A server that plays a strong model: prepared answers, and all that is shown of each in every format.

python tests/strong.py --write      write what is shown now into tests/golden/strong, to be read first
"""

from __future__ import annotations

import argparse
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console

from agq.answerers import AnswererConfig
from agq.answerers.chat import Chat
from agq.config import ChatSettings
from agq.model import Answer, Checked, Evidence, IndexState, MatchParts, Paper, Source, Vectors
from agq.renderers import renderer
from agq.renderers.parts import byline, source_links
from agq.renderers.terminal import AnswerPage
from agq.verify import assemble, verify
from answerers.server import says, serving
from fakes import SetCrossEncoder

GOLDEN = Path(__file__).parent / "golden" / "strong"
DAY = "2026-11-28"
WIDTH = 80

PAPERS = (
    Paper(
        "2406.00001",
        "Learned potentials for molecular dynamics",
        "A graph network is trained on density functional theory. It predicts energies and forces in "
        "milliseconds, about 100 times faster than density functional theory, within 1 kcal/mol. Training "
        "takes a day on one GPU.",
        ("Ann Lee", "Bo Li"),
        ("physics.chem-ph",),
        "2024-06-01",
        arxiv="2406.00001",
    ),
    Paper(
        "AG-2024.06-1821",
        "Where learned potentials fail",
        "Errors grow outside the training distribution, also for large molecules. Molecules for training "
        "should span the intended use.",
        ("Cy Ray",),
        ("physics.chem-ph",),
        "2024-07",
    ),
    Paper(
        "10.1103/PhysRevLett.77.3865",
        "Neural operators for flows",
        "A neural operator solves the Navier-Stokes equations 50 times faster than a pseudo-spectral solver. "
        "Sharp gradients are not resolved.",
        ("Di Wu", "Ed Fox", "Flo May", "Gus Orr"),
        ("physics.flu-dyn",),
        "2023",
        doi="10.1103/PhysRevLett.77.3865",
    ),
    Paper(
        "hep-th/9901001",
        "Forecasting rain with transformers",
        "A transformer reads radar images and forecasts rain up to 6 hours ahead, 7 times faster than a "
        "numerical model.",
        ("Hal Ito",),
        ("physics.ao-ph",),
        "1999-01",
        arxiv="hep-th/9901001",
    ),
)
EVIDENCE = Evidence(
    "How fast are learned models, and where do they fail?",
    tuple(Source(one, 0.8 - 0.1 * n, MatchParts(0.8, 0.8)) for n, one in enumerate(PAPERS)),
    answerable=True,
    index=IndexState(4, 4, "none", "2026-11-28T00:00:00+00:00"),
)


class Alike:
    """An encoder to which all texts are alike: what is shown rests on words and figures alone."""

    name = "alike"
    dim = 2

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.tile(np.asarray([[1.0, 0.0]], np.float32), (len(texts), 1))


def prepared() -> list[str]:
    """The names of the prepared answers."""
    return sorted(path.name.removesuffix(".said.md") for path in GOLDEN.glob("*.said.md"))


def shown(name: str, *, size: int = 5) -> tuple[list[Checked], Answer]:
    """What is shown of a prepared answer that comes in pieces of ``size`` letters, and the whole of it."""
    text = (GOLDEN / f"{name}.said.md").read_text(encoding="utf-8")
    finish = "length" if name == "cut" else "stop"
    with serving(says(text.rstrip("\n"), size=size, finish=finish)) as server:
        config = AnswererConfig(
            Alike(),
            SetCrossEncoder(),
            chat=ChatSettings("strong", server.base_url, max_tokens=400),
            follow_ups=False,
        )
        pieces = list(verify(Chat(config).answer(EVIDENCE), EVIDENCE, Alike()))
    answer = assemble(pieces, EVIDENCE, answered_by="strong", date=DAY)
    citations = tuple(replace(one, support=0.0, relevance=0.0) for one in answer.citations)
    return pieces, replace(answer, citations=citations)


def streamed(pieces: Sequence[Checked], answer: Answer) -> str:
    """What stands on a terminal where sentences come one by one."""
    out = io.StringIO()
    page = AnswerPage(Console(file=out, width=WIDTH, force_terminal=True), source_links(answer.sources))
    page.opening(answer.question, byline(answer.answered_by, answer.date))
    for piece in pieces:
        page.piece(piece)
    page.closing(answer)
    page.finish()
    return bare(out.getvalue())


def bare(text: str) -> str:
    """Text without colours and links."""
    return re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", text)


def outputs(name: str) -> Mapping[str, str]:
    """All that is shown of a prepared answer, by the ending of its file."""
    pieces, answer = shown(name)
    told = {format_: renderer(format_)(answer) for format_ in ("markdown", "html", "json", "plain")}
    return {
        "terminal.txt": streamed(pieces, answer),
        "md": told["markdown"],
        "html": _body(told["html"]),
        "json": told["json"],
        "txt": told["plain"],
    }


def _body(page: str) -> str:
    """A page without its style."""
    return page[page.index("<main>") : page.index("</main>")] + "</main>\n"


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true", required=True)
    parser.parse_args()
    for name in prepared():
        for ending, text in outputs(name).items():
            (GOLDEN / f"{name}.{ending}").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
