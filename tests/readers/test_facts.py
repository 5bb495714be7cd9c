"""Names, dates, identifiers and TeX, each as it is written and as it comes out."""

from __future__ import annotations

import pytest

from agq.readers import clean, dates, names
from agq.readers.bibtex import people
from agq.readers.tex import plain
from agq.text import identifiers


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024", "2024"),
        ("2024-06", "2024-06"),
        ("2024-6-3", "2024-06-03"),
        ("2024/06/13/", "2024-06-13"),
        ("2024-06-13T12:00:00Z", "2024-06-13"),
        ("2024-06-13 12:00:00", "2024-06-13"),
        ("20240613", "2024-06-13"),
        ("Wed, 12 Jun 2024 18:00:01 GMT", "2024-06-12"),
        ("2020 Feb 20", "2020-02-20"),
        ("June 13, 2024", "2024-06-13"),
        ("May 2015", "2015-05"),
        ("2020 Feb-Mar", "2020-02"),
        ("2020 Jan 1-15", "2020-01"),
        ("2019 Spring", "2019"),
        ("1957/1958", "1957"),
        ("2015~", "2015"),
        ("circa 1850", "1850"),
        ("12/05/2024", "2024"),
        ("2024-13-01", "2024"),
        ("2024-02-30", "2024-02"),
        ("in press", ""),
        ("", ""),
    ],
)
def test_a_date_has_the_precision_it_is_written_with(written: str, read: str) -> None:
    assert dates.iso(written) == read


@pytest.mark.parametrize(
    ("held", "read"),
    [
        ({"date-parts": [["2006", 4, 23]]}, "2006-04-23"),
        ({"date-parts": [[2006, 4], [2007, 1]]}, "2006-04"),
        ({"date-parts": []}, ""),
        ({"date-parts": [[None]]}, ""),
        ({"raw": "June 2001"}, "2001-06"),
        ([{"year": 1999, "month": 3}], "1999-03"),
        ({"year": "1999"}, "1999"),
        (2024, "2024"),
        (2024.0, ""),
        (None, ""),
        (True, ""),
    ],
)
def test_a_date_is_found_in_whatever_holds_it(held: object, read: str) -> None:
    assert dates.from_value(held) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ann Author and Bob Writer", ["Ann Author", "Bob Writer"]),
        ("A. Author, B. Writer, C. Third", ["A. Author", "B. Writer", "C. Third"]),
        ("Ann Author, Bob Writer and Cy Third", ["Ann Author", "Bob Writer", "Cy Third"]),
        ("Author, Ann", ["Ann Author"]),
        ("Müller, Jörg; Groß, Eva", ["Jörg Müller", "Eva Groß"]),
        ("Smith, J., Doe, A.", ["J. Smith", "A. Doe"]),
        ("Doe, J., Roe, R. and Poe, E.", ["J. Doe", "R. Roe", "E. Poe"]),
        ("van der Berg, J. and Li, X.", ["J. van der Berg", "X. Li"]),
        ("King, Jr., Martin Luther", ["Martin Luther King, Jr."]),
        ("King, Martin Jr", ["Martin King, Jr"]),
        ("Tingley M.W.; Stillman A.N.", ["M.W. Tingley", "A.N. Stillman"]),
        ("Zhu N, Zhang D, Wang W", ["N Zhu", "D Zhang", "W Wang"]),
        ("Plato", ["Plato"]),
    ],
)
def test_names_come_out_in_reading_order(written: str, read: list[str]) -> None:
    assert [name.reading for name in names.from_value(written)] == read


