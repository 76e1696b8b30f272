"""Find passages that repeat earlier ones. Reads documents, signals, verdicts, duplicates, semantic_duplicates, writes passages."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("find_passages")
