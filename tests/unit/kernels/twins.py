"""Plain Python twins of the kernels, written from the definitions and not from the kernels: str in, lists out."""

import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import pairwise

import regex
import xxhash

# huggingface/datatrove v0.10.0, src/datatrove/utils/text.py.
MARKS = "!/—”:％１〈&(、━\\【#%「」，】；+^]~“《„';’{|∶´[=-`*．（–？！：$～«〉,><》)?）。…@_.\"}►»"
CONTROLS = "".join(map(chr, (*range(9), 11, 12, *range(13, 32), *range(127, 160))))
TO_SPACES = dict.fromkeys(map(ord, MARKS + CONTROLS), " ")
NUMBER = regex.compile(r"\p{Nd}+([.,،٫⎖⎗⎘]\p{Nd}+)?")
LETTERS = {"ALetter", "Hebrew_Letter"}
IGNORED = {"Extend", "Format", "ZWJ"}
ENDS = {"CR", "LF", "Newline"}
NAMES = (
    *("ALetter", "Hebrew_Letter", "Numeric", "Katakana", "ExtendNumLet", "MidLetter", "MidNum", "MidNumLet", "Single_Quote"),
    *("Double_Quote", "Regional_Indicator", "WSegSpace", "Extend", "Format", "ZWJ", "CR", "LF", "Newline"),
)


@cache
def word_break(character):
    return next((name for name in NAMES if regex.match(rf"\p{{Word_Break={name}}}", character)), "Other")


@cache
def is_pictographic(character):
    return bool(regex.match(r"\p{Extended_Pictographic}", character))


def is_boundary(text, i):
    """UAX #29, rules WB3 to WB999 in their order, at 0 < i < len(text)."""
    left, right = word_break(text[i - 1]), word_break(text[i])
    if left == "CR" and right == "LF":
        return False
    if left in ENDS or right in ENDS:
        return True
    if left == "ZWJ" and is_pictographic(text[i]):
        return False
    if left == right == "WSegSpace":
        return False
    if right in IGNORED:
        return False
    classes = [word_break(c) for c in text]
    before = [k for k in range(i) if classes[k] not in IGNORED or k == 0 or classes[k - 1] in ENDS]
    after = [k for k in range(i, len(text)) if classes[k] not in IGNORED]
    # What stands before WB4's X may not be reached over a line end, which is its own neighbour by WB3a and b.
    a = classes[before[-1]]
    a1 = classes[before[-2]] if len(before) > 1 else ""
    b = classes[after[0]]
    b1 = classes[after[1]] if len(after) > 1 else ""
    return not joins(a1, a, b, b1, [classes[k] for k in before])


def joins(a1, a, b, b1, before):
    """Rules WB5 to WB7c, then the others; `before`: the classes up to the place."""
    if a in LETTERS and b in LETTERS:
        return True
    if a in LETTERS and b in {"MidLetter", "MidNumLet", "Single_Quote"} and b1 in LETTERS:
        return True
    if a1 in LETTERS and a in {"MidLetter", "MidNumLet", "Single_Quote"} and b in LETTERS:
        return True
    if a == "Hebrew_Letter" and (b == "Single_Quote" or (b == "Double_Quote" and b1 == "Hebrew_Letter")):
        return True
    if a1 == "Hebrew_Letter" and a == "Double_Quote" and b == "Hebrew_Letter":
        return True
    return joins_beyond_letters(a1, a, b, b1, before)


def joins_beyond_letters(a1, a, b, b1, before):
    """Rules WB8 to WB16."""
    if a in LETTERS | {"Numeric"} and b in LETTERS | {"Numeric"}:
        return True
    points = {"MidNum", "MidNumLet", "Single_Quote"}
    if (a1 == b == "Numeric" and a in points) or (a == b1 == "Numeric" and b in points):
        return True
    if a == b == "Katakana":
        return True
    wide = LETTERS | {"Numeric", "Katakana", "ExtendNumLet"}
    if (a in wide and b == "ExtendNumLet") or (a == "ExtendNumLet" and b in wide):
        return True
    run = 0
    while run < len(before) and before[-1 - run] == "Regional_Indicator":
        run += 1
    return b == "Regional_Indicator" and run % 2 == 1


