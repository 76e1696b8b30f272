"""Small random cases for deduplication, packed into one frame, and the literal sequential definition that judges them."""

import hashlib
import random
import struct
from collections import defaultdict
from dataclasses import dataclass

import networkx

BANDS, ROWS = 5, 3
VALUES = BANDS * ROWS
THRESHOLD = 0.6
SCHEMA = (
    "doc_id string, snapshot string, chunk int, counts struct<words:bigint>, "
    "text_hash binary, sketch struct<values:binary,bands:array<bigint>>"
)


@dataclass(frozen=True)
class Doc:
    doc_id: str
    words: int
    text: bytes
    values: tuple[int, ...]
    bands: tuple[int, ...]
    chunk: int = 0

    @property
    def order(self):
        return -self.words, self.doc_id

    def row(self, snapshot):
        packed = struct.pack(f"<{len(self.values)}Q", *self.values)
        return self.doc_id, snapshot, self.chunk, (self.words,), self.text, (packed, list(self.bands))


def doc(case, number, words, values, text=None):
    """A document of one case: its ids, hashes and buckets are those of no other case."""
    digest = hashlib.blake2b(f"{case}/{number}".encode(), digest_size=12).hexdigest()
    slices = [values[i * ROWS : (i + 1) * ROWS] for i in range(len(values) // ROWS)]
    bands = tuple(int.from_bytes(hashlib.blake2b(f"{case}/{s}".encode(), digest_size=8).digest(), "little", signed=True) for s in slices)
    text_hash = hashlib.blake2b(f"{case}/{text or number}".encode(), digest_size=16).digest()
    return Doc(f"{case:08x}{digest}", words, text_hash, tuple(values), bands, chunk=number % 2)


def fresh(rng):
    return [rng.getrandbits(64) for _ in range(VALUES)]


def changed(rng, values, count):
    """A copy with `count` values replaced."""
    copy = list(values)
    for position in rng.sample(range(VALUES), count):
        copy[position] = rng.getrandbits(64)
    return copy


def chain(rng, size):
    """Each is near the one before, and few are near the one before that."""
    values = [fresh(rng)]
    while len(values) < size:
        values.append(changed(rng, values[-1], 4))
    return values


def star(rng, size):
    centre = fresh(rng)
    return [centre, *(changed(rng, centre, 4) for _ in range(size - 1))]


def clique(rng, size):
    centre = fresh(rng)
    return [changed(rng, centre, rng.randint(0, 2)) for _ in range(size)]


def boilerplate(rng, size):
    """All share their first band and nothing else, but for some near pairs."""
    shared, values = fresh(rng)[:ROWS], []
    while len(values) < size:
        values.append(shared + (changed(rng, values[-1], 3) if values and rng.random() < 0.3 else fresh(rng))[ROWS:])
    return values


def mixture(rng, size):
    """Each comes from any earlier one or from nowhere."""
    values = [fresh(rng)]
    while len(values) < size:
        values.append(changed(rng, rng.choice(values), rng.randint(0, 6)) if rng.random() < 0.85 else fresh(rng))
    return values


SHAPES = (chain, star, clique, boilerplate, mixture)


def random_case(case, size=None):
    """Documents of one seeded case, with equal texts, empty sketches and ties in the order among them."""
    rng = random.Random(case)
    values = SHAPES[case % len(SHAPES)](rng, size or rng.randint(2, 14))
    if case % 3 == 0:
        values += [rng.choice(values) for _ in range(2)]
    docs = []
    for number, sketch in enumerate(values):
        text = rng.choice(["same", "other"]) if rng.random() < 0.15 else None
        docs.append(doc(case, number, rng.randint(1, 12), [] if rng.random() < 0.07 else sketch, text))
    return docs


def path(case, size):
    """A chain in its own order, each near the one before and none two apart: the worst case for rounds."""
    rng = random.Random(case)
    values, docs = fresh(rng), []
    for number in range(size):
        docs.append(doc(case, number, 10 * size - number, values))
        first, values = number % BANDS * ROWS, list(values)
        for position in range(first, first + 5):
            values[position % VALUES] = rng.getrandbits(64)
    return docs


def short_texts(case):
    """reference/corpus.md section 4, rows 1 and 2: too short for a sketch. The last goes, and nothing else."""
    return [doc(case, number, 9 - number, [], text=text) for number, text in enumerate(["a", "b", "hello there", "hello there"])]


def distinct(case, size):
    rng = random.Random(case)
    return [doc(case, number, 50, fresh(rng)) for number in range(size)]


def twins_in_a_bucket(case, before):
    """A bucket of `before` unlike documents and two that are near each other and share no other bucket."""
    rng = random.Random(case)
    values = [[1, 2, 3, *fresh(rng)[ROWS:]] for _ in range(before + 1)]
    last = [value ^ (position >= ROWS and position % ROWS == 0) for position, value in enumerate(values[-1])]
    return [doc(case, number, 100 - number, sketch) for number, sketch in enumerate([*values, last])]


def similarity(left, right):
    equal = sum(a & 255 == b & 255 for a, b in zip(left.values, right.values, strict=True))
    return (equal / VALUES - 1 / 256) * 256 / 255


def jaccard(left, right):
    """Of the values as sets of shingles."""
    left, right = set(left.values), set(right.values)
    return len(left & right) / len(left | right)


def containment(left, right):
    left, right = set(left.values), set(right.values)
    return len(left & right) / min(len(left), len(right))


def sequential(docs, threshold=THRESHOLD, history=(), order=lambda d: d.order, alike=similarity):
    """The definition, literally: {doc_id: (duplicate_of, similarity, kind)}. `history`: {text hash: doc_id} of earlier snapshots."""
    history, first_of_text, answers, kept_in = dict(history), {}, {}, defaultdict(list)
    for this in sorted(docs, key=order):
        if this.text in history:
            answers[this.doc_id] = (history[this.text], 1.0, "exact")
            continue
        if this.text in first_of_text:
            first = first_of_text[this.text]
            answers[this.doc_id] = answers.get(first.doc_id, (first.doc_id, 1.0, "exact"))
            continue
        first_of_text[this.text] = this
        kept = {k.doc_id: k for bucket in enumerate(this.bands) for k in kept_in[bucket]}
        similar = [k for k in kept.values() if alike(this, k) >= threshold]
        if similar:
            keeper = min(similar, key=order)
            answers[this.doc_id] = (keeper.doc_id, alike(this, keeper), "near")
        else:
            for bucket in enumerate(this.bands):
                kept_in[bucket].append(this)
    return answers


def components(docs, threshold=THRESHOLD, alike=similarity):
    """As `sequential`, of the parity mode: networkx's connected components over all verified pairs."""
    first_of_text, answers, buckets, graph = {}, {}, defaultdict(list), networkx.Graph()
    ordered = sorted(docs, key=lambda d: d.order)
    for this in ordered:
        if first_of_text.setdefault(this.text, this) is not this:
            continue
        for bucket in enumerate(this.bands):
            graph.add_edges_from((this.doc_id, other.doc_id) for other in buckets[bucket] if alike(this, other) >= threshold)
            buckets[bucket].append(this)
    by_id = {d.doc_id: d for d in docs}
    for linked in networkx.connected_components(graph):
        first = min((by_id[i] for i in linked), key=lambda d: d.order)
        for i in linked - {first.doc_id}:
            answers[i] = (first.doc_id, alike(by_id[i], first), "near")
    for this in ordered:
        first = first_of_text[this.text]
        if first is not this:
            answers[this.doc_id] = answers.get(first.doc_id, (first.doc_id, 1.0, "exact"))
    return answers
