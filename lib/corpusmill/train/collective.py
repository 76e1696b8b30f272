"""What data parallel needs of other ranks, as one small interface with three makers: none, torch.distributed, Horovod.

All calls are collective: every rank makes the same ones with tensors of the same shapes, in the same order.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Protocol

import torch
from torch import Tensor, distributed

from corpusmill.errors import ConfigError

TIMEOUT = timedelta(minutes=10)
"""After so long without a rank the others give up; the longest wait is for rank 0 to write a checkpoint."""


class Collective(Protocol):
    """Ranks 0 to world-1 that work as one."""

    rank: int
    world: int

    def all_reduce_sum(self, tensors: Sequence[Tensor]) -> None:
        """Replace each tensor by its sum over the ranks; 16-bit floats are summed in fp32."""

    def broadcast(self, tensors: Sequence[Tensor]) -> None:
        """Replace each tensor by rank 0's."""

    def barrier(self) -> None:
        """Return when every rank has called it."""

    def close(self) -> None:
        """Leave; ranks that still wait for this one then fail instead of waiting."""


class SingleProcess:
    """One rank alone: nothing to do."""

    rank = 0
    world = 1

    def all_reduce_sum(self, tensors: Sequence[Tensor]) -> None:
        """The sum over one rank is itself."""

    def broadcast(self, tensors: Sequence[Tensor]) -> None:
        """Already rank 0's."""

    def barrier(self) -> None:
        """Nobody to wait for."""

    def close(self) -> None:
        """Nobody to leave."""


class TorchCollective:
    """torch.distributed over gloo (CPU, and GPUs that ranks share) or nccl (a GPU a rank)."""

    def __init__(self, store: distributed.Store, rank: int, world: int, backend: str = "gloo") -> None:  # type: ignore[name-defined]  # torch re-exports it silently
        """Join through `store`, where the ranks meet. Returns when all have."""
        distributed.init_process_group(backend, store=store, rank=rank, world_size=world, timeout=TIMEOUT)
        self.rank = rank
        self.world = world

    def all_reduce_sum(self, tensors: Sequence[Tensor]) -> None:
        """One all-reduce for each type of number."""
        _through_buckets(tensors, lambda bucket: _done(distributed.all_reduce(bucket)))

    def broadcast(self, tensors: Sequence[Tensor]) -> None:
        """One broadcast for each type of number."""
        _through_buckets(tensors, lambda bucket: _done(distributed.broadcast(bucket, src=0)))

    def barrier(self) -> None:
        """As torch has it."""
        distributed.barrier()

    def close(self) -> None:
        """Destroy the process group, which closes its connections."""
        distributed.destroy_process_group()


class HorovodCollective:
    """Horovod over gloo. Sums, not its default averages: with uneven tokens an average of gradients is wrong."""

    def __init__(self) -> None:
        """Join the ranks that horovodrun or horovod.spark started. Raises ConfigError where Horovod is not built."""
        try:
            import horovod.torch as hvd
        except ImportError:
            raise ConfigError("train.backend=horovod, but horovod.torch cannot be imported: build it with tools/build_horovod.sh") from None
        hvd.init()
        self._hvd = hvd
        self.rank = int(hvd.rank())
        self.world = int(hvd.size())

    def all_reduce_sum(self, tensors: Sequence[Tensor]) -> None:
        """One all-reduce for each type of number."""
        _through_buckets(tensors, self._sum)

    def broadcast(self, tensors: Sequence[Tensor]) -> None:
        """One broadcast for each type of number."""
        _through_buckets(tensors, self._spread)

    def barrier(self) -> None:
        """As Horovod has it."""
        self._hvd.barrier()

    def close(self) -> None:
        """Shut Horovod down; the others' calls then raise."""
        self._hvd.shutdown()

    def _sum(self, bucket: Tensor) -> None:
        self._on_host(bucket, lambda host: self._hvd.allreduce_(host, op=self._hvd.Sum, name="sum"))

    def _spread(self, bucket: Tensor) -> None:
        self._on_host(bucket, lambda host: self._hvd.broadcast_(host, 0, name="broadcast"))

    def _on_host(self, bucket: Tensor, call: Callable[[Tensor], object]) -> None:
        """Through host memory: the build that tools/build_horovod.sh makes has gloo alone, which knows no GPU tensors."""
        host = bucket.cpu()
        call(host)
        if host is not bucket:
            bucket.copy_(host)


def _done(work: object) -> None:
    """The synchronous calls return None; a handle would mean that the result is not there yet."""
    assert work is None


def _through_buckets(tensors: Sequence[Tensor], call: Callable[[Tensor], None]) -> None:
    """Apply `call` to the tensors laid end to end: one message in place of hundreds. Holds a copy of them meanwhile."""
    for group, kind in _by_kind(tensors):
        bucket = torch.cat([tensor.detach().reshape(-1).to(kind) for tensor in group])
        call(bucket)
        start = 0
        for tensor in group:
            tensor.detach().copy_(bucket[start : start + tensor.numel()].view(tensor.shape))
            start += tensor.numel()


def _by_kind(tensors: Sequence[Tensor]) -> Iterator[tuple[list[Tensor], torch.dtype]]:
    """The tensors of each type and device, and the type they travel in: Horovod reduces no bfloat16, and 16 bits are few for a sum."""
    groups: dict[tuple[torch.dtype, torch.device], list[Tensor]] = {}
    for tensor in tensors:
        kind = torch.float32 if tensor.dtype in (torch.bfloat16, torch.float16) else tensor.dtype
        groups.setdefault((kind, tensor.device), []).append(tensor)
    for (kind, _), group in groups.items():
        yield group, kind
