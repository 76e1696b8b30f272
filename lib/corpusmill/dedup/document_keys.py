"""The snapshots that have been judged, in their order, and the keys of their documents."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from pyspark.sql import Column
from pyspark.sql import functions as F

from corpusmill.dedup.order import order_key_column
from corpusmill.job import Run
from corpusmill.store import Store
from corpusmill.tables import Signals, Snapshots

_WORDS = "counts.words"


def ordinals(run: Run) -> dict[str, int]:
    """Ordinal by snapshot, in order, of those that have been judged."""
    return _read_ordinals(run.store, frozenset(str(piece.snapshot) for piece in run.ledger.slices("judge_documents")))


@lru_cache(maxsize=1)
def _read_ordinals(store: Store, judged: frozenset[str]) -> dict[str, int]:
    """Kept for the same snapshots, whose ordinals never change: every chunk that publish plans asks for them."""
    rows = store.read(Snapshots).orderBy(F.col(Snapshots.ordinal)).collect()
    return {row[Snapshots.snapshot]: row[Snapshots.ordinal] for row in rows if row[Snapshots.snapshot] in judged}


def document_key(run: Run) -> Column:
    """The order key of judged documents, made of columns of `signals`."""
    return key_of(ordinals(run), run.config.dedup.order)


def key_of(places: Mapping[str, int], order: Sequence[str]) -> Column:
    """The same of documents of these snapshots, by ordinal. A document of another one is an error, as a null key would lose it in silence."""
    by_snapshot = F.create_map(*(F.lit(part) for item in places.items() for part in item))
    unknown = F.raise_error(F.concat(F.lit("documents of a snapshot that is not judged: "), F.col(Signals.snapshot))).cast("int")
    place = F.coalesce(F.element_at(by_snapshot, F.col(Signals.snapshot)), unknown)
    return order_key_column(place, F.col(_WORDS), F.col(Signals.doc_id), order)
