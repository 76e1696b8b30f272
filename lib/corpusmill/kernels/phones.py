"""Phone numbers: a plus sign, an area code in parentheses, or digits grouped 3-3-4. Bare runs of digits are never one."""

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.phrases import doubled, is_alnum, is_digit

_LEAST, _MOST = 9, 15
"""Digits of an international number with its country code; 15 by ITU-T E.164."""


@jit
def find_phones(data: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers in each text: (first int64[n+1], start int64[m], end int64[m]), absolute byte offsets, in order, not overlapping."""
    first = np.zeros(offsets.shape[0], dtype=np.int64)
    start, end = np.empty(64, dtype=np.int64), np.empty(64, dtype=np.int64)
    found = 0
    for document in range(offsets.shape[0] - 1):
        floor, stop = offsets[document], offsets[document + 1]
        at = _next_anchor(data, floor, stop)
        while at < stop:
            right = _number_end(data, floor, at, stop)
            if right < 0:
                at = _next_anchor(data, at + 1, stop)
                continue
            if found == start.shape[0]:
                start, end = doubled(start), doubled(end)
            start[found], end[found] = _with_trunk(data, floor, at), right
            found += 1
            floor = right
            at = _next_anchor(data, right, stop)
        first[document + 1] = found
    return first, start[:found], end[:found]


@jit
def _next_anchor(data: np.ndarray, at: int, stop: int) -> int:
    """Where a plus sign, a parenthesis or a digit that may begin 3-3-4 stands next, from `at` on; `stop` where none does."""
    while at < stop:
        byte = data[at]
        if byte == 43 or byte == 40 or (is_digit(byte) and at + 12 <= stop and data[at + 3] <= 46 and data[at + 7] <= 46):
            return at
        at += 1
    return stop


@jit
def _number_end(data: np.ndarray, floor: int, at: int, stop: int) -> int:
    """Where a number that begins at `at` ends, or -1. Looks at no more than about 50 bytes."""
    byte = data[at]
    if byte != 43 and byte != 40 and not is_digit(byte):
        return -1
    if at > floor and (is_alnum(data[at - 1]) or data[at - 1] == 43):
        return -1
    if byte == 43:
        return _international_end(data, at + 1, stop)
    if byte == 40:
        return _parenthesised_end(data, at + 1, stop)
    return _grouped_end(data, floor, at, stop)


@jit
def _digits(data: np.ndarray, at: int, stop: int, most: int) -> int:
    """How many digits follow from `at`, counted up to `most` + 1."""
    count = 0
    while count <= most and at + count < stop and is_digit(data[at + count]):
        count += 1
    return count


@jit
def _separator(data: np.ndarray, at: int, stop: int) -> int:
    """Bytes of a separator at `at`: blank, hyphen, full stop, slash, parenthesis, no-break space or hyphen; 0 where there is none."""
    if at >= stop:
        return 0
    byte = data[at]
    if byte == 32 or byte == 45 or byte == 46 or byte == 47 or byte == 40 or byte == 41:
        return 1
    if byte == 0xC2 and at + 1 < stop and data[at + 1] == 0xA0:
        return 2
    if byte == 0xE2 and at + 2 < stop and data[at + 1] == 0x80 and (data[at + 2] == 0x91 or data[at + 2] == 0xAF):
        return 3
    return 0


@jit
def _is_closed(data: np.ndarray, at: int, stop: int) -> bool:
    """Whether a number may end at `at`: no letter, digit or underscore follows, nor hyphen or full stop and a digit. `x` and an extension may."""
    if at >= stop:
        return True
    follows_digit = at + 1 < stop and is_digit(data[at + 1])
    if data[at] == 45 or data[at] == 46:
        return not follows_digit
    if data[at] | 32 == 120 and follows_digit:
        return True
    return not is_alnum(data[at]) and data[at] != 95


@jit
def _international_end(data: np.ndarray, at: int, stop: int) -> int:
    """After the plus: 9 to 15 digits, at most two separators between two of them; one full stop alone makes a decimal, not a number."""
    if at >= stop or not 49 <= data[at] <= 57:
        return -1
    end, digits, dots, separators = -1, 0, 0, 0
    position = at
    while True:
        group = _digits(data, position, stop, _MOST)
        if group == 0 or digits + group > _MOST:
            break
        digits += group
        position += group
        is_decimal = separators == 1 and dots == 1
        if digits >= _LEAST and not is_decimal and _is_closed(data, position, stop):
            end = position
        for _ in range(2):
            width = _separator(data, position, stop)
            if width > 0:
                dots += data[position] == 46
                separators += 1
                position += width
    return end


@jit
def _parenthesised_end(data: np.ndarray, at: int, stop: int) -> int:
    """After the parenthesis: `555) 123-4567` as in North America, or `030) 123456` with the trunk prefix 0 and 9 to 12 digits in all."""
    area = _digits(data, at, stop, 5)
    position = at + area
    if area < 2 or area > 5 or position >= stop or data[position] != 41:
        return -1
    position += 1
    position += _separator(data, position, stop)
    if data[at] == 48:
        return _trunk_end(data, position, stop, area)
    if area != 3 or data[at] < 50 or _digits(data, position, stop, 7) not in (3, 7):
        return -1
    position += 3
    position += _separator(data, position, stop)
    if _digits(data, position, stop, 4) != 4 or not _is_closed(data, position + 4, stop):
        return -1
    return position + 4


@jit
def _trunk_end(data: np.ndarray, at: int, stop: int, digits: int) -> int:
    """Groups of two to eight digits until there are 9 to 12 with the `digits` before."""
    position, end = at, -1
    while True:
        group = _digits(data, position, stop, 8)
        if group < 2 or group > 8 or digits + group > 12:
            return end
        digits += group
        position += group
        if digits >= 9 and _is_closed(data, position, stop):
            end = position
        position += _separator(data, position, stop)


@jit
def _grouped_end(data: np.ndarray, floor: int, at: int, stop: int) -> int:
    """`206-555-1234`, `206.555.1234`; with a blank in it only where area and exchange may begin so in North America (2 to 9)."""
    if at - 1 > floor and data[at - 1] in (45, 46, 47) and is_alnum(data[at - 2]) and _with_trunk(data, floor, at) == at:
        return -1
    if at > floor and data[at - 1] in (35, 36, 95):
        return -1
    if at + 12 > stop or _digits(data, at, stop, 3) != 3 or _digits(data, at + 4, stop, 3) != 3 or _digits(data, at + 8, stop, 4) != 4:
        return -1
    one, two = data[at + 3], data[at + 7]
    is_strict = one == two and (one == 45 or one == 46)
    is_spaced = one == 32 and (two == 32 or two == 45) and data[at] >= 50 and data[at + 4] >= 50
    return at + 12 if (is_strict or is_spaced) and _is_closed(data, at + 12, stop) else -1


@jit
def _with_trunk(data: np.ndarray, floor: int, at: int) -> int:
    """`at`, or two bytes before it where `1-`, `1.` or `1 ` stands there by itself."""
    if at - 2 < floor or data[at] == 43 or data[at - 2] != 49 or data[at - 1] not in (32, 45, 46):
        return at
    if at - 2 > floor and (is_alnum(data[at - 3]) or data[at - 3] in (44, 45, 46, 47)):
        return at
    return at - 2
