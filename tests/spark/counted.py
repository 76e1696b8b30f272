"""Counts of the tables that ingest writes."""

from corpusmill.tables import Documents, Inputs, RejectedRecords
from pyspark.sql import functions as F


def counts(store):
    """(documents, rejected) of the tables, checked against what `inputs` says."""
    documents, rejected = store.read(Documents).count(), store.read(RejectedRecords).count()
    said = store.read(Inputs).agg(*(F.sum(F.col(c)) for c in (Inputs.records, Inputs.documents, Inputs.rejected))).collect()[0]
    assert tuple(said) == (documents + rejected, documents, rejected)
    return documents, rejected
