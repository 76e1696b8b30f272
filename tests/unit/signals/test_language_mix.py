"""Languages by line: weights against a plain sum, the script against the regex package, and pages of two languages."""

from collections import Counter

import numpy as np
import pyarrow as pa
import regex
from corpusmill.kernels.label_weights import weigh_labels
from corpusmill.kernels.scripts import SCRIPTS
from corpusmill.signals.language_mix import FAMILY
from corpusmill.text.batch import TextBatch
from corpusmill.text.languages import detect_languages
from corpusmill.text.views import make_views
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

GERMAN = "Alle Menschen sind frei und gleich an Würde und Rechten geboren."
ENGLISH = "All human beings are born free and equal in dignity and rights."
RUSSIAN = "Все люди рождаются свободными и равными в своём достоинстве и правах."


def measured(*texts):
    return FAMILY.measure(make_views(pa.array(texts, pa.string()), [])).to_pylist()


def test_a_page_of_two_languages():
    (values,) = measured(f"{ENGLISH}\n\n{ENGLISH}\n{GERMAN}\n")
    german, english = len(GERMAN), 2 * len(ENGLISH)
    assert values == {"code": "en", "share": english / (english + german), "switched": german / (english + german), "script": "Latn"}


def test_short_lines_say_nothing_of_the_language():
    (values,) = measured(f"Home\n2024\nDie Post\n{ENGLISH}\n{ENGLISH}\nAbout us\n{GERMAN[:29]}\n")
    assert values == {"code": "en", "share": 1.0, "switched": 0.0, "script": "Latn"}
    (values,) = measured("Home\n2024")
    assert (values["code"], values["share"], values["switched"]) == ("und", 0.0, 0.0)
    (values,) = measured(f"{ENGLISH}\n{GERMAN[:30]}")
    assert values["switched"] == 30 / (30 + len(ENGLISH))


def test_most_of_the_text_decides_and_not_its_beginning():
    text = f"{ENGLISH * 20}\n" + f"{RUSSIAN}\n" * 100
    (values,) = measured(text)
    assert (values["code"], values["script"]) == ("ru", "Cyrl")
    assert values["switched"] > 0.5
    assert detect_languages(TextBatch(pa.array([text])), 1000).codes.to_pylist() == ["en"]


def test_a_line_is_judged_by_itself():
    """The texts stand one behind the other in one buffer."""
    assert [values["code"] for values in measured(ENGLISH, GERMAN, "", RUSSIAN)] == ["en", "de", "und", "ru"]


@given(st.lists(st.lists(st.tuples(st.integers(-1, 4), st.integers(1, 9)), max_size=8), min_size=1, max_size=5), st.integers(0, 4))
@effort(max_examples=200, deadline=None)
def test_weights_are_plain_sums(documents, own):
    parts = [part for document in documents for part in document]
    first = np.cumsum([0, *map(len, documents)])
    labels, weights = (np.array([part[k] for part in parts], np.int32) for k in (0, 1))
    found, sums = weigh_labels(first, labels, weights, np.full(len(documents), own, np.int32), 5)
    for document, label, row in zip(documents, found.tolist(), sums.tolist(), strict=True):
        totals = Counter()
        for part, weight in document:
            if part >= 0:
                totals[part] += weight
        assert label == min(totals, key=lambda part: (-totals[part], part), default=-1)
        assert row == [totals.total(), totals[label], totals.total() - totals[own]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12), min_size=1, max_size=8))
@effort(max_examples=100, deadline=None)
def test_the_script_is_that_of_most_letters(texts):
    for text, values in zip(texts, measured(*texts), strict=True):
        letters = "".join(filter(str.isalpha, text))
        counts = {code: len(regex.findall(rf"\p{{Script={code}}}", letters)) for code in SCRIPTS[1:]}
        best = max(counts.values())
        assert values["script"] == (next(code for code in SCRIPTS[1:] if counts[code] == best) if best else "Zzzz")
