"""Make a vector of each document that is still in. Reads documents, signals, verdicts, duplicates, writes embeddings."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("embed_documents")
