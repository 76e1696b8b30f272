"""Counts as lines of progress and error messages put them."""


def counted(number: int, noun: str) -> str:
    """`1 file`, `1,200 files`; for nouns whose plural is an s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
