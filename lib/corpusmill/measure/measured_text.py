"""Brings what was measured to the text it was measured on, without shuffling text."""

from collections.abc import Sequence

from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.edits.registry import edit_parts
from corpusmill.tables import Documents, Signals, names

_MEASURED = "measured_digest"


def measured_text(documents: DataFrame, chosen: DataFrame, copied: Sequence[str], measured: Sequence[str]) -> DataFrame:
    """The texts of the documents that `chosen` names, with the columns `copied` of documents and `measured` of `chosen`.

    `chosen` (signals, any columns with the key and text_digest) is narrow and reaches the text as the broadcast side of a join. Reading fails
    where a text is not the one that was measured: an edit never meets another text than the one it was found on.
    """
    narrow = chosen.select(Signals.snapshot, Signals.doc_id, F.col(Signals.text_digest).alias(_MEASURED), *measured)
    columns = dict.fromkeys((*copied, Documents.text, Documents.text_digest))
    joined = documents.select(*columns).join(F.broadcast(narrow), on=names(Documents.snapshot, Documents.doc_id), how="inner")
    return joined.select(*copied, *measured, _same_text())


def line_edits() -> SparkColumn:
    """Of a document's edits those of lines. A span edit's reason is its part's name; any other reason is a line's."""
    spans = [name for name, part in edit_parts().items() if part.kind == "span"]
    return F.filter(Signals.edits, lambda edit: ~edit.getField("reason").isin(spans))


def _same_text() -> SparkColumn:
    moved = F.concat(F.lit("document "), F.col(Documents.doc_id), F.lit(" has changed since it was measured: run measure_documents"))
    text = F.col(Documents.text)
    return (
        F.when(F.col(Documents.text_digest) == F.col(_MEASURED), text).otherwise(F.raise_error(moved).cast("string")).alias(Documents.text)
    )