def words(text):
    """Segments by UAX #29, those of white space alone left out."""
    cuts = [0, *(i for i in range(1, len(text)) if is_boundary(text, i)), len(text)]
    segments = [text[a:b] for a, b in pairwise(cuts)]
    return [segment for segment in segments if segment and not segment.isspace()]


def words_by_regex(text):
    """The same of the regex package, which has an implementation of its own."""
    return [segment for segment in regex.split(r"(?V1w)\b", text) if segment and not segment.isspace()]


def simplify(text):
    """datatrove's simplify_text with its default settings."""
    text = NUMBER.sub("0", text.lower()).translate(TO_SPACES)
    text = unicodedata.normalize("NFD", re.sub(r"\s+", " ", text.strip()))
    return "".join(c for c in text if unicodedata.category(c) != "Mn").strip()


def shingles(text, n):
    """XXH64 of each n words of the simplified text, joined by one space."""
    tokens = words_by_regex(simplify(text))
    return [xxhash.xxh64_intdigest(" ".join(tokens[i : i + n]).encode()) for i in range(len(tokens) - n + 1)]


def minima(text, n, a, b):
    """The sketch; None without a shingle."""
    found = shingles(text, n)
    prime = 2**61 - 1
    return [min((h * x + y) % 2**64 % prime for h in found) for x, y in zip(a, b, strict=True)] if found else None


def avalanche(h):
    """The last step of XXH64."""
    h = (h ^ h >> 33) * 0xC2B2AE3D27D4EB4F % 2**64
    h = (h ^ h >> 29) * 0x165667B19E3779F9 % 2**64
    return h ^ h >> 32


def fast_similarity(text, n, places):
    """The other sketch, by its definition: all rounds of all shingles, of which the first round to reach a place counts; None without a shingle."""
    found = set(shingles(text, n))
    values = {}
    for number in range(2 * places):
        reached = {}
        for h in found:
            x = avalanche(h ^ 0x9E3779B97F4A7C15 * number % 2**64) if number else h
            place, value = divmod((x >> 32) * places, 2**32)
            place, value = (place, value << 32 | x % 2**32) if number < places else (number - places, x)
            reached[place] = min(value, reached.get(place, value))
        values = reached | values
    return [values[place] for place in range(places)] if found else None


def duplicates(pieces):
    """(pieces that are equal to an earlier one, their characters)."""
    seen, count, size = set(), 0, 0
    for piece in pieces:
        count, size = count + (piece in seen), size + len(piece) * (piece in seen)
        seen.add(piece)
    return count, size


def top_ngram(tokens, n):
    """Characters of the most frequent n-gram, times its count."""
    counts = Counter(" ".join(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
    return max((count * len(gram) for gram, count in counts.most_common(1)), default=0)


def duplicate_ngrams(tokens, n):
    """Characters in n-grams seen before, the scan jumping over each."""
    seen, i, size = set(), 0, 0
    while i <= len(tokens) - n:
        gram = "".join(tokens[i : i + n])
        size += len(gram) * (gram in seen)
        i += n if gram in seen else 1
        seen.add(gram)
    return size


def repetition(text, tokens):
    """The thirteen values of gopher_repetition, in the order of its fields, given the words."""
    if not text:
        return [0.0] * 13
    values = []
    for pieces in (re.split(r"\n{2,}", text.strip()), re.split("\n+", text)):
        count, size = duplicates(pieces)
        values += [count / len(pieces), size / len(text)]
    sizes = [top_ngram(tokens, n) for n in (2, 3, 4)] + [duplicate_ngrams(tokens, n) for n in range(5, 11)]
    return values + [size / len(text) for size in sizes]


def apply_edits(text, edits):
    """Edits (start, end, replacement or None) in bytes: sorted, united, applied."""
    data, united = text.encode(), []
    for start, end, replacement in sorted(edits, key=lambda edit: edit[:2]):
        if united and (start < united[-1][1] or (start, end) == tuple(united[-1][:2])):
            united[-1][1] = max(united[-1][1], end)
            united[-1][2].append(replacement)
        else:
            united.append([start, end, [replacement]])
    pieces, position = [], 0
    for start, end, replacements in united:
        pieces.append(data[position:start])
        if None not in replacements:
            pieces.append(min((r.encode() for r in replacements), key=lambda r: (-len(r), r)))
        position = end
    return b"".join([*pieces, data[position:]]).decode()
