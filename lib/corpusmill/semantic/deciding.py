"""From embedded documents to semantic duplicates: each vector to its cluster, then every cluster in order, as streams."""

import math
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.semantic.clusters import Centroids, nearest
from corpusmill.semantic.frames import Located, Placed
from corpusmill.semantic.greedy import ClusterScan
from corpusmill.semantic.vectors import Vectors, to_vectors
from corpusmill.tables import Embeddings, SemanticDuplicates

_HASHES = 2**31
_HASH = "hash"


def sample(embeddings: DataFrame, count: int, most: int) -> Vectors:
    """Up to `most` of the `count` vectors of `Embeddings`, chosen and ordered by a hash of snapshot and doc_id, on the driver; count > 0.

    A condition on the hash keeps what is fetched near `most`, by ten times its square root more: fewer come in one of 10^22 cases.
    """
    hashed = F.pmod(F.xxhash64(F.col(Embeddings.snapshot), F.col(Embeddings.doc_id)), F.lit(_HASHES)).alias(_HASH)
    columns = (Embeddings.snapshot, Embeddings.doc_id)
    fetched = embeddings.select(hashed, *columns, Embeddings.vector)
    if count > most:
        wanted = most + 10 * math.isqrt(most) + 20
        fetched = fetched.where(F.col(_HASH) < F.lit(-(-_HASHES * wanted // count)))
    table = fetched.toArrow()
    order = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in (_HASH, *columns)])
    vectors = [to_vectors(chunk) for chunk in table.column(Embeddings.vector).chunks if len(chunk)]
    chosen: Vectors = np.concatenate(vectors)[order[:most].to_numpy()]
    return chosen


def semantic_duplicates(located: DataFrame, centroids: Centroids, threshold: float, keep: str) -> DataFrame:
    """`SemanticDuplicates` among `Located` documents, within their clusters, by ordered greedy (greedy.py).

    A partition holds the kept vectors of one cluster at a time; what they take is said there.
    """
    placed = located.select(*Located.columns()).mapInArrow(partial(_place, centroids=centroids, keep=keep), Placed.ddl())
    ordered = placed.repartition(F.col(Placed.cluster)).sortWithinPartitions(F.col(Placed.cluster), F.col(Placed.place), F.col(Placed.key))
    return ordered.mapInArrow(partial(_scan, threshold=threshold), SemanticDuplicates.ddl())


def _place(batches: Iterator[pa.RecordBatch], centroids: Centroids, keep: str) -> Iterator[pa.RecordBatch]:
    """Attach the cluster, and the cosine to its centroid where members are ordered by it: least first if `hard` ones stay."""
    loaded = centroids.load()
    factor = {"first": 0.0, "hard": 1.0, "easy": -1.0}[keep]
    for batch in batches:
        if batch.num_rows:
            cluster, cosine = nearest(to_vectors(batch.column(Located.vector)), loaded)
            columns = [*batch.columns, pa.array(cluster, pa.int32()), pa.array(factor * cosine)]
            yield pa.RecordBatch.from_arrays(columns, names=list(map(str, Placed.columns())))


def _scan(batches: Iterator[pa.RecordBatch], threshold: float) -> Iterator[pa.RecordBatch]:
    """The documents of one partition that go; its rows come sorted by (cluster, place, key)."""
    scan: ClusterScan | None = None
    at_hand = -1
    for batch in batches:
        if batch.num_rows == 0:
            continue
        vectors, names = to_vectors(batch.column(Placed.vector)), batch.column(Placed.doc_id).to_pylist()
        cluster = batch.column(Placed.cluster).to_numpy()
        borders = np.flatnonzero(np.diff(cluster)) + 1
        for start, end in pairwise([0, *borders.tolist(), batch.num_rows]):
            if scan is None or cluster[start] != at_hand:
                scan, at_hand = ClusterScan(vectors.shape[1], threshold), int(cluster[start])
            removed, keepers, cosine = scan.add(names[start:end], vectors[start:end])
            own = [batch.column(name).take(pa.array(removed + start)) for name in (Placed.doc_id, Placed.snapshot, Placed.chunk)]
            columns = [*own, pa.array(keepers, pa.string()), pa.array(cosine)]
            yield pa.RecordBatch.from_arrays(columns, names=list(map(str, SemanticDuplicates.columns())))
