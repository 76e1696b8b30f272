"""Find benchmark text in what is still in. Reads documents, signals, verdicts, duplicates, writes contamination."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("find_contamination")
