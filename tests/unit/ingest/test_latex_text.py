"""LaTeX to text: a paper by hand, signs as pylatexenc has them, broken LaTeX, and linear time on hostile LaTeX."""

import pytest
from corpusmill.ingest.latex_source import flat_source, main_file
from corpusmill.ingest.latex_text import Paper
from corpusmill.ingest.latex_words import ACCENTS, SIGNS
from corpusmill.ingest.streams import OversizeError
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from tests.linear import assert_linear

FILES = {
    "main.tex": rb"""\documentclass[a4paper]{article}
\usepackage{amsmath} % formulas
\newcommand{\be}{\begin{equation}}
\newcommand{\ee}{\end{equation}}
\def\R{\mathbb{R}}
\newcommand{\vc}[1]{\mathbf{#1}}
\title[Short]{On \emph{Things}\thanks{Grant 5}}
\author{A. B.\\ Univ

C}
\begin{document}
\maketitle
\begin{abstract}
We study na\"ive G\"odel na{\"\i}ve \c{c} things, 5\% of~them --- ``all'' pages 1--2.
Comment% gone
ed.
\end{abstract}
\section*{Introduction \label{s}}
As Fig.~\ref{f} shows \cite[p.~3]{a,b}, $x \in \R$ and \textbf{bold $y$}\footnote{See \citet{z} too}.
\be
E = mc^2 \label{e}
\ee
so {\it it} holds. \[ a

 = b \] \[ a
 = b \]
\input{sec/one}
\input{../../etc/passwd}
\begin{figure}[h]
\includegraphics{x.png}
\caption[Short]{The $x$ thing \label{f}.}
\begin{tabular}{cc} 1 & 2 \\ \end{tabular}
\end{figure}
\begin{verbatim}
 % not a comment
   code {
\end{verbatim}
\iffalse hidden \fi
costs \$5 \verb|a%b| $5
\begin{comment}
nothing \end{document}
\end{comment}
\begin{thebibliography}{9} \bibitem{a} Foo \end{thebibliography}
\bibliography{refs}
\end{document} trailing""",
    "sec/one.tex": rb"""\subsection{One}
\begin{itemize} \item first \item second % c
\end{itemize}
\begin{theorem}[Foo] All $n$. \end{theorem}
\paragraph{Run in} text \href{http://x.org}{a link}.
\input{main}
""",
}
TEXT = r"""On Things

We study naïve Gödel naïve ç things, 5% of them — “all” pages 1–2. Commented.

Introduction

As Fig. shows, $x \in \mathbb{R}$ and bold $y$ (See too).
\begin{equation}
E = mc^2
\end{equation}
so it holds. [ a

= b
\[ a
 = b \]

One

- first
- second

All $n$.

Run in text a link.

The $x$ thing.

 % not a comment
   code {

costs $5 a%b $5"""


def paper(files, limit=10**7):
    return Paper(flat_source(files, main_file(files), limit))


def text_of(source):
    return paper({"a.tex": source.encode(errors="surrogatepass")}).text


def test_a_paper_with_every_construct():
    found = paper(FILES)
    assert found.text == TEXT
    assert found.title == "On Things"


@pytest.mark.parametrize("sign", sorted(SIGNS))
def test_signs_are_those_of_pylatexenc(sign):
    known = LatexNodes2Text().latex_to_text(f"\\{sign}{{}}")
    ours = text_of(f"\\{sign}{{}}")
    # It does not know all of them, writes some in ASCII, and has a modifier letter for the circumflex that ASCII has.
    assert ours == SIGNS[sign]
    if known.strip() and not known.isascii() and sign != "textasciicircum":
        assert known == ours


