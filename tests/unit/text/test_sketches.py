"""Sketches as they are stored: how many values, which bands, and the memory of nine thousand values."""

import resource

import numpy as np
import pyarrow as pa
import pytest
from corpusmill.settings import MeasureSettings
from corpusmill.text.batch import TextBatch
from corpusmill.text.sketches import SKETCH, sketch_texts

FOX = "the quick brown fox jumps over the lazy dog"


def stored(*texts, **settings):
    found = sketch_texts(TextBatch(pa.array(texts, pa.string())), MeasureSettings(**settings))
    assert found.type == SKETCH
    return found.to_pylist()


@pytest.mark.parametrize(
    ("preset", "kept", "bands"), [("fineweb", 112, 14), ("slimpajama", 117, 9), ("dclm", 128, 93), ("refinedweb", 128, 450)]
)
@pytest.mark.parametrize("method", ["minhash", "fast_similarity"])
def test_the_first_values_are_stored_and_all_bands(preset, kept, bands, method):
    text = f"{FOX} {FOX} and away"
    short, empty, whole = stored(text, "a b c", text, preset=preset, sketch=method)
    assert (len(short["values"]), len(short["bands"])) == (8 * kept, bands)
    assert empty == {"values": b"", "bands": []}
    assert whole == short
    (full,) = stored(text, preset=preset, sketch=method, verify_values=100_000)
    assert len(full["values"]) == 8 * MeasureSettings(preset=preset).rows * bands
    assert full["values"].startswith(short["values"])
    assert full["bands"] == short["bands"]


def test_sketches_of_the_two_methods_have_no_band_in_common():
    (one,), (other,) = stored(FOX), stored(FOX, sketch="fast_similarity")
    assert not set(one["bands"]) & set(other["bands"])
    assert not set(np.frombuffer(one["values"], "<u8")) & set(np.frombuffer(other["values"], "<u8"))


@pytest.mark.parametrize("method", ["minhash", "fast_similarity"])
def test_nine_thousand_values_of_five_megabytes_in_one_line_take_a_few_times_the_text(method):
    """reference/corpus.md section 4, row 4: shingles x values x 8 bytes would be 11 GB."""
    text = "".join(
        f"{chr(97 + i % 26) * 27}{chr(97 + i // 26 % 26)}{chr(97 + i // 676 % 26)}{chr(97 + i // 17576)} " for i in range(160_000)
    )
    assert len(text) > 4_900_000
    batch = TextBatch(pa.array([text]))
    settings = MeasureSettings(preset="refinedweb", sketch=method)
    sketch_texts(TextBatch(pa.array([FOX])), settings)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (found,) = sketch_texts(batch, settings).to_pylist()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert (len(found["values"]), len(set(found["bands"]))) == (8 * 128, 450)
    assert grown < 20 * len(text)


def test_many_short_texts_take_what_is_stored_of_them():
    """Two thousand sketches of 9,000 values would be 144 MB; 128 values and 450 bands are 9 MB."""
    settings = MeasureSettings(preset="refinedweb", sketch="fast_similarity")
    batch = TextBatch(pa.array([f"{FOX} {chr(97 + i % 26)}{chr(97 + i // 26 % 26)}{chr(97 + i // 676)}" for i in range(2000)]))
    sketch_texts(TextBatch(pa.array([FOX])), settings)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(sketch_texts(batch, settings)) == 2000
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 70_000_000
