"""Formulas come out as their TeX source, once; code, tables and lists stay; in linear time on hostile markup."""

import re
import time
from functools import partial

import pytest
from corpusmill.ingest.formulas import tex_formulas
from corpusmill.ingest.html import html_pieces, html_text, visible_text
from hypothesis import given
from hypothesis import strategies as st

_ANNOTATED = '<math{}><semantics><mrow><mi>x</mi></mrow><annotation encoding="application/x-tex">{}</annotation></semantics></math>'
_HIDDEN = '<span class="mwe-math-element"><span class="mwe-math-mathml-inline" style="display: none;">{}</span>{}</span>'
_WIKI_IMAGE = '<img src="f.svg" class="mwe-math-fallback-image-inline" aria-hidden="true" alt="{}">'
_KATEX_COPY = '<span class="katex-html" aria-hidden="true"><span class="base"><span>x</span><span>=</span></span></span>'
_KATEX = '<span class="katex"><span class="katex-mathml">{}</span>' + _KATEX_COPY + "</span>"
_PREVIEW = '<span class="MathJax_Preview"><span>x=</span></span><span class="MathJax" id="a"><nobr><span>x</span></nobr></span>'

CASES = {
    "annotation": (_ANNOTATED.format("", "a &lt; b"), "$a < b$"),
    "annotation, block": (_ANNOTATED.format(' display="block"', "x^2"), "$$x^2$$"),
    "alttext": ('<math alttext="x<y" class="ltx_Math"><mi>x</mi></math>', "$x<y$"),
    "data-latex": ("<math data-latex='x_1'><mi>x</mi></math>", "$x_1$"),
    "Wikipedia": (
        _HIDDEN.format(_ANNOTATED.format("", r"{\displaystyle E=mc^{2}}"), _WIKI_IMAGE.format(r"{\displaystyle E=mc^{2}}")),
        "$E=mc^{2}$",
    ),
    "Wikipedia, mobile": (_HIDDEN.format(_ANNOTATED.format("", "y"), f"<noscript>{_WIKI_IMAGE.format('y')}</noscript>"), "$y$"),
    "Wikipedia, two groups": (_ANNOTATED.format("", r"{\displaystyle a}{b}"), r"${\displaystyle a}{b}$"),
    "KaTeX": (_KATEX.format(_ANNOTATED.format("", r"c=\pm\sqrt{x}")), r"$c=\pm\sqrt{x}$"),
    "KaTeX, display": (f'<span class="katex-display">{_KATEX.format(_ANNOTATED.format("", "c"))}</span>', "$$c$$"),
    "MathJax 2": (f'{_PREVIEW}<script type="math/tex" id="b">a<b & c</script>', "$a<b & c$"),
    "MathJax 2, display": ('<script type="math/tex; mode=display">x</script>', "$$x$$"),
    "kramdown": ('<script type="math/tex">% <![CDATA[\na<b %]]></script>', "$a<b$"),
    "WordPress": ('<img src="//s0.wp.com/latex.php?latex=x" alt="\\frac{1}{2}" class="latex" />', r"$\frac{1}{2}$"),
    "dollars inside": ('<math alttext="$x$"></math>', "$x$"),
    "brackets inside": (r'<math alttext="\[x\]"></math>', "$$x$$"),
    "without source": ("<math><mi>x</mi><mo>=</mo><mn>2</mn></math>", "x=2"),
    "photograph": ('<img alt="a dog" src="mathilda.png">', "a dog"),
    "apostrophe in a tag": ("<math it's alttext='x'></math>", "$x$"),
}


def text_of(page, main_content=False):
    return html_text(page.encode(), "utf-8", partial(visible_text, main_content=main_content)).decode()


@pytest.mark.parametrize("main_content", [True, False])
@pytest.mark.parametrize(("markup", "expected"), CASES.values(), ids=CASES)
def test_a_formula_is_its_source_once(markup, expected, main_content):
    page = f"<html><body><main><h1>On mathematics</h1><p>Before {markup} after it, and so on.</p></main></body></html>"
    assert " ".join(text_of(page, main_content).split()) == f"On mathematics Before {expected} after it, and so on."


def test_formulas_in_scripts_and_comments_do_not_reach_the_page():
    page = "<p>One</p><script>s = '<math>'</script><!-- <math> --><style>math{}</style><p>two " + CASES["alttext"][0] + "</p>"
    assert text_of(page).split() == ["One", "two", "$x<y$"]


def test_a_formula_without_end_swallows_nothing():
    assert text_of("<p>a <math alttext='x'><p>b</p>" + CASES["data-latex"][0]).split()[-2:] == ["b", "$x_1$"]
    assert "kept" in text_of(_ANNOTATED.format("", "x") + '<span class="katex-html"><span>kept')


def test_scripts_with_formulas_survive_the_cutting_of_a_long_page():
    page = "".join(f'<p>w{i} <script type="math/tex">x_{{{i}}}</script></p><script>no()</script>' for i in range(600))
    pieces = list(html_pieces((page[i : i + 1000] for i in range(0, len(page), 1000)), 4000))
    assert len(pieces) > 5
    found = " ".join(text_of(piece) for piece in pieces).split()
    assert [word for word in found if word.startswith("w")] == [f"w{i}" for i in range(600)]
    assert len([word for word in found if re.fullmatch(r"\$x_\{\d+\}\$", word)]) >= 590
    assert not [word for word in found if "no" in word]


def test_code_tables_and_lists_stay():
    page = (
        "<pre>def f(x):\n    return x\n</pre><table><tr><td>a</td><td>b</td></tr></table><ul><li>one</li><li>two</li></ul><ol><li>1st</ol>"
    )
    assert text_of(page).splitlines() == ["def f(x):", "    return x", "a\t\tb", "  • one", "  • two", "  1. 1st"]


@given(
    st.lists(
        st.sampled_from([*(markup for markup, _ in CASES.values()), "<math", "</math>", "<p>", "word", "<!--", "<script>", '"', "'", ">"])
    )
)
def test_whatever_the_markup_no_word_outside_of_formulas_is_lost(parts):
    page = "math " + "".join(parts)
    changed = tex_formulas(page)
    assert changed.count("word") == page.count("word")
    assert tex_formulas(changed).count("word") == page.count("word")


HOSTILE = [
    "<math>", "<math ", "<math a='", '<math ="', "<math></math>", "<math><annotation x-tex", "<math><annotation x-tex>y</annotation>",
    "<span class='MathJax'>", "<div class=MathJax>", "<img class=latex ", "<math alttext=x></math><span class=katex-html>",
    "<math alttext=x></math><img class=tex alt=", "<math alttext=x></math></span>", "<math alttext='{{{'></math>", "<script type=math/tex>",
]  # fmt: skip


@pytest.mark.parametrize("markup", HOSTILE)
def test_hostile_markup_takes_linear_time(markup):
    def seconds(count):
        began = time.process_time()
        tex_formulas(markup * count)
        return time.process_time() - began

    seconds(100)
    assert seconds(16_000) < 16 * seconds(4000) + 0.5
