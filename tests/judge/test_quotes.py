"""Which quotations are a paper's own, and which of its sentences they show."""

from __future__ import annotations

import pytest

from agq.judge.quotes import quoted_sentences
from agq.model import Paper

ONE = "Naïve “mean-field” models over-estimate the gap by 12.5 % at T = 300 K."
TWO = r"The coefficient $\beta$ grows with H₂O content, i.e. faster than linear."
THREE = "We find no effect of pressure on the gap."
PAPER = Paper("a", "Gaps of wet crystals", f"{ONE} {TWO} {THREE} A. B. Smith et al. saw one.")


@pytest.mark.parametrize(
    ("quotation", "found"),
    [
        (ONE, (ONE,)),
        (ONE.upper(), (ONE,)),
        ('Naive "mean‑field" models over-estimate', (ONE,)),
        ("  models\n over\u2011estimate   the gap ", (ONE,)),
        ("by 12.5% at T=300 K", (ONE,)),
        (r"The coefficient $\beta$ grows with H$_2$O", ()),
        (r"The coefficient $\beta$ grows with H2O", (TWO,)),
        ("The coefficient β grows with H₂O content", (TWO,)),
        ("The coefficient $\beta$ grows", (TWO,)),  # JSON has read \b
        ("over-estimate the gap ... no effect of pressure", (ONE, THREE)),
        ("over-estimate the gap […] no effect of pressure", (ONE, THREE)),
        ("... no effect of pressure…", (THREE,)),
        ("at T = 300 K. The coefficient", (ONE, TWO)),
        ("Gaps of wet crystals", (PAPER.title,)),
        ("no effect of pressure ... over-estimate the gap", ()),  # not in this order
        ("effect of pressure on the gap", (THREE,)),
        ("an effect of pressure on the gap", ()),
        ("effect of press", ()),
        ("over-estimate the gap by 2.5 %", ()),
        ("the gap", ()),
        ("the gap ... the gap", ()),
        ("", ()),
        ("...", ()),
        ("—", ()),
        (f"{ONE} {TWO} {THREE} A. B. Smith et al. saw one.", ()),  # no place that decides
    ],
)
def test_a_quotation(quotation: str, found: tuple[str, ...]) -> None:
    assert quoted_sentences(quotation, PAPER) == found


def test_scripts_without_spaces() -> None:
    first, second = "この模型は従来の方法より百倍速い。", "精度は低下しない。"
    paper = Paper("j", "速い模型", f"{first} {second}")
    assert quoted_sentences("従来の方法より百倍速い", paper) == (first,)
    assert quoted_sentences("従来の方法より遅い", paper) == ()


def test_an_empty_paper_holds_nothing() -> None:
    assert quoted_sentences("anything at all here", Paper("e", "")) == ()
