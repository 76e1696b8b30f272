"""Equal URLs and equal texts: of each group one document stays, or one of history does."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from corpusmill.dedup.frames import Candidates, Grouped, Touched

TEXT_HASH_BAND = -1
URL_HASH_BAND = -2
"""The bands of `history` that hold hashes of texts and of canonical URLs."""
_OLDER = "older"
_APART = "apart"


def same_url(frame: DataFrame, touched: DataFrame | None, urls: str) -> DataFrame:
    """`Candidates` with `Grouped.same_url`: as `dedup.urls` says the first of the URL in order, the one fetched last, or each for itself.

    `touched`: rows of history; None where there are none.
    """
    key = F.col(Candidates.key)
    if urls == "keep":
        return frame.withColumn(Grouped.same_url, key)
    # Of those fetched at one moment the first; those whose moment is not known come behind all others.
    last_fetched = F.struct(-F.coalesce(F.col(Candidates.fetched), F.lit(-(2**62))), key)
    return _first_of(
        frame, Candidates.url_hash, Grouped.same_url, last_fetched if urls == "newest" else key, _older(touched, URL_HASH_BAND)
    )


def same_text(frame: DataFrame, touched: DataFrame | None) -> DataFrame:
    """`Candidates` with `same_url`, with `Grouped.same_text`: only those that stand for their URL count."""
    key = F.col(Candidates.key)
    stands = F.col(Grouped.same_url) == key
    counted = frame.withColumn(_APART, F.when(stands, F.col(Candidates.text_hash)))
    found = _first_of(counted, _APART, Grouped.same_text, key, _older(touched, TEXT_HASH_BAND))
    return found.withColumn(Grouped.same_text, F.when(stands, F.col(Grouped.same_text))).drop(_APART)


def _first_of(frame: DataFrame, hashes: str, name: str, order: Column, older: DataFrame | None) -> DataFrame:
    """`frame` with the key that stands for all rows of equal `hashes`, one of history before any other; its own where the hash is null.

    A window, not groupBy and a join: one shuffle, and Spark spills a text that occurs millions of times.
    """
    key = F.col(Candidates.key)
    # Those without a hash get a window each, as one for all would be one partition.
    alone = F.when(F.col(hashes).isNull(), key)
    found = frame.withColumn(name, F.min_by(key, order).over(Window.partitionBy(F.col(hashes), alone)))
    if older is None:
        return found
    joined = found.join(older.withColumnRenamed(Touched.hash, hashes), on=hashes, how="left")
    return joined.withColumn(name, F.coalesce(F.col(_OLDER), F.col(name))).drop(_OLDER)


def _older(touched: DataFrame | None, band: int) -> DataFrame | None:
    """The first key of history by hash."""
    if touched is None:
        return None
    return touched.where(F.col(Touched.band) == band).groupBy(F.col(Touched.hash)).agg(F.min(F.col(Touched.key)).alias(_OLDER))
