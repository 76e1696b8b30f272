"""Write report.html and summary.json. Reads every table."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("write_report")
