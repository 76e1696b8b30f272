"""The order of snapshots: each gets the next ordinal when it is first ingested."""

from corpusmill.errors import StoreError
from corpusmill.store import Store
from corpusmill.tables import Snapshots

_ATTEMPTS = 20


def add_snapshot(store: Store, snapshot: str) -> None:
    """Give a new snapshot the next ordinal, one that no other has: where another takes it in the meantime, the one after."""
    for _ in range(_ATTEMPTS):
        known = {row[Snapshots.snapshot]: row[Snapshots.ordinal] for row in store.read(Snapshots).collect()}
        if snapshot in known:
            return
        row = (snapshot, max(known.values(), default=-1) + 1)
        store.insert_new(Snapshots, store.frame(Snapshots, [row]), (Snapshots.snapshot, Snapshots.ordinal))
    raise StoreError(f"snapshot {snapshot} could not be added: others were added at the same time, {_ATTEMPTS} times over; run again")
