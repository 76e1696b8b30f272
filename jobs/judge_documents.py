"""Judge every measured document by the recipe's rules. Reads signals, writes verdicts."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("judge_documents")
