"""E-mail addresses: every `@` is an anchor, and at most 64 bytes to its left and 255 to its right are looked at (RFC 5321, 4.5.3.1)."""

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.phrases import doubled, is_alnum, is_word, pack

_LOCAL, _DOMAIN, _LABEL = 64, 255, 63
_INSIDE = np.zeros(128, dtype=np.bool_)
_INSIDE[[ord(c) for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-'&~^"]] = True
"""What a local part is made of here. RFC 5322 also has `!#$*/=?{|}` and the back quote, which beside an address are mostly mark-up."""
_SUFFIXES, _SUFFIX_FIRST = pack("png", "jpg", "jpeg", "gif", "svg", "webp")
"""Not top-level domains: `logo@2x.png`."""


@jit
def find_emails(data: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Addresses in each text: (first int64[n+1], start int64[m], end int64[m]), absolute byte offsets, in order, not overlapping."""
    first = np.zeros(offsets.shape[0], dtype=np.int64)
    start, end = np.empty(64, dtype=np.int64), np.empty(64, dtype=np.int64)
    found = 0
    for document in range(offsets.shape[0] - 1):
        floor, stop = offsets[document], offsets[document + 1]
        for at in range(floor, stop):
            if data[at] != 64:
                continue
            left = _local_start(data, floor, at)
            if left == at:
                continue
            right = _domain_end(data, at + 1, stop)
            if right < 0 or _is_userinfo(data, floor, left) or _is_remote_path(data, right, stop):
                continue
            if found == start.shape[0]:
                start, end = doubled(start), doubled(end)
            if found > first[document] and left < end[found - 1]:
                end[found - 1] = right
            else:
                start[found], end[found] = left, right
                found += 1
        first[document + 1] = found
    return first, start[:found], end[:found]


@jit
def _local_start(data: np.ndarray, floor: int, at: int) -> int:
    """Where the local part that ends at `at` begins; `at` where there is none, or more than 64 bytes of it.

    `a@b@c.org` is taken whole. Letters of alphabets below U+0800 belong to it; those from U+3040 on (unspaced scripts) only where no other does.
    """
    position, low = at, max(floor, at - _LOCAL - 1)
    unspaced = False
    while position > low:
        byte = data[position - 1]
        if byte < 128:
            is_chained = byte == 64 and position < at and position - 1 > low and is_alnum(data[position - 2])
            is_double_dot = byte == 46 and (position == at or data[position] == 46)
            if unspaced or is_double_dot or not (_INSIDE[byte] or is_chained):
                break
            position -= 1
            continue
        lead = position - 1
        while lead > low and data[lead] & 0xC0 == 0x80:
            lead -= 1
        is_letter = 0xC3 <= data[lead] <= 0xDF
        is_unspaced = (data[lead] == 0xE3 and data[lead + 1] >= 0x81) or 0xE4 <= data[lead] <= 0xED
        if not (is_letter and not unspaced) and not (is_unspaced and (unspaced or position == at)):
            break
        unspaced = is_unspaced
        position = lead
    if at - position > _LOCAL:
        return at
    while position < at and data[position] < 128 and not is_alnum(data[position]) and data[position] != 95:
        position += 1
    return position


@jit
def _domain_end(data: np.ndarray, start: int, stop: int) -> int:
    """Where the longest run of labels ends whose last is two or more ASCII letters, or -1."""
    good, position, labels = -1, start, 0
    limit = min(stop, start + _DOMAIN)
    while position < limit:
        begin, letters = position, 0
        while position < limit and (is_alnum(data[position]) or data[position] == 45 or 0xC3 <= data[position] <= 0xDF):
            if data[position] == 45 and position + 1 < limit and data[position + 1] == 45 and position - begin != 2:
                break
            if position - begin == letters and is_alnum(data[position]) and data[position] > 57:
                letters += 1
            position += 1 if data[position] < 128 else 2
        length = position - begin
        if length == 0 or length > _LABEL or data[begin] == 45:
            break
        labels += 1
        is_punycode = length > 4 and data[begin] | 32 == 120 and data[begin + 1] | 32 == 110 and data[begin + 2] == 45
        ends_here = letters == length or data[begin + letters] >= 128
        if (
            labels > 1
            and (is_punycode or (letters > 1 and ends_here))
            and not is_word(data, begin, begin + letters, _SUFFIXES, _SUFFIX_FIRST)
        ):
            good = position if is_punycode else begin + letters
        if position >= limit or data[position] != 46:
            break
        position += 1
    return good


@jit
def _is_userinfo(data: np.ndarray, floor: int, left: int) -> bool:
    """Whether `scheme://` or `scheme://user:` stands before: credentials of a URL, not an address."""
    position, low = left, max(floor + 3, left - _LOCAL)
    while position > low and (
        is_alnum(data[position - 1]) or data[position - 1] == 58 or data[position - 1] == 45 or data[position - 1] == 95
    ):
        position -= 1
    return position >= floor + 3 and data[position - 1] == 47 and data[position - 2] == 47 and data[position - 3] == 58


@jit
def _is_remote_path(data: np.ndarray, right: int, stop: int) -> bool:
    """Whether `:path/` follows, as in `git@host.org:owner/repository`."""
    if right >= stop or data[right] != 58:
        return False
    position, limit = right + 1, min(stop, right + 1 + _LOCAL)
    while position < limit and (
        is_alnum(data[position]) or data[position] == 45 or data[position] == 95 or data[position] == 46 or data[position] == 126
    ):
        position += 1
    return right + 1 < position < stop and data[position] == 47