@pytest.mark.parametrize(
    ("held", "read"),
    [
        ({"family": "Berg", "given": "Ann", "non-dropping-particle": "van der"}, "Ann van der Berg"),
        ({"name": "Berg, Ann"}, "Ann Berg"),
        ({"given": "Plato"}, "Plato"),
        ({"firstName": "Plato", "lastName": ""}, "Plato"),
        ({}, ""),
    ],
)
def test_a_name_is_made_of_the_parts_that_are_there(held: dict[str, object], read: str) -> None:
    assert names.from_mapping(held).reading == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Dumas, p{\`e}re, Alexandre", ["Alexandre Dumas, père"]),
        (
            "{National Aeronautics and Space Administration}",
            ["National Aeronautics and Space Administration"],
        ),
        ("{al-Hakim}, Tawfiq and de Beauvoir, Simone", ["Tawfiq al-Hakim", "Simone de Beauvoir"]),
        (r"{{\O}rsted}, Hans", ["Hans Ørsted"]),
        (r"Le Vayer, Fran{\c c}ois de La Mothe", ["François de La Mothe Le Vayer"]),
        ("Jean de La Fontaine", ["Jean de La Fontaine"]),
        (r"family=Berg, given={\'A}nn, prefix=van der", ["Ánn van der Berg"]),
        ("Ann Author and others", ["Ann Author", "others"]),
        (r"Mu\~noz, In\'es and Jos\'e~Nu{\~n}ez", ["Inés Muñoz", "José Nuñez"]),
    ],
)
def test_bibtex_names_come_out_in_reading_order(written: str, read: list[str]) -> None:
    assert [clean.line(name.reading, tex=True) for name in people(written)] == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://doi.org/10.1103/PhysRevLett.77.3865", "10.1103/physrevlett.77.3865"),
        ("doi:10.1000/ABC.", "10.1000/abc"),
        ("(see 10.1000/182)", "10.1000/182"),
        ("10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2", None),
        ("https://doi.org/10.1000%2F182", "10.1000/182"),
        ("10.1000/a\x00b", "10.1000/a"),
        ("http://example.org/10", ""),
    ],
)
def test_a_doi_is_found_in_what_it_is_wrapped_in(written: str, read: str | None) -> None:
    assert identifiers.doi(written) == (written.lower() if read is None else read)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2406.08554v3", "2406.08554"),
        ("arXiv:2406.08554", "2406.08554"),
        ("arXiv:2406.08554v1 [cs.LG]", "2406.08554"),
        ("https://arxiv.org/pdf/2406.08554v2.pdf", "2406.08554"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("math.GT/0309136", "math/0309136"),
        ("oai:arXiv.org:physics/0112006", "physics/0112006"),
        ("10.48550/arXiv.2406.08554", "2406.08554"),
        ("1234", ""),
        ("2406.085541", ""),
    ],
)
def test_an_arxiv_id_is_found_without_its_version(written: str, read: str) -> None:
    assert identifiers.arxiv(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            r"M\"uller, \'Etienne, {\L}ukasz, Erd\H{o}s, na\"{\i}ve, \AA, \ss",
            "Müller, Étienne, Łukasz, Erdős, naïve, Å, ß",
        ),
        (r"H$_2$O at $10^{-3}$ K", "H₂O at 10⁻³ K"),
        (r"$x_{ij}^{(k)}$, $\ell_1$, ${}^{12}$C", "xᵢⱼ⁽ᵏ⁾, ℓ₁, ¹²C"),
        (r"binaries$\unicode{x2014}$whose masses", "binaries—whose masses"),
        (r"$\mathcal{N}=4$ on $\mathbb{R}^3$", "N=4 on ℝ³"),
        (r"$\frac{1}{2}\hbar\omega$, $\sqrt{s}$, $\frac{a+b}{c}$", "1/2ħω, √s, (a+b)/c"),
        (r"$M_\odot$, $\Lambda_{\rm QCD}$, $30^{\circ}$C", "M_⊙, Λ_QCD, 30°C"),
        (r"$O(n\log n)$ with $\{1, 2\}$", "O(n log n) with {1, 2}"),
        (r"\(a\in B\) and \[c\]", "a∈B and c"),
        (r"\textit{ab initio} and {\bf bold} \emph{text}", "ab initio and bold text"),
        (r"50\% \& more \$5", "50% & more $5"),
        ("from $5 to $6 million", "from $5 to $6 million"),
        ("costs $10 billion-$20 billion", "costs $10 billion-$20 billion"),
        (r"our \method, and \ours{}", "our method, and ours"),
        ("Metal--Organic and ``quoted'' --- so", "Metal–Organic and “quoted” — so"),
        ("use --help", "use --help"),
        (r"see \cite{x} and \href{http://a.b}{this}", "see  and this"),
        (r"unbalanced {\it here and $x", "unbalanced here and $x"),
        (r"$\begin{pmatrix} a & b \end{pmatrix}$", "[ a b ]"),
    ],
)
def test_tex_becomes_unicode(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{DNA} sequencing with {{R}}", "DNA sequencing with R"),
        (r"An Introduction~to \LaTeX", "An Introduction to LaTeX"),
        (r"{\relax Ph}ilippe {\noopsort{b}}x", "Philippe x"),
        ("50% of it", "50% of it"),
        (r"\$z\_\{\rm eff\}\$ and \$10\textasciicircum\textbraceleft 11\textbraceright\$", "z_eff and 10¹¹"),
        (r"from \$5 to \$6, a set \{1, 2\}", "from $5 to $6, a set {1, 2}"),
        ("file_name and a^b", "file_name and a^b"),
    ],
)
def test_bibtex_values_lose_their_braces(written: str, read: str) -> None:
    assert plain(written, tex=True) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  raw\n newlines\t\tand  spaces ", "raw newlines and spaces"),
        ("<jats:p>One</jats:p><jats:p>two <i>three</i></jats:p>", "One two three"),
        ("<jats:title>Abstract</jats:title><jats:p>Text.</jats:p>", "Text."),
        ("H<sub>2</sub>O &amp; p &lt; 0.05", "H₂O & p < 0.05"),
        ("if a<b and c>d", "if a<b and c>d"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("of\ufb01ce so\u00adft \u202ereversed\u202c \u200bzero", "office soft reversed zero"),
        ("a&#x202e;b&#7;c &amp;#60;", "abc &#60;"),
        ("e\u0301", "é"),
        ("tab\x00\x1b[31m", "tab[31m"),
    ],
)
def test_text_comes_out_clean(written: str, read: str) -> None:
    assert clean.line(written) == read
