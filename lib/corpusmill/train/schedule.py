"""The learning rate as a pure function of the step: linear warm-up, then a cosine down to a share of the peak (LLaMA section 2.2)."""

from math import cos, pi

from corpusmill.settings import TrainSettings


def learning_rate(step: int, settings: TrainSettings) -> float:
    """The rate of `step`, which counts from 1. The last warm-up step has the peak, the last step the final share, later ones too."""
    peak, warmup = settings.learning_rate, settings.warmup_steps
    if step <= warmup:
        return peak * step / warmup
    done = min(1.0, (step - warmup) / max(1, settings.steps - warmup))
    share = settings.final_learning_rate_share
    return peak * (share + (1.0 - share) * 0.5 * (1.0 + cos(pi * done)))
