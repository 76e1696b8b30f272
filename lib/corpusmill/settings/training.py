"""Tokens, shards and the model that is trained on them."""

from typing import Literal

from pydantic import Field

from corpusmill.settings.base import Settings, Share


class TokenizerSettings(Settings):
    """SentencePiece BPE with byte fallback, digits single."""

    model: str = ""
    """An existing SentencePiece model to use; empty: one is trained on the corpus."""
    vocab_size: int = Field(default=32_000, gt=0)
    """As LLaMA (arXiv 2302.13971 section 2.1)."""
    character_coverage: Share = 0.99995
    sample_characters: int = Field(default=500_000_000, gt=0)
    """Text for training is sampled down to about this size, by document and by hash."""
    bos: bool = False
    """Begin each document with the begin-of-sentence id, too; all end with end-of-sentence."""


class ShardSettings(Settings):
    """Megatron .bin/.idx pairs."""

    tokens: int = Field(default=500_000_000, gt=0)
    """Aim of one shard; 500 M tokens of two bytes are 1 GB."""


class TrainSettings(Settings):
    """A LLaMA-style decoder (arXiv 2302.13971, grouped queries arXiv 2305.13245) and how it is trained."""

    backend: Literal["torch", "horovod"] = "torch"
    world_size: int = Field(default=1, gt=0)
    """Data-parallel ranks; 1 trains in one process."""
    layers: int = Field(default=4, gt=0)
    hidden: int = Field(default=256, gt=0)
    intermediate: int = Field(default=688, gt=0)
    heads: int = Field(default=8, gt=0)
    kv_heads: int = Field(default=4, gt=0)
    rope_theta: float = Field(default=10_000.0, gt=0)
    norm_epsilon: float = Field(default=1e-5, gt=0)
    tie_embeddings: bool = True
    sequence_length: int = Field(default=256, gt=1)
    batch_sequences: int = Field(default=16, gt=0)
    """Sequences a step over all ranks; divides by ranks times accumulation."""
    accumulate: int = Field(default=1, gt=0)
    steps: int = Field(default=200, gt=0)
    warmup_steps: int = Field(default=20, ge=0)
    learning_rate: float = Field(default=3e-4, gt=0)
    final_learning_rate_share: Share = 0.1
    """Cosine decay ends at this share of the peak (LLaMA section 2.2)."""
    beta1: float = 0.9
    beta2: float = 0.95
    epsilon: float = 1e-8
    weight_decay: float = Field(default=0.1, ge=0)
    clip: float = Field(default=1.0, gt=0)
    """LLaMA section 2.2."""
    bf16: bool = False
    """bfloat16 autocast; slower than fp32 on CPUs without AVX512-BF16."""
    checkpoint_steps: int = Field(default=100, gt=0)
    checkpoints_kept: int = Field(default=2, gt=0)
    """Older checkpoints are removed."""
    seed: int = 0
    run: str = Field(default="default", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Name of the run in the `runs` table; the same name goes on from its last checkpoint."""
