"""Measure all signals, the sketch and the edits in one pass over the text. Reads documents, writes signals."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("measure_documents")
