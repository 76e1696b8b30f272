"""The job find_semantic_duplicates: SemDeDup over the embeddings of each snapshot, or of all together."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.document_keys import document_key
from corpusmill.errors import NotReadyError
from corpusmill.job import Input, Job, Run
from corpusmill.paths import join_path
from corpusmill.semantic.clusters import find_centroids, packed
from corpusmill.semantic.deciding import sample, semantic_duplicates
from corpusmill.semantic.embed_documents import check_embedder, model_digest
from corpusmill.semantic.frames import Located
from corpusmill.settings import Config, DedupSettings, Settings
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.tables import Embeddings, SemanticDuplicates, Signals, names
from corpusmill.wording import counted

_JUDGE, _EMBED = "judge_documents", "embed_documents"
_FOUND = "found"


class FindSemanticDuplicates(Job):
    """Replaces `semantic_duplicates` by snapshot; without an embedder it empties what earlier runs left, and else does nothing.

    With `dedup.scope` global all snapshots are decided together, anew with each one that comes.
    """

    name = "find_semantic_duplicates"
    after = _JUDGE

    def check(self, config: Config) -> None:
        """Whether the embedder is there: what it made before must be of the same one."""
        check_embedder(config.semantic)

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """The section `semantic`, the embedder's digest, and of `dedup` the scope and the order of documents."""
        semantic, dedup = run.config.semantic, run.config.dedup
        if not semantic.embedder:
            return {"embedder": "off"}
        embedder = model_digest(semantic.embedder, semantic.tokens)
        own = semantic.model_copy(update={"embedder": ""})
        return {"semantic": own, "embedder": embedder, "dedup": DedupSettings(scope=dedup.scope, order=dedup.order)}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every judged snapshot; without an embedder only those decided before, or being decided when it broke off."""
        ledger = run.ledger
        snapshots = [Slice(name) for name in dict.fromkeys(piece.snapshot for piece in ledger.slices(_JUDGE))]
        if run.config.semantic.embedder:
            return snapshots
        return ledger.begun(self.name, snapshots)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """Embeddings of all chunks that are decided together, and their numbers of words, which are in signals."""
        return [Input(job, chunk) for chunk in _together(run, piece) for job in ("measure_documents", _EMBED)]

    def decides_together(self, run: Run) -> bool:
        """With scope global."""
        return run.config.dedup.scope == "global"

    def prepare(self, run: Run, pieces: Sequence[Slice]) -> None:
        """With scope global decide all snapshots. Raises NotReadyError where an embedding is of another embedder."""
        run.store.scratch(self.name).drop()
        if not run.config.semantic.embedder:
            return
        current = self.settings(run)["embedder"]
        for chunk in dict.fromkeys(chunk for piece in pieces for chunk in _together(run, piece)):
            if run.ledger.settings(_EMBED, chunk).get("embedder") != current:
                raise NotReadyError(f"{_EMBED} made the vectors of {chunk} with another embedder than semantic.embedder: run it first")
        if run.config.dedup.scope == "global":
            run.store.scratch(self.name).write(_FOUND, self._decide(run, EVERYTHING))

    def work(self, run: Run, piece: Slice) -> int:
        """One commit."""
        store = run.store
        if not run.config.semantic.embedder:
            found = store.frame(SemanticDuplicates, [])
        elif run.config.dedup.scope == "global":
            found = store.scratch(self.name).read(_FOUND).where(F.col(SemanticDuplicates.snapshot) == F.lit(piece.snapshot))
        else:
            found = self._decide(run, piece)
        store.replace(SemanticDuplicates, found, piece)
        return store.read(SemanticDuplicates, piece).count()

    def finish(self, run: Run) -> None:
        """Drop the scratch table, also that of a run that broke off."""
        run.store.scratch(self.name).drop()

    def _decide(self, run: Run, piece: Slice) -> DataFrame:
        """`SemanticDuplicates` of the documents of one snapshot or of all, decided together."""
        store, settings = run.store, run.config.semantic
        embeddings = store.read(Embeddings, piece).where(_of_chunks(run, piece))
        count = embeddings.count()
        if count == 0:
            return store.frame(SemanticDuplicates, [])
        vectors = sample(embeddings, count, settings.sample)
        centroids = find_centroids(vectors, settings.clusters or max(1, round(count**0.5)), settings.iterations)
        run.say(
            f"{self.name}: {piece}  {counted(count, 'document')}, {counted(len(centroids), 'cluster')} from {counted(len(vectors), 'vector')}"
        )
        carried = packed(centroids, join_path(store.files, "semantic"))
        return semantic_duplicates(_located(run, piece), carried, settings.threshold, settings.keep)


def _together(run: Run, piece: Slice) -> list[Slice]:
    """The judged chunks that `piece` is decided together with, its own among them."""
    judged = run.ledger.slices(_JUDGE)
    return judged if run.config.dedup.scope == "global" else [chunk for chunk in judged if chunk.snapshot == piece.snapshot]


def _located(run: Run, piece: Slice) -> DataFrame:
    """`Located`: the embeddings of one snapshot or of all, with the order of documents."""
    columns = names(Signals.snapshot, Signals.doc_id, Signals.text_digest)
    chosen = _of_chunks(run, piece)
    signals = run.store.read(Signals, piece).where(chosen).select(*columns, document_key(run).alias(Located.key))
    return run.store.read(Embeddings, piece).where(chosen).join(signals, on=columns, how="inner").select(*Located.columns())


def _of_chunks(run: Run, piece: Slice) -> Column:
    """Rows of the judged chunks alone: one that broke off may hold other ones."""
    return F.expr(" OR ".join(f"({chunk.predicate()})" for chunk in _together(run, piece)))
