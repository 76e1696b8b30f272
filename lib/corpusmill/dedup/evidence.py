"""What candidates are compared by where their sketches are not enough: sets of shingles, made chunk by chunk from the texts that need them."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.frames import Grouped, Members
from corpusmill.dedup.near import GROUPED, Evidence
from corpusmill.dedup.order import doc_id_column
from corpusmill.dedup.shingle_sets import ShingleSets, shingle_sets
from corpusmill.measure.measured_text import line_edits
from corpusmill.scratch import Scratch
from corpusmill.slices import Slice
from corpusmill.store import Store
from corpusmill.tables import Documents, Signals

_SHINGLES, _COMPARED = "shingle_sets", "compared"


def shingles_of(store: Store, scratch: Scratch, chunks: Sequence[Slice], words: int) -> Evidence:
    """Sets of shingles of so many words, of documents of these chunks; asking for them writes a scratch table."""

    def evidence(keys: DataFrame) -> DataFrame:
        places = scratch.read(GROUPED).select(Grouped.key, Grouped.snapshot, Grouped.chunk)
        scratch.write(_COMPARED, places.join(keys, on=Grouped.key, how="left_semi"))
        compared = scratch.read(_COMPARED).withColumn(Signals.doc_id, doc_id_column(F.col(Grouped.key)))
        for number, chunk in enumerate(chunks):
            signals = store.read(Signals, chunk).select(
                Signals.snapshot, Signals.doc_id, Signals.text_digest, line_edits().alias(Signals.edits)
            )
            here = compared.where(chunk.predicate()).select(Signals.doc_id, Grouped.key)
            chosen = signals.join(here, on=Signals.doc_id, how="inner")
            scratch.write(_SHINGLES, shingle_sets(store.read(Documents, chunk), chosen, words), append=number > 0)
        return scratch.read(_SHINGLES).withColumnRenamed(ShingleSets.shingles, Members.evidence)

    return evidence
