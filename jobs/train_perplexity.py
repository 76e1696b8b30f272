"""Train the language models of the recipe's perplexity scores. Reads their tables of texts, writes models under store.files."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("train_perplexity")
