"""TeX to Unicode: accents, symbols, simple maths.

The macros' meanings come from pylatexenc's tables. Its parser takes 290 µs for a formula and forgets what
``_{ij}`` groups; the walk here takes a tenth of that, writes sub- and superscripts, and hands to pylatexenc
whatever it does not know how to walk (environments, macros with unusual arguments).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

GROUP_DEPTH_MAX = 40

_TOKEN = re.compile(r"\\([A-Za-z]+)\*?|\\(.)|([{}^_~$])|([^\\{}^_~$]+)|\\", re.DOTALL)

_DOLLARS = re.compile(r"\$\$([^$]{1,1000})\$\$|\$((?:[^$\\]|\\.){1,1000}?)\$", re.DOTALL)
_BRACKETED = re.compile(r"\\\((.{1,1000}?)\\\)|\\\[(.{1,1000}?)\\\]", re.DOTALL)
_SPACE = re.compile(r"\s+")
# what is looked for comes first, what stands before it after: plain letters are passed over at once
_DASHES = re.compile(r"--(?:(?<=\w--)-?(?=\w)|(?<=\s--)-?(?=\s))")
_TIE = re.compile(r"~(?<=[\w.)]~)(?=[\w\\(\[])")
_QUOTES = re.compile(r"``(.{1,300}?)''", re.DOTALL)

_SUPER = str.maketrans(
    "0123456789+-=()abcdefghijklmnoprstuvwxyzβγδθ −′*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵝᵞᵟᶿ ⁻′*"
)
_SUB = str.maketrans("0123456789+-=()aehijklmnoprstuvxβγρφχ −", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ ₋")
_DOUBLE_STRUCK = str.maketrans("CHNPQRZ", "ℂℍℕℙℚℝℤ")

_ACCENTS: Mapping[str, str] = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "r": "\u030a",
    "k": "\u0328", "h": "\u0309", "acute": "\u0301", "grave": "\u0300", "hat": "\u0302", "ddot": "\u0308",
    "tilde": "\u0303", "bar": "\u0304", "dot": "\u0307", "breve": "\u0306", "check": "\u030c",
    "vec": "\u20d7", "mathring": "\u030a",
    "widehat": "\u0302", "widetilde": "\u0303", "overline": "\u0304",
}  # fmt: skip
"""Macro -> the mark it puts on a letter."""

_DOTLESS = {"ı": "i", "ȷ": "j"}

_SHOWN = frozenset(
    """
    emph textbf textit texttt textsc textrm textsf textsl textup textmd textnormal text underline uline
    mbox hbox
    mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak boldsymbol bm pmb operatorname enquote
    ensuremath
    mathop mathbin mathrel mathord textcolor color uppercase lowercase MakeUppercase MakeLowercase url path
    nolinkurl
    overrightarrow overbrace underbrace num ce acs ac acp acl acf gls sout
    bibstring bibinfo natexlab""".split()
)
"""Macros whose argument is what there is to read."""

_SKIPPED = frozenset(
    """left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr middle limits nolimits
    displaystyle
    textstyle scriptstyle relax null protect xspace ignorespaces noindent it bf em rm sc sf tt sl itshape
    bfseries
    scshape upshape mdseries rmfamily sffamily ttfamily normalfont small tiny large Large footnotesize
    normalsize
    boldmath unboldmath cal selectlanguage""".split()
)
"""Macros that show nothing."""

_DROPPED = frozenset(
    """cite citep citet citeauthor citeyear ref eqref label hspace vspace noopsort noop phantom
    vphantom""".split()
)
"""Macros that show nothing, with an argument that is not to be read either."""

_LETTER = r"\\[ij](?![A-Za-z])\s*|[^\W\d_][\u0300-\u036f]*"
_MARKED = re.compile(
    rf"\\(?:(['`^\"~=.])\s*|([uvHcdbrkh])(?=\s*\{{|\s+|\\)\s*)(?:\{{\s*({_LETTER})\s*\}}|({_LETTER}))"
)
"""An accent and its letter, braces round the letter or not."""

_LETTERS = {
    "O": "Ø", "o": "ø", "L": "Ł", "l": "ł", "AA": "Å", "aa": "å", "AE": "Æ", "ae": "æ", "OE": "Œ", "oe": "œ",
    "ss": "ß", "DJ": "Đ", "dj": "đ", "NG": "Ŋ", "ng": "ŋ", "TH": "Þ", "th": "þ", "DH": "Ð", "dh": "ð",
    "i": "ı", "j": "ȷ",
}  # fmt: skip
_LETTER_MACRO = re.compile(
    rf"\\({'|'.join(sorted(_LETTERS, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}}|\s+)?"
)
_ONE_BRACED = re.compile(r"\{([^\x00-\x7f][\u0300-\u036f]*)\}")


def accents_resolved(text: str) -> str:
    """``text`` with letters for the macros of accents and letters, and all other TeX as it is.

    Parsers of names take what stands behind an unbraced macro for the beginning of a name.
    """
    if "\\" not in text:
        return text
    for _ in range(3):  # an accent on an accent on a letter
        text, found = _MARKED.subn(_accent, text)
        text = _ONE_BRACED.sub(r"\1", text)
        if not found:
            break
    return _ONE_BRACED.sub(r"\1", _LETTER_MACRO.sub(lambda m: _LETTERS[m.group(1)], text))


def _accent(found: re.Match[str]) -> str:
    mark = found.group(1) or found.group(2)
    letter = (found.group(3) or found.group(4)).strip().lstrip("\\")
    return unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + _ACCENTS[mark])


_SPACES = frozenset(
    [",", ";", ":", " ", "\n", "\t", "\\", "quad", "qquad", "par", "newline", "linebreak", "space", ">"]
)


class _Beyond(ValueError):
    """TeX that the walk here does not know."""


_HELD = str.maketrans("$\\{}~", "\ue000\ue001\ue002\ue003\ue004")
_GIVEN_BACK = str.maketrans("\ue000\ue001\ue002\ue003\ue004", "$\\{}~")
_ACTIVE = re.compile(r"[$\\{}~]")
_WAITING = re.compile("[\ue000-\ue004]")
"""Characters that a formula came out with wait as private ones, so that nothing takes them for TeX."""


def plain(text: str, *, tex: bool = False) -> str:
    """``text`` without TeX.

    ``tex``: all of it is TeX (BibTeX), so that braces go and ``~`` is a space. Otherwise only formulas and
    macros are, and a dollar that opens no formula is a dollar. In a BibTeX value TeX may itself be escaped,
    as reference managers do with titles that they got with TeX in them: what comes out is looked at once
    more.
    """
    if "$" in text or "\\" in text:
        text = _without_formulas(text)
        if "\\" in text:
            text = _walked(text, maths=False)
    if tex:
        text = text.replace("{", "").replace("}", "")
    if "--" in text or "``" in text or "~" in text:
        text = _typography(text)
    text = text.replace("~", " ").replace("''", "”") if tex else text
    text = text.translate(_GIVEN_BACK) if _WAITING.search(text) else text
    return plain(text) if tex and ("$" in text or "\\" in text) else text


def unescaped(text: str) -> str:
    """An address or an identifier as it is meant: escapes resolved, braces gone, not set as text is."""
    if "$" in text or "\\" in text:
        text = _walked(_without_formulas(text), maths=False)
    text = text.replace("{", "").replace("}", "")
    return text.translate(_GIVEN_BACK) if _WAITING.search(text) else text


def _without_formulas(text: str) -> str:
    if "\\$" in text:
        text = text.replace("\\$", "\ue000")
    if "$" in text:
        text = _DOLLARS.sub(_formula, text)
    return _BRACKETED.sub(_formula, text) if "\\(" in text or "\\[" in text else text


def _typography(text: str) -> str:
    text = _DASHES.sub(lambda m: "—" if len(m.group()) == 3 else "–", text)
    text = _QUOTES.sub("“\\1”", text)
    return _TIE.sub(" ", text)


def _formula(match: re.Match[str]) -> str:
    first, second = match.groups()
    if first is None and match.re is _DOLLARS and not _is_formula(second, match):
        return match.group().translate(_HELD) if "\\" not in second else match.group()
    inside = first if first is not None else second
    shown = _walked(inside, maths=True).strip() or inside
    return shown.translate(_HELD) if _ACTIVE.search(shown) else shown


def _is_formula(inside: str, match: re.Match[str]) -> bool:
    """``$5 and $6`` is money: no mark of a formula, and white space before the second dollar or a digit
    behind it."""
    if any(c in inside for c in "\\^_{=<>|"):
        return True
    if "\n" in inside or len(inside.split()) > 4:
        return False
    behind = match.string[match.end() : match.end() + 1]
    return (
        not inside[-1].isspace()
        and not inside[0].isspace()
        and not (behind.isdigit() and inside[0].isdigit())
    )


@lru_cache(maxsize=8192)
def _walked(text: str, *, maths: bool) -> str:
    try:
        walk = _Walk(text, maths)
        return unicodedata.normalize("NFC", walk.sequence(0, whole=True))
    except _Beyond:
        return _pylatexenc(text, maths)


def _pylatexenc(text: str, maths: bool) -> str:
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415  (40 ms, for the few that need it)

    source = f"${text}$" if maths else re.sub(r"(?<!\\)%", r"\\%", text)
    try:
        return str(LatexNodes2Text(math_mode="text").latex_to_text(source, tolerant_parsing=True))
    except (ValueError, RecursionError, AttributeError, TypeError, IndexError):
        return text  # better raw than lost


@cache
def _symbols() -> Mapping[str, str]:
    """Macro -> character, from pylatexenc's tables; only those without arguments."""
    from pylatexenc.latex2text import get_default_latex_context_db  # noqa: PLC0415  (only text with TeX pays for it)

    tables = get_default_latex_context_db()
    known = {
        name: spec.simplify_repl
        for category in reversed(tables.categories())
        for name, spec in tables.d[category]["macros"].items()
        if isinstance(spec.simplify_repl, str) and "%" not in spec.simplify_repl
    }
    return {name: symbol.translate(_HELD) for name, symbol in (known | _MISSING).items()}


