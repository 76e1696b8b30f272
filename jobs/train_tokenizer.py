"""Train a SentencePiece BPE tokenizer on the corpus. Reads corpus, writes a model file."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("train_tokenizer")
