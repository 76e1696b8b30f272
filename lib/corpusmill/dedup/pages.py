"""Which page each document is: a hash of its canonical URL, and when it was fetched."""

from collections.abc import Iterator

import pyarrow as pa
import xxhash
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.frames import Pages
from corpusmill.dedup.urls import canonical_url
from corpusmill.tables import Documents


def pages(documents: DataFrame) -> DataFrame:
    """`Pages` of the documents that have a URL. No text is read."""
    fetched = F.unix_micros(F.col(Documents.fetched_at)).alias(Pages.fetched)
    columns = (F.col(Documents.snapshot), F.col(Documents.doc_id), F.col(Documents.url).alias(Pages.url_hash), fetched)
    return documents.where(F.length(Documents.url) > 0).select(*columns).mapInArrow(_hash_urls, Pages.ddl())


def _hash_urls(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        index = batch.schema.get_field_index(Pages.url_hash)
        hashes = [xxhash.xxh3_128_digest(canonical_url(url).encode("utf-8", "replace")) for url in batch.column(index).to_pylist()]
        yield batch.set_column(index, str(Pages.url_hash), pa.array(hashes, pa.binary()))
