"""Loss, optimizer, schedule and the settings of one step, each against numbers worked out by hand."""

import math

import pytest
import torch
from corpusmill.settings import TrainSettings
from corpusmill.train.loss import summed_cross_entropy
from corpusmill.train.model import ModelShape, build_decoder
from corpusmill.train.optimizer import build_optimizer
from corpusmill.train.schedule import learning_rate

PAD = 3


def test_loss_is_a_sum_over_targets_that_are_not_pad():
    logits = torch.zeros(2, 3, 4)
    total, count = summed_cross_entropy(logits, torch.tensor([[1, PAD, 0], [PAD, PAD, 2]]), PAD)
    assert count.item() == 3
    assert total.item() == pytest.approx(3 * math.log(4))


def test_pad_as_target_has_no_gradient():
    logits = torch.randn(1, 3, 5, requires_grad=True)
    total, _ = summed_cross_entropy(logits, torch.tensor([[1, PAD, 2]]), PAD)
    total.backward()
    assert (logits.grad[0, 1] == 0).all()
    assert (logits.grad[0, 0] != 0).all()


def test_a_batch_of_pad_alone_is_zero_and_not_nan():
    logits = torch.randn(1, 2, 5, requires_grad=True)
    total, count = summed_cross_entropy(logits, torch.tensor([[PAD, PAD]]), PAD)
    total.backward()
    assert (total.item(), count.item(), logits.grad.abs().sum().item()) == (0.0, 0, 0.0)


def test_half_precision_logits_are_summed_in_fp32():
    logits = torch.randn(4, 64, 50).bfloat16()
    targets = torch.randint(4, 50, (4, 64))
    total, _ = summed_cross_entropy(logits, targets, PAD)
    assert total.dtype == torch.float32
    assert total.item() == pytest.approx(
        torch.nn.functional.cross_entropy(logits.double().view(-1, 50), targets.view(-1)).item() * 256, rel=1e-5
    )


def test_parts_of_a_batch_add_up_and_means_of_means_do_not():
    """x1/n1 + x2/n2 is not (x1 + x2)/(n1 + n2) (transformers PR 34191)."""
    logits, targets = torch.randn(2, 8, 9), torch.randint(4, 9, (2, 8))
    targets[1, 2:] = PAD
    whole, count = summed_cross_entropy(logits, targets, PAD)
    parts = [summed_cross_entropy(logits[i : i + 1], targets[i : i + 1], PAD) for i in range(2)]
    assert sum(total for total, _ in parts).item() == pytest.approx(whole.item(), rel=1e-6)
    assert abs(sum(total / n for total, n in parts).item() / 2 - (whole / count).item()) > 1e-3


def test_only_matrices_decay():
    model = build_decoder(ModelShape(20, 2, 8, 8, 2, 1, tie_embeddings=True), 0)
    optimizer = build_optimizer(model, TrainSettings(weight_decay=0.25))
    decayed, kept = optimizer.param_groups
    assert (decayed["weight_decay"], kept["weight_decay"]) == (0.25, 0.0)
    assert {p.dim() for p in decayed["params"]} == {2}
    assert {p.dim() for p in kept["params"]} == {1}
    assert len(decayed["params"]) + len(kept["params"]) == len(list(model.parameters())) == 1 + 2 * 9 + 1


def test_one_step_of_adamw_is_the_formula():
    weight = torch.nn.Linear(2, 1, bias=False)
    weight.weight.data = torch.tensor([[1.0, -2.0]])
    settings = TrainSettings(learning_rate=0.1, weight_decay=0.5, beta1=0.9, beta2=0.95, epsilon=1e-8)
    optimizer = build_optimizer(weight, settings)
    weight.weight.grad = torch.tensor([[0.3, 4.0]])
    optimizer.step()
    # The first step's corrected moments are g and g squared: it moves by the rate against the gradient's sign, after decay.
    assert weight.weight[0].tolist() == pytest.approx([1.0 * (1 - 0.05) - 0.1, -2.0 * (1 - 0.05) - 0.1], rel=1e-5)


@pytest.mark.parametrize(
    ("step", "rate"), [(1, 0.25), (2, 0.5), (4, 1.0), (5, None), (9, 0.55), (14, 0.1), (15, 0.1), (100, 0.1)]
)  # fmt: skip
def test_warm_up_then_cosine_to_a_share(step, rate):
    settings = TrainSettings(learning_rate=1.0, warmup_steps=4, steps=14, final_learning_rate_share=0.1)
    expected = 0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi / 10)) if rate is None else rate
    assert learning_rate(step, settings) == pytest.approx(expected)


@pytest.mark.parametrize(("warmup", "steps"), [(0, 5), (5, 5), (9, 5)])
def test_a_schedule_without_warm_up_or_without_decay_has_no_hole(warmup, steps):
    settings = TrainSettings(learning_rate=1.0, warmup_steps=warmup, steps=steps)
    assert all(0.0 < learning_rate(step, settings) <= 1.0 for step in range(1, 12))