_MISSING = {
    "deg": "°",
    "percent": "%",
    "textendash": "–",
    "textemdash": "—",
    "lbrace": "{",
    "rbrace": "}",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textunderscore": "_",
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textquotedbl": '"',
    "textbar": "|",
    "textless": "<",
    "textgreater": ">",
    "textsurd": "√",
    "copyright": "©",
}
"""Symbols that pylatexenc's tables lack, or have in a look-alike."""


class _Walk:
    """One pass over the tokens of a piece of TeX."""

    def __init__(self, text: str, maths: bool) -> None:
        self._tokens = list(_TOKEN.finditer(text))
        self._at = 0
        self._last = ""
        self._maths = maths

    def sequence(self, depth: int, *, whole: bool = False) -> str:
        """Everything up to the brace that closes this group, or to the end."""
        if depth > GROUP_DEPTH_MAX:
            raise _Beyond
        out: list[str] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.group(3) == "}":
                if not whole:
                    break
                continue
            out.append(self._one(token, depth))
            self._last = out[-1][-1:] or self._last
        return "".join(out)

    def _one(self, token: re.Match[str], depth: int) -> str:
        macro, mark, special, text = token.groups()
        if text is not None:
            return self._text(text)
        if special is not None:
            return self._special(special, depth)
        if macro is None and mark is None:
            return ""
        return self._macro(macro or mark, depth, letters=macro is not None)

    def _text(self, text: str) -> str:
        if not self._maths:
            return text
        return _SPACE.sub(" ", text.replace("'", "′"))

    def _special(self, special: str, depth: int) -> str:
        if special == "{":
            return self.sequence(depth + 1)
        if special in "^_":
            return script(special, self._argument(depth)) if self._maths else special
        return " " if special == "~" and self._maths else special

    def _argument(self, depth: int) -> str:
        """The next group, macro or character."""
        self._skip_spaces()
        if self._at >= len(self._tokens):
            return ""
        token = self._tokens[self._at]
        text = token.group(4)
        if text is not None and len(text) > 1:
            return self._first_letter(token)
        self._at += 1
        if token.group(3) == "}":
            self._at -= 1
            return ""
        return self._one(token, depth + 1)

    def _first_letter(self, token: re.Match[str]) -> str:
        """The first character of a run of text; the rest stays."""
        text = token.group(4).lstrip()
        self._leave(text[1:])
        return text[:1]

    def _skip_spaces(self) -> None:
        while (
            self._at < len(self._tokens)
            and (text := self._tokens[self._at].group(4)) is not None
            and not text.strip()
        ):
            self._at += 1

    def _macro(self, name: str, depth: int, *, letters: bool) -> str:
        if name in _SPACES:
            return " "
        if name in _ACCENTS and (letters or name in "'`^\"~=."):
            return self._accented(name, depth)
        if not letters:
            return "" if name in "-/!@()[]" else name.translate(_HELD)
        if name in _SKIPPED:
            return self._swallow()
        return self._word(name, depth)

    def _word(self, name: str, depth: int) -> str:
        if name in _SHOWN:
            return self._shown(name, depth)
        if name in _DROPPED:
            self._options()
            self._argument(depth)
            return ""
        if handler := _SPECIAL.get(name):
            return handler(self, depth)
        if name in ("begin", "end"):
            raise _Beyond
        symbol = _symbols().get(name)
        if symbol is None:
            return name + self._swallow()
        return self._before(symbol) + symbol.strip() + self._swallow(symbol)

    def _swallow(self, symbol: str = "") -> str:
        """The white space behind a macro's name goes. In a formula one space stays, for people to read:
        behind a letter, and behind a sign that has one before it."""
        if self._at >= len(self._tokens) or not (text := self._tokens[self._at].group(4)):
            return ""
        if text[0].isspace():
            self._leave(text.lstrip())
            spaced = symbol.isalpha() or self._last.isspace()
            return " " if self._maths and spaced and symbol != "μ" else ""
        return " " if self._maths and _is_word(symbol) and text[0].isalnum() else ""

    def _leave(self, rest: str) -> None:
        """Of the text at hand only ``rest`` is left."""
        if match := _TOKEN.fullmatch(rest):
            self._tokens[self._at] = match
        else:
            self._at += 1

    def _before(self, symbol: str) -> str:
        """A space between a letter and the name of a function."""
        text = self._tokens[self._at - 2].group(4) if self._at > 1 else ""
        return " " if self._maths and _is_word(symbol) and text and text[-1].isalnum() else ""

    def _accented(self, name: str, depth: int) -> str:
        letter = self._argument(depth)
        if not letter.strip() or (len(letter) > 1 and len(unicodedata.normalize("NFC", letter)) > 1):
            return letter
        return unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + _ACCENTS[name])

    def _shown(self, name: str, depth: int) -> str:
        self._options()
        first = self._argument(depth)
        return self._argument(depth) if name == "textcolor" else "" if name == "color" else first

    def _options(self) -> None:
        """``[...]`` behind a macro goes."""
        if self._at >= len(self._tokens):
            return
        text = self._tokens[self._at].group(4) or ""
        if text.startswith("[") and "]" in text:
            self._leave(text[text.index("]") + 1 :])

    def fraction(self, depth: int) -> str:
        return f"{_bracketed(self._argument(depth))}/{_bracketed(self._argument(depth))}"

    def root(self, depth: int) -> str:
        self._options()
        return f"√{_bracketed(self._argument(depth))}"

    def double_struck(self, depth: int) -> str:
        return self._argument(depth).translate(_DOUBLE_STRUCK)

    def raised(self, depth: int) -> str:
        return script("^", self._argument(depth))

    def lowered(self, depth: int) -> str:
        return script("_", self._argument(depth))

    def linked(self, depth: int) -> str:
        self._argument(depth)
        return self._argument(depth)

    def noted(self, depth: int) -> str:
        return f" ({self._argument(depth).strip()})"

    def negated(self, depth: int) -> str:
        return unicodedata.normalize("NFC", self._argument(depth) + "\u0338")

    def numbered(self, depth: int) -> str:
        """``\\unicode{x2014}``: a character by its number."""
        said = self._argument(depth)
        number = re.fullmatch(r"x([0-9A-Fa-f]{2,5})", said)
        return chr(int(number.group(1), 16)) if number else said


