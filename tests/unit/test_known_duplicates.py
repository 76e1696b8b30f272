"""What the benchmarks of deduplication are made of: known copies, made sketches, and the judgement of a choice of removals."""

import json
import re
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from corpusmill.dedup.curve import similarity
from corpusmill.dedup.packing import low_bytes

from benchmarks import near_copies
from benchmarks.duplicate_quality import SURE, UNLIKE, Truth
from benchmarks.made_sketches import BANDS, ROWS, band_hashes, made_rows, sketch_values
from benchmarks.near_copies import BLOCK, Pool, make_block
from benchmarks.scans import scans


@pytest.fixture(scope="module")
def pool():
    rng = np.random.default_rng(7)
    words = pa.array([f"w{number}x" for number in range(5000)])
    starts = np.concatenate([[0], np.cumsum(rng.integers(6, 20, size=4000))])
    return Pool(words, rng.integers(0, 5000, size=starts[-1]).astype(np.int32), starts)


@pytest.fixture(scope="module")
def block(pool):
    return pa.Table.from_batches([make_block(pool, 3, 1)])


def shingles(text):
    words = text.split()
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def jaccard(one, other):
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b)


def test_a_block_is_a_function_of_seed_and_number(pool, block):
    assert make_block(pool, 3, 1).equals(block.to_batches()[0])
    assert not make_block(pool, 4, 1).column("text").equals(block.column("text").combine_chunks())
    ids = block.column("id").to_pylist()
    assert ids == [f"{BLOCK + row:09d}" for row in range(BLOCK)]


def test_copies_are_of_the_source_they_name_and_spread_over_the_similarities(block):
    rows = {row["id"]: row for row in block.to_pylist()}
    found = []
    for row in rows.values():
        if row["source"]:
            source = rows[row["source"]]
            assert source["source"] is None
            assert source["family"] == row["family"]
            found.append(jaccard(row["text"], source["text"]))
    assert 0.4 * BLOCK < len(found) < 0.6 * BLOCK
    exact = np.mean(np.array(found) == 1)
    # .15 are meant to be, and of some others no word is edited.
    assert 0.15 < exact < 0.25
    near = np.array(found)[np.array(found) < 1]
    shares = np.histogram(near, bins=[0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])[0] / len(near)
    assert np.all(np.abs(shares[1:] - 1 / 6) < 0.06)
    assert np.mean(near < 0.4) < 0.1


def test_originals_are_distinct(block):
    texts = [row["text"] for row in block.to_pylist() if row["source"] is None]
    assert len(set(texts)) == len(texts)
    assert max(jaccard(one, other) for one, other in combinations(texts[:100], 2)) < 0.4


def test_the_rates_of_edits_follow_from_the_similarity(pool):
    rng = np.random.default_rng(0)
    tokens, starts = near_copies._originals(pool, rng, 40)
    lengths = np.diff(starts)
    for wanted in (0.5, 0.8, 0.95):
        rate = 1 - (2 * wanted / (1 + wanted)) ** (1 / 5)
        edited, after = near_copies._edited(tokens, lengths, np.full(40, rate), 5000, rng)
        ends, new_ends = np.cumsum(lengths), np.cumsum(after)
        assert new_ends[-1] == len(edited)
        found = [
            jaccard(" ".join(map(str, tokens[end - size : end])), " ".join(map(str, edited[new_end - new_size : new_end])))
            for end, size, new_end, new_size in zip(ends, lengths, new_ends, after, strict=True)
        ]
        assert abs(np.mean(found) - wanted) < 0.05


def literal(documents, removed):
    """The definition, pair by pair over all documents of a family."""
    texts = {row["id"]: re.sub(r"\d", "0", row["text"]) for row in documents}
    families = {row["id"]: row["family"] for row in documents}
    order = [row["id"] for row in documents]
    kept = [name for name in order if name not in removed]
    sure = found = unlike = 0
    for place, name in enumerate(order):
        near = [jaccard(texts[name], texts[other]) for other in kept if other != name and families[other] == families[name]]
        if name in removed:
            named = removed[name]
            best = max([0.0, *near, *([jaccard(texts[name], texts[named])] if named else [])])
            found += best >= SURE
            sure += best >= SURE
            unlike += best < UNLIKE
        else:
            earlier = [other for other in order[:place] if other in kept and families[other] == families[name]]
            sure += any(jaccard(texts[name], texts[other]) >= SURE for other in earlier)
    return sure, found, len(removed), unlike


