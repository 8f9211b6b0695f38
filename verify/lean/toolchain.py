"""A native Lean toolchain of the machine: where it is, and whether it is new enough.

Looked for in this order: the folder that MATHLM_LEAN names (a toolchain, or its `bin`), the PATH,
`~/.elan/bin`. `lean --version` is asked in the folder of the workspace, so that elan picks what
`lean-toolchain` there names; its answer is read strictly. Versions from `lean_workspace/lean-toolchain` on
are taken: kernel bugs are fixed up to it.
Errors: RuntimeMissing, with the command that helps.
Not tried on the machine where this was written: a real toolchain (none can be installed there).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from mathlm.errors import RuntimeMissing
from verify.lean.image import workspace

ANSWER_SECONDS = 60
"""elan answers at once, or fetches the toolchain first; that is not waited for."""
VERSION = re.compile(
    r"Lean \(version (\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.]+)?, (?:[\w.-]+, )?commit ([0-9a-f]{7,40})(?:, \w+)?\)"
)
INSTALL = (
    "install elan, Lean's toolchain manager (https://github.com/leanprover/elan), then run "
    "`elan toolchain install leanprover/lean4:v{pinned}`, or use --runtime embedded"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Toolchain:
    """A toolchain that is new enough.

    Example: `Toolchain(lean=Path("/x/bin/lean"), lake=Path("/x/bin/lake"), version="4.34.1", commit="f00d…")`
    """

    lean: Path
    lake: Path
    version: str
    commit: str

    @property
    def text(self) -> str:
        """As verdicts name it."""
        return f"Lean {self.version} ({self.commit[:12]}), native"


def pinned() -> str:
    """The version that the workspace asks for, such as `4.34.1`."""
    return (workspace() / "lean-toolchain").read_text("utf-8").strip().rpartition(":v")[2]


def find() -> Toolchain:
    """The machine's toolchain. Raises RuntimeMissing where there is none, or too old a one."""
    lean, lake = _program("lean"), _program("lake")
    said = ask(lean, "--version").strip()
    match = VERSION.fullmatch(said)
    if match is None:
        raise RuntimeMissing(f"{lean} does not say its version as Lean does ({said[:200]!r}); {_install()}")
    version = tuple(int(part) for part in match.group(1, 2, 3))
    wanted = tuple(int(part) for part in pinned().split("."))
    shown = ".".join(map(str, version)) + (match[4] or "")
    if version < wanted or (version == wanted and match[4]):
        raise RuntimeMissing(
            f"{lean} is Lean {shown}, whose kernel lacks fixes; {pinned()} or newer is needed: {_install()}"
        )
    return Toolchain(lean=lean, lake=lake, version=shown, commit=match[5])


def sysroot(toolchain: Toolchain) -> Path:
    """The toolchain's folder, where its library is."""
    folder = Path(ask(toolchain.lean, "--print-prefix").strip())
    if not (folder / "lib" / "lean").is_dir():
        raise RuntimeMissing(f"{folder} has no Lean library; {_install()}")
    return folder


def ask(program: Path, *arguments: str) -> str:
    """What a program of the toolchain prints."""
    try:
        done = subprocess.run(
            [program, *arguments], cwd=workspace(), capture_output=True, text=True,
            timeout=ANSWER_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise RuntimeMissing(f"{program} did not answer in {ANSWER_SECONDS} s; {_install()}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise RuntimeMissing(f"{program} does not run ({error}); {_install()}") from None
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1][:300]
        raise RuntimeMissing(f"{program} {' '.join(arguments)} failed ({last}); {_install()}")
    return done.stdout


def _program(name: str) -> Path:
    own = os.environ.get("MATHLM_LEAN")
    if own is not None:
        for folder in (Path(own), Path(own) / "bin"):
            if os.access(folder / name, os.X_OK) and (folder / name).is_file():
                return (folder / name).absolute()
        raise RuntimeMissing(f"MATHLM_LEAN={own} has no `{name}`: name a toolchain's folder, or unset it")
    found = shutil.which(name) or shutil.which(name, path=str(Path.home() / ".elan" / "bin"))
    if found is None:
        raise RuntimeMissing(f"there is no `{name}` on this machine; {_install()}")
    return Path(found).absolute()


def _install() -> str:
    return INSTALL.format(pinned=pinned())
