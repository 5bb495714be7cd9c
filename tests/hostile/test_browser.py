"""Pages of hostile texts in a real browser: nothing runs, nothing is loaded, with a policy or without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agq.renderers import renderer
from hostile.browser import chromium, shown
from hostile.payloads import NAMES, PAYLOADS
from hostile.test_output import hostile_answer

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_LIVE = (
    "<h1>control</h1><script>document.documentElement.setAttribute('data-pwned','1')</script>"
    "<img src=http://canary.invalid/control.png>"
)


@pytest.mark.slow
def test_pages_run_nothing_and_load_nothing(tmp_path: Path) -> None:
    browser = chromium()
    if browser is None:
        pytest.skip("no Chromium here; on Debian: apt-get install chromium")
    every = {n: renderer("html")(hostile_answer(p.text)) for n, p in zip(NAMES, PAYLOADS, strict=True)}
    bare = {f"bare/{name}": _POLICY.sub("", page) for name, page in every.items()}
    assert all(len(bare[f"bare/{name}"]) < len(page) for name, page in every.items())
    pages = {name: page for name, page in every.items() if name.startswith("html")}
    seen = shown({"control": _LIVE} | pages | bare, browser, tmp_path)
    assert seen.acted.pop("control") == (True, 1)
    assert seen.asked.count("http://canary.invalid/control.png") == 1
    assert [address for address in seen.asked if "control" not in address] == []
    assert len(seen.acted) == len(pages) + len(PAYLOADS) + 1
    assert [name for name, (ran, _) in seen.acted.items() if ran] == []
    assert {headings for name, (_, headings) in seen.acted.items() if name != "top"} == {1}
