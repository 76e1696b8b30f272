"""Run the stages of pipeline.stages in order. Reads files, writes every table."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("run_pipeline")
