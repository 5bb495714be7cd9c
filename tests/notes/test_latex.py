"""LaTeX notes: every form of a citation, and what of a document is prose."""

from __future__ import annotations

import pytest

from notes.reading import ids, prose, told, unread


@pytest.mark.parametrize(
    ("written", "cited"),
    [
        (r"\cite{a,b}", ["a", "b"]),
        (r"~\cite{a}", ["a"]),
        (r"\cite[p.~3]{a}", ["a"]),
        (r"\citep[see][]{a}", ["a"]),
        (r"\citep[see][chap.~[2]]{a}", ["a"]),
        (r"\citet*[p.~3]{a}", ["a"]),
        (r"\citealp{a}", ["a"]),
        (r"\citeauthor{a}", ["a"]),
        (r"\Textcite{a}", ["a"]),
        (r"\textcite*{a}", ["a"]),
        (r"\Autocite[see][12]{a}", ["a"]),
        (r"\footcite[][12]{a}", ["a"]),
        (r"\parencite*{a}", ["a"]),
        (r"\onlinecite{a}", ["a"]),
        (r"\citeA<e.g.,>[p.~3]{a}", ["a"]),
        (r"\cites[12]{a}[34]{b}", ["a", "b"]),
        (r"\parencites(see)(and more)[12]{a}[see][34]{b}{c}", ["a", "b", "c"]),
        (r"\volcite[see]{2}[30]{a}", ["a"]),
        (r"\textcquote[12]{a}{Rates rose}", ["a"]),
        (r"\bibentry{a}", ["a"]),
        ("\\cite{%\n  a,% about\n  b%\n}", ["a", "b"]),
        ("\\citep[see\nalso][]{a,\n  b}", ["a", "b"]),
        (r"\cite {a}", ["a"]),
        (r"\cite{hep-th/9901001, Aad:2012tfa}", ["hep-th/9901001", "Aad:2012tfa"]),
        (r"\nocite{a}", ["a"]),
        (r"\nocite{*}", []),
        (r"\citestyle{agsm}", []),
        (r"\citetext{see \citealp{a}}", ["a"]),
        (r"\newcommand{\see}[1]{see \cite{#1}}", []),
        (r"\verb|\cite{a}|", []),
        (r"\lstinline{\cite{a}}", []),
        (r"% \cite{a}", []),
        (r"10\,\% \cite{a}", ["a"]),
        (r"$x$ \cite{a}", ["a"]),
        (r"\emph{so \cite{a}}", ["a"]),
        (r"\mymacro{so \cite{a}}", ["a"]),
        (r"\section{Rates \cite{a}}", ["a"]),
        (r"\caption{Rates \cite{a}}", ["a"]),
        (r"\[ x = 2 \text{ by \cite{a}} \]", ["a"]),
        (r"\footnote{See \cite{a}.}", ["a"]),
        ("\\begin{verbatim}\n\\cite{a}\n\\end{verbatim}", []),
        ("\\begin{lstlisting}\n\\cite{a}\n\\end{lstlisting}", []),
        ("\\begin{comment}\n\\cite{a}\n\\end{comment}", []),
        ("\\begin{itemize}\n\n    \\item So \\cite{a}\n\\end{itemize}", ["a"]),
        ("\\begin{figure}\n\\cite{a}", ["a"]),
        (r"[2406.08554]", ["2406.08554"]),
    ],
)
def test_citations(written: str, cited: list[str]) -> None:
    assert ids(f"Rates rose {written}\n", "latex") == cited


def test_what_of_a_document_is_prose() -> None:
    document = r"""\documentclass{article}
\usepackage[style=apa]{biblatex}
\begin{document}
\section{Rates}
As \citet[p.~3]{a} show, rates of \emph{cats \citep{b}}
rose by 40\,\%. They ``fell'' % not \cite{x}
again.\footnote{See \cite{c}.}

\begin{itemize}
  \item One thing \cite{d}.
\end{itemize}
\begin{tabular}{ll}
Claim & Source \\ \hline
Rates rose & \cite{e} \\
\end{tabular}
\begin{thebibliography}{9} \bibitem{f} Rates. \end{thebibliography}
\end{document}
"""
    assert told(document, "latex") == [
        (5, "As show, rates of cats rose by 40 %.", ["a", "b"]),
        (6, "They “fell” again.", ["c"]),
        (10, "One thing.", ["d"]),
        (13, "Claim — Source", []),
        (14, "Rates rose —", ["e"]),
    ]


def test_a_long_footnote_says_something_of_its_own() -> None:
    note = r"Rates rose.\footnote{Others hold that they fell in all years since the war \cite{a}.}"
    assert told(note, "latex") == [
        (1, "Rates rose.", ["a"]),
        (1, "Others hold that they fell in all years since the war.", ["a"]),
    ]


def test_quotations_of_csquotes_stay_words() -> None:
    assert prose(r"Doe says \textcquote[12]{a}{rates rose}.", "latex") == ["Doe says rates rose."]


def test_what_names_nothing_is_told() -> None:
    assert unread(r"Rates rose \cite and \citep[see]. \cite{a}", "latex") == [r"\cite", r"\citep"]
    assert ids(r"Rates rose \cite{\mykey}.", "latex") == [r"\mykey"]
