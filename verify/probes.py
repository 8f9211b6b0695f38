"""Every way out of the sandboxes that is tried, and what came of it: from the Node host, Lean and Python.

Contract. `host()`, `lean()` and `python()` each start what they try and return a `Probe` per attempt. `held`
is false for one that worked, and for one that gave no answer, which says nothing.
The layers, from the inside: a candidate lives in WebAssembly, whose file system is in memory (the library of
Lean is read-only) and from which no JavaScript object can be reached; the host process runs under Node's
permissions with an empty environment; what those do not know (network, signals, databases) is taken away by
the host's own script (`sandbox.cjs`). A candidate would have to break the first layer to meet the other two.
Not covered: seccomp and namespaces, which need rights that an ordinary user lacks.
Errors: InfraError when a sandbox cannot be started.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from mathlm.errors import InfraError
from mathlm.types import Status
from verify import runtime
from verify.base import Limits
from verify.lean.verifier import LeanVerifier
from verify.python.verifier import PythonVerifier

LIMITS = Limits(seconds=120, memory_mb=3072, heartbeats=200_000, output_bytes=100_000)
START_SECONDS = 60
FOLDER = Path(__file__).resolve().parent

LEAN_PROBES = {
    "read a file of the host": 'IO.FS.readFile "/etc/passwd"',
    "read the environment of the process": 'IO.FS.readFile "/proc/self/environ"',
    "read the memory of the machine": 'IO.FS.readFile "/dev/mem"',
    "list a folder of the host": 'do return toString (← System.FilePath.readDir "/etc").size',
    "see an environment variable": 'do return (← IO.getEnv "PATH").getD ""',
    "write into the library": 'do IO.FS.writeFile "/lib/lean/mathlm-probe" "x"; return "written"',
    "make a folder in the library": 'do IO.FS.createDir "/lib/lean/mathlm-probe"; return "made"',
    "remove a file of the library": 'do IO.FS.removeFile "/lib/lean/Init.olean"; return "removed"',
    "move a file of the library": 'do IO.FS.rename "/lib/lean/Init.olean" "/tmp/x"; return "moved"',
    "start a program": 'do return (← IO.Process.output { cmd := "ls" }).stdout',
    "start a program by its path": 'do return toString (← (← IO.Process.spawn { cmd := "/bin/ls" }).wait)',
    "write to the channel of answers": 'do (← IO.FS.Handle.mk "/dev/fd/3" .write).putStrLn ""; return "sent"',
    "write to it by another name": 'do (← IO.FS.Handle.mk "/proc/self/fd/3" .write).flush; return "opened"',
    "read the requests of others": "do (← IO.getStdin).getLine",
    "read them by another name": 'do (← IO.FS.Handle.mk "/dev/stdin" .read).getLine',
    "see what an earlier candidate wrote": 'IO.FS.readFile "/tmp/mathlm-probe"',
}
LEAN_ENDS = {
    "connect to the network": "Std.Internal.UV.TCP.Socket.new : IO Std.Internal.UV.TCP.Socket",
    "send a datagram": "Std.Internal.UV.UDP.Socket.new : IO Std.Internal.UV.UDP.Socket",
    "end the process": "IO.Process.exit 0 : IO Unit",
}
LEAN_BEFORE = 'do IO.FS.writeFile "/tmp/mathlm-probe" "seen"; return ""'

PYTHON_PROBES = {
    "read a file of the host": "open('/etc/passwd')",
    "read the environment of the process": "open('/proc/self/environ')",
    "list a folder of the host": "import os; os.listdir('/etc')",
    "see an environment variable": "import os; os.environ['SHELL']",
    "write a file": "open('/tmp/mathlm-probe', 'w')",
    "write over the sandbox's own code": "open('/sandbox/verify/python/inside.py', 'r+')",
    "read the host's script": "open('/sandbox/verify/python/host.mjs')",
    "make a link to a file": "import os; os.symlink('/etc/passwd', '/tmp/link')",
    "start a program": "import subprocess; subprocess.run(['ls'])",
    "start a shell": "import os; assert os.system('ls') == 0",
    "make a second process": "import os; os.fork()",
    "start a thread": "import threading; threading.Thread(target=print).start()",
    "connect to the network": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "fetch a page": "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
    "fetch a page with JavaScript": "from pyodide.http import open_url; open_url('http://127.0.0.1:9/')",
    "reach JavaScript": "import js; js.process",
    "reach Pyodide": "import pyodide_js",
    "run JavaScript": "from pyodide.code import run_js; run_js('1')",
    "install a package": "import micropip",
    "reach raw memory": "import ctypes",
    "write to the channel of answers": "import os; os.write(3, b'{}')",
    "write to it by another name": "open('/dev/fd/3', 'w')",
    "read the requests of others": "input()",
    "see what an earlier program left": "import builtins; builtins.mathlm_probe",
}
PYTHON_BEFORE = "import builtins; builtins.mathlm_probe = 1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """One attempt. Example: `Probe(where="lean", name="start a program", held=True, how="unsupported")`"""

    where: str
    """`host`, `lean` or `python`: from where it was tried."""
    name: str
    held: bool
    how: str
    """What stopped it, or what came of it."""


def host() -> list[Probe]:
    """From a Node process that is started like the hosts."""
    scripts = (FOLDER / "probes.cjs", FOLDER / "sandbox.cjs")
    argv = [*runtime.locked_down_node(read=scripts), str(scripts[0])]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, env={}, timeout=START_SECONDS, check=True)
        found = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise InfraError(f"the probes of the host could not be run ({error}); run `mathlm doctor`") from error
    return [Probe(where="host", **item) for item in found]


def lean() -> list[Probe]:
    """From a candidate in the embedded Lean."""
    with LeanVerifier() as verifier:
        _lean_output(verifier, {"before": LEAN_BEFORE})
        output = _lean_output(verifier, LEAN_PROBES)
        ended = [_lean_end(verifier, name, probe) for name, probe in LEAN_ENDS.items()]
    return [*(_lean_probe(name, output.get(name)) for name in LEAN_PROBES), *ended]


def _lean_end(verifier: LeanVerifier, name: str, probe: str) -> Probe:
    """A probe that Lean does not outlive: an answer would mean that it worked."""
    source = f"#eval show IO Unit from do\n  discard ({probe})\ntheorem t : 1 = 1 := rfl"
    verdict = verifier.check(source, limits=LIMITS)
    return Probe(
        where="lean", name=name, held=verdict.status is Status.RESOURCE, how=verdict.detail or "it worked"
    )


def _lean_probe(name: str, said: str | None) -> Probe:
    if said is None:
        return Probe(where="lean", name=name, held=False, how="no answer")
    outcome, _, text = said.partition(" ")
    if outcome == "REFUSED":
        return Probe(where="lean", name=name, held=True, how=text)
    return Probe(
        where="lean", name=name, held=not text, how=f"it gave {text!r}" if text else "nothing is there"
    )


def _lean_output(verifier: LeanVerifier, probes: dict[str, str]) -> dict[str, str]:
    """The first line that each probe printed."""
    source = "\n".join(
        f"#eval show IO Unit from do\n  try\n    let found : String ← ({probe} : IO String)\n"
        f'    IO.println ("{name}|REACHED " ++ found)\n'
        f'  catch error => IO.println ("{name}|REFUSED " ++ toString error)'
        for name, probe in probes.items()
    )
    verdict = verifier.check(f"{source}\ntheorem t : 1 = 1 := rfl", limits=LIMITS)
    if verdict.status is Status.INFRA_ERROR:
        raise InfraError(f"the probes of Lean could not be run ({verdict.detail}); run `mathlm doctor`")
    lines = (message.text.strip().split("\n")[0] for message in verdict.messages)
    return {name: said.strip() for name, bar, said in (line.partition("|") for line in lines) if bar}


def python() -> list[Probe]:
    """From a program in the embedded Python."""
    with PythonVerifier() as verifier:
        verifier.run(PYTHON_BEFORE, limits=LIMITS)
        return [_python_probe(verifier, name, program) for name, program in PYTHON_PROBES.items()]


def _python_probe(verifier: PythonVerifier, name: str, program: str) -> Probe:
    verdict = verifier.run(program, limits=LIMITS)
    if verdict.status is Status.INFRA_ERROR:
        raise InfraError(f"the probes of Python could not be run ({verdict.detail}); run `mathlm doctor`")
    how = verdict.detail if verdict.status is Status.REJECTED else f"{verdict.status} {verdict.output}"
    return Probe(where="python", name=name, held=verdict.status is Status.REJECTED, how=how)
