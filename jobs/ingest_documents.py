"""Read WARC, ARC, WET, JSON lines and Parquet files. Reads files, writes documents, rejected_records, inputs, snapshots."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("ingest_documents")
