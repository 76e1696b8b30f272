"""What the report says of duplicates: how large clusters are, the biggest ones with examples, which hosts they are of, and the estimated recall."""

from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from corpusmill.dedup.curve import estimated_recall
from corpusmill.dedup.decisions import NEAR
from corpusmill.reports.content import Cluster, Duplication, Excerpt, RemovedShare, SizeCount
from corpusmill.reports.examples import Place, read_passages
from corpusmill.settings import DedupSettings, MeasureSettings
from corpusmill.store import Store
from corpusmill.tables import Documents, Duplicates, names

BIGGEST, MEMBERS, HOSTS = 10, 2, 20
"""Clusters that are shown, documents shown of each beside the one that is kept, and hosts."""
_SIZE, _LEAST, _COUNT, _REMOVED, _RANK, _PLACE, _NEAREST = "size", "least", "documents_counted", "removed", "rank", "place", "nearest"


def duplication(store: Store, measure: MeasureSettings | None, dedup: DedupSettings | None) -> Duplication:
    """`measure` and `dedup`: how sketches were made and compared; None where it is not known, and then there is no recall."""
    found = store.read(Duplicates)
    clusters = found.groupBy(Duplicates.duplicate_of).agg((F.count(F.lit(1)) + 1).alias(_SIZE))
    return Duplication(
        kinds=_kinds(found),
        sizes=_sizes(clusters),
        biggest=_biggest(store, clusters),
        hosts=_hosts(store, found),
        threshold=dedup.threshold if dedup else None,
        recall=_recall(found, measure, dedup),
    )


def _kinds(found: DataFrame) -> tuple[tuple[str, int], ...]:
    """(kind, documents), most frequent first."""
    rows = found.groupBy(Duplicates.kind).agg(F.count(F.lit(1)).alias(_COUNT)).collect()
    return tuple(sorted(((row[Duplicates.kind], row[_COUNT]) for row in rows), key=lambda pair: (-pair[1], pair[0])))


def _sizes(clusters: DataFrame) -> tuple[SizeCount, ...]:
    """Clusters by the power of two at or below their size."""
    # By binary digits: a logarithm of 2^k can come out below k.
    digits = F.length(F.bin(F.col(_SIZE))).alias(_LEAST)
    rows = clusters.groupBy(digits).agg(F.count(F.lit(1)).alias(_COUNT), F.sum(_SIZE).alias(_SIZE)).orderBy(_LEAST).collect()
    return tuple(SizeCount(2 ** (row[_LEAST] - 1), row[_COUNT], row[_SIZE]) for row in rows)


def _biggest(store: Store, clusters: DataFrame) -> tuple[Cluster, ...]:
    """The clusters of most documents, with the beginnings of a few: the texts of these alone are read."""
    chosen = clusters.orderBy(F.col(_SIZE).desc(), F.col(Duplicates.duplicate_of)).limit(BIGGEST).collect()
    ids = [row[Duplicates.duplicate_of] for row in chosen]
    kept, members = _kept(store, ids), _members(store, ids)
    places = [*kept.values(), *(place for found in members.values() for place in found)]
    excerpts = {place: Excerpt(place.snapshot, place.doc_id, *shown) for place, shown in read_passages(store, places).items()}
    return tuple(
        Cluster(
            doc_id,
            row[_SIZE],
            excerpts.get(kept[doc_id]) if doc_id in kept else None,
            tuple(excerpts[place] for place in members.get(doc_id, ()) if place in excerpts),
        )
        for doc_id, row in zip(ids, chosen, strict=True)
    )


def _kept(store: Store, ids: Sequence[str]) -> Mapping[str, Place]:
    """Where kept documents are. One of the same doc_id in another snapshot may be a duplicate itself, which a kept one never is."""
    if not ids:
        return {}
    key = names(Documents.snapshot, Documents.doc_id)
    duplicate = store.read(Duplicates).select(*key)
    found = store.read(Documents).where(F.col(Documents.doc_id).isin(ids)).select(*key, Documents.chunk)
    first = F.min(F.struct(Documents.snapshot, Documents.chunk)).alias(_PLACE)
    rows = found.join(duplicate, on=key, how="left_anti").groupBy(Documents.doc_id).agg(first).collect()
    return {
        row[Documents.doc_id]: Place(row[_PLACE][Documents.snapshot], row[_PLACE][Documents.chunk], row[Documents.doc_id]) for row in rows
    }


def _members(store: Store, ids: Sequence[str]) -> Mapping[str, list[Place]]:
    """The first few documents that repeat each of `ids`, by doc_id (which is a hash: a sample)."""
    if not ids:
        return {}
    order = Window.partitionBy(Duplicates.duplicate_of).orderBy(Duplicates.doc_id, Duplicates.snapshot)
    ranked = store.read(Duplicates).where(F.col(Duplicates.duplicate_of).isin(ids)).withColumn(_RANK, F.row_number().over(order))
    members: dict[str, list[Place]] = {}
    for row in ranked.where(F.col(_RANK) <= MEMBERS).orderBy(Duplicates.duplicate_of, _RANK).collect():
        place = Place(row[Duplicates.snapshot], row[Duplicates.chunk], row[Duplicates.doc_id])
        members.setdefault(row[Duplicates.duplicate_of], []).append(place)
    return members


def _hosts(store: Store, found: DataFrame) -> tuple[RemovedShare, ...]:
    """The hosts with most removed documents."""
    key = names(Documents.snapshot, Documents.doc_id)
    place = store.read(Documents).where(F.col(Documents.host).isNotNull()).select(*key, Documents.host)
    joined = place.join(found.select(*key, F.lit(True).alias(_REMOVED)), on=key, how="left")
    counts = joined.groupBy(Documents.host).agg(F.count(F.lit(1)).alias(_COUNT), F.count(_REMOVED).alias(_REMOVED))
    rows = counts.where(F.col(_REMOVED) > 0).orderBy(F.col(_REMOVED).desc(), F.col(Documents.host)).limit(HOSTS).collect()
    return tuple(RemovedShare(row[Documents.host], row[_COUNT], row[_REMOVED]) for row in rows)


def _recall(found: DataFrame, measure: MeasureSettings | None, dedup: DedupSettings | None) -> float | None:
    """By the similarities of near duplicates, to a hundredth. None for containment and for components: they say nothing of the pair in a band."""
    if measure is None or dedup is None or dedup.verify == "containment" or dedup.method == "components":
        return None
    near = found.where(F.col(Duplicates.kind) == NEAR).groupBy(F.round(Duplicates.similarity, 2).alias(_NEAREST))
    similarities = {row[_NEAREST]: row[_COUNT] for row in near.agg(F.count(F.lit(1)).alias(_COUNT)).collect()}
    return estimated_recall(similarities, measure.bands, measure.rows)
