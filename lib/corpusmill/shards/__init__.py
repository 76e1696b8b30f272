"""Token shards in Megatron's format: written by Spark, listed in a frozen manifest, read without Spark."""
