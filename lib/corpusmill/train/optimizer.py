"""AdamW (arXiv 1711.05101) with decay on matrices only: norms are scales, and decay would pull them to zero."""

from torch import nn
from torch.optim import AdamW

from corpusmill.settings import TrainSettings


def build_optimizer(model: nn.Module, settings: TrainSettings) -> AdamW:
    """AdamW over two groups: parameters of two and more dimensions, decayed by train.weight_decay, and the others, not decayed.

    The learning rate is set anew each step, by schedule.py.
    """
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": matrices, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}]
    return AdamW(groups, lr=settings.learning_rate, betas=(settings.beta1, settings.beta2), eps=settings.epsilon, fused=True)
