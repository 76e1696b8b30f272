"""Next-token cross entropy as a sum and a count, which travel apart, so that every split of a batch is normalised by the same global count.

Means of means are wrong as soon as token counts differ: x1/n1 + x2/n2 is not (x1 + x2)/(n1 + n2), and Adam hides it (transformers PR 34191).
"""

from torch import Tensor
from torch.nn import functional


def summed_cross_entropy(logits: Tensor, targets: Tensor, pad_id: int) -> tuple[Tensor, Tensor]:
    """Logits [B, T, V] and target ids [B, T] to (sum of nats, number of targets), both scalars; pad is never a target.

    In fp32 whatever the type of the logits.
    """
    flat = logits.float().view(-1, logits.shape[-1])  # [B*T, V]
    total = functional.cross_entropy(flat, targets.reshape(-1), ignore_index=pad_id, reduction="sum")
    return total, (targets != pad_id).sum()