_SPECIAL: Mapping[str, Callable[[_Walk, int], str]] = {
    "frac": _Walk.fraction,
    "dfrac": _Walk.fraction,
    "tfrac": _Walk.fraction,
    "nicefrac": _Walk.fraction,
    "sqrt": _Walk.root,
    "mathbb": _Walk.double_struck,
    "mathds": _Walk.double_struck,
    "textsuperscript": _Walk.raised,
    "textsubscript": _Walk.lowered,
    "href": _Walk.linked,
    "footnote": _Walk.noted,
    "texorpdfstring": _Walk.linked,
    "not": _Walk.negated,
    "unicode": _Walk.numbered,
}
"""Macro -> how it is written."""


def _is_word(symbol: str) -> bool:
    return len(symbol) > 1 and symbol.isascii() and symbol.isalpha()


def script(mark: str, text: str) -> str:
    """Text raised or lowered: in Unicode's own letters where it has them all, else with the mark."""
    text = "".join(text.split()) if len(text) < 8 else text.strip()
    table = _SUPER if mark == "^" else _SUB
    if not text:
        return ""
    if text in ("°", "∘", "′", "″", "†", "*"):
        return "°" if text == "∘" else text
    if all(ord(c) in table for c in text):
        return text.translate(table)
    return f"{mark}{text}" if len(text) == 1 or text.isalnum() else f"{mark}({text})"


def _bracketed(text: str) -> str:
    text = text.strip()
    return text if text.isalnum() or len(text) == 1 else f"({text})"
