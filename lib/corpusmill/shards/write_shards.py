"""Groups the tokens of a chunk into Megatron shards by domain, and lists all shards in the manifest."""

import hashlib
from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.errors import NotReadyError
from corpusmill.files import remove_staging
from corpusmill.job import Input, Job, Run
from corpusmill.paths import join_path
from corpusmill.settings import Settings
from corpusmill.shards.manifest import FOLDER, Manifest, ShardEntry, write_manifest
from corpusmill.shards.written import NUMBER, ShardTask, WrittenRows
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.stage import Stage
from corpusmill.tables import ShardDocuments, Shards, Tokens
from corpusmill.tokenizers.current import CurrentTokenizer, read_current
from corpusmill.wording import counted

_SPREAD, _COUNT = "spread", "count"
_SCRATCH = "written"


class GroupTokens(Stage):
    """Tokens to shard files and their rows: by domain, in as many shards as the tokens need, documents in the order of a hash.

    Which documents share a shard depends on their ids and on the chunk's token counts alone. Writes files; a repeated task writes the same ones.
    """

    reads = (Tokens,)
    writes = WrittenRows
    files: str
    """store.files."""
    vocab_size: int
    corpus_version: str
    aim: int
    """Tokens a shard."""

    def transform(self, *frames: DataFrame) -> DataFrame:
        """One row a shard and one a document."""
        (tokens,) = frames
        counts = tokens.groupBy(Tokens.domain).agg(F.ceil(F.sum(Tokens.n_tokens) / F.lit(self.aim)).alias(_COUNT))
        spread = F.xxhash64(F.col(Tokens.doc_id))
        number = F.pmod(F.col(_SPREAD), F.greatest(F.col(_COUNT), F.lit(1))).cast("int")
        # The last three parts hold no slash, so that any domain gives another id.
        key = F.format_string("%s/%s/%05d/%05d", Tokens.domain, Tokens.snapshot, Tokens.chunk, NUMBER)
        placed = (
            tokens.join(F.broadcast(counts), on=Tokens.domain, how="inner")
            .withColumn(_SPREAD, spread)
            .withColumn(NUMBER, number)
            .withColumn(Shards.shard_id, key)
            .repartition(F.col(Shards.shard_id))
            .sortWithinPartitions(Shards.shard_id, _SPREAD, Tokens.doc_id)
            .drop(_SPREAD, _COUNT)
        )
        task = ShardTask(files=self.files, vocab_size=self.vocab_size, corpus_version=self.corpus_version)
        return placed.mapInArrow(task, WrittenRows.ddl())


class WriteShards(Job):
    """One slice a chunk, and one over everything: the manifest."""

    name = "write_shards"
    after = "encode_corpus"

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """The size of a shard."""
        return {"shards": run.config.shards}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Each encoded chunk, then the manifest, which is written last."""
        return (*run.ledger.slices("encode_corpus"), EVERYTHING)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """A chunk reads its tokens, the manifest the rows of all chunks."""
        if piece == EVERYTHING:
            return [Input(self.name, chunk, optional=True) for chunk in run.ledger.slices("encode_corpus")]
        return [Input("encode_corpus", piece)]

    def work(self, run: Run, piece: Slice) -> int:
        """Write a chunk's shards and replace its rows; a chunk without documents has none. Raises StoreError."""
        if piece == EVERYTHING:
            return _freeze(run)
        stage = GroupTokens(
            files=run.store.files,
            vocab_size=read_current(run.store.files).vocab_size,
            corpus_version=run.ledger.state("publish_corpus", piece),
            aim=run.config.shards.tokens,
        )
        scratch = run.store.scratch(self.name)
        scratch.write(_SCRATCH, stage(run.store.read(Tokens, piece)))
        rows = scratch.read(_SCRATCH)
        run.store.replace(Shards, rows.where(F.col(Shards.path).isNotNull()), piece)
        documents = rows.where(F.col(ShardDocuments.position).isNotNull())
        run.store.replace(ShardDocuments, documents, piece)
        return documents.count()

    def finish(self, run: Run) -> None:
        """Drop the scratch table and what killed tasks left."""
        run.store.scratch(self.name).drop()
        remove_staging(join_path(run.store.files, FOLDER))


def _freeze(run: Run) -> int:
    """Write the manifest over the rows of all chunks: one row a shard, of 1 GB or so, collected. Returns the shards."""
    chunks = run.ledger.slices("encode_corpus")
    tokenizer = read_current(run.store.files)
    rows = run.store.read(Shards).orderBy(Shards.shard_id).collect()
    kept = [row for row in rows if Slice(row[Shards.snapshot], row[Shards.chunk]) in set(chunks)]
    _require_tokenizer({row[Shards.tokenizer] for row in kept}, tokenizer)
    entries = tuple(ShardEntry(**{name: row[name] for name in ShardEntry.model_fields}) for row in kept)
    states = "\n".join(f"{chunk} {run.ledger.state('publish_corpus', chunk)}" for chunk in chunks)
    version = hashlib.sha256(states.encode()).hexdigest()
    manifest = Manifest(corpus_version=version, tokenizer=tokenizer, shards=entries)
    write_manifest(run.store.files, manifest)
    run.say(
        f"write_shards: manifest {manifest.digest[:16]}, {counted(len(entries), 'shard')}, "
        f"{counted(manifest.tokens, 'token')}, {counted(manifest.documents, 'document')}"
    )
    return len(entries)


def _require_tokenizer(found: set[str], current: CurrentTokenizer) -> None:
    """Raise NotReadyError where a shard has tokens of another tokenizer than the current one."""
    if found - {current.sha256}:
        raise NotReadyError("some shards have tokens of an earlier tokenizer: run encode_corpus, then write_shards")
