"""Every setting of every job, one frozen model a section, each published default with its source beside it.

No other module holds a default. `config.py` fills these from TOML files and overrides. No pyspark here: `inspect` and the trainer read them.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _as_tuple(value: object) -> object:
    """A single text stands for a list of one; TOML arrays become tuples, so that the model can be hashed and pickled by value."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, Mapping) else value


Strings = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Integers = Annotated[tuple[int, ...], BeforeValidator(_as_tuple)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Settings(BaseModel):
    """Frozen, strict and without unknown keys, so that a typing mistake is an error and not a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class StoreSettings(Settings):
    """Where the tables are."""

    root: str = ""
    """A folder (local, s3a://, abfss://) or `catalog.schema`."""
    files: str = ""
    """A folder for shards, checkpoints, tokenizers and reports. Empty: `files` under the root; a catalog needs it."""
    retention: str = "90 days"
    """How long Delta keeps its log and deleted files: as long as versions can be read back."""


class IngestSettings(Settings):
    """What to read and what counts as a document."""

    paths: Strings = ()
    """Files, folders or globs, local or any fsspec URL."""
    snapshot: str = Field(default="default", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    source: str = ""
    """The data set's name; empty: the snapshot's."""
    domain: str = "web"
    """The mixture's word for these documents, where a file does not say itself."""
    format: Literal["auto", "warc", "jsonl", "parquet"] = "auto"
    statuses: Integers = (200,)
    """HTTP statuses that make a document."""
    max_record_bytes: int = Field(default=16_000_000, gt=0)
    """A larger payload is rejected as too_large."""
    chunk_bytes: int = Field(default=16 * 2**30, gt=0)
    """Files are packed into chunks of this size; a chunk is written and resumed as one."""
    files_at_once: int = Field(default=1000, gt=0)
    """Chunks are parsed together until they have so many files, a task each: as many as the cluster has cores, or more."""
    extractor: Literal["resiliparse"] = "resiliparse"
    main_content: bool = True
    """Leave navigation, footers and comments out (DCLM, arXiv 2406.11794 section 3.2, uses resiliparse so)."""
    replace: bool = False
    """Ingest the snapshot anew where files or extraction settings contradict what was ingested."""


class EditSettings(Settings):
    """Which spans of text are replaced: whole-line edits first, in order, then masked spans on the text they leave."""

    lines: Strings = ()
    spans: Strings = ()


class MeasureSettings(Settings):
    """How documents are measured. Part of the state of `signals`, with the edits."""

    language_characters: int = Field(default=1000, gt=0)
    """Language looks at so many leading characters: 4,500 documents/s against 840 on whole texts."""
    shingle_words: int = Field(default=5, gt=0)
    """Words a shingle (FineWeb, arXiv 2406.17557 appendix E.1)."""
    bands: int = Field(default=14, gt=0)
    rows: int = Field(default=8, gt=0)
    """14 bands of 8 values: pairs of similarity (1/14)^(1/8) = .72 match half the time or so (FineWeb)."""


class RuleSettings(Settings):
    """A signal, its bounds, the reason given outside them, and where the numbers come from."""

    reason: str
    signal: str
    """`family.name`, as in the signals table."""
    min: float | None = None
    max: float | None = None
    above: float | None = None
    below: float | None = None
    within: Strings | None = Field(default=None, alias="in")
    when: "WhenSettings | None" = None
    source: str = ""


class WhenSettings(Settings):
    """Restricts a rule to documents whose other signal is one of these values."""

    signal: str
    within: Strings = Field(alias="in")


class DedupSettings(Settings):
    """Ordered greedy near-duplicate removal (DESIGN section 10)."""

    threshold: Share = 0.75
    """Estimated Jaccard at or above which two documents are the same (FineWeb's stated aim, arXiv 2406.17557 appendix E.1)."""
    pivots: int = Field(default=64, gt=0)
    """The first C members of a bucket that leaders left undecided are compared with all others: O(C m) a bucket. A pair is missed only
    where both come after them in every bucket they share."""
    edge_limit: int = Field(default=20_000_000, gt=0)
    """More edges than this are peeled in parallel before the rest is finished in one partition."""


class BenchmarkSettings(Settings):
    """One benchmark file in JSON lines."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    path: str
    fields: Strings
    """The fields whose text is looked for, joined by a space."""


class ContaminationSettings(Settings):
    """Which benchmark texts are looked for, and how much of them makes a document contaminated."""

    benchmarks: Annotated[tuple[BenchmarkSettings, ...], BeforeValidator(_as_tuple)] = ()
    any_words: int = Field(default=13, ge=0)
    """Any shared n-gram of so many words contaminates (GPT-3, arXiv 2005.14165 appendix C). 0: off."""
    ratio_words: int = Field(default=20, ge=0)
    """n-gram of the ratio rule (YuLan-Mini, arXiv 2412.17743; there of tokens). 0: off."""
    ratio: Share = 0.1
    """More than this share of a document's n-grams hit (YuLan-Mini)."""
    ratio_max_count: int = Field(default=4, gt=0)
    """Benchmark n-grams seen in the benchmarks more often than this are not counted (YuLan-Mini)."""
    action: Literal["drop", "annotate"] = "drop"


class TokenizerSettings(Settings):
    """SentencePiece BPE with byte fallback, digits single."""

    model: str = ""
    """An existing SentencePiece model to use; empty: one is trained on the corpus."""
    vocab_size: int = Field(default=32_000, gt=0)
    """As LLaMA (arXiv 2302.13971 section 2.1)."""
    character_coverage: Share = 0.99995
    sample_characters: int = Field(default=500_000_000, gt=0)
    """Text for training is sampled down to about this size, by document and by hash."""
    bos: bool = False
    """Begin each document with the begin-of-sentence id, too; all end with end-of-sentence."""


class ShardSettings(Settings):
    """Megatron .bin/.idx pairs."""

    tokens: int = Field(default=500_000_000, gt=0)
    """Aim of one shard; 500 M tokens of two bytes are 1 GB."""


class TrainSettings(Settings):
    """A LLaMA-style decoder (arXiv 2302.13971, grouped queries arXiv 2305.13245) and how it is trained."""

    backend: Literal["torch", "horovod"] = "torch"
    world_size: int = Field(default=1, gt=0)
    """Data-parallel ranks; 1 trains in one process."""
    layers: int = Field(default=4, gt=0)
    hidden: int = Field(default=256, gt=0)
    intermediate: int = Field(default=688, gt=0)
    heads: int = Field(default=8, gt=0)
    kv_heads: int = Field(default=4, gt=0)
    rope_theta: float = Field(default=10_000.0, gt=0)
    norm_epsilon: float = Field(default=1e-5, gt=0)
    tie_embeddings: bool = True
    sequence_length: int = Field(default=256, gt=1)
    batch_sequences: int = Field(default=16, gt=0)
    """Sequences a step over all ranks; divides by ranks times accumulation."""
    accumulate: int = Field(default=1, gt=0)
    steps: int = Field(default=200, gt=0)
    warmup_steps: int = Field(default=20, ge=0)
    learning_rate: float = Field(default=3e-4, gt=0)
    final_learning_rate_share: Share = 0.1
    """Cosine decay ends at this share of the peak (LLaMA section 2.2)."""
    beta1: float = 0.9
    beta2: float = 0.95
    epsilon: float = 1e-8
    weight_decay: float = Field(default=0.1, ge=0)
    clip: float = Field(default=1.0, gt=0)
    """LLaMA section 2.2."""
    bf16: bool = False
    """bfloat16 autocast; slower than fp32 on CPUs without AVX512-BF16."""
    checkpoint_steps: int = Field(default=100, gt=0)
    checkpoints_kept: int = Field(default=2, gt=0)
    """Older checkpoints are removed."""
    seed: int = 0
    run: str = Field(default="default", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Name of the run in the `runs` table; the same name goes on from its last checkpoint."""


class ReportSettings(Settings):
    """The HTML report and summary.json."""

    folder: str = ""
    """Where report.html and summary.json go; empty: `reports` under store.files."""
    examples: int = Field(default=3, ge=0)
    """Removed documents shown for each reason."""


class PipelineSettings(Settings):
    """What `run_pipeline` runs."""

    stages: Strings = (
        "ingest_documents",
        "measure_documents",
        "judge_documents",
        "find_duplicates",
        "find_contamination",
        "publish_corpus",
        "train_tokenizer",
        "encode_corpus",
        "write_shards",
        "train_model",
        "write_report",
    )
    force: bool = False
    """Run even what is up to date: for changes made to tables from outside."""


class Config(Settings):
    """All sections together, as the files and overrides of one command make them."""

    store: StoreSettings = StoreSettings()
    ingest: IngestSettings = IngestSettings()
    edits: EditSettings = EditSettings()
    measure: MeasureSettings = MeasureSettings()
    rules: Annotated[tuple[RuleSettings, ...], BeforeValidator(_as_tuple)] = ()
    dedup: DedupSettings = DedupSettings()
    contamination: ContaminationSettings = ContaminationSettings()
    tokenizer: TokenizerSettings = TokenizerSettings()
    shards: ShardSettings = ShardSettings()
    train: TrainSettings = TrainSettings()
    report: ReportSettings = ReportSettings()
    pipeline: PipelineSettings = PipelineSettings()
    spark: dict[str, str] = Field(default_factory=dict)
    """Spark's own settings, given as spark.KEY=VALUE."""
