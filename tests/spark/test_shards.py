"""From corpus to shards: a tokenizer, tokens, Megatron files and the manifest; the same in any partitioning, and nothing twice."""

import random

import numpy as np
import pytest
from corpusmill.errors import TooLittleInputError
from corpusmill.job import Run
from corpusmill.ledger import Ledger
from corpusmill.pipeline import run_job
from corpusmill.settings import Config, ShardSettings, TokenizerSettings
from corpusmill.shards.manifest import read_manifest
from corpusmill.shards.read import Shards as OpenShards
from corpusmill.shards.write_shards import GroupTokens, WriteShards
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.tables import Corpus, ShardDocuments, Tokens
from corpusmill.tokenizers.current import read_current, read_model
from corpusmill.tokenizers.encode_corpus import EncodeCorpus, EncodeStage
from corpusmill.tokenizers.encoder import Encoder
from corpusmill.tokenizers.train_tokenizer import TrainTokenizer, sample
from narrow_rows import document, done, frame

pytestmark = pytest.mark.connect

RANDOM = random.Random(3)
VOCABULARY = [a + b for a in ("spark", "token", "page", "数据", "Größe ") for b in ("", "s", "ing", " 2024", "\n", "\u2581")]


def published(number, chunk=0, domain="web"):
    text = " ".join(RANDOM.choices(VOCABULARY, k=60))
    return {**document(number, text, chunk=chunk, domain=domain), "characters": len(text), "lang": "en"}


ROWS = [published(n, chunk=n % 2, domain="code" if n % 5 == 0 else "web") for n in range(60)]
PIECES = [Slice("default", 0), Slice("default", 1)]
CONFIG = Config(tokenizer=TokenizerSettings(vocab_size=500), shards=ShardSettings(tokens=1500))


def opened(spark, store, config=CONFIG):
    said = []
    return Run(spark, store, config, Ledger(store), said.append), said


@pytest.fixture
def corpus(spark, store):
    """A store with two published chunks."""
    store.replace(Corpus, frame(store, Corpus, ROWS), EVERYTHING)
    run, _ = opened(spark, store)
    for piece in PIECES:
        done(run, piece, "ingest_documents", "measure_documents", "judge_documents", "publish_corpus")
    return store


def test_corpus_to_shards_and_back(spark, corpus):
    run, said = opened(spark, corpus)
    jobs = (TrainTokenizer(), EncodeCorpus(), WriteShards())
    assert [run_job(job, run) for job in jobs] == [1, 2, 3]
    assert any("of the 500 pieces" in line for line in said) or read_current(corpus.files).vocab_size == 500

    manifest = read_manifest(corpus.files)
    shards = OpenShards(corpus.files, manifest)
    shards.verify()
    tokenizer = manifest.tokenizer
    encoder = Encoder(read_model(corpus.files, tokenizer))
    places = {s.shard_id: number for number, s in enumerate(manifest.shards)}
    texts = {}
    for row in corpus.read(ShardDocuments).collect():
        ids = shards.document(places[row.shard_id], row.position)
        assert len(ids) == row.n_tokens
        assert shards[places[row.shard_id]].first[row.position] == row.first_token
        assert ids[-1] == tokenizer.eos_id
        assert tokenizer.pad_id not in ids
        texts[row.doc_id] = encoder.decode(ids[:-1])
    assert texts == {row["doc_id"]: row["text"] for row in ROWS}
    assert {(s.domain, s.chunk) for s in manifest.shards} == {(d, c) for d in ("web", "code") for c in (0, 1)}
    assert any(s.shard_id.endswith("/00001") for s in manifest.shards)
    assert {s.corpus_version for s in manifest.shards} == {run.ledger.state("publish_corpus", piece) for piece in PIECES}
    assert manifest.tokens == corpus.read(Tokens).agg({"n_tokens": "sum"}).first()[0]

    # Nothing changed: nothing runs, also in another process's ledger.
    again, _ = opened(spark, corpus)
    assert [run_job(job, again) for job in jobs] == [0, 0, 0]