@pytest.mark.parametrize("mark", sorted(ACCENTS))
def test_accents_are_those_of_pylatexenc(mark):
    for letter in "aceinosuzACEINOSUZ":
        for written in (f"\\{mark}{{{letter}}}", f"\\{mark} {letter}"):
            assert text_of(written) == LatexNodes2Text().latex_to_text(f"\\{mark}{{{letter}}}")
    assert text_of(r"Erd\H{o}s, Ho\v{r}ava, \'{\i}, \^\i, \~{}") == "Erdős, Hořava, í, î,"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("no LaTeX at all", "no LaTeX at all"),
        (r"a \unknown[x]{b} {\bf c}", "a b c"),
        ("a $never closed\n\nb", "a $never closed\n\nb"),
        ("a $$b$$ c $d$e$", "a\n$$b$$\nc $d$e$"),
        (r"\(a\label{x}\) \) b", r"\(a\) b"),
        (r"a \cite{never closed" + "\n\nb", "a\n\nb"),
        (r"\begin{align*} x &= y \\ z \end{align*}", r"\begin{align*} x &= y \\ z \end{align*}"),
        (r"\begin{equation} x", "x"),
        (r"\end{equation} } x {", "x"),
        (r"\begin{figure} a \caption{b {c} d} e \end{figure} f", "b c d\n\nf"),
        (r"\begin{figure} a \caption{never closed \end{figure} f", "never closed\n\nf"),
        (r"\section{a \begin{b} } c \end{b} d", "a\n\nc\n\nd"),
        (r"\\[2pt] a\\*b\par c", "a\nb\n\nc"),
        (r"a\footnote{b", "a (b)"),
        (r"\title{A\\ B} c", "A B\n\nc"),
        (r"\title{A} \title{B} c", "B\n\nc"),
        (r"\newcommand{\a}{x\b}\newcommand*\b{y}\a, \b.", "xy, y."),
        (r"\newcommand{\a}{x}\renewcommand\a[1]{#1}\a{z}", "z"),
        (r"\def\a#1{#1}\a{z}", "z"),
        (r"\def\a{\a}\a x", "x"),
        (r"\DeclareMathOperator{\tr}{tr} $\tr A$", r"$\operatorname{tr} A$"),
        (r"100\% sure % not \input{x}", "100% sure"),
        (r"a\\% b" + "\nc", "a\nc"),
        (r"\verb*|a b| \verb never", "a b never"),
        (r"\begin{lstlisting}[language=C]" + "\nint a;\n" + r"\end{lstlisting}", "int a;"),
        ("a\r\n\r\nb\rc", "a\n\nb c"),
        (r"``a'' `b' c---d \'{}", "“a” ‘b' c—d"),
        ("\\", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_broken_or_rare(source, text):
    assert text_of(source) == text


def test_the_main_file_has_the_class_and_a_body():
    files = {
        "a.tex": b"\\documentclass{a} x",
        "b.tex": b"x \\documentclass{a}\\begin{document}y",
        "c.tex": b"% \\documentclass{a}\\begin{document}" + b"z" * 99,
    }
    assert main_file(files) == "b.tex"
    assert main_file({"only.tex": b"text"}) == "only.tex"
    assert main_file({"a.tex": b"text", "b.tex": b"text"}) is None


def test_files_come_from_the_archive_alone_each_by_the_folder_of_the_paper():
    files = {
        "p/main.tex": rb"\documentclass{a}\begin{document}\input{one} \include{two.tex} \input three.tex \input{/etc/passwd} \input{../p/four}",
        "p/one.tex": b"1",
        "p/two.tex": b"2",
        "p/three.tex": b"3",
        "p/four.tex": rb"4\input{four}\input{main}",
    }
    assert paper(files).text == "1 2 3 4"


def test_files_that_name_each_other_end_at_a_limit():
    doubling = {f"{i}.tex": rb"\input{%d}\input{%d}" % (i + 1, i + 1) for i in range(30)} | {"30.tex": b"x" * 100}
    with pytest.raises(OversizeError, match="more than 100,000 bytes of LaTeX"):
        paper({**doubling, "main.tex": rb"\documentclass{a}\input{0}"}, limit=100_000)


def test_macros_that_double_end_at_a_limit():
    letters = "abcdefghijklmnopqrstuvwxy"
    doubling = "".join(rf"\def\{a}{{\{b}\{b}}}" for a, b in zip(letters, letters[1:] + "z", strict=True))
    assert len(text_of(rf"{doubling}\def\z{{x}}\a")) < 1_000_000


_MARKS = st.sampled_from([
    "{", "}", "[", "]", "$", "$$", "\\(", "\\)", "\\[", "\\]", "\\begin{a}", "\\end{a}", "\\begin{figure}", "\\end{figure}", "\\caption{",
    "\\begin{equation}", "\\end{equation}", "\\begin{verbatim}", "\\end{verbatim}", "\\cite{", "\\section{", "\\title{", "\\author{", "\\def\\a{",
    "\\newcommand{\\a}", "\\a", "\\input{a}", "\\iffalse", "\\fi", "\\verb|", "%", "\n\n", "\n", " ", "a", "\\'", "\\\\", "\\", "~", "&", "--",
    "\\footnote{",
    "\\begin{document}", "\\end{document}", "\0", "\ud800", "\\item",
])  # fmt: skip


@given(st.one_of(st.text(), st.lists(_MARKS, max_size=60).map("".join)))
def test_every_text_gives_a_text(source):
    assert isinstance(text_of(source), str)


@pytest.mark.parametrize(
    "markup",
    ["{", "}", "$", "$a ", "\\begin{a}", "\\begin{equation}", "\\end{a}", "\\textbf{", "\\cite{", "\\foo[", "\\(", "\\(\\[", "\\verb|", "%", "\\",
     "\\def\\a{", "\\newcommand{\\a}{b}\\a ", "\\iffalse", "\\begin{verbatim}", "\\input{a}", "\\'", "\\title{", "\\begin{figure}\\caption{",
     "\n \n", "$\\label{", "\\begin{a}{"],
)  # fmt: skip
def test_hostile_markup_ends_in_linear_time(markup):
    assert_linear(text_of, markup)
