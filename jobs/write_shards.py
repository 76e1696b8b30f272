"""Write Megatron shards and their manifest. Reads tokens, writes shards, shard_documents and files."""

from corpusmill.cli import run_job_script

if __name__ == "__main__":
    run_job_script("write_shards")
