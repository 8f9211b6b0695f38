"""What this installation and this machine have: shipped files, cores, memory, versions.

Nothing here is a setting. Limits and options belong to the verb that uses them, where they are
arguments with a name and a unit.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""Folder that holds `mathlm`, `model`, `lean_workspace`: the checkout, or site-packages."""
DEFAULT_MODEL = "mathlm-mini"
MEGABYTE = 1_000_000


def git_hash() -> str:
    """Commit of the checkout that runs, `-dirty` if it was changed; empty outside a checkout."""
    if not (ROOT / ".git").exists():
        return ""  # installed: a repository further up is somebody else's
    try:
        done = subprocess.run(
            ["git", "-C", ROOT, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def cores() -> int:
    """CPU cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_mb() -> int:
    """Main memory that this process may use, in megabytes (a container's limit counts)."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):
        total = min(total, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return total // MEGABYTE