def test_a_changed_chunk_moves_the_manifest_and_leaves_the_old_one_readable(spark, corpus, tmp_path):
    model = tmp_path / "given.model"
    run, _ = opened(spark, corpus)
    run_job(TrainTokenizer(), run)
    model.write_bytes(read_model(corpus.files, read_current(corpus.files)))
    run, _ = opened(spark, corpus, Config(tokenizer=TokenizerSettings(model=str(model)), shards=CONFIG.shards))
    jobs = (TrainTokenizer(), EncodeCorpus(), WriteShards())
    assert [run_job(job, run) for job in jobs] == [1, 2, 3]
    old = read_manifest(corpus.files)

    changed = [row for row in ROWS if row["chunk"] == 1][1:]
    corpus.replace(Corpus, frame(corpus, Corpus, changed), PIECES[1])
    done(run, PIECES[1], "ingest_documents")
    entry = run.ledger.entry("publish_corpus", PIECES[1])
    done(run, PIECES[1], "measure_documents", "judge_documents", "publish_corpus")
    assert entry is not None
    run.ledger.record([type(entry)("publish_corpus", PIECES[1], "changed", entry.inputs, "{}", "done")])
    # A given tokenizer stays as the corpus grows; of the chunks only the changed one is done again, then the manifest.
    assert [run_job(job, run) for job in jobs] == [0, 1, 2]
    new = read_manifest(corpus.files)
    assert new.documents == old.documents - 1
    assert new.corpus_version != old.corpus_version
    assert [s for s in new.shards if s.chunk == 0] == [s for s in old.shards if s.chunk == 0]
    OpenShards(corpus.files, read_manifest(corpus.files, old.digest)).verify()


def test_the_same_shards_in_any_partitioning(spark, store, tmp_path):
    random_tokens = np.random.default_rng(1)
    rows = [
        {**document(n, "", domain="a/b" if n % 3 else "web"), "tokens": [*random_tokens.integers(4, 90, n % 17).tolist(), 2],
         "n_tokens": n % 17 + 1, "tokenizer": "t"}
        for n in range(80)
    ]  # fmt: skip
    tokens = frame(store, Tokens, rows)
    results = []
    for partitions in (1, 7):
        files = tmp_path / f"files{partitions}"
        stage = GroupTokens(files=str(files), vocab_size=100, corpus_version="v", aim=150)
        found = sorted(repr(row) for row in stage(tokens.repartition(partitions)).collect())
        results.append((found, {p.relative_to(files): p.read_bytes() for p in files.rglob("*.*") if p.is_file()}))
    assert results[0] == results[1]
    assert len([row for row in results[0][0] if "position=None" in row]) > 2


def test_a_corpus_too_small_names_what_removed_most(spark, store):
    from corpusmill.tables import Documents, Verdicts
    from narrow_rows import verdict

    documents = [document(n, "") for n in range(4)]
    store.replace(Verdicts, frame(store, Verdicts, [verdict(d, "language", "late") for d in documents[:3]]), EVERYTHING)
    store.replace(Documents, frame(store, Documents, documents), EVERYTHING)
    run, _ = opened(spark, store)
    done(run, PIECES[0], "ingest_documents", "measure_documents", "judge_documents", "publish_corpus")
    with pytest.raises(TooLittleInputError, match=r"has 0 characters.*what removed most is language, 3 of 4 documents") as raised:
        run_job(TrainTokenizer(), run)
    assert "\n" not in str(raised.value)


def test_a_sample_depends_on_ids_alone(store):
    corpus = frame(store, Corpus, ROWS)
    whole, half, same = (
        sorted(r.text for r in sample(c, s).collect()) for c, s in ((corpus, 1.0), (corpus, 0.5), (corpus.repartition(5), 0.5))
    )
    assert len(whole) == len(ROWS)
    assert half == same
    assert 0 < len(half) < len(ROWS)


def test_encoding_does_not_shuffle(spark, corpus):
    from test_publish import plan

    run, _ = opened(spark, corpus)
    run_job(TrainTokenizer(), run)
    tokenizer = read_current(corpus.files)
    encoded = EncodeStage(model=read_model(corpus.files, tokenizer), tokenizer=tokenizer)(corpus.read(Corpus))
    assert "Exchange" not in plan(encoded)
    encoder = Encoder(read_model(corpus.files, tokenizer))
    rows = {row.doc_id: row for row in encoded.collect()}
    for row in ROWS:
        assert rows[row["doc_id"]].tokens == [*encoder.encode(row["text"]).tolist(), tokenizer.eos_id]
        assert rows[row["doc_id"]].n_tokens == len(rows[row["doc_id"]].tokens)
