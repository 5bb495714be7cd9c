"""A formula in TeX as a line of Unicode, for where TeX cannot be set."""

from __future__ import annotations

import re

_RAISED = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
)
_LOWERED = str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_SCRIPT = re.compile(r"(?P<mark>[\^_])\s*(?:\{(?P<group>[^{}]*)\}|(?P<one>[0-9A-Za-z+]))")
_OPERATOR = re.compile(r"(?<=[\w}])\s*(?=\\(?:log|ln|exp|sin|cos|tan|max|min|sup|inf|det|operatorname)\b)")
_RELATION = re.compile(r"\s*([=<>≤≥≈≃∼≡≪≫→←↔⇒∈∉∝≠≲≳⊂⊆∪∩×·])\s*")
_APPLIED = re.compile(r"(?<=[∂∇])\s+|(?<=[∂∇][²³])\s+")
_ALIGNED = re.compile(r"(?<!\\)&")


def as_text(tex: str) -> str:
    r"""``\alpha \le 10^{-3}`` as ``α ≤ 10⁻³``; what nothing is known of stays as it is."""
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415  # only where there is a formula

    prepared = _ALIGNED.sub("", _SCRIPT.sub(_script, _OPERATOR.sub(" ", tex)))
    try:
        told = LatexNodes2Text(math_mode="text", strict_latex_spaces="based-on-source").latex_to_text(
            prepared
        )
    except (ValueError, TypeError, IndexError, AttributeError, RecursionError):  # TeX that no parser takes
        return tex.strip()
    lines = (" ".join(_RELATION.sub(r" \1 ", _APPLIED.sub("", line)).split()) for line in told.split("\n"))
    return "\n".join(line for line in lines if line) or tex.strip()


def _script(found: re.Match[str]) -> str:
    """A superscript or subscript in Unicode's own letters where it has them all, else in parentheses."""
    said = (found["group"] if found["group"] is not None else found["one"]).strip()
    table = _RAISED if found["mark"] == "^" else _LOWERED
    if said and all(ord(letter) in table for letter in said):
        return "{}" + said.translate(table)  # parted from a macro before it
    simple = len(said) < 2 or re.fullmatch(r"\\[A-Za-z]+", said)
    return f"{found['mark']}{{{said}}}" if simple else f"{found['mark']}({said})"
