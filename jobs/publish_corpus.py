"""Apply the edits to the documents without reasons. Reads documents, signals and all reasons, writes corpus, exclusions."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("publish_corpus")
