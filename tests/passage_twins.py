"""Repeated passages in plain Python, and a suffix array: what is deleted from texts in order, as (start, end) in characters of ASCII text."""

import re

import numpy as np

WORD = re.compile(r"[a-z]+(?:\.[a-z]+)*|\.")
"""Unicode breaks no word at a full stop between letters."""
SENTENCE = re.compile(r"(?=\S).*?(?:(?<!^[a-z])(?<![^a-z][a-z])(?<!\.)\.(?=\s)|$)")
"""A sentence ends with its line, or with one full stop before white space and not after a single letter."""


def simplified(text):
    return " ".join(re.findall(r"[a-z]+", text))


def tiles(starts, size):
    """[start, end) of pieces that begin there; the first from 0, the last to the end."""
    if not starts:
        return []
    begins = [0, *starts[1:]]
    return list(zip(begins, [*begins[1:], size], strict=True))


def lines(text, characters):
    found = [(m.start(), m[0]) for m in re.finditer(r"[^\n]*(?:\n|\Z)", text) if m[0] or m.start() == len(text)]
    found = [(start, line) for start, line in found if simplified(line)]
    pieces = tiles([start for start, _ in found], len(text))
    kept = zip(pieces, (line for _, line in found), strict=True)
    return [(*piece, simplified(line)) for piece, line in kept if len(line.strip()) >= characters]


def paragraphs(text, characters):
    stripped = text.strip()
    first = text.index(stripped) if stripped else 0
    pieces, place = [], first
    for part in re.split(r"(\n{2,})", stripped):
        if not part.startswith("\n\n") and part:
            pieces.append((place, part))
        place += len(part)
    spans = tiles([start for start, _ in pieces], len(text))
    return [(*span, part) for span, (_, part) in zip(spans, pieces, strict=True) if len(part) >= characters]


def sentences(text, length):
    found = []
    for line in re.finditer(r"[^\n]+", text):
        for m in SENTENCE.finditer(line[0]):
            if simplified(m[0]):
                found.append((line.start() + m.start(), simplified(m[0])))
    spans = tiles([start for start, _ in found], len(text))
    return runs(spans, [words for _, words in found], length)


def runs(spans, values, length):
    return [(spans[k][0], spans[k + length - 1][1], tuple(values[k : k + length])) for k in range(len(spans) - length + 1)]


def tokens(text):
    found = list(WORD.finditer(text))
    return tiles([m.start() for m in found], len(text)), [m[0] for m in found]


def stretches(text, length):
    return runs(*tokens(text), length)


def united(spans):
    """Sorted spans, those that overlap or adjoin made one."""
    out = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def deleted(units):
    """For each document, in order, what goes of its passages [(start, end, value)]: those like an earlier one that they do not touch."""
    first, out = {}, []
    for number, found in enumerate(units):
        spans = []
        for start, end, value in found:
            document, before = first.setdefault(value, (number, end))
            if document != number or start >= before:
                spans.append((start, end))
        out.append(united(spans))
    return out


def suffix_array(values):
    """Places of all suffixes in their order, by doubling: int64[m] of int64[m]."""
    rank = np.unique(values, return_inverse=True)[1].astype(np.int64)
    step = 1
    while True:
        behind = np.full(len(rank), -1, np.int64)
        behind[: max(len(rank) - step, 0)] = rank[step:]
        order = np.lexsort((behind, rank))
        fresh = np.ones(len(rank), bool)
        fresh[1:] = (np.diff(rank[order]) != 0) | (np.diff(behind[order]) != 0)
        rank = np.empty(len(rank), np.int64)
        rank[order] = np.cumsum(fresh) - 1
        if fresh.all() or step > len(rank):
            return order
        step *= 2


def deleted_substrings(texts, length):
    """`deleted` of all stretches of tokens, by a suffix array over all texts."""
    parted = [tokens(text) for text in texts]
    names = {}
    values, document, place = [], [], []
    for number, (_, words) in enumerate(parted):
        values += [names.setdefault(word, len(names)) for word in words] + [-1 - number]
        document += [number] * (len(words) + 1)
        place += range(len(words) + 1)
    values = np.array(values, np.int64)
    order = suffix_array(values)
    size = np.bincount(document, minlength=len(texts))[document] - 1 - np.array(place)
    order = order[size[order] >= length]
    windows = np.lib.stride_tricks.sliding_window_view(values, length)
    fresh = np.ones(len(order), bool)
    for k in range(1, len(order)):
        fresh[k] = not np.array_equal(windows[order[k]], windows[order[k - 1]])
    group = np.cumsum(fresh) - 1
    first = np.full(len(order), len(values))
    np.minimum.at(first, group, order)
    spans = [[] for _ in texts]
    for k, g in zip(order.tolist(), group.tolist(), strict=True):
        f = int(first[g])
        if document[f] != document[k] or (f != k and f + length <= k):
            pieces = parted[document[k]][0]
            spans[document[k]].append((pieces[place[k]][0], pieces[place[k] + length - 1][1]))
    return [united(found) for found in spans]


def corpus(rng, size, mark):
    """Texts of about `size` bytes in all, with copied stretches, lines and paragraphs. `mark`: letters that keep its words apart from others'."""
    words = [mark + "".join(rng.choices("aeiou", k=rng.randint(1, 4))) for _ in range(rng.choice([2, 20, 200, 2000]))]
    pool, texts = [], []
    while sum(map(len, texts)) < size:
        parts = []
        for _ in range(rng.randint(1, 12)):
            kind = rng.random()
            if pool and kind < 0.4:
                old = pool[rng.randrange(len(pool))]
                begin = rng.randrange(len(old))
                parts.append(old[begin : begin + rng.randint(20, 1500)])
            elif kind < 0.5:
                parts.append((" ".join(rng.choices(words, k=rng.randint(1, 5))) + rng.choice([" ", ". ", "\n"])) * rng.randint(2, 80))
            else:
                count = rng.randint(1, 150)
                parts.append("".join(word + rng.choice([" "] * 12 + [". ", ".\n", "\n", "\n\n"]) for word in rng.choices(words, k=count)))
        texts.append(rng.choice(["", " "]).join(parts)[: rng.choice([300, 3000, 20000])])
        pool.append(texts[-1] or " ")
    return texts
