"""Language: fastText's label on the leading characters, and a declared value where there is nothing to look at."""

import pyarrow as pa
import pytest
from corpusmill.settings import MeasureSettings
from corpusmill.signals.language import FAMILY, UNKNOWN, detect
from corpusmill.text.views import make_views


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
    found, score = detect(text)
    assert found == code
    assert 0.65 < score <= 1.0


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "\u3000"])
def test_nothing_to_look_at(text):
    assert detect(text) == UNKNOWN


def test_newlines_are_blanks():
    text = "All human beings are born free\nand equal in dignity."
    assert detect(text) == detect(text.replace("\n", " "))


def test_looks_at_the_leading_characters_alone():
    text = "人人生而自由，在尊严和权利上一律平等。" + " The rest of this page is in English." * 50
    settings = {count: MeasureSettings(language_characters=count) for count in (19, 2000)}
    codes = {n: FAMILY.measure(make_views(pa.array([text]), []), s).field("code")[0].as_py() for n, s in settings.items()}
    assert codes == {19: "zh", 2000: "en"}
