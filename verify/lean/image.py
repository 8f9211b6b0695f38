"""The memory image that embedded Lean workers start from: made once, then read in a fraction of a second.

Contract. `image_dir()` is the folder that `freeze.cjs` fills (`memory`, `image.json`), made first where it is
missing. Its name holds a hash of all that it depends on (the runtime's revision, the server's sources, the
host scripts), so an image of other sources is never used. Of older images the newest stays, for a second
version of mathlm on the machine. The cache folder is trusted, like the runtime beside it.
Errors: RuntimeMissing when there is no room or the folder cannot be written; InfraError, with Lean's words,
when the server does not come up.
Units: bytes. Measured: 490 MB, of which 370 MB on disk; 20 to 35 s to make on two cores.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from mathlm.errors import RuntimeMissing, WorkerDied
from verify import runtime
from verify.process import WorkerProcess
from verify.runtime import cache

FREEZE = Path(__file__).resolve().with_name("freeze.cjs")
SHARED = Path(__file__).resolve().with_name("lean.cjs")
PREFIX = "lean-image-"
FILES = ("memory", "image.json")
DISK_BYTES = 600_000_000
MAKE_SECONDS = 900.0
"""Three minutes on an idle machine; a busy one gets this long."""
KEPT = 2
WHAT = "preparing Lean (once, about three minutes)"


def workspace() -> Path:
    """The folder with the server's Lean sources."""
    return Path(__file__).resolve().parents[2] / "lean_workspace"


def image_name() -> str:
    """Name of the image's folder in the cache."""
    digest = hashlib.sha256(runtime.LEAN.folder.encode())
    for path in (FREEZE, SHARED, *sorted(workspace().glob("MathLM/**/*.lean"))):
        digest.update(b"\0" + path.name.encode() + b"\0" + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def is_ready() -> bool:
    """Whether the image is there."""
    return all((cache.cache_dir() / image_name() / name).is_file() for name in FILES)


def image_dir(progress: runtime.Progress = runtime.print_stages, *, force: bool = False) -> Path:
    """Folder of the image; what is missing is fetched and made first. `force` makes it anew."""
    lean, name = runtime.lean_dir(), image_name()
    if is_ready() and not force:
        return cache.cache_dir() / name
    with cache.locked(name, lambda: progress("waiting for another process that prepares Lean", 0, 0)):
        if is_ready() and not force:
            return cache.cache_dir() / name
        progress(WHAT, 0, 0)
        free = shutil.disk_usage(cache.cache_dir()).free
        if free < DISK_BYTES:
            raise _disk_full(f"{free / 1e6:,.0f} MB free")
        with cache.staging(name) as folder:
            prepared = folder / name
            prepared.mkdir()
            _freeze(lean, prepared)
            final = cache.publish(name, prepared)
    _forget_old()
    return final


def _freeze(lean: Path, folder: Path) -> None:
    argv = [
        *runtime.locked_down_node(read=(lean, workspace(), FREEZE, SHARED, folder), write=(folder,)),
        *map(str, (FREEZE, lean, workspace(), folder)),
    ]
    maker = WorkerProcess(argv, name="lean image", ready_seconds=MAKE_SECONDS)
    try:
        maker.start()
    except WorkerDied as error:
        if "ENOSPC" in str(error) or "EDQUOT" in str(error):
            raise _disk_full("the disk became full") from None
        raise
    finally:
        maker.kill()


def _disk_full(cause: str) -> RuntimeMissing:
    return RuntimeMissing(
        f"not enough room in {cache.cache_dir()} to prepare Lean ({cause}): free "
        f"{DISK_BYTES / 1e6:,.0f} MB there, or set MATHLM_CACHE to a folder on a larger disk"
    )


def _forget_old() -> None:
    """Remove all but the newest images. Locks stay: another process may be waiting for one."""
    images = [path for path in cache.cache_dir().glob(f"{PREFIX}*") if path.is_dir()]
    for old in sorted(images, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
