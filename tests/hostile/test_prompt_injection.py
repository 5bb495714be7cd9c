"""Orders in abstracts, obeyed: what a model then says is caught, marked, or shown as words of no source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from agq.config import Environment, load
from agq.embedders.onnx import OnnxEmbedder
from agq.errors import AnswererFailed
from agq.index import IndexReader, open_index
from agq.model import Answer, Filters
from agq.pipeline import Task, answerer_for, ask
from agq.renderers import RENDERERS, renderer
from hostile.attacks import Attack, Table, table
from hostile.server import MODEL, Obedient, serving
from hostile.test_output import hidden

KEY = "sk-hostile-0123456789"
ATTACKS = table().attacks


@pytest.fixture(scope="module")
def reader(index: Path) -> Iterator[IndexReader]:
    with open_index(index, load_encoder=OnnxEmbedder) as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[Obedient]:
    with serving(lambda *_: iter(())) as running:
        yield running


def asked(attack: Attack, given: Table, reader: IndexReader, server: Obedient) -> Answer:
    """The answer of a model that does what the attack's paper says."""
    server.reply = attack.reply
    environment = Environment(Path("/nowhere"), {"AGQ_API_KEY": KEY, "HOME": "/nowhere"})
    settings = load(environment, {"model": MODEL, "base_url": server.url, "retries": 0, "timeout": 20})
    question = attack.order if attack.where == "question" else given.question
    task = Task(question, filters=Filters(ids=(*given.honest, attack.id)))
    answerer = answerer_for(settings, reader, reader.embedder(), environment.cache)
    return ask(reader, reader.embedder(), task, answerer).answer


def what_became(answer: Answer) -> set[str]:
    """The words of the table for what verification did."""
    verdicts: set[str] = {citation.verdict for citation in answer.citations}
    problems = " ".join(answer.problems)
    became = verdicts & {"doubtful", "not_found", "misquoted"}
    became |= {"removed"} if "removed" in problems else set()
    became |= {"uncited"} if "no source" in problems else set()
    became |= {"repeated"} if "repeated" in problems else set()
    return became | ({"through"} if verdicts == {"found"} and not became else set())


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
def test_an_order_in_metadata_gets_no_further_than_the_table_says(
    attack: Attack, table: Table, reader: IndexReader, server: Obedient
) -> None:
    if attack.told == "failed":
        with pytest.raises(AnswererFailed) as failed:
            asked(attack, table, reader, server)
        told = failed.value.message + failed.value.hint
        assert KEY not in told
        assert len(told) < 1000
        return
    answer = asked(attack, table, reader, server)
    assert server.prompts
    for name in RENDERERS:
        text = renderer(name)(answer)
        assert KEY not in text
        for never in attack.never:
            assert never not in _shown(text, answer), name
    assert {source.paper.id for source in answer.sources} <= {*table.honest, attack.id}
    if attack.told in {"removed", "doubtful", "not_found", "misquoted", "uncited", "repeated", "through"}:
        assert attack.told in what_became(answer)


def _shown(text: str, answer: Answer) -> str:
    """What a reader takes for the answer: not the report on what was taken out of it."""
    if text.startswith("{"):
        told = json.loads(text)
        return "\n".join([told["answer"], *told["follow_ups"]])
    for problem in answer.problems:
        text = text.replace(problem, "").replace(escape(problem), "")
    return text


@pytest.mark.slow
def test_no_invisible_order_reaches_the_model(table: Table, reader: IndexReader, server: Obedient) -> None:
    invisible = [attack for attack in table.attacks if hidden(attack.order)]
    assert invisible
    for attack in invisible:
        asked(replace(attack, says="Zonal flows reduce the heat flux [lee2021gyro]."), table, reader, server)
        assert hidden(server.prompts[-1]) == []
