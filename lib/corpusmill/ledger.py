"""The ledger is the `jobs` table as Python sees it: which slice of which job is done, in which state, from what and with which settings."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pyspark.sql import functions as F
from pyspark.sql.window import Window

from corpusmill.errors import NotReadyError
from corpusmill.slices import Slice
from corpusmill.store import Store
from corpusmill.tables import Jobs


@dataclass(frozen=True)
class Entry:
    """What a slice of a job was last made as."""

    job: str
    piece: Slice
    state: str
    inputs: str
    settings: str
    status: str
    rows: int = 0
    seconds: float = 0.0


class Ledger:
    """Read once when opened (the newest row of each slice, a few hundred bytes each), kept up to date by what is recorded here."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._entries: dict[tuple[str, Slice], Entry] = {}
        self.inputs_states: dict[tuple[str, Slice, str], str] = {}
        """What pipeline.py has worked out since the last record, by job, slice and the settings it was made with."""
        self._last = datetime.now(UTC)
        self._load()

    def _load(self) -> None:
        newest = Window.partitionBy(Jobs.job, Jobs.snapshot, Jobs.chunk).orderBy(F.col(Jobs.recorded_at).desc())
        place = "place"
        rows = self._store.read(Jobs).withColumn(place, F.row_number().over(newest)).where(F.col(place) == 1).drop(place).collect()
        for row in rows:
            piece = Slice(row[Jobs.snapshot] or None, row[Jobs.chunk])
            entry = Entry(
                row[Jobs.job],
                piece,
                row[Jobs.state],
                row[Jobs.inputs],
                row[Jobs.settings],
                row[Jobs.status],
                row[Jobs.rows],
                row[Jobs.seconds],
            )
            self._entries[entry.job, piece] = entry
            self._last = max(self._last, row[Jobs.recorded_at].astimezone(UTC) if row[Jobs.recorded_at] else self._last)

    def entry(self, job: str, piece: Slice) -> Entry | None:
        """The slice's last `done` entry, or None where it was never made or a run of it broke off."""
        found = self._entries.get((job, piece))
        return found if found and found.status == "done" else None

    def broke_off(self, job: str, piece: Slice) -> bool:
        """Whether the slice's last run was begun and not finished."""
        found = self._entries.get((job, piece))
        return found is not None and found.status == "running"

    def begun(self, job: str, pieces: Sequence[Slice]) -> list[Slice]:
        """Of `pieces` those that a job has made, or had begun to make when it broke off."""
        return [piece for piece in pieces if self.entry(job, piece) or self.broke_off(job, piece)]

    def slices(self, job: str) -> list[Slice]:
        """All slices of a job that are done, sorted."""
        return sorted(
            (e.piece for e in self._entries.values() if e.job == job and e.status == "done"),
            key=lambda p: (p.snapshot or "", -1 if p.chunk is None else p.chunk),
        )

    def state(self, job: str, piece: Slice) -> str:
        """The state of a slice that is done. Raises NotReadyError."""
        return self._required(job, piece).state

    def settings(self, job: str, piece: Slice) -> dict[str, Any]:
        """The settings a slice was made with, by section. Raises NotReadyError."""
        return dict(json.loads(self._required(job, piece).settings))

    def seconds(self) -> dict[str, float]:
        """Seconds a job took over its slices, as last made."""
        spent: dict[str, float] = {}
        for entry in self._entries.values():
            spent[entry.job] = spent.get(entry.job, 0.0) + entry.seconds
        return spent

    def record(self, entries: Sequence[Entry]) -> None:
        """Append `entries` in one commit; a later time than all before, also when the clock stands still."""
        self._last = max(datetime.now(UTC), self._last + timedelta(microseconds=1))
        rows = [
            (e.job, e.piece.snapshot or "", e.piece.chunk, e.state, e.inputs, e.settings, e.status, e.rows, e.seconds, self._last)
            for e in entries
        ]
        self._store.append(Jobs, self._store.frame(Jobs, rows))
        self.inputs_states.clear()
        for entry in entries:
            self._entries[entry.job, entry.piece] = entry

    def forget_slices(self, snapshot: str) -> None:
        """Take every slice of a snapshot as never made, for a snapshot that is ingested anew."""
        gone = [
            Entry(e.job, e.piece, "", "", "{}", "replaced")
            for e in self._entries.values()
            if e.piece.snapshot == snapshot and e.status != "replaced"
        ]
        if gone:
            self.record(gone)

    def _required(self, job: str, piece: Slice) -> Entry:
        found = self.entry(job, piece)
        if found is None:
            begun = "broke off at" if self.broke_off(job, piece) else "has not made"
            raise NotReadyError(f"{job} {begun} {piece}: run {job} first")
        return found
