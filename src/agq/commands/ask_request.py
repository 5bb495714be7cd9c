"""A question and what is to become of its answer, as one value."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace

from agq.commands import screen
from agq.commands.formats import chosen
from agq.commands.output import Target
from agq.config import DEFAULT_ORIGIN, Settings
from agq.errors import UsageError
from agq.model import Answer, Filters
from agq.registry import pick
from agq.renderers import RENDERERS, Format
from agq.renderers.parts import Shown, chosen_columns


@dataclass(frozen=True, slots=True)
class AskRequest:
    """One question and what is to become of its answer."""

    question: str
    settings: Settings
    filters: Filters = field(default_factory=Filters)
    target: Target | None = None
    bib: Target | None = None
    earlier: Answer | None = None
    explain: bool = False
    literal: bool = False
    evidence: bool = False

    @property
    def format(self) -> str:
        """The format wished for, or the one that suits where the answer goes."""
        return chosen(self.settings, RENDERERS, self.target.formats if self.target else ())

    @property
    def form(self) -> Format:
        """What is known of the format."""
        return pick("format", RENDERERS, self.format)

    @property
    def shown(self) -> Shown:
        """What stands below the answer and, in a note, above it."""
        full = not self.settings.brief
        return Shown(
            sources=full and self.settings.sources,
            caution=full and self.settings.caution,
            columns=chosen_columns(self.settings.columns),
            front=not (self.target and self.target.adds),
            bibliography=self._bibliography,
        )

    @property
    def _bibliography(self) -> str:
        """The file of the references, as the note can name it."""
        if not (self.bib and self.target):
            return ""
        return os.path.relpath(self.bib.path, self.target.path.parent)

    @property
    def cite_style(self) -> str:
        """The style that is set, else the format's own."""
        is_set = self.settings.origin("cite_style") != DEFAULT_ORIGIN
        return self.settings.cite_style if is_set else self.form.cites

    @property
    def settled(self) -> AskRequest:
        """With the file that the answer goes to where a folder was named; what cannot end well is refused
        before anybody waits for an answer.
        """
        form = self.form
        chosen_columns(self.settings.columns)
        target = self.target and self.target.within(self.question, self.format)
        if target and target.append and form.whole:
            raise UsageError(
                f"{self.format} is a whole file, and nothing can be added to it", hint="use --force"
            )
        for one in (target, self.bib):
            if one:
                one.check()
        named = replace(self.settings, format=self.format)
        return replace(self, target=target, settings=named)

    @property
    def streams(self) -> bool:
        """Whether sentences are shown as they come."""
        whole = self.evidence or self.target is not None  # evidence stands below what it is about
        return self.format == "terminal" and not whole and screen.on_terminal()
