"""Members of buckets: documents that share one band's hash with another one, of the same frame or of history."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from corpusmill.dedup.frames import Grouped, Members, Touched

_IS_FIRST, _IS_LAST, _IS_NEW, _COUNT = "is_first", "is_last", "is_new", "count"


def exploded(firsts: DataFrame) -> DataFrame:
    """key, band, hash: a row for each band of `Grouped` rows."""
    return firsts.select(F.col(Grouped.key), F.posexplode(F.col(Grouped.bands)).alias(Members.band, Members.hash))


def older_members(touched: DataFrame) -> DataFrame:
    """key, band, hash of the `Touched` rows that are of bands."""
    hash_ = F.conv(F.hex(F.col(Touched.hash)), 16, -10).cast("bigint").alias(Members.hash)
    return touched.where(F.col(Touched.band) >= 0).select(F.col(Touched.key), F.col(Touched.band), hash_)


def sharing(members: DataFrame, older: DataFrame) -> DataFrame:
    """Of key, band, hash those whose bucket has another member, older ones counted."""
    both = members.withColumn(_IS_NEW, F.lit(True)).unionByName(older.withColumn(_IS_NEW, F.lit(False)))
    bucket = Window.partitionBy(F.col(Members.band), F.col(Members.hash))
    counted = both.withColumn(_COUNT, F.count(F.lit(1)).over(bucket))
    return counted.where(F.col(_IS_NEW) & (F.col(_COUNT) > 1)).drop(_IS_NEW, _COUNT)


def with_leaders(members: DataFrame) -> DataFrame:
    """Members without those that are alone in their bucket, with `Members.is_leader` set anew."""
    bucket = Window.partitionBy(F.col(Members.band), F.col(Members.hash)).orderBy(F.col(Members.key))
    key = F.col(Members.key)
    flagged = members.withColumns({_IS_FIRST: F.lag(key).over(bucket).isNull(), _IS_LAST: F.lead(key).over(bucket).isNull()})
    shared = flagged.where(~(F.col(_IS_FIRST) & F.col(_IS_LAST)))
    leader = F.bool_and(F.col(_IS_FIRST)).over(Window.partitionBy(key))
    return shared.withColumn(Members.is_leader, leader).drop(_IS_FIRST, _IS_LAST)
