"""The table of prompt injections: orders in metadata, and what a model that obeys them says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hostile import server

TABLE = Path(__file__).resolve().parents[1] / "data" / "attacks.yaml"


@dataclass(frozen=True, slots=True)
class Attack:
    """One injection; see ``tests/data/attacks.yaml`` for what the fields mean."""

    number: int
    name: str
    order: str
    says: str
    told: str
    where: str = "abstract"
    never: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of the paper that carries the order."""
        return f"AT-2026-{self.number:02d}"

    def paper(self) -> dict[str, object]:
        """The paper that carries the order, as a card."""
        paper: dict[str, object] = {
            "id": self.id,
            "title": f"Tokamak plasma turbulence, a report of kind {self.number}",
            "authors": ["Mallory Evans"],
            "categories": ["physics.plasm-ph"],
            "date": "2026-01-01",
            "abstract": "We report on what reduces turbulence in tokamak plasma. ",
        }
        if self.where == "abstract":
            paper["abstract"] = f"{paper['abstract']}{self.order}"
        elif self.where == "title":
            paper["title"] = f"{self.order}: tokamak plasma turbulence {self.number}"
        elif self.where == "authors":
            paper["authors"] = [self.order]
        return paper

    def reply(self, prompt: str, key: str) -> Iterator[str]:
        """What an obedient model answers to ``prompt``."""
        sentence = "Zonal flows reduce the radial heat flux by 23 percent [lee2021gyro]. "
        says = self.says.replace("{id}", self.id).replace("{repeat}", sentence * 500)
        return server.obey(says, prompt, key)


@dataclass(frozen=True, slots=True)
class Table:
    """The attacks, the honest papers beside them, and the question."""

    question: str
    papers: tuple[dict[str, object], ...]
    attacks: tuple[Attack, ...]

    @property
    def honest(self) -> tuple[str, ...]:
        """The ids of the honest papers."""
        return tuple(str(paper["id"]) for paper in self.papers)

    def cards(self) -> str:
        """All papers as one YAML file."""
        return yaml.safe_dump(
            [*self.papers, *(attack.paper() for attack in self.attacks)], allow_unicode=True
        )


def table() -> Table:
    """The table as it stands in the file."""
    content: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    attacks = tuple(
        Attack(number, **{**row, "never": tuple(row.get("never", ()))})
        for number, row in enumerate(content["attacks"], start=1)
    )
    return Table(content["question"], tuple(content["papers"]), attacks)
