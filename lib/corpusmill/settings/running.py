"""Where tables are, what a pipeline runs and what it reports."""

from pydantic import Field

from corpusmill.settings.base import Settings, Strings


class StoreSettings(Settings):
    """Where the tables are."""

    root: str = ""
    """A folder (local, s3a://, abfss://) or `catalog.schema`."""
    files: str = ""
    """A folder for shards, checkpoints, tokenizers and reports. Empty: `files` under the root; a catalog needs it."""
    retention: str = "90 days"
    """How long Delta keeps its log and deleted files: as long as versions can be read back."""


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
        "score_documents",
        "judge_documents",
        "find_duplicates",
        "embed_documents",
        "find_semantic_duplicates",
        "find_contamination",
        "find_passages",
        "publish_corpus",
        "train_tokenizer",
        "encode_corpus",
        "write_shards",
        "train_model",
        "write_report",
    )
    force: bool = False
    """Run even what is up to date: for changes made to tables from outside."""
