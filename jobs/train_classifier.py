"""Train the classifiers of the recipe. Reads their tables of examples, writes models under store.files."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("train_classifier")
