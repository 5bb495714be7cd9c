"""TeX as a line of Unicode."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agq.text.formula import as_text


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\alpha", "α"),
        (r"\alpha \le 10^{-3}", "α ≤ 10⁻³"),
        (r"x\in\mathbb{R}^{n\times m}", "x ∈ ℝ^(n × m)"),
        (r"\mathcal{O}(N\log N)", "𝒪(N log N)"),
        (r"\frac{a}{b} = \sqrt{x+1}", "a/b = √(x+1)"),
        (r"f_{\theta}", "f_θ"),
        (r"T_{ij}^2", "Tᵢⱼ²"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a = b\nc = d"),
        (r"5\,\%", "5 %"),
        (r"\sum_{i=1}^{N} x_i^T \cdot \nabla u", "∑ᵢ₌₁ᴺ xᵢᵀ · ∇u"),
        (r"\Delta_{Q}", "Δ_Q"),
        ("", ""),
    ],
)
def test_a_formula_in_unicode(tex: str, text: str) -> None:
    assert as_text(tex) == text


@given(st.text(alphabet="\\{}^_&$ab1 []()|\n", max_size=60))
def test_anything_is_taken(tex: str) -> None:
    assert isinstance(as_text(tex), str)
