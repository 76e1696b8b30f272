"""Encode the corpus as token ids. Reads corpus, writes tokens."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("encode_corpus")
