"""What was parsed, split: documents, rejected records and a row for each file, after repeated ids are found."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from corpusmill.ingest.rows import Records
from corpusmill.settings import IngestSettings
from corpusmill.tables import Documents, Inputs, RejectedRecords, names

REPEATED = "repeated_record"
_PLACE = (Records.file, Records.offset)


def narrow(records: DataFrame) -> DataFrame:
    """doc_id, chunk, file and offset of parsed documents: what the key check reads."""
    return records.where(F.col(Records.doc_id).isNotNull()).select(Records.doc_id, Documents.chunk, *_PLACE)


def committed(documents: DataFrame) -> DataFrame:
    """The same of documents that are already in the table."""
    origin = F.col(Documents.origin)
    file, offset = origin.getField("file").alias(Records.file), origin.getField("offset").alias(Records.offset)
    return documents.select(Documents.doc_id, Documents.chunk, file, offset)


def repeated(places: DataFrame) -> DataFrame:
    """Of records that share an id, all but the one that is earliest by chunk, file and offset.

    One shuffle of narrow rows; a window, because an id may be shared by more records than one row can list.
    """
    place = Window.partitionBy(Records.doc_id).orderBy(Documents.chunk, *_PLACE)
    return places.withColumn("place", F.row_number().over(place)).where(F.col("place") > F.lit(1)).drop("place")


def documents(records: DataFrame, losers: DataFrame, chunk: int, settings: IngestSettings) -> DataFrame:
    """The documents of a chunk. `losers` is narrow and small: the text is not shuffled for it."""
    first = records.where(F.col(Records.doc_id).isNotNull()).join(F.broadcast(losers.select(*_PLACE)), on=names(*_PLACE), how="left_anti")
    origin = F.struct(
        F.col(Records.file).alias("file"),
        F.col(Records.offset).alias("offset"),
        F.col(Records.length).alias("length"),
        F.col(Records.digest),
    )
    return first.select(
        Records.doc_id,
        F.lit(settings.snapshot).alias(Documents.snapshot),
        F.lit(chunk).cast("int").alias(Documents.chunk),
        F.lit(settings.source or settings.snapshot).alias(Documents.source),
        F.coalesce(F.col(Records.domain), F.lit(settings.domain_of(settings.format))).alias(Documents.domain),
        Records.url,
        Records.host,
        Records.fetched_at,
        Records.text,
        Records.text_digest,
        Records.extraction,
        origin.alias(Documents.origin),
        Records.attributes,
    )


def rejected_records(records: DataFrame, losers: DataFrame, chunk: int, settings: IngestSettings) -> DataFrame:
    """What gave no document, and the repeated records, which name the id that they share."""
    broken = records.where(F.col(Records.error).isNotNull()).select(*_PLACE, Records.error)
    again = losers.select(*_PLACE, F.concat(F.lit(f"{REPEATED}: id "), F.col(Records.doc_id)).alias(Records.error))
    snapshot = F.lit(settings.snapshot).alias(RejectedRecords.snapshot)
    return broken.unionByName(again).select(snapshot, F.lit(chunk).cast("int").alias(RejectedRecords.chunk), *_PLACE, Records.error)


def count_records(records: DataFrame, losers: DataFrame) -> DataFrame:
    """A row for each file with anything in it: documents, rejected and other records. Losers count as rejected."""
    counted = records.groupBy(Records.file).agg(
        F.count(Records.doc_id).alias(Inputs.documents),
        F.count(Records.error).alias(Inputs.rejected),
        F.sum(Records.other).alias(Inputs.other),
    )
    again = losers.groupBy(Records.file).agg(F.count(F.lit(1)).alias("again"))
    joined = counted.join(again, on=names(Records.file), how="left").withColumn("again", F.coalesce(F.col("again"), F.lit(0)))
    documents_, rejected = F.col(Inputs.documents) - F.col("again"), F.col(Inputs.rejected) + F.col("again")
    return joined.select(Records.file, documents_.alias(Inputs.documents), rejected.alias(Inputs.rejected), Inputs.other)