@pytest.mark.parametrize("seed", range(3))
def test_a_choice_is_judged_as_defined(block, seed):
    rng = np.random.default_rng(seed)
    table = block.take(pa.array(np.flatnonzero(block.column("family").to_numpy() < BLOCK + 60)))
    rows = table.to_pylist()
    removed = {row["id"]: row["source"] if seed else None for row in rows if rng.random() < 0.4}
    if seed == 2:
        removed[rows[0]["id"]] = next(row["id"] for row in rows if row["family"] != rows[0]["family"])
    quality = Truth(table).judge(removed)
    assert (quality.sure, quality.found, quality.removed, quality.unlike) == literal(rows, removed)


def estimated(rows, one, other):
    low = low_bytes(pa.array([rows[one]["values"], rows[other]["values"]])).to_pylist()
    equal = sum(a == b for a, b in zip(*low, strict=True))
    return similarity(np.array([equal]), BANDS * ROWS)[0]


@pytest.mark.parametrize(("shape", "least", "most"), [("bucket", 0.8, 1.0), ("band", 0.0, 0.2)])
def test_made_sketches_share_the_first_band_and_are_distinct(shape, least, most):
    (batch,) = made_rows(iter([pa.RecordBatch.from_pydict({"id": np.arange(3000)})]), shape)
    rows = batch.to_pylist()
    assert len({row["bands"][0] for row in rows}) == 1
    assert len({row["values"] for row in rows}) == len({row["doc_id"] for row in rows}) == len({row["text_hash"] for row in rows}) == 3000
    found = [estimated(rows, one, other) for one, other in zip(range(0, 3000, 7), range(1, 3000, 7), strict=False)]
    assert least <= min(found)
    assert max(found) <= most


def test_growing_sketches_repeat_earlier_ones_of_any_snapshot():
    numbers = np.arange(4000, dtype=np.uint64)
    values = sketch_values(numbers, "growing")
    assert np.array_equal(values[3000:], sketch_values(numbers[3000:], "growing"))
    buckets = {}
    for number, bands in enumerate(band_hashes(values)):
        for band, value in enumerate(bands.tolist()):
            buckets.setdefault((band, value), []).append(number)
    sharing = {number for members in buckets.values() for number in members[1:]}
    assert 0.28 * 4000 < len(sharing) < 0.32 * 4000
    assert any(members[0] < 3000 <= members[-1] for members in buckets.values())


def test_bands_are_equal_where_all_their_values_are():
    values = sketch_values(np.arange(50, dtype=np.uint64), "bucket")
    hashes = band_hashes(values)
    banded = values.reshape(50, BANDS, ROWS)
    assert np.array_equal(hashes[:, None] == hashes[None], (banded[:, None] == banded[None]).all(axis=3))


def test_scans_are_read_from_the_event_log(tmp_path):
    kind = "org.apache.spark.sql.execution.ui.SparkListener"
    root = tmp_path / "store"

    def node(path, schema, number, children=()):
        metadata = {"Location": f"PreparedDeltaFileIndex(1 paths)[file:{path}]", "ReadSchema": schema}
        metrics = [{"name": "size of files read", "accumulatorId": number}, {"name": "number of files read", "accumulatorId": number + 1}]
        return {"metadata": metadata, "metrics": metrics, "children": list(children)}

    inner = node(root / "history", "struct<band:int,hash:binary>", 10)
    plan = {
        "metrics": [],
        "children": [node(root / "signals", "struct<doc_id:string,sketch:struct<values:binary,b:array<bigint>>>", 20, [inner])],
    }
    later = node(root / "history" / "_delta_log", "struct<add:string>", 40)
    events = [
        {"Event": f"{kind}SQLExecutionStart", "executionId": 1, "time": 5000, "sparkPlanInfo": plan},
        {"Event": f"{kind}SQLAdaptiveExecutionUpdate", "executionId": 1, "sparkPlanInfo": plan},
        {"Event": f"{kind}DriverAccumUpdates", "executionId": 1, "accumUpdates": [[10, 700], [11, 2], [20, 50]]},
        {"Event": f"{kind}SQLExecutionStart", "executionId": 2, "time": 6000, "sparkPlanInfo": later},
        {"Event": f"{kind}DriverAccumUpdates", "executionId": 2, "accumUpdates": [[40, 999]]},
        {"Event": f"{kind}SQLExecutionStart", "executionId": 3, "time": 9000, "sparkPlanInfo": inner},
        {"Event": f"{kind}DriverAccumUpdates", "executionId": 3, "accumUpdates": [[10, 900]]},
    ]
    log = tmp_path / "events" / "eventlog_v2_local"
    log.mkdir(parents=True)
    (log / "events_1_local").write_text("".join(json.dumps(event) + "\n" for event in events))
    found = scans(tmp_path / "events", root, 4, 7)
    assert {table: (scanned.bytes, list(scanned.columns)) for table, scanned in found.items()} == {
        "signals": (50, ["doc_id", "sketch"]),
        "history": (700, ["band", "hash"]),
    }
