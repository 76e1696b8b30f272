"""A LLaMA-style decoder (arXiv 2302.13971): RMSNorm before each block, rotary positions, SwiGLU, grouped queries, no biases, no dropout.

Shapes in comments: B sequences, T positions, H hidden, I intermediate, N query heads, K key and value heads, D = H / N, V vocabulary.
"""

from dataclasses import dataclass
from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional

from corpusmill.errors import ConfigError
from corpusmill.settings import TrainSettings

INIT_STD = 0.02
"""Of every matrix (GPT-2 and the LLaMA code of transformers)."""


@dataclass(frozen=True)
class ModelShape:
    """All that decides the parameters of a decoder."""

    vocab_size: int
    layers: int
    hidden: int
    intermediate: int
    heads: int
    kv_heads: int
    rope_theta: float = 10_000.0
    norm_epsilon: float = 1e-5
    tie_embeddings: bool = False

    @staticmethod
    def of(settings: TrainSettings, vocab_size: int) -> "ModelShape":
        """The shape that `settings` asks for. Raises ConfigError where its numbers do not fit together."""
        hidden, heads, kv_heads = settings.hidden, settings.heads, settings.kv_heads
        if hidden % heads or (hidden // heads) % 2:
            raise ConfigError(f"train.hidden={hidden} must be train.heads={heads} times an even number: rotary positions turn pairs")
        if heads % kv_heads:
            raise ConfigError(f"train.heads={heads} must be a multiple of train.kv_heads={kv_heads}: each serves as many query heads")
        return ModelShape(
            vocab_size,
            settings.layers,
            hidden,
            settings.intermediate,
            heads,
            kv_heads,
            settings.rope_theta,
            settings.norm_epsilon,
            settings.tie_embeddings,
        )

    @property
    def head_size(self) -> int:
        """D, the numbers a head works on."""
        return self.hidden // self.heads

    def parameters(self) -> int:
        """The parameter count by formula.

        Embedding and output VH each (one when tied), last norm H; a layer: q and o HND, k and v HKD, SwiGLU 3HI, norms 2H.
        """
        h, d = self.hidden, self.head_size
        attention = 2 * h * self.heads * d + 2 * h * self.kv_heads * d
        layer = attention + 3 * h * self.intermediate + 2 * h
        return (1 if self.tie_embeddings else 2) * self.vocab_size * h + h + self.layers * layer


class RMSNorm(nn.Module):
    """x / rms(x) * weight (arXiv 1910.07467), in fp32 whatever the input's type."""

    def __init__(self, size: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        """[..., H] to [..., H]."""
        return functional.rms_norm(x.float(), x.shape[-1:], self.weight, self.epsilon).to(x.dtype)


class Attention(nn.Module):
    """Causal self-attention with rotary positions; each of K key and value heads serves N/K query heads (arXiv 2305.13245)."""

    def __init__(self, shape: ModelShape) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.head_size = shape.heads, shape.kv_heads, shape.head_size
        self.query = nn.Linear(shape.hidden, shape.heads * shape.head_size, bias=False)
        self.key = nn.Linear(shape.hidden, shape.kv_heads * shape.head_size, bias=False)
        self.value = nn.Linear(shape.hidden, shape.kv_heads * shape.head_size, bias=False)
        self.output = nn.Linear(shape.heads * shape.head_size, shape.hidden, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """[B, T, H] to [B, T, H]; cos and sin [T, D]."""
        b, t, _ = x.shape
        q = self.query(x).view(b, t, self.heads, self.head_size).transpose(1, 2)  # [B, N, T, D]
        k = self.key(x).view(b, t, self.kv_heads, self.head_size).transpose(1, 2)  # [B, K, T, D]
        v = self.value(x).view(b, t, self.kv_heads, self.head_size).transpose(1, 2)  # [B, K, T, D]
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=self.heads != self.kv_heads)
        out: Tensor = self.output(mixed.transpose(1, 2).reshape(b, t, -1))
        return out


class SwiGLU(nn.Module):
    """down(silu(gate(x)) * up(x)) (arXiv 2002.05202)."""

    def __init__(self, shape: ModelShape) -> None:
        super().__init__()
        self.gate = nn.Linear(shape.hidden, shape.intermediate, bias=False)
        self.up = nn.Linear(shape.hidden, shape.intermediate, bias=False)
        self.down = nn.Linear(shape.intermediate, shape.hidden, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, H] to [B, T, H], through [B, T, I]."""
        out: Tensor = self.down(functional.silu(self.gate(x)) * self.up(x))
        return out


class Block(nn.Module):
    """Attention and SwiGLU, each normed before and added after."""

    def __init__(self, shape: ModelShape) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(shape.hidden, shape.norm_epsilon)
        self.attention = Attention(shape)
        self.feed_forward_norm = RMSNorm(shape.hidden, shape.norm_epsilon)
        self.feed_forward = SwiGLU(shape)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """[B, T, H] to [B, T, H]."""
        x = x + self.attention(self.attention_norm(x), cos, sin)
        return x + self.feed_forward(self.feed_forward_norm(x))  # type: ignore[no-any-return]  # nn.Module calls are Any


class Decoder(nn.Module):
    """Token ids to logits of the next token. Tied: the output matrix is the embedding itself."""

    def __init__(self, shape: ModelShape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocab_size, shape.hidden)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = RMSNorm(shape.hidden, shape.norm_epsilon)
        self.output = nn.Linear(shape.hidden, shape.vocab_size, bias=False)
        if shape.tie_embeddings:
            self.output.weight = self.embedding.weight

    def forward(self, tokens: Tensor) -> Tensor:
        """Ids [B, T] to logits [B, T, V]."""
        cos, sin = rotary_table(tokens.shape[1], self.shape, tokens.device)
        x = self.embedding(tokens)  # [B, T, H]
        for block in self.blocks:
            x = block(x, cos, sin)
        logits: Tensor = self.output(self.norm(x))
        return logits


def build_decoder(shape: ModelShape, seed: int) -> Decoder:
    """A decoder on the CPU whose parameters depend on `shape` and `seed` alone, never on device or earlier draws.

    Matrices are normal with standard deviation 0.02; those that write to the residual stream (attention output, SwiGLU down) are
    divided by sqrt(2 layers), so that the stream does not grow with depth (GPT-2 section 2.3). Norm weights are one.
    """
    model = Decoder(shape)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() < 2:
                parameter.fill_(1.0)
                continue
            into_residual = name.endswith(("attention.output.weight", "feed_forward.down.weight"))
            parameter.normal_(0.0, INIT_STD / sqrt(2 * shape.layers) if into_residual else INIT_STD, generator=generator)
    return model


def rotary_table(length: int, shape: ModelShape, device: torch.device) -> tuple[Tensor, Tensor]:
    """Cosines and sines [T, D] of position * theta^(-2i/D) (arXiv 2104.09864), in fp32; the angle of pair i stands at i and i + D/2."""
    half = torch.arange(0, shape.head_size, 2, dtype=torch.float32, device=device) / shape.head_size  # [D/2]
    angles = torch.outer(torch.arange(length, dtype=torch.float32, device=device), shape.rope_theta**-half)  # [T, D/2]
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn the pairs (i, i + D/2) of [..., T, D] by their angles; the layout of transformers' LLaMA, so that weights carry over."""
    first, second = x.float().chunk(2, dim=-1)
    turned = torch.cat((-second, first), dim=-1)
    return (x.float() * cos + turned * sin).to(x.dtype)
