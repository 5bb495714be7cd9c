"""Figures are matched by value, whatever their spelling, and by nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.text.numbers import figures, unfounded_figures


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("about ~226 % faster", "a speedup of 226%"),
        ("two orders of magnitude faster", "a speedup of 100x"),
        ("two orders of magnitude faster", "faster by two orders of magnitude"),
        ("two orders of magnitude", r"faster by $10^{2}\times$"),
        ("orders of magnitude faster", "three orders of magnitude faster"),
        ("ten times faster", "10x faster"),
        ("a tenfold gain", "10 times more"),
        ("1,000 samples", "1000 samples"),
        ("40k papers", "40,000 papers"),
        ("7B parameters", "7 billion parameters"),
        ("about 90 %", "89.7%"),
        ("12.3 K", "12.31 K"),
        ("an AUC of 0.95", "an AUC of 95%"),
        ("half of them", "50% of them"),
        ("twice as fast", "2x faster"),
        ("an error of 1.5e-3", r"an error of $1.5 \times 10^{-3}$"),
        ("10⁻³ mbar", "$10^{-3}$ mbar"),
        ("twenty-five layers", "25 layers"),
        ("3 tasks", "three tasks"),
        ("GPT-4 on COVID-19 in 3D", "nothing at all"),
        ("two tasks are solved", "tasks are solved"),
        ("one of them", "some of them"),
        ("5.24 million people", "5·24 million adults"),
        ("after 12 weeks", "twelve weeks, week 52"),
        ("type 1 diabetes", "Type 1 or type 2 diabetes"),
        ("BRCA 1 carriers", "BRCA1 and BRCA2 carriers"),
        ("26 questions", "29 questions with an answer, 26 without"),
        ("z = 3 and k = 5", "at redshift z=3, with k ≃ 5"),
        ("NIH 3T3 and OCT3/4", "nothing at all"),
        ("the top-10", "the ten best"),
        ("SE(3)-invariant", "an SE(3) network"),
        ("506 smokers", "five hundred and six smokers"),
        ("people of 55 years", "aged 55 to 65 years"),
        ("after 12 weeks", "7 weeks, at week 12"),
        ("stable for several hundred hours", "stable for 500 hours"),
        ("35% of them", "in 35 and 40% of them"),
        ("a factor of 8", "8 times less, 20% slower"),
        ("10/66 dementia", "the 10/66 dementia protocol"),
        ("interleukin-2", "IL-2 and 3 others"),
        ("79 % of cases", "79 ± 6 % of cases"),
        ("a change of 20.3 percentage points", "a change of -20.3 pp"),
        ("5 °C warmer", "+5 °C warmer"),
        ("at z ≈ 8", "at $z \\simeq 8$"),
        ("at z = 8", "at z ≈ 8"),
        ("about a third of them", "32% of them"),
        ("two thirds of the cost", "66.1% of the cost"),
        ("one in five", "20% of patients"),
        ("a fiftieth of its size", "50x smaller"),
        ("elevenfold lower", "from 352 to 32"),
        ("fortyfold", "from 1277 MB to 32 MB"),
        ("roughly 9.5 %", "9.49 %"),
        ("10 %", "10.2 %"),
        ("72% less", "3.6 times less"),
        ("five times fewer", "80% fewer"),
        ("2,000 light-years", "600 pc"),
        ("1,270 K", "~1000 °C"),
        ("200,000 base pairs", "up to 200 Kbp"),
        ("a loss of 1.5 points", "a loss of 1.5%"),
        ("15 to 50 km", "from ∼15 to ∼50 km"),
        ("in January 2020", "on Jan-2020 data"),
        ("two and a half times", "2.5x"),
        ("48 hours", "two days"),
        ("a tenth of a second", "102 ms on a GPU"),
        ("over ten times", "up to 110M parameters, usually <10M"),
    ],
)
def test_held_by_the_source(sentence: str, source: str) -> None:
    assert unfounded_figures(sentence, source) == ()


@pytest.mark.parametrize(
    ("sentence", "source", "missing"),
    [
        ("two orders of magnitude", "10x", "two orders of magnitude"),
        ("orders of magnitude faster", "10x faster", "orders of magnitude"),
        ("an order of magnitude", "twice as fast", "an order of magnitude"),
        ("226 %", "225 %", "226 %"),
        ("226 %", "226 times", "226 %"),
        ("12 K", "120 K", "12"),
        ("0.91", "0.94", "0.91"),
        ("two tasks", "three tasks", "two tasks"),
        ("5 layers", "GPT-5", "5 layers"),
        ("1.5 million", "1.5 billion", "1.5 million"),
        ("90 of them", "86.7 of them", "90"),
        ("7 weeks", "12 weeks, 7-day abstinence", "7 weeks"),
        ("37 weeks", "36.6% after 12 weeks", "37 weeks"),
        ("a 65% chance", "90% of 65-year-old people", "65%"),
        ("type 2 diabetes", "type 1 diabetes, 2 studies", "type 2 diabetes"),
        ("BRCA 5 carriers", "5 studies of BRCA1", "BRCA 5 carriers"),
        ("z = 2", "z = 3 and 2 models", "z = 2"),
        ("NDCG@17", "NDCG@5 rises by 17.2 points", "NDCG@17"),
        ("the top-20", "the top-10 of 20", "top-20"),
        ("an SE(2) network", "SE(3), 2 scales", "SE(2"),
        ("6 smokers", "five hundred six smokers", "6 smokers"),
        ("52 months", "52 refused, 18 months", "52 months"),
        ("about 2,000 papers", "written in 2025", "2,000 papers"),
        ("up to 20 months", "18 months", "20 months"),
        ("ten percent (22%)", "10% and 22 cancers", "22%"),
        ("8× smaller", "4× smaller with 8K dimensions", "8×"),
        ("18/66 dementia", "10/66 dementia at 18 sites", "18/66"),
        ("interleukin-1", "Interleukin-2, 1 gene", "interleukin-1"),
        ("20 tasks", "30 tasks, 20 models", "20 tasks"),
        ("nearly two thirds", "32% better", "two thirds"),
        ("a fifth of the time", "0.02 of the time", "a fifth"),
        ("six months", "a six-week study", "six months"),
        ("in three phases", "a two-phase training", "three phases"),
        ("600 light-years", "600 pc", "600 light-years"),
        ("a tenth of a second", "in 2 s", "a tenth"),
        ("two and a half times larger", "25% larger", "two and a half times"),
    ],
)
def test_not_held_by_the_source(sentence: str, source: str, missing: str) -> None:
    assert unfounded_figures(sentence, source) == (missing,)


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_a_number_holds_itself(value: float) -> None:
    assert unfounded_figures(f"It is {value:.6g} K.", f"There {value:.6g} was seen.") == ()


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert unfounded_figures(text, text) == ()
    assert all(figure.text for figure in figures(text))
