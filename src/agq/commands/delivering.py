"""An answer onto the screen and into the files that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agq.commands import screen
from agq.commands.ask_request import AskRequest
from agq.commands.output import Target
from agq.model import Answer, Citation
from agq.records import Work
from agq.renderers import renderer
from agq.renderers.evidence import with_evidence


def show(request: AskRequest, answer: Answer, told: Sequence[Citation]) -> None:
    """The result, and notes on what is wrong with it but for what stands on the screen."""
    from agq.verify import problem_of

    if not request.target and not request.streams:
        screen.write(renderer(request.format)(_styled(request, answer), request.shown))
    known = {problem_of(citation) for citation in told}
    for problem in (problem for problem in answer.problems if problem not in known):
        screen.notice(request.settings, f"note: {problem}")


def _styled(request: AskRequest, answer: Answer) -> Answer:
    """The answer with its citations in the style that was asked for, and evidence where it was."""
    if request.evidence and not request.form.whole:  # these have it anyway
        answer = with_evidence(answer)
    from agq.exporters.keys import styled

    ids = [source.paper.id for source in answer.sources]
    return replace(answer, text=styled(answer.text, ids, request.cite_style))


def write_files(request: AskRequest, answer: Answer, works: Sequence[Work]) -> None:
    """The last step, so that a run that fails leaves files untouched."""
    if request.target:
        request.target.write(renderer(request.format)(_styled(request, answer), request.shown))
        screen.notice(request.settings, f"wrote {request.target.path}")
    if request.bib:
        count = _write_bib(request.bib, works)
        screen.notice(
            request.settings, f"wrote {request.bib.path}, {count} {'entry' if count == 1 else 'entries'}"
        )


def _write_bib(target: Target, works: Sequence[Work]) -> int:
    """The cited papers as BibTeX; how many. Added to a file, those that it has already are left out."""
    from agq.exporters import ReferenceOptions, cited, exporter

    held = (
        target.path.read_text(encoding="utf-8", errors="replace")
        if target.append and target.path.exists()
        else ""
    )
    new = [one for one in map(cited, works) if f"{{{one.key}," not in held]
    if new or not held:
        target.write(exporter("bibtex")(new, ReferenceOptions()))
    return len(new)
