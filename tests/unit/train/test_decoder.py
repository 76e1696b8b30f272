"""The decoder: parameter counts as published, and the same numbers as a plain twin in numpy."""

import numpy as np
import pytest
import torch
from corpusmill.errors import ConfigError
from corpusmill.settings import TrainSettings
from corpusmill.train.model import Decoder, ModelShape, build_decoder

PUBLISHED = [
    pytest.param(ModelShape(32_000, 32, 4096, 11_008, 32, 32), 6_738_415_616, id="llama-7b"),
    pytest.param(ModelShape(32_000, 40, 5120, 13_824, 40, 40), 13_015_864_320, id="llama-13b"),
    pytest.param(ModelShape(32_000, 60, 6656, 17_920, 52, 52), 32_528_943_616, id="llama-33b"),
    pytest.param(ModelShape(32_000, 80, 8192, 22_016, 64, 64), 65_285_660_672, id="llama-65b"),
    pytest.param(ModelShape(32_000, 80, 8192, 28_672, 64, 8), 68_976_648_192, id="llama-2-70b"),
    pytest.param(ModelShape(128_256, 32, 4096, 14_336, 32, 8), 8_030_261_248, id="llama-3-8b"),
    pytest.param(ModelShape(128_256, 80, 8192, 28_672, 64, 8), 70_553_706_496, id="llama-3-70b"),
    pytest.param(ModelShape(128_256, 16, 2048, 8192, 32, 8, tie_embeddings=True), 1_235_814_400, id="llama-3.2-1b-tied"),
    pytest.param(ModelShape(32_000, 32, 4096, 14_336, 32, 8), 7_241_732_096, id="mistral-7b"),
    pytest.param(ModelShape(32_000, 22, 2048, 5632, 32, 4), 1_100_048_384, id="tinyllama"),
]

SMALL = ModelShape(vocab_size=17, layers=2, hidden=24, intermediate=20, heads=6, kv_heads=2)


@pytest.mark.parametrize(("shape", "published"), PUBLISHED)
def test_parameters_are_as_many_as_published(shape, published):
    with torch.device("meta"):
        model = Decoder(shape)
    assert sum(p.numel() for p in model.parameters()) == shape.parameters() == published


def twin(weights: dict[str, np.ndarray], shape: ModelShape, tokens: list[int]) -> np.ndarray:
    """Logits [T, V] of one sequence, a head and a position at a time, in fp64."""

    def norm(x, weight):
        return x / np.sqrt((x**2).mean(-1, keepdims=True) + shape.norm_epsilon) * weight

    def turn(x, position):
        half = shape.head_size // 2
        angles = position * shape.rope_theta ** (-np.arange(half) * 2 / shape.head_size)
        pairs = (x[:half] + 1j * x[half:]) * np.exp(1j * angles)
        return np.concatenate((pairs.real, pairs.imag))

    x = weights["embedding.weight"][tokens]
    d = shape.head_size
    for layer in range(shape.layers):
        w = {k.removeprefix(f"blocks.{layer}."): v for k, v in weights.items() if k.startswith(f"blocks.{layer}.")}
        h = norm(x, w["attention_norm.weight"])
        q, k, v = (h @ w[f"attention.{name}.weight"].T for name in ("query", "key", "value"))
        mixed = np.zeros_like(q)
        for head in range(shape.heads):
            own, shared = slice(head * d, head * d + d), head // (shape.heads // shape.kv_heads)
            kv = slice(shared * d, shared * d + d)
            keys = [turn(k[t, kv], t) for t in range(len(tokens))]
            for t in range(len(tokens)):
                scores = np.array([turn(q[t, own], t) @ keys[s] for s in range(t + 1)]) / np.sqrt(d)
                weight = np.exp(scores - scores.max())
                mixed[t, own] = weight / weight.sum() @ v[: t + 1, kv]
        x = x + mixed @ w["attention.output.weight"].T
        h = norm(x, w["feed_forward_norm.weight"])
        gate, up = h @ w["feed_forward.gate.weight"].T, h @ w["feed_forward.up.weight"].T
        x = x + (gate / (1 + np.exp(-gate)) * up) @ w["feed_forward.down.weight"].T
    return norm(x, weights["norm.weight"]) @ weights["output.weight"].T


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("kv_heads", [1, 2, 6])
def test_logits_equal_the_twin(tied, kv_heads):
    shape = ModelShape(17, 2, 24, 20, 6, kv_heads, rope_theta=100.0, tie_embeddings=tied)
    model = build_decoder(shape, seed=5)
    with torch.no_grad():  # Norm weights of one and tiny matrices would hide mistakes.
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=torch.Generator().manual_seed(parameter.numel())) * 0.2)
    tokens = [3, 1, 4, 1, 5, 9, 2, 6]
    weights = {name: value.double().numpy() for name, value in model.state_dict().items()}
    assert np.allclose(model(torch.tensor([tokens]))[0].detach().numpy(), twin(weights, shape, tokens), atol=2e-5)


def test_a_later_token_changes_nothing_before_it():
    model = build_decoder(SMALL, seed=0)
    a, b = torch.tensor([[1, 2, 3, 4, 5]]), torch.tensor([[1, 2, 3, 9, 5]])
    assert torch.equal(model(a)[:, :3], model(b)[:, :3])
    assert not torch.allclose(model(a)[:, 3:], model(b)[:, 3:])


def test_tied_is_one_matrix():
    model = build_decoder(ModelShape(17, 1, 8, 8, 2, 1, tie_embeddings=True), 0)
    assert model.output.weight is model.embedding.weight


def test_parameters_depend_on_shape_and_seed_alone():
    first = build_decoder(SMALL, seed=1)
    torch.rand(3)
    again, other = build_decoder(SMALL, seed=1), build_decoder(SMALL, seed=2)
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))
    assert not torch.equal(first.embedding.weight, other.embedding.weight)


def test_initial_spreads_are_as_documented():
    shape = ModelShape(1000, 8, 128, 256, 4, 4)
    model = build_decoder(shape, 0)
    block = model.blocks[0]
    assert block.attention.query.weight.std().item() == pytest.approx(0.02, rel=0.03)
    assert block.attention.output.weight.std().item() == pytest.approx(0.02 / 4, rel=0.03)
    assert block.feed_forward.down.weight.std().item() == pytest.approx(0.02 / 4, rel=0.03)
    loss = torch.nn.functional.cross_entropy(model(torch.arange(64)[None])[0], torch.arange(1, 65))
    assert loss.item() == pytest.approx(np.log(1000), rel=0.03), "an untrained model knows nothing"


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"hidden": 250}, "train.hidden=250 must be train.heads=8 times an even number"), ({"kv_heads": 3}, "a multiple of train.kv_heads=3")],
)
def test_shapes_that_do_not_fit_are_one_line(changes, message):
    with pytest.raises(ConfigError, match=message):
        ModelShape.of(TrainSettings(**changes), 100)
