"""The native runtime: `lean_workspace` built by a Lean toolchain, run confined (`verify.confine`).

Contract. `is_ready()` looks, `ready()` makes what is missing: the sources are copied into the cache, `lake
build` makes the program `mathlm-lean`, and only a build that confined has proved a theorem is kept. Its
folder's name holds a hash of the sources and the toolchain, so another toolchain gets a build of its own.
With MATHLM_MATHLIB naming a Lake project that has Mathlib built by the same toolchain, `import Mathlib` works
too.
Errors: RuntimeMissing (no toolchain, no confinement, no Mathlib there), InfraError with the end of lake's
output.
Units: bytes, seconds. Not covered: a machine without Landlock and seccomp, where nothing native is run.
Not tried on the machine where this was written: a real `lake build` and the compiled program. The Lean
sources are tried in the embedded runtime, this file with programs that stand in for `lean` and `lake`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from mathlm.errors import InfraError, RuntimeMissing
from verify import confine, runtime
from verify.lean import toolchain
from verify.lean.image import workspace
from verify.lean.runtimes import LeanRuntime
from verify.lean.toolchain import Toolchain
from verify.process import WorkerProcess
from verify.runtime import cache

PREFIX = "lean-native-"
PROGRAM = Path(".lake") / "build" / "bin" / "mathlm-lean"
BUILD_SECONDS = 3600.0
READY_SECONDS = 300.0
ADDRESS_SPACE = 64 << 30
"""Mapped library files count; the limit on memory in use is the parent's (`verify.process`)."""
CORE_MB, MATHLIB_MB = 1024, 8192
"""Estimates of what the mapped library takes; not measured."""
WHAT = "building native Lean (once, some minutes)"
PROBE = {
    "op": "check",
    "source": "theorem t : 1 + 1 = 2 := rfl",
    "heartbeats": 200_000,
    "output_bytes": 65_536,
}


def why_not() -> str | None:
    """Why no native Lean can run on this machine; None where it can (its build may still be due)."""
    if (reason := confine.unsupported()) is not None:
        return reason
    try:
        mathlib_paths(toolchain.find())
    except RuntimeMissing as error:
        return str(error)
    return None


def is_ready() -> bool:
    """Whether a build is there for the toolchain that is there."""
    if not any(cache.cache_dir().glob(f"{PREFIX}*/{PROGRAM}")):  # no toolchain need be asked
        return False
    return why_not() is None and (cache.cache_dir() / _name(toolchain.find()) / PROGRAM).is_file()


def ready(progress: runtime.Progress = runtime.print_stages) -> LeanRuntime:
    """The native runtime, built first where it is not."""
    if (reason := confine.unsupported()) is not None:
        raise RuntimeMissing(f"native Lean would run unconfined: {reason}; use --runtime embedded")
    found = toolchain.find()
    made = _runtime(found, cache.cache_dir() / _name(found))
    name = _name(found)
    if (cache.cache_dir() / name / PROGRAM).is_file():
        return made
    with cache.locked(name, lambda: progress("waiting for another process that builds Lean", 0, 0)):
        if not (cache.cache_dir() / name / PROGRAM).is_file():
            progress(WHAT, 0, 0)
            with cache.staging(name) as folder:
                prepared = folder / name
                ignored = shutil.ignore_patterns(".lake", "mathlib", "__pycache__")
                shutil.copytree(workspace(), prepared, ignore=ignored)
                _build(found, prepared)
                _try(_runtime(found, prepared))
                cache.publish(name, prepared)
    return made


def _name(found: Toolchain) -> str:
    digest = hashlib.sha256(f"{found.version} {found.commit}".encode())
    for path in sorted(path for path in workspace().rglob("*") if path.suffix in (".lean", ".toml")):
        if ".lake" not in path.parts:
            digest.update(b"\0" + path.name.encode() + b"\0" + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def _build(found: Toolchain, folder: Path) -> None:
    """`lake build` there. The sources are this project's own, so it is not confined."""
    path = os.pathsep.join((str(found.lake.parent), os.environ.get("PATH", os.defpath)))
    try:
        done = subprocess.run(
            [found.lake, "build", "mathlm-lean"], cwd=folder, env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            stdin=subprocess.DEVNULL, timeout=BUILD_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InfraError(f"`lake build` did not end well ({error}); use --runtime embedded") from None
    if done.returncode != 0 or not (folder / PROGRAM).is_file():
        end = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise InfraError(
            f"`lake build` of lean_workspace failed with {found.text} (exit status {done.returncode}); "
            f"use --runtime embedded. The end of its output:\n{end}"
        )


def _try(made: LeanRuntime) -> None:
    """One theorem, confined: a build that cannot do that is not kept."""
    worker = made.spawn()
    try:
        worker.start()
        answer = worker.request(PROBE, seconds=READY_SECONDS, memory_mb=made.library_mb + 2048)
    finally:
        worker.kill()
    if answer.get("theorems") != ["t"] or "export" not in answer:
        raise InfraError(f"the native build does not work: {str(answer)[:300]}; use --runtime embedded")


def _runtime(found: Toolchain, folder: Path) -> LeanRuntime:
    root, paths = toolchain.sysroot(found), mathlib_paths(found)

    def start(mode: str, name: str) -> WorkerProcess:
        words = [mode, str(root), ":".join(map(str, paths)), *(["mathlib"] if paths else [])]
        argv = confine.command(
            folder / PROGRAM, *words, read=(root / "lib", *paths), address_space=ADDRESS_SPACE
        )
        return WorkerProcess(argv, name=name, ready_seconds=READY_SECONDS)

    return LeanRuntime(
        name="native",
        toolchain=f"{found.text}, {'mathlib' if paths else 'core'}",
        spawn=lambda: start("worker", "native lean"),
        spawn_judge=lambda: start("judge", "native lean judge"),
        library_mb=MATHLIB_MB if paths else CORE_MB,
        library=_revision() if paths else "",
        # native code of a candidate could open the channel of answers itself, and stay for the next check
        checks_per_worker=1,
    )


def _revision() -> str:
    """A digest of the project's manifest, which has Mathlib's commit and those of its packages."""
    manifest = Path(os.environ["MATHLM_MATHLIB"]).expanduser() / "lake-manifest.json"
    try:
        return hashlib.sha256(manifest.read_bytes()).hexdigest()[:16]
    except OSError:  # a project without packages, which is Mathlib itself
        return ""


def mathlib_paths(found: Toolchain) -> tuple[Path, ...]:
    """Folders with the compiled modules of Mathlib and of its packages; none where MATHLM_MATHLIB is not
    set."""
    named = os.environ.get("MATHLM_MATHLIB")
    if not named:
        return ()
    project = Path(named).expanduser().resolve()
    try:
        wanted = (project / "lean-toolchain").read_text("utf-8").strip().rpartition(":v")[2]
    except OSError:
        raise RuntimeMissing(
            f"MATHLM_MATHLIB={named} has no lean-toolchain file: name a Lake project"
        ) from None
    if wanted != found.version:
        raise RuntimeMissing(
            f"MATHLM_MATHLIB={named} is built for Lean {wanted}, the toolchain is {found.version}: "
            "they must be the same; set MATHLM_LEAN to that toolchain, or run `lake update mathlib` there"
        )
    packages = sorted((project / ".lake" / "packages").glob("*/.lake/build/lib/lean"))
    if not any((folder / "Mathlib.olean").is_file() for folder in packages):
        raise RuntimeMissing(
            f"MATHLM_MATHLIB={named} has no compiled Mathlib: "
            "run `lake exe cache get && lake build Mathlib` there"
        )
    return tuple(packages)
