"""Encode: the corpus as token ids of the current tokenizer, each document ending in end-of-document."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame

from corpusmill.job import Input, Job, Run
from corpusmill.settings import Settings
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.stage import Stage
from corpusmill.tables import Corpus, Table, Tokens
from corpusmill.text.portions import portions
from corpusmill.tokenizers.current import CurrentTokenizer, read_current, read_model
from corpusmill.tokenizers.encoder import load_encoder

_PUBLISH = "publish_corpus"
_PORTION_BYTES = 4_000_000
"""SentencePiece's ids take some 40 bytes of Python each before they are an array."""


class EncodeStage(Stage):
    """Corpus to tokens, row by row. The model file travels inside the stage: it is half a megabyte, and executors may see no files."""

    reads: ClassVar[tuple[type[Table], ...]] = (Corpus,)
    writes: ClassVar[type[Table]] = Tokens
    model: bytes
    tokenizer: CurrentTokenizer

    def transform(self, *frames: DataFrame) -> DataFrame:
        """One row a document."""
        (corpus,) = frames
        narrow = corpus.select(Corpus.doc_id, Corpus.snapshot, Corpus.chunk, Corpus.domain, Corpus.text)
        return narrow.mapInArrow(self._encode, Tokens.ddl())

    def _encode(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in portions(batches, Corpus.text, _PORTION_BYTES):
            tokens = encode_texts(batch.column(Corpus.text), self.model, self.tokenizer)
            values = {
                **{name: batch.column(name) for name in (Tokens.doc_id, Tokens.snapshot, Tokens.chunk, Tokens.domain)},
                Tokens.tokens: tokens,
                Tokens.n_tokens: pa.array(np.diff(tokens.offsets.to_numpy()).astype(np.int64)),
                Tokens.tokenizer: pa.array([self.tokenizer.sha256] * batch.num_rows),
            }
            yield pa.RecordBatch.from_arrays([values[c] for c in Tokens.columns()], names=list(Tokens.columns()))


def encode_texts(texts: pa.Array, model: bytes, tokenizer: CurrentTokenizer) -> pa.ListArray:
    """list<int32>[n]: bos where the tokenizer says so, the text's ids, eos."""
    encoder = load_encoder(model)
    begin = np.array([tokenizer.bos_id] if tokenizer.begins_with_bos else [], np.int32)
    end = np.array([tokenizer.eos_id], np.int32)
    documents = [np.concatenate((begin, encoder.encode(text.as_py()), end)) for text in texts]
    offsets = np.zeros(len(documents) + 1, np.int32)
    np.cumsum([len(document) for document in documents], out=offsets[1:])
    values = np.concatenate(documents) if documents else np.zeros(0, np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values))


class EncodeCorpus(Job):
    """Replaces `tokens` chunk by chunk."""

    name = "encode_corpus"
    after = "train_tokenizer"

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """None of its own: the tokenizer says how."""
        return {}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every published chunk."""
        return run.ledger.slices(_PUBLISH)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """The chunk's corpus and the tokenizer."""
        return (Input(_PUBLISH, piece), Input("train_tokenizer", EVERYTHING))

    def work(self, run: Run, piece: Slice) -> int:
        """Raises NotReadyError where there is no tokenizer, StoreError where its file was altered."""
        tokenizer = read_current(run.store.files)
        stage = EncodeStage(model=read_model(run.store.files, tokenizer), tokenizer=tokenizer)
        run.store.replace(Tokens, stage(run.store.read(Corpus, piece)), piece)
        return run.store.read(Tokens, piece).count()
