"""Public IPv4 addresses in dotted form, told from versions, sections and object identifiers by what stands around them.

Every full stop between digits is an anchor; what is looked at from there is bounded.
"""

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.lanes import find_byte
from corpusmill.kernels.phrases import doubled, is_alnum, is_digit, is_word, pack, phrase_at

_NUMBERED, _NUMBERED_FIRST = pack(
    "v",
    "ver",
    "version",
    "versions",
    "release",
    "rev",
    "revision",
    "build",
    "firmware",
    "section",
    "sections",
    "sec",
    "chapter",
    "clause",
    "oid",
)
"""A dotted number after one of these words is not an address."""
_NETWORK, _NETWORK_FIRST = pack("dns", "server")
_SHORT, _REACH = 7, 100
"""`d.d.d.d` is a version unless `dns` or `server` stands within 100 characters (BigCode, pii/ in bigcode-dataset)."""
_RESERVED = np.array(
    [
        [0, 8], [10 << 24, 8], [100 << 24 | 64 << 16, 10], [127 << 24, 8], [169 << 24 | 254 << 16, 16], [172 << 24 | 16 << 16, 12],
        [192 << 24, 24], [192 << 24 | 2 << 8, 24], [192 << 24 | 88 << 16 | 99 << 8, 24], [192 << 24 | 168 << 16, 16], [198 << 24 | 18 << 16, 15],
        [198 << 24 | 51 << 16 | 100 << 8, 24], [203 << 24 | 113 << 8, 24], [224 << 24, 3],
    ],
    dtype=np.int64,
)  # fmt: skip
"""Networks (address, prefix) that name nobody: IANA's special-purpose registry (RFC 6890), multicast and the reserved top."""


@jit
def find_addresses(data: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Addresses in each text: (first int64[n+1], start int64[m], end int64[m]), absolute byte offsets, in order, not overlapping."""
    first = np.zeros(offsets.shape[0], dtype=np.int64)
    start, end = np.empty(64, dtype=np.int64), np.empty(64, dtype=np.int64)
    found = 0
    for document in range(offsets.shape[0] - 1):
        floor, stop = offsets[document], offsets[document + 1]
        at = _next_dotted(data, floor, stop)
        while at < stop:
            right = _address_end(data, floor, at, stop)
            if right < 0:
                at = _next_dotted(data, at + 1, stop)
                continue
            if found == start.shape[0]:
                start, end = doubled(start), doubled(end)
            start[found], end[found] = at, right
            found += 1
            at = _next_dotted(data, right, stop)
        first[document + 1] = found
    return first, start[:found], end[:found]


@jit
def _next_dotted(data: np.ndarray, at: int, stop: int) -> int:
    """Where the next one to three digits begin, from `at` on, that a full stop and a digit follow; `stop` where there are none."""
    while at < stop:
        dot = find_byte(data, at, stop, 46)
        if dot + 1 >= stop:
            return stop
        begin = dot
        while begin > at and is_digit(data[begin - 1]):
            begin -= 1
        if begin < dot and dot - begin <= 3 and is_digit(data[dot + 1]):
            return begin
        at = dot + 1
    return stop


@jit
def _address_end(data: np.ndarray, floor: int, at: int, stop: int) -> int:
    """Where a public address that begins at `at` ends, or -1. Looks at no more than 15 bytes before it has found four numbers."""
    if at > floor and (is_alnum(data[at - 1]) or data[at - 1] in (35, 46, 95) or _is_product(data, floor, at)):
        return -1
    position, address = at, 0
    for number in range(4):
        if number > 0:
            if position >= stop or data[position] != 46:
                return -1
            position += 1
        begin, value = position, 0
        while position < stop and position < begin + 4 and is_digit(data[position]):
            value = value * 10 + data[position] - 48
            position += 1
        if position == begin or value > 255 or (position > begin + 1 and data[begin] == 48):
            return -1
        address = address << 8 | value
    if not _is_closed(data, position, stop) or not is_public(address) or _is_numbered(data, floor, at):
        return -1
    if position - at == _SHORT and not _is_network(data, floor, at, stop):
        return -1
    return position


@jit
def is_public(address: int) -> bool:
    """Whether a 32-bit address lies in none of the networks that are private, reserved or for groups."""
    for network in range(_RESERVED.shape[0]):
        shift = 32 - _RESERVED[network, 1]
        if address >> shift == _RESERVED[network, 0] >> shift:
            return False
    return True


@jit
def _is_closed(data: np.ndarray, at: int, stop: int) -> bool:
    """Whether the fourth number may end here: no fifth one follows (1.2.3.4.5), no letter, and no hyphen with a letter (1.2.3.4-beta)."""
    if at >= stop:
        return True
    if data[at] == 46:
        return at + 1 >= stop or not is_digit(data[at + 1])
    if data[at] == 45:
        return at + 1 >= stop or not is_alnum(data[at + 1]) or is_digit(data[at + 1])
    return not is_alnum(data[at]) and data[at] != 95


@jit
def _is_product(data: np.ndarray, floor: int, at: int) -> bool:
    """Whether a name and a slash stand before, as in `Chrome/91.0.44.12`."""
    return data[at - 1] == 47 and at - 2 >= floor and is_alnum(data[at - 2]) and not is_digit(data[at - 2])


@jit
def _is_numbered(data: np.ndarray, floor: int, at: int) -> bool:
    """Whether the word before says that a version or section number follows, or a section sign does."""
    position, low = at, max(floor, at - 24)
    while position > low and (data[position - 1] == 32 or data[position - 1] == 58 or data[position - 1] == 46):
        position -= 1
    if position - 2 >= low and data[position - 1] == 0xA7 and data[position - 2] == 0xC2:
        return True
    begin = position
    while begin > low and is_alnum(data[begin - 1]):
        begin -= 1
    return is_word(data, begin, position, _NUMBERED, _NUMBERED_FIRST)


@jit
def _is_network(data: np.ndarray, floor: int, at: int, stop: int) -> bool:
    """Whether `dns` or `server` stands within 100 bytes before or after."""
    last = min(stop, at + _SHORT + _REACH)
    for position in range(max(floor, at - _REACH), last):
        if phrase_at(data, position, last, _NETWORK, _NETWORK_FIRST) >= 0:
            return True
    return False
