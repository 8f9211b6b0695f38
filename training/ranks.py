"""Several processes that train one model together: how they start, agree and end.

A rank is one process with one device; rank 0 leads: it alone reads and writes the run folder, tokenises,
logs and shows the progress bar. `launch` starts the ranks of one machine; `torchrun` does it too, for
several machines as well, since a process joins whenever torchrun's variables are set. With one process
every function here is trivial, so the stages have one story for both.

Contract: an error that all ranks know of is shown once; a rank that fails alone names itself. When a rank
dies, the others end with InfraError at their next exchange. Gloo carries CPU tensors, NCCL those of GPUs.
Not covered: going on with fewer ranks (run the command again: any number of ranks continues a run).
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NoReturn, TypeVar

import torch
import torch.distributed as dist

from mathlm.cli import output
from mathlm.config import cores
from mathlm.errors import InfraError, MathlmError, UsageError

T = TypeVar("T")
Config = TypeVar("Config")

WAIT = timedelta(hours=2)
"""How long a rank waits for the others: rank 0 may tokenise a large file meanwhile."""
HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
SHUTDOWN_SECONDS = 60
"""Time to end the step and save after Ctrl-C."""


def count() -> int:
    """How many ranks train together."""
    return dist.get_world_size() if dist.is_initialized() else 1


def rank() -> int:
    """The number of this process, from 0."""
    return dist.get_rank() if dist.is_initialized() else 0


def leads() -> bool:
    """Whether this is rank 0."""
    return rank() == 0


def started_first() -> bool:
    """Whether this process is the one to speak, before and after the ranks are joined too."""
    return os.environ.get("RANK", "0") == "0"


def note(text: str) -> None:
    """One line for a person, from rank 0."""
    if leads():
        output.note(text)


@contextmanager
def joined(device: str) -> Iterator[None]:
    """Be one of the ranks that torchrun or `launch` started; alone, nothing happens."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1 or dist.is_initialized():
        yield
        return
    gpu = torch.cuda.is_available() and device != "cpu"
    if gpu:
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    try:
        dist.init_process_group("cpu:gloo,cuda:nccl" if gpu else "gloo", timeout=WAIT)
        yield
    except MathlmError as error:
        if leads():
            raise
        raise type(error)(f"rank {rank()}: {error}") from error
    except RuntimeError as error:
        if not isinstance(error, dist.DistError) and "gloo" not in str(error).lower():
            raise
        raise InfraError(
            f"rank {rank()} lost another rank ({str(error).splitlines()[0]}): "
            "run the same command again, it continues from the last save"
        ) from error
    finally:
        if dist.is_initialized():
            dist.destroy_process_group()


def fail(error: MathlmError) -> NoReturn:
    """End all ranks, each of which calls this, with one message."""
    if leads():
        raise error
    raise SystemExit(error.exit_code)


def first(work: Callable[[], T]) -> T:
    """Rank 0 works while the others wait; all get its result, or end with its error."""
    if count() == 1:
        return work()
    outcome: list[Any] = [None, None]
    failure: BaseException | None = None
    if leads():
        try:
            outcome[0] = work()
        except BaseException as error:
            failure, outcome[1] = error, getattr(error, "exit_code", 3)
    dist.broadcast_object_list(outcome, src=0)
    if failure is not None:
        raise failure
    if outcome[1] is not None:
        raise SystemExit(outcome[1])
    result: T = outcome[0]
    return result


def in_turn(work: Callable[[], T]) -> T:
    """Rank 0 works first, the others after it: for work whose result they find again on the disk."""
    done: list[T] = []
    first(lambda: done.append(work()))
    return done[0] if done else work()


def agree(facts: Mapping[str, Any]) -> None:
    """Make sure that all ranks were started for the same thing."""
    if count() == 1:
        return
    everyone: list[Any] = [None] * count()
    dist.all_gather_object(everyone, dict(facts))
    if different := sorted(name for name in facts if any(x[name] != everyone[0][name] for x in everyone)):
        fail(
            UsageError(
                f"the ranks differ in {', '.join(different)}: start all of them with the same command, "
                "files and version of mathlm"
            )
        )


def total(values: Sequence[float]) -> list[float]:
    """The sum over ranks of each number."""
    if count() == 1:
        return list(values)
    summed = torch.tensor(values, dtype=torch.float64)
    dist.all_reduce(summed)
    return [float(x) for x in summed]


def share_cores(threads: int) -> None:
    """Set the CPU threads of this process; with 0 the ranks of a machine share its cores."""
    if not threads and count() > 1:
        threads = max(1, cores() // int(os.environ.get("LOCAL_WORLD_SIZE", "1")))
    if threads:
        torch.set_num_threads(threads)


def launch(ranks: int, main: Callable[[Config], T], config: Config) -> T:
    """`main(config)` in that many processes of this machine; the result is that of rank 0."""
    if ranks == 1 or "TORCHELASTIC_RUN_ID" in os.environ:
        return main(config)  # alone, or torchrun has started the ranks
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    logging.getLogger("torch.distributed.elastic").setLevel(logging.CRITICAL)  # failures are told below
    settings = LaunchConfig(
        min_nodes=1, max_nodes=1, nproc_per_node=ranks, rdzv_backend="c10d", rdzv_endpoint="localhost:0",
        run_id=uuid.uuid4().hex, max_restarts=0, shutdown_timeout=SHUTDOWN_SECONDS,
    )  # fmt: skip
    handlers = {number: signal.getsignal(number) for number in HANDLED}  # torch leaves its own behind
    try:
        result: T = elastic_launch(settings, _child)(main, config)[0]
        return result
    except SignalException:
        raise KeyboardInterrupt from None
    except ChildFailedError as error:
        number, failure = error.get_first_failure()
        if failure.exitcode < 0:
            raise InfraError(
                f"rank {number} was killed by {signal.Signals(-failure.exitcode).name}: "
                "run the same command again, it continues from the last save"
            ) from None
        if failure.exitcode == output.ExitCode.INTERRUPTED:
            raise KeyboardInterrupt from None
        raise Reported(failure.exitcode) from None
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


class Reported(MathlmError):
    """A rank failed and has said why; only the exit code is left to pass on."""

    def __init__(self, exit_code: int) -> None:
        super().__init__("the ranks ended; the reason stands above")
        self.exit_code = exit_code if exit_code in (2, 3) else 3


def _child(main: Callable[[Config], T], config: Config) -> T:
    """One rank; signals of the terminal reach it through the launcher only."""
    os.setsid()
    try:
        return main(config)
    except (Exception, KeyboardInterrupt) as error:
        sys.exit(output.report_error(error, as_json=False))
