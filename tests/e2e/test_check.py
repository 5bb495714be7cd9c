"""`agq check` from the shell: where a citation stands, and why it does not hold."""

from __future__ import annotations

import json

from e2e.shell import QUESTION, Shell

NOTE = "# Boxes\n\nNobody asked.\nFurther, cats like\nboxes \\citep[see][]{doe2030cats}. Dogs do not.\n"


def test_a_row_tells_its_line_and_what_is_wrong(shell: Shell) -> None:
    done = shell.agq("check", "-", stdin=NOTE)
    assert done.returncode == 5
    row, sentence, why, _, total = done.stdout.decode().splitlines()
    assert row.split() == ["4", "unknown", "id", "doe2030cats"]
    assert (sentence.strip(), why.strip()) == ("Further, cats like boxes.", "→ is not in the index")
    assert total == "1 unknown id; 0 sentences cite nothing"


def test_the_same_as_json(shell: Shell) -> None:
    (found,) = json.loads(shell.agq("check", "-", "--json", stdin=NOTE).stdout)["citations"]
    assert found == {
        "line": 4,
        "id": "doe2030cats",
        "sentence": "Further, cats like boxes.",
        "support": 0.0,
        "verdict": "unknown_id",
        "relevance": 0.0,
        "why": "is not in the index",
        "evidence": [],
    }


def test_the_paper_s_own_words_stand_below_the_claim(shell: Shell) -> None:
    asked = shell.agq("ask", QUESTION, "--format", "json")
    finding = json.loads(asked.stdout)["findings"][0]
    key, sentence = finding["id"], finding["sentences"][0]["text"]
    note = f"{sentence} [{key}]\n"
    told = " ".join(shell.agq("check", "-", stdin=note).stdout.decode().replace("│", "").split())
    assert f"“{sentence}”" in told
    (row,) = json.loads(shell.agq("check", "-", "--json", stdin=note).stdout)["citations"]
    assert (row["verdict"], row["support"], row["relevance"]) == ("found", 1.0, 1.0)
    assert sentence in row["evidence"]
