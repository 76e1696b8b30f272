"""MinHash golden vectors: values that datatrove v0.10.0 itself printed (reference/corpus.md, section 2.5)."""

import hashlib
import random
import string
import struct

import numpy as np
import pyarrow as pa
import pytest
import xxhash
from corpusmill.kernels import minhash, shingles
from corpusmill.settings import MeasureSettings
from corpusmill.text.batch import TextBatch
from corpusmill.text.sketches import sketch_texts

from tests.unit.kernels import twins

FOX = "the quick brown fox jumps over the lazy dog"


def sketch(text):
    texts = TextBatch(pa.array([text]))
    found = shingles.sketch(texts.data, texts.offsets, 5, 14, 8, 112, "minhash")
    return found.values[0].tolist(), int(found.shingles[0])


def test_permutations():
    a, b = minhash.permutations(112)
    assert a[:3].tolist() == [775169054918279404, 1758426461858698313, 2109959069025162]
    assert b[:3].tolist() == [1062448801025099917, 1324811268927594100, 1217488311597731462]


@pytest.mark.parametrize("text", [FOX, "The quick, brown FOX jumps over the lazy dog!"])
def test_signature(text):
    values, count = sketch(text)
    assert count == 5
    assert values[:3] == [85330943174081874, 663359892825767826, 302227827184868053]


def test_shingle():
    assert twins.shingles(FOX, 5)[0] == xxhash.xxh64_intdigest(b"the quick brown fox jumps") == 7797000677988824208


@pytest.mark.parametrize("text", ["one two three four", "", "...", "a b c d !"])
def test_fewer_than_five_words_give_no_sketch(text):
    assert sketch(text)[1] == 0


def test_chinese_where_our_segmentation_differs():
    """datatrove: no shingle, its English tokenizer (spaCy) takes the sentence as one word. Ours: each ideograph is a segment (UAX #29)."""
    datatrove, ours = 0, 7
    assert sketch("我们去北京天安门看升旗")[1] == ours != datatrove


def test_signature_of_sha1_hashes():
    """FineWeb's own run hashed with 64 bits of SHA-1; ours has XXH64 alone, so this is the arithmetic after the hash."""
    words = FOX.split()
    hashes = [struct.unpack("<Q", hashlib.sha1(" ".join(words[i : i + 5]).encode()).digest()[:8])[0] for i in range(5)]
    assert hashes[0] == 12313522834835307089
    a, b = minhash.permutations(112)
    values = np.full(112, minhash.MERSENNE)
    minhash.lower_minima(np.array(hashes, np.uint64), 5, a, b, values)
    assert values[:3].tolist() == [585594454516184072, 284080765670708113, 594234408324153881]


def test_both_spellings_have_the_same_shingles():
    other = "The quick, brown FOX jumps over the lazy dog!"
    assert twins.shingles(FOX, 5) == twins.shingles(other, 5)
    assert sketch(FOX) == sketch(other)


@pytest.mark.parametrize("text", ["one two three four", ""])
def test_without_a_shingle_there_is_no_signature(text):
    assert sketch_texts(TextBatch(pa.array([text])), MeasureSettings()).to_pylist() == [{"values": b"", "bands": []}]


def test_unrelated_documents_share_no_bucket():
    """Of 100 such, datatrove's SingleBloomFilter drops 99 (m_bytes = 2^20) or 98 (1,000,000); none only where m_bytes is 2^k - 1."""
    choose = random.Random(0)
    # Letters alone: simplify_text makes 0 of every number.
    texts = [" ".join("".join(choose.choices(string.ascii_lowercase, k=8)) for _ in range(50)) for _ in range(100)]
    bands = sketch_texts(TextBatch(pa.array(texts)), MeasureSettings()).field("bands").to_pylist()
    assert len({(band, hashed) for row in bands for band, hashed in enumerate(row)}) == 100 * 14


def test_fourteen_bands_of_eight():
    settings = MeasureSettings()
    assert (settings.shingle_words, settings.bands, settings.rows) == (5, 14, 8)
    assert [array.shape for array in minhash.permutations(settings.bands * settings.rows)] == [(112,), (112,)]
    assert round((1 / settings.bands) ** (1 / settings.rows), 2) == 0.72
