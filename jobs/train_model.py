"""Train a LLaMA-style decoder on the shards. Reads the manifest, writes runs and checkpoints."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("train_model")
