"""Wikitext to text: what each construct shows, agreement with mwparserfromhell on plain pages, and linear time on hostile ones."""

import random
import time

import mwparserfromhell
import pytest
from corpusmill.ingest.wikitext import wikitext_text
from hypothesis import example, given
from hypothesis import strategies as st

from tests.linear import assert_linear

HIDDEN = frozenset({"file", "category", "image", "datei"})

PAGE = """{{Infobox city|name={{nobr|[[Paris]]}}|area={{{area|?}}}}}
'''Paris''' ({{IPA|fr|paʁi}}; {{lang|fr|Paris}}) is the [[capital city|capital]] of [[France]].<ref name="a">{{cite|x}}</ref><ref name=b />
<!-- [[no]] -->
[[File:Eiffel.jpg|thumb|The [[Eiffel Tower]], [http://x.org seen]]]
[[Bild:Louvre.png|mini]][[fr:Paris]][[:Category:Towns]]
== History ==
Energy <math display="block">E = mc^2 &lt; 3</math> and [http://e.org the site], [http://e.org].
* one
** ''two''
# three
; term
: meaning
{| class="x"
| a || [[b]]
|-
{|
| inner
|}
|}
After&nbsp;table &amp; it's so. __NOTOC__ l''''avenue'''
=== Empty ===
{{reflist}}
== Code ==
<syntaxhighlight lang="py">
def f():
    * 1
== x ==
</syntaxhighlight>
a<br>b <u>c</u> <foo> <nowiki>[[x]] &lt;</nowiki>
== References ==
<references />
[[Category:Cities|Paris]]
"""
TEXT = """Paris is the capital of France.

Category:Towns

History

Energy $E = mc^2 < 3$ and the site, .
- one
- two
- three
term
meaning

After table & it's so. l'avenue

Code

def f():
    * 1
== x ==

a
b c <foo> [[x]] <"""


def text_of(source):
    return wikitext_text(source, HIDDEN)


def test_a_page_with_every_construct():
    assert text_of(PAGE) == TEXT


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a {{never closed b", "a {{never closed b"),
        ("a {{never|closed\n|x=1\nb", "a {{never|closed\n\nb"),
        ("a [[never closed b", "a [[never closed b"),
        ("a [[never\nclosed]] b", "a [[never\nclosed]] b"),
        ("a ]] b }} c |} d", "a ]] b }} c |} d"),
        ("{{a [[b}} c]] d", "c]] d"),
        ("[[a|{{b]] c", "{{b c"),
        ("{{{{{a}}}}} b", "b"),
        ("{{{a}}} b", "b"),
        ("a <!-- never closed b", "a"),
        ("a <ref>never closed b", "a never closed b"),
        ("a<ref>b<ref>c</ref>d", "ad"),
        ("[[a|]] [[b#c]] [[d|e|f]]", "a b#c e|f"),
        ("[//x.org y] [https://x.org] [not a link]", "y [not a link]"),
        ("{|\n|a\nno end\n== b ==\nc", "no end\n\nb\n\nc"),
        ("=\n==\n===\n= a\na =", "=\n==\n===\n= a\na ="),
        ("======= deep =======\nx", "= deep =\n\nx"),
        ("''a'' '''b''' '''''c''''' ''''d", "a b c 'd"),
        ("&lt;b&gt; &copying &#65;&#x42; &nosuch;", "<b> &copying AB &nosuch;"),
        ("[[Image:a.png]] [[Imagen:b.JPG|x]] [[wikt:word|word]] [[zh-min-nan:x]]", "word"),
        ("[[a|<!-- b -->]]", "a"),
        ("x\n\n\n\n\ny", "x\n\ny"),
        ("a\0b <math>c\0d</math>", "a b $c d$"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_broken_or_rare(source, text):
    assert text_of(source) == text


@pytest.mark.parametrize("seed", range(20))
def test_plain_pages_have_the_words_that_mwparserfromhell_finds(seed):
    rng = random.Random(seed)

    def words(count=3):
        return " ".join(f"w{rng.randrange(1000)}" for _ in range(count))

    def piece(in_link=False):
        """A link inside a link is none in MediaWiki, and a label that is a template alone shows what the template makes."""
        plain = [
            words(),
            f"'''{words()}'''",
            f"''{words()}''",
            f"<b>{words()}</b>",
            f"<!-- {words()} -->",
            f"{{{{t|{words()}|k=[[a|b]]}}}}",
        ]
        if in_link:
            return rng.choice(plain)
        link = f"[[{words()}|{words(1)} {piece(in_link=True)}]]"
        return rng.choice([*plain, link, f"{{{{t|{link}|{{{{u}}}}}}}}", f"[[{words()}]]", f"[http://x.org/{rng.randrange(9)} {words()}]"])

    source = "\n\n".join(" ".join(piece() for _ in range(8)) for _ in range(20))
    assert text_of(source).split() == mwparserfromhell.parse(source).strip_code().split()


_MARKS = st.sampled_from(["[[", "]]", "{{", "}}", "{|", "|}", "|", "\n", "'''", "<ref>", "</ref>", "<math>", "</math>", "<!--", "-->", "=", "==",
                          "*", "[http://a ", "]", "a", " ", "&amp;", "File:", "(", ")", "<nowiki>",
                          "</nowiki>", "{{{", "}}}", "\0", "\ud800"])  # fmt: skip


@given(st.one_of(st.text(), st.lists(_MARKS, max_size=60).map("".join)))
@example("{{" * 500 + "[[" * 500)
def test_every_text_gives_a_text(source):
    assert "\0" not in text_of(source)


@pytest.mark.parametrize(
    "markup",
    ["[[", "{{", "{|\n", "<ref>", "[http://a ", "<b>", "{{a|[[b|", "<x>[[{{x}} ", "]]", "}}", "[[a|", "<!--",
     "<math>", "\n=", "( ", "__a", "<", "</ref", "[[a\n"],
)  # fmt: skip
def test_hostile_markup_ends_in_linear_time(markup):
    assert_linear(text_of, markup)


def test_links_inside_links_cost_their_depth_at_most():
    def seconds(count):
        began = time.process_time()
        text_of("[[a|" * count + "b " * 50 * count + "c]]" * count)
        return time.process_time() - began

    seconds(100)
    assert seconds(40_000) < 24 * seconds(5000) + 0.5
