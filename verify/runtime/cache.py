"""The cache folder: where it is, what in it is ready, and the lock that one process at a time holds.

Layout: `NAME-VERSION-REVISION/` is a component and `lean-image-HASH/` a memory image (`verify.lean.image`),
there as a whole or not at all; `NAME….lock` is its
lock file (the lock itself goes away with the process that held it); `.staging-…` is unfinished work
of a process that was killed, removed by the next one that sets up the same component.
Not covered: Windows (no `flock`), network file systems without locks, loss of power.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mathlm.errors import RuntimeMissing
from verify.runtime.components import Component

POLL_SECONDS = 0.2


def cache_dir() -> Path:
    """`$MATHLM_CACHE`, else the platform's cache folder for mathlm. It need not exist."""
    if own := os.environ.get("MATHLM_CACHE"):
        return Path(own).expanduser().resolve()
    if sys.platform == "darwin":
        return (Path.home() / "Library" / "Caches" / "mathlm").resolve()
    return (Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mathlm").resolve()


def is_ready(component: Component) -> bool:
    """Whether the component is in the cache, with all its files."""
    folder = cache_dir() / component.folder
    return all((folder / name).is_file() for name in component.files)


@contextmanager
def locked(name: str, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of the folder `name`; `on_wait` is called once if another process has it."""
    try:
        cache_dir().mkdir(parents=True, exist_ok=True)
        descriptor = os.open(cache_dir() / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise RuntimeMissing(
            f"cannot write to the cache folder {cache_dir()} ({error.strerror}): "
            "set MATHLM_CACHE to a folder that you can write to"
        ) from None
    try:
        told = False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    on_wait()
                    told = True
                time.sleep(POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def staging(name: str) -> Iterator[Path]:
    """A fresh folder on the cache's file system, gone at the end. Needs the lock of `name`."""
    prefix = f".staging-{name}-"
    for left_over in cache_dir().glob(f"{prefix}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=cache_dir(), ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def publish(name: str, prepared: Path) -> Path:
    """Move a prepared folder into place with one rename; a folder that was there is removed."""
    final = cache_dir() / name
    if final.exists():
        final.rename(prepared.parent / "replaced")
    prepared.rename(final)
    return final
