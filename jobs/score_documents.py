"""Score with the recipe's models the documents that its rules have kept so far. Reads documents and signals, writes signals_<name>."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("score_documents")
