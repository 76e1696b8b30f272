"""datatrove's simplify_text over UTF-8: lower case, numbers to 0, punctuation to spaces, white space collapsed, decomposed, marks dropped.

Source: huggingface/datatrove v0.10.0, src/datatrove/utils/text.py, simplify_text with its default settings. All of it in one pass: no step makes
letters, digits, punctuation or white space that a later step would treat differently.
"""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.properties import CASE_IGNORABLE, CASED, CHANGES, COMBINING_SHIFT, DIGIT, MARK, NUMBER_SEPARATOR, PUNCTUATION, SPACE
from corpusmill.kernels.simplify_runs import LOWER, is_written, write_blocks, write_foreign, write_letters
from corpusmill.kernels.unicode import CHANGE, change_of, property_of
from corpusmill.kernels.utf8 import Bytes, before, decode, encode, width

LARGEST_GROWTH: Final = 3
"""Bytes out per byte in: a Hangul syllable of 3 bytes becomes three jamo of 3."""
_SIGMA: Final = 0x3A3
_HANGUL: Final = 0xAC00
_HANGUL_END: Final = 0xD7A4
_DIGITS: Final = np.array([chr(c).isdigit() for c in range(128)])


@jit
def _lower_sigma(data: Bytes, begin: int, i: int, end: int) -> int:
    """Lower case of the capital sigma at i: the final form after a cased letter where none follows (Unicode, Final_Sigma)."""
    j = i
    word = CASE_IGNORABLE
    while j > begin and word & CASE_IGNORABLE:
        j = before(data, j)
        word = property_of(decode(data, j))
    if not word & CASED:
        return 0x3C3
    j = i + 2
    while j < end:
        word = property_of(decode(data, j))
        if not word & CASE_IGNORABLE:
            return 0x3C3 if word & CASED else 0x3C2
        j += width(data[j])
    return 0x3C2


@jit
def _number_end(data: Bytes, i: int, end: int) -> int:
    r"""Where a number that begins at i ends: \p{Nd}+([.,،٫⎖⎗⎘]\p{Nd}+)?"""
    separated = False
    while i < end:
        word = property_of(decode(data, i))
        following = i + width(data[i])
        if word & NUMBER_SEPARATOR and not separated and following < end and property_of(decode(data, following)) & DIGIT:
            separated = True
        elif not word & DIGIT:
            return i
        i = following
    return end


@jit
def _reorder(out: Bytes, start: int, end: int) -> None:
    """Put a run of combining characters into canonical order: by class, equal classes as they were. One pass a class that occurs."""
    run = out[start:end].copy()
    least = 0
    o = start
    while o < end:
        smallest = 256
        for i in range(run.size):
            if run[i] & 0xC0 != 0x80:
                combining = property_of(decode(run, i)) >> COMBINING_SHIFT
                if least < combining < smallest:
                    smallest = combining
        for i in range(run.size):
            if run[i] & 0xC0 != 0x80:
                code_point = decode(run, i)
                if property_of(code_point) >> COMBINING_SHIFT == smallest:
                    o = encode(code_point, out, o)
        least = smallest


@jit
def _write_hangul(code_point: int, out: Bytes, o: int) -> int:
    """The jamo of a syllable (Unicode, section 3.12)."""
    index = code_point - _HANGUL
    o = encode(0x1100 + index // 588, out, o)
    o = encode(0x1161 + index % 588 // 28, out, o)
    return encode(0x11A7 + index % 28, out, o) if index % 28 else o


@jit
def _write_combining(code_point: int, combining: int, out: Bytes, o: int, run: int, highest: int) -> tuple[int, int, int]:
    """Write a code point of this combining class; gives (o, run, highest).

    `run`: where the combining characters before it begin, `highest`: the highest class of them, 0 where there are none, -1 where they are out of
    order.
    """
    if combining == 0:
        run = highest = 0
    else:
        run = o if highest == 0 else run
        highest = combining if 0 <= highest <= combining else -1
    return encode(code_point, out, o), run, highest


@jit
def _write_character(
    data: Bytes, begin: int, i: int, end: int, word: int, out: Bytes, o: int, run: int, highest: int
) -> tuple[int, int, int]:
    """Write the non-ASCII character at i, whose property word is `word`, as _write_combining does."""
    code_point = decode(data, i)
    combining = word >> COMBINING_SHIFT
    if combining == 0:
        if highest < 0:
            _reorder(out, run, o)
        run = highest = 0
    if word & MARK:
        return o, run, highest
    if not word & CHANGES:
        return _write_combining(code_point, combining, out, o, run, highest)
    if code_point == _SIGMA:
        return encode(_lower_sigma(data, begin, i, end), out, o), run, highest
    if _HANGUL <= code_point < _HANGUL_END:
        return _write_hangul(code_point, out, o), run, highest
    row = change_of(code_point)
    for k in range(CHANGE[row, 0]):
        part = np.int64(CHANGE[row, k + 1])
        o, run, highest = _write_combining(part, property_of(part) >> COMBINING_SHIFT, out, o, run, highest)
    return o, run, highest


@jit
def _skip_gap(data: Bytes, i: int, end: int) -> int:
    """Where the white space and punctuation that begins at i ends; i where there is none. `１` is a digit here, though datatrove lists it."""
    while i < end:
        byte = data[i]
        if byte < 128:
            if _DIGITS[byte] or LOWER[byte]:
                break
        else:
            word = property_of(decode(data, i))
            if word & DIGIT or not word & (PUNCTUATION | SPACE):
                break
        i += width(byte)
    return i


@jit
def simplify(data: Bytes, begin: int, end: int, out: Bytes) -> int:
    """Write the simplified data[begin:end] to out, which has LARGEST_GROWTH times the room; gives the bytes written."""
    o = run = highest = 0
    i = begin
    while i < end:
        if is_written(data, i):
            if highest < 0:
                _reorder(out, run, o)
            run = highest = 0
            i, o = write_blocks(data, i, end, out, o) if data[i] < 128 else write_foreign(data, i, end, out, o)
        after = _skip_gap(data, i, end)
        is_gap = after > i
        i = after
        if i == end:
            break
        byte = data[i]
        word = property_of(decode(data, i)) if byte >= 128 else 0
        is_digit = word & DIGIT or (byte < 128 and _DIGITS[byte])
        if is_gap or byte < 128 or is_digit:
            if highest < 0:
                _reorder(out, run, o)
            run = highest = 0
        if is_gap and o:
            out[o] = 32
            o += 1
        if is_digit:
            out[o] = 48
            o += 1
            i = _number_end(data, i, end)
        elif byte < 128:
            i, o = write_letters(data, i, end, out, o)
        else:
            o, run, highest = _write_character(data, begin, i, end, word, out, o, run, highest)
            i += width(byte)
    if highest < 0:
        _reorder(out, run, o)
    while o and out[o - 1] == 32:
        o -= 1
    return o
