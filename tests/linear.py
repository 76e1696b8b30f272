"""Whether work on hostile text takes time in proportion to its length, by processor seconds: other processes count for nothing."""

import time
from collections.abc import Callable


def assert_linear(work: Callable[[str], object], piece: str) -> None:
    """Eight times as much takes eight times as long, or 64 times where a part is read again for each piece."""

    def seconds(count: int) -> float:
        began = time.process_time()
        work(piece * count)
        return time.process_time() - began

    seconds(100)
    assert seconds(40_000) < 24 * seconds(5000) + 0.5
