"""The training loop: read a batch, sum gradients over micro-batches and ranks, divide by the global token count, clip, step."""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from math import isfinite
from time import perf_counter

import torch
from torch import Tensor, nn

from corpusmill.errors import ConfigError, TooLittleInputError
from corpusmill.settings import TrainSettings
from corpusmill.train import checkpoint
from corpusmill.train.checkpoint import Progress
from corpusmill.train.collective import Collective
from corpusmill.train.data import Loader, TokenSource
from corpusmill.train.loss import summed_cross_entropy
from corpusmill.train.model import Decoder, ModelShape, build_decoder
from corpusmill.train.optimizer import build_optimizer
from corpusmill.train.schedule import learning_rate


@dataclass(frozen=True)
class Metrics:
    """One step over all ranks, as a row of the `runs` table has it."""

    step: int
    consumed_tokens: int
    """Targets up to and with this step; pad is none."""
    loss: float
    """Nats a target, before the step."""
    lr: float
    grad_norm: float
    """Before clipping."""
    tokens_per_second: float


def check_enough(source: TokenSource, settings: TrainSettings) -> None:
    """Raises TooLittleInputError where the shards do not fill one global batch."""
    needed = settings.batch_sequences * settings.sequence_length
    if source.total_tokens < needed:
        raise TooLittleInputError(
            f"the shards hold {source.total_tokens:,} tokens, one step takes {needed:,} (train.batch_sequences={settings.batch_sequences} "
            f"of train.sequence_length={settings.sequence_length}): ingest more, or lower one of these"
        )


def check_batch(settings: TrainSettings, world: int) -> None:
    """Raises ConfigError where the global batch does not split evenly over ranks and micro-batches."""
    parts = world * settings.accumulate
    if settings.batch_sequences % parts:
        raise ConfigError(
            f"train.batch_sequences={settings.batch_sequences} must be a multiple of {parts}: "
            f"train.world_size={world} ranks, train.accumulate={settings.accumulate} parts on each"
        )


def train(
    settings: TrainSettings,
    open_source: Callable[[], TokenSource],
    collective: Collective,
    checkpoints: str,
    on_step: Callable[[Metrics], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
    device: torch.device | None = None,
) -> list[Metrics]:
    """Train from the newest checkpoint in the folder `checkpoints`, or from none, up to `settings.steps`; the metrics of all steps of the run.

    Every rank calls it and gets the same result. `open_source` is called again after each checkpoint: documents may have been masked in
    place meanwhile. Raises ConfigError, TooLittleInputError, StoreError.
    """
    source = open_source()
    check_enough(source, settings)
    check_batch(settings, collective.world)
    device = device or torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = build_decoder(ModelShape.of(settings, source.vocab_size), settings.seed).to(device)
    torch.manual_seed(settings.seed)
    optimizer = build_optimizer(model, settings)
    progress = _resume(settings, source, collective, checkpoints, model, optimizer, say)
    while progress.step < settings.steps:
        loader = Loader(source, settings.sequence_length, settings.batch_sequences, settings.seed, collective.rank, collective.world)
        metrics = _step(settings, loader, collective, model, optimizer, progress, device)
        on_step(metrics)
        if progress.step % settings.checkpoint_steps == 0 or progress.step == settings.steps:
            if collective.rank == 0:
                checkpoint.save(checkpoints, model, optimizer, progress, settings, source)
            collective.barrier()
            source = _reread(source, open_source, say)
            progress.digest = source.digest
    return [Metrics(int(row[0]), int(row[1]), *row[2:]) for row in progress.metrics]


def _resume(
    settings: TrainSettings,
    source: TokenSource,
    collective: Collective,
    folder: str,
    model: Decoder,
    optimizer: torch.optim.Optimizer,
    say: Callable[[str], None],
) -> Progress:
    """The newest checkpoint's progress, model and optimizer put in its state; else step 0. All ranks start from the same."""
    state = checkpoint.read(folder, settings, source)
    progress = checkpoint.restore(state, model, optimizer) if state else Progress(digest=source.digest)
    step = torch.tensor([progress.step], device=next(model.parameters()).device)
    collective.broadcast([step])
    if int(step) != progress.step:
        raise ConfigError(
            f"rank {collective.rank} finds step {progress.step} in {folder}, rank 0 step {int(step)}: store.files must be one folder for all ranks"
        )
    collective.broadcast(list(model.parameters()))
    if progress.step >= settings.steps:
        say(f"run '{settings.run}' has its {settings.steps:,} steps already: nothing is trained; train.run=NAME begins another")
    elif progress.step:
        say(f"run '{settings.run}' goes on from step {progress.step}")
    if progress.digest != source.digest:
        say("the shards were changed in place since the last checkpoint: the run goes on with what they hold now")
        progress.digest = source.digest
    return progress


def _step(
    settings: TrainSettings,
    loader: Loader,
    collective: Collective,
    model: Decoder,
    optimizer: torch.optim.Optimizer,
    progress: Progress,
    device: torch.device,
) -> Metrics:
    """One optimizer step; `progress` moves by one step."""
    began = perf_counter()
    step = progress.step + 1
    batch = torch.from_numpy(loader.batch(progress.consumed_samples)).to(device)  # [B / world, T + 1]
    sums = _sum_gradients(settings, model, batch, loader.source.pad_id)
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    collective.all_reduce_sum([*gradients, sums])
    loss_sum, count = sums.tolist()
    # A batch of masked documents alone has no target: its gradients are zero, and so is its loss.
    torch._foreach_div_(gradients, max(count, 1.0))
    grad_norm = float(nn.utils.clip_grad_norm_(model.parameters(), settings.clip))
    if not isfinite(grad_norm):
        raise ConfigError(f"run '{settings.run}': the gradient of step {step} is not finite: lower train.learning_rate or train.clip")
    rate = learning_rate(step, settings)
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    progress.step = step
    progress.consumed_samples += loader.batch_sequences
    progress.consumed_tokens += int(count)
    speed = count / (perf_counter() - began)
    metrics = Metrics(step, progress.consumed_tokens, loss_sum / max(count, 1.0), rate, grad_norm, speed)
    progress.metrics.append(astuple(metrics))
    return metrics


def _sum_gradients(settings: TrainSettings, model: nn.Module, batch: Tensor, pad_id: int) -> Tensor:
    """Add the gradients of the summed loss of every micro-batch; [loss sum, targets] of this rank in fp64."""
    sums = torch.zeros(2, dtype=torch.float64, device=batch.device)
    for part in batch.chunk(settings.accumulate):
        with torch.autocast(batch.device.type, dtype=torch.bfloat16, enabled=settings.bf16):
            logits = model(part[:, :-1])
        loss, count = summed_cross_entropy(logits, part[:, 1:], pad_id)
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        sums += torch.stack((loss.detach().double(), count.double()))
    return sums


def _reread(source: TokenSource, open_source: Callable[[], TokenSource], say: Callable[[str], None]) -> TokenSource:
    """The shards as the manifest has them now; where they are laid out anew, the old ones, for the samples would be others."""
    new = open_source()
    if new.layout == source.layout:
        return new
    say("the shards were written anew while this run trains: it keeps those it began with; train on the new ones with train.run=NAME")
    return source
