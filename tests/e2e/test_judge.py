"""A model that answers and then judges, over the wire: what is shown, kept and written under each judge."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from answerers.server import DONE, Reply, Server, chunk, fails, says, serving, streams, waits
from e2e.shell import Shell
from judge.player import Given, Honest, Play, agreeing, denying, rows, verdicts

pytestmark = pytest.mark.slow

QUICK = "The learned potential is 120 times faster than density functional theory."
ORDER = "A neural network reads radar images and predicts rain faster than simulations."
BEYOND = "Beyond 6 hours the numerical models remain better."
PAPERS = (
    {
        "id": "2406.00001",
        "title": "Learned potentials for molecular dynamics",
        "abstract": "Neural networks are trained on quantum calculations to predict energies and forces. "
        f"{QUICK} It stays within 1 kcal/mol of the reference.",
    },
    {
        "id": "hep-th/9901001",
        "title": "Forecasting rain with neural networks",
        "abstract": f"{ORDER} {BEYOND}",
    },
)
FAST = "Learned potentials run 120 times faster than DFT."
RAIN = "Neural networks beat numerical models of rain for days."
DREAM = "They dream of electric sheep at night."
ANSWER = (
    "Learned potentials run 120 times faster than DFT [2406.00001]. Neural networks beat numerical models of "
    "rain for days [hep-th/9901001]. They dream of electric sheep at night [hep-th/9901001]."
)
KNOWN = {
    (PAPERS[0]["title"], FAST): ("supported", "the learned potential is 120 times faster"),
    (PAPERS[1]["title"], RAIN): ("contradicted", BEYOND),
}
QUESTION = "How do neural networks speed up simulations?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoders: Path) -> Path:
    folder = tmp_path_factory.mktemp("judged")
    (folder / "papers.jsonl").write_text("".join(json.dumps(paper) + "\n" for paper in PAPERS))
    done = Shell(folder, folder, encoders).agq("--index", folder / "index", "index", folder / "papers.jsonl")
    assert done.returncode == 0, done.stderr.decode()
    return folder


Kind = Callable[[Sequence[Given]], Reply]
"""A judge over the wire: the rows in, the reply out."""


def plays(play: Play) -> Kind:
    """A judge that replies in words."""
    return lambda given: says(play(given))


HONEST = plays(Honest(KNOWN))


@contextmanager
def asking(shell: Shell, library: Path, kind: Kind = HONEST, **given: str) -> Iterator[tuple[Shell, Server]]:
    """A shell whose model answers, and judges as its kind does."""
    with serving() as server:

        def replies(handler: BaseHTTPRequestHandler) -> None:
            messages: Any = server.requests[-1]["messages"]
            judging = messages[0]["content"].startswith("You check the citations")
            (kind(rows(messages)) if judging else says(ANSWER))(handler)

        server.replies.append(replies)
        environ = {"AGQ_INDEX": str(library / "index"), "AGQ_BASE_URL": server.base_url, "AGQ_MODEL": "big"}
        yield shell.given(**environ, AGQ_FOLLOW_UPS="false", AGQ_RETRIES="0", **given), server


REFUSING = streams(chunk(None, refusal="I will not judge."), chunk(finish="stop"), DONE)
FAULTS: Mapping[str, tuple[Kind, str]] = {
    "agrees": (
        plays(agreeing),
        "agrees with a false claim that was planted: its verdicts do not count",
    ),
    "denies": (
        plays(denying),
        "denies a sentence of a paper about that very paper: its verdicts do not count",
    ),
    "invents": (
        plays(Honest({key: (verdict, "It is so, as we all know.") for key, (verdict, _) in KNOWN.items()})),
        "quotes for 2 citations what the abstract does not hold",
    ),
    "swaps": (
        plays(
            lambda given: verdicts([(row.number % len(given) + 1, *Honest(KNOWN).of(row)) for row in given])
        ),
        "",
    ),
    "talks": (plays(lambda _: "These all look fine to me!"), "sent no verdicts that can be read"),
    "refuses": (lambda _: REFUSING, "the model refused: I will not judge."),
    "is late": (lambda _: waits(60), "nothing came for 1 s"),
    "fails": (lambda _: fails(500, "out of memory"), "failed (500): out of memory"),
    "is cut": (
        lambda _: says('{"rows": [{"row": 1, "quote": "The learned', finish="length"),
        "tokens",
    ),
    "obeys an order": (
        plays(lambda given: verdicts([(row.number, "supported", ORDER) for row in given])),
        "agrees with a false claim that was planted: its verdicts do not count",
    ),
}


def test_an_honest_judge_marks_the_answer(fresh: Shell, library: Path) -> None:
    with asking(fresh, library) as (sh, server):
        done = sh.agq("ask", QUESTION)
    assert done.returncode == 0, done.stderr.decode()
    answer = done.stdout.decode().split("\n\n")[2]
    assert answer == (
        "Learned potentials run 120 times faster than DFT [2406.00001]. Neural networks beat numerical "
        "models of rain for days [hep-th/9901001] (!). They dream of electric sheep at night "
        "[hep-th/9901001] (?)."
    )
    assert done.stderr.decode().splitlines() == [
        f"note: [hep-th/9901001] says otherwise — {RAIN}",
        f"note: [hep-th/9901001] does not say this — {DREAM}",
    ]
    assert len(server.requests) == 2
    form = server.requests[1]["response_format"]
    assert isinstance(form, dict)
    assert form["type"] == "json_schema"
    assert server.requests[1]["temperature"] == 0.0


def test_the_same_as_json_with_the_tokens_of_both(fresh: Shell, library: Path) -> None:
    with asking(fresh, library) as (sh, _):
        answer = json.loads(sh.agq("ask", QUESTION, "-f", "json").stdout)
    found = [(c["id"], c["sentence"], c["verdict"], c["why"], c["evidence"][0]) for c in answer["citations"]]
    assert found[:2] == [
        ("2406.00001", FAST, "supported", "", QUICK),
        ("hep-th/9901001", RAIN, "contradicted", "says otherwise", BEYOND),
    ]
    assert found[2][2:4] == ("not_found", "does not say this")
    assert answer["judged_by"] == "big"
    assert answer["usage"] == {"prompt_tokens": 200, "completion_tokens": 40}
    assert set(answer["seconds"]) == {"retrieve", "answer", "judge", "total"}
    assert "(!)" in answer["answer"]


def test_a_file_the_history_and_strict(fresh: Shell, library: Path) -> None:
    with asking(fresh, library) as (sh, _):
        assert sh.agq("ask", QUESTION, "-o", "note.md").returncode == 0
        assert sh.agq("ask", QUESTION, "-o", "page.html").returncode == 0
        strict = sh.agq("ask", QUESTION, "--strict", "-o", "other.md")
        kept = sh.agq("history", "show", "1").stdout.decode()
        again = sh.agq("check", "note.md", "--no-judge")
    note = (sh.folder / "note.md").read_text()
    assert "[hep-th/9901001] (!)." in note
    assert "[hep-th/9901001] (!)." in kept
    assert re.search(r">\[hep-th/9901001\]</a> \(!\)", (sh.folder / "page.html").read_text())
    assert strict.returncode == 5
    assert b"2 of 3 citations are in doubt" in strict.stderr
    assert not (sh.folder / "other.md").exists()
    assert [
        line.split()[-1] for line in again.stdout.decode().splitlines() if re.match(r" +\d+  ", line)
    ] == [
        "2406.00001",
        "hep-th/9901001",
        "hep-th/9901001",
    ]


@pytest.fixture(scope="module")
def alone(library: Path, encoders: Path) -> subprocess.CompletedProcess[bytes]:
    """The answer that nobody judges."""
    with asking(Shell(library, library, encoders), library) as (sh, server):
        done = sh.agq("ask", QUESTION, "--no-judge")
    assert len(server.requests) == 1
    assert done.returncode == 0
    return done


@pytest.mark.parametrize("name", FAULTS)
def test_the_answer_stands_where_the_judge_does_not(
    fresh: Shell, library: Path, alone: subprocess.CompletedProcess[bytes], name: str
) -> None:
    kind, why = FAULTS[name]
    with asking(fresh, library, kind, AGQ_TIMEOUT="1" if name == "is late" else "60") as (sh, _):
        judged = sh.agq("ask", QUESTION, "--no-history")
    assert judged.returncode == 0
    notes = judged.stderr.decode().splitlines()
    of_judge = [note for note in notes if note.startswith("note: the judge big ")]
    assert of_judge
    assert why in " ".join(of_judge)
    assert all(note.endswith("; agq's own verdicts stand") for note in of_judge)
    assert "judge" not in alone.stderr.decode()
    if name != "invents":  # which finds, all the same, that one is not there
        assert judged.stdout == alone.stdout
        assert [note for note in notes if note not in of_judge] == alone.stderr.decode().splitlines()


def test_a_server_that_knows_no_form_is_asked_without_one(fresh: Shell, library: Path) -> None:
    forms: list[object] = []
    with asking(fresh, library) as (sh, server):
        answers = server.replies[0]

        def picky(handler: BaseHTTPRequestHandler) -> None:
            forms.append(server.requests[-1].get("response_format"))
            (fails(400, "Unsupported") if forms[-1] else answers)(handler)

        server.replies[0] = picky
        judged = json.loads(sh.agq("ask", QUESTION, "-f", "json").stdout)["judged_by"]
    assert [form["type"] if isinstance(form, dict) else form for form in forms] == [
        None,
        "json_schema",
        "json_object",
        None,
    ]
    assert judged == "big"


def test_nobody_is_asked_where_the_judge_is_not_wanted(fresh: Shell, library: Path) -> None:
    with asking(fresh, library) as (sh, server):
        assert sh.given(AGQ_JUDGE="false").agq("ask", QUESTION).returncode == 0
        assert sh.agq("ask", QUESTION, "--extract").returncode == 0
        assert sh.agq("check", "-", "--no-judge", stdin=ANSWER).returncode == 0
    assert len(server.requests) == 1


def test_check_tells_verdicts_and_the_words_that_decide(fresh: Shell, library: Path) -> None:
    with asking(fresh, library) as (sh, server):
        done = sh.given(COLUMNS="88").agq("check", "-", stdin=ANSWER)
        strict = sh.agq("check", "-", "--strict", stdin=ANSWER)
        as_json = json.loads(sh.agq("check", "-", "--json", stdin=ANSWER).stdout)
    assert len(server.requests) == 3
    assert (done.returncode, strict.returncode, done.stderr) == (0, 5, b"")
    lines = re.sub(r" +\d+%", " N%", done.stdout.decode()).splitlines()
    assert lines[:8] == [
        "    1  supported N%  2406.00001",
        f"       {FAST}",
        f"       │ “{QUICK}”",
        "    1  contradicted N%  hep-th/9901001",
        f"       {RAIN}",
        "       → says otherwise",
        f"       │ “{BEYOND}”",
        "    1  not found N%  hep-th/9901001",
    ]
    assert lines[-1] == "1 supported, 1 not found, 1 contradicted; 0 sentences cite nothing; judged by big"
    assert as_json["judged_by"] == "big"
    assert as_json["problems"] == []
    assert as_json["usage"] == {"prompt_tokens": 100, "completion_tokens": 20}
    assert [c["verdict"] for c in as_json["citations"]] == ["supported", "contradicted", "not_found"]


def test_check_with_a_judge_that_fails_reports_what_agq_found(fresh: Shell, library: Path) -> None:
    with asking(fresh, library, lambda _: fails(500, "out of memory")) as (sh, _):
        done = sh.agq("check", "-", stdin=f"{FAST} [2406.00001]")
        strict = sh.agq("check", "-", "--strict", stdin=f"{FAST} [2406.00001]")
    assert done.returncode == 0
    assert done.stdout == strict.stdout
    assert b"out of memory" in done.stderr
    assert strict.returncode == 4
    assert b"--no-judge" in strict.stderr


def test_on_a_terminal_what_the_judge_found_stands_below_the_answer(fresh: Shell, library: Path) -> None:
    with asking(fresh, library, COLUMNS="88") as (sh, _):
        shown, notes = on_a_terminal(sh, "ask", QUESTION)
    answer, sources, at = (shown.index(said) for said in ("electric", "Sources · 2", "Judged by big"))
    assert answer < sources < at
    assert "(!)" not in shown
    below = shown[at:].rstrip()
    assert below.replace("\n  ", " ") == (
        "Judged by big · 1 supported, 1 not found, 1 contradicted\n\n"
        f"[hep-th/9901001] this paper says otherwise: {RAIN}\n"
        f"│ “{BEYOND}”\n\n"
        f"[hep-th/9901001] this paper does not say this: {DREAM}"
    )
    assert notes == ""


def on_a_terminal(shell: Shell, *arguments: str) -> tuple[str, str]:
    """What stands on a terminal, without colours and links, and what stderr says."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        shell.command(*arguments), cwd=shell.folder, env=shell.environ, stdin=subprocess.DEVNULL,
        stdout=theirs, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # the end of a terminal
            while part := os.read(ours, 4096):
                shown += part
        assert running.stderr is not None
        notes = running.stderr.read().decode()
    os.close(ours)
    text = re.sub(r"\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)|\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    return text.replace("\r\n", "\n"), notes
