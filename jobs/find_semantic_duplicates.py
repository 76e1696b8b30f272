"""Find documents that say what another one says. Reads embeddings, signals, writes semantic_duplicates."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("find_semantic_duplicates")
