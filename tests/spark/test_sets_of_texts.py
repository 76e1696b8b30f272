"""Sets of shingles over tables: of the texts that sketches are made of, for the documents that are named alone, and text is never shuffled."""

import numpy as np
import pyarrow as pa
import pytest
from corpusmill.dedup.order import order_key
from corpusmill.dedup.packing import to_sets
from corpusmill.dedup.shingle_sets import ShingleSets, shingle_sets
from corpusmill.kernels import minhash
from corpusmill.measure.measure_documents import MeasureStage
from corpusmill.measure.measured_text import line_edits
from corpusmill.settings import EditSettings, MeasureSettings
from corpusmill.tables import Documents, Signals
from narrow_rows import document, frame
from pyspark.sql import functions as F

from tests.unit.kernels import twins

pytestmark = pytest.mark.connect

BODY = "It is a page like any other page. It has the same words, and has the same words again. Write to jane@example.org for more."
LINES = [
    BODY + "\nMenu | Home | About us and more of it",
    BODY,
    "\n".join(["Call +1 202-555-0143 now or never, please.", "no full stop here", BODY]),
    "Too short.",
    "",
    "我们去北京天安门看升旗。" * 3,
    BODY + " It is not asked for.",
]
DOCUMENTS = [document(n, text, chunk=n % 2) for n, text in enumerate(LINES)]
ASKED = range(6)
EDITS = EditSettings(lines=("c4",), spans=("email", "phone"))
SETTINGS = MeasureSettings(shingle_words=3)


def key(number):
    return order_key(0, 10, f"{number:032x}")


@pytest.fixture
def measured(store):
    """Documents and signals as tables of the store, read."""
    from corpusmill.slices import EVERYTHING

    store.replace(Documents, frame(store, Documents, DOCUMENTS), EVERYTHING)
    documents = store.read(Documents)
    store.replace(Signals, MeasureStage(edits=EDITS, measure=SETTINGS)(documents), EVERYTHING)
    return documents, store.read(Signals)


def chosen(signals):
    ids = [f"{number:032x}" for number in ASKED]
    keys = F.unhex(F.concat(F.lit(key(0)[:8].hex()), Signals.doc_id)).alias(ShingleSets.key)
    columns = [F.col(c) for c in (Signals.snapshot, Signals.doc_id, Signals.text_digest)]
    return signals.where(F.col(Signals.doc_id).isin(ids)).select(*columns, line_edits().alias(Signals.edits), keys)


def lines_view(text):
    """What C4's rule leaves of these texts: the lines that end in a full stop."""
    return "\n".join(line for line in text.split("\n") if line.endswith("."))


def test_sets_are_of_the_texts_that_were_sketched(measured):
    documents, signals = measured
    found = {
        bytes(row[ShingleSets.key]): bytes(row[ShingleSets.shingles])
        for row in shingle_sets(documents, chosen(signals), SETTINGS.shingle_words).collect()
    }
    assert set(found) == {key(number) for number in ASKED}
    sketches = {row.doc_id: bytes(row.values) for row in signals.select("doc_id", "sketch.values").collect()}
    a, b = minhash.permutations(112)
    for number in ASKED:
        _, values = to_sets(pa.array([found[key(number)]]))
        if number < 5:
            assert values.tolist() == sorted(set(twins.shingles(lines_view(LINES[number]), 3)))
        minima = np.full(112, 2**61 - 1, np.uint64)
        minhash.lower_minima(values.copy(), len(values), a, b, minima) if len(values) else None
        assert sketches[f"{number:032x}"] == (minima.tobytes() if len(values) else b"")
    assert found[key(1)], "a page has shingles"
    assert (found[key(3)], found[key(4)]) == (b"", b"")


def test_text_is_not_shuffled(measured):
    from test_publish import plan, shuffled_columns

    documents, signals = measured
    text = plan(shingle_sets(documents, chosen(signals), SETTINGS.shingle_words))
    assert "BroadcastHashJoin" in text
    assert not [columns for columns in shuffled_columns(text) if "text#" in columns], text
