"""Find exact and near duplicates by ordered greedy. Reads signals, verdicts, history, writes duplicates, history."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("find_duplicates")
