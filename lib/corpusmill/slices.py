"""A slice is the part of a table that one job run replaces: a chunk of a snapshot, a whole snapshot, or everything."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Slice:
    """`snapshot` None: everything. `chunk` None: the whole snapshot."""

    snapshot: str | None = None
    chunk: int | None = None

    def predicate(self) -> str:
        """SQL over the partition columns; snapshot names hold no quotes (settings check them)."""
        parts = []
        if self.snapshot is not None:
            parts.append(f"snapshot = '{self.snapshot}'")
        if self.chunk is not None:
            parts.append(f"chunk = {self.chunk}")
        return " AND ".join(parts) or "true"

    def __str__(self) -> str:
        """As progress lines show it."""
        if self.snapshot is None:
            return "all"
        return self.snapshot if self.chunk is None else f"{self.snapshot}/{self.chunk}"


EVERYTHING = Slice()
