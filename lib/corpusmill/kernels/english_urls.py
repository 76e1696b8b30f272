"""Whether a run of characters is a web or mail address by spaCy's URL_PATTERN: then its infixes do not part it.

Source: spaCy 3.8, spacy/lang/tokenizer_exceptions.py, a pattern of Diego Perini's (MIT licence).
"""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.english_affixes import flags_of
from corpusmill.kernels.english_tables import LOWER
from corpusmill.kernels.lanes import find_byte
from corpusmill.kernels.phrases import is_alnum, is_digit
from corpusmill.kernels.properties import ALPHANUMERIC
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, decode, width

_LONGEST_LABEL: Final = 64
_LONGEST_TLD: Final = 63
_AT: Final = ord("@")
_COLON: Final = ord(":")
_STOP: Final = ord(".")


@jit
def _is_name(code_point: int) -> bool:
    """Whether a label of a host may begin and end with it."""
    if code_point < 128:
        return is_alnum(code_point)
    return 0xA1 <= code_point <= 0xFFFF


@jit
def _scheme_end(data: Bytes, lo: int, hi: int) -> int:
    """The byte after `scheme://`; lo where the run does not begin so."""
    i = lo
    while i < hi and data[i] != _COLON:
        code_point = decode(data, i)
        if not (code_point in (43, 45, 46, 95) or property_of(code_point) & ALPHANUMERIC):
            return lo
        i += width(data[i])
    return i + 3 if i + 2 < hi and i - lo >= 2 and data[i + 1] == 47 and data[i + 2] == 47 else lo


@jit
def _rest_is_free(data: Bytes, i: int, hi: int) -> bool:
    """Whether what follows a host is a port, a path or nothing."""
    if i < hi and data[i] == _COLON:
        begin = i + 1
        i = begin
        while i < hi and is_digit(data[i]):
            i += 1
        if not 2 <= i - begin <= 5:
            return False
    return i == hi or data[i] == 47 or data[i] == 63 or data[i] == 35


@jit
def _octet(data: Bytes, i: int, hi: int) -> tuple[int, int]:
    """The number of up to three digits at i, without leading zeros, and the byte after it; -1 where there is none."""
    begin, value = i, 0
    while i < hi and is_digit(data[i]) and i - begin < 3:
        value = value * 10 + data[i] - 48
        i += 1
    return (-1 if i == begin or value > 255 else value), i


@jit
def _is_public_address(data: Bytes, i: int, hi: int) -> bool:
    """Whether an IPv4 address outside the private networks stands at i, and behind it nothing but a port or a path."""
    octets = np.zeros(4, np.int64)
    for k in range(4):
        octets[k], i = _octet(data, i, hi)
        if octets[k] < 0 or (k < 3 and (i == hi or data[i] != _STOP)):
            return False
        i += k < 3
    a, b = octets[0], octets[1]
    is_private = a in (10, 127) or (a == 169 and b == 254) or (a == 192 and b == 168) or (a == 172 and 16 <= b <= 31)
    return 1 <= a <= 223 and 1 <= octets[3] <= 254 and not is_private and _rest_is_free(data, i, hi)


@jit
def _is_host(data: Bytes, i: int, hi: int) -> bool:
    """Whether a host of at least two labels stands at i, the last of lower-case letters, and behind it nothing but a port or a path."""
    labels = size = 0
    starts_well = ends_well = is_lower = True
    while i < hi:
        byte = data[i]
        if byte == _COLON or byte == 47 or byte == 63 or byte == 35:
            break
        code_point = decode(data, i)
        if byte == _STOP:
            if not (starts_well and ends_well and 1 <= size <= _LONGEST_LABEL):
                return False
            labels, size, is_lower = labels + 1, 0, True
        else:
            ends_well = _is_name(code_point)
            if size == 0:
                starts_well = ends_well
            is_lower = is_lower and flags_of(code_point) & LOWER != 0
            if not (ends_well or code_point in (45, 95) or is_lower):
                return False
            size += 1
        i += width(byte)
    return labels > 0 and is_lower and 2 <= size <= _LONGEST_TLD and _rest_is_free(data, i, hi)


@jit
def is_address(data: Bytes, lo: int, hi: int) -> bool:
    """Whether all of data[lo:hi] is an address: a host behind an optional scheme and an optional user. Every byte is looked at twice at most."""
    if find_byte(data, lo, hi, _STOP) == hi:
        return False
    begin = _scheme_end(data, lo, hi)
    if _is_host(data, begin, hi) or _is_public_address(data, begin, hi):
        return True
    if begin > lo and (_is_host(data, lo, hi) or _is_public_address(data, lo, hi)):
        return True
    for i in range(lo + 1, hi):
        if data[i] == _AT and (_is_host(data, i + 1, hi) or _is_public_address(data, i + 1, hi)):
            return True
    return False
