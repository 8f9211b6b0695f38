"""The Python sandbox for real: programs, attacks, limits, isolation, answers. Needs the Pyodide runtime."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mathlm.types import Candidate, Reason, Status, Verdict
from verify.base import Limits
from verify.python.verifier import PLAIN, PythonVerifier

LIMITS = Limits(seconds=20, memory_mb=900, heartbeats=1, output_bytes=1000)
SHORT = Limits(seconds=0.5, memory_mb=900, heartbeats=1, output_bytes=1000)


@pytest.fixture(scope="module")
def python() -> Iterator[PythonVerifier]:
    with pytest.MonkeyPatch.context() as patch, PythonVerifier() as verifier:
        patch.setenv("MATHLM_TEST_SECRET", "hidden")
        yield verifier


def output(python: PythonVerifier, program: str) -> str:
    verdict = python.run(program, limits=LIMITS)
    assert verdict.accepted, verdict
    return verdict.output


def rejected(verdict: Verdict) -> str:
    assert (verdict.status, verdict.reason) == (Status.REJECTED, Reason.PROGRAM_ERROR), verdict
    return verdict.detail


def restarts(python: PythonVerifier) -> int:
    return python._pools[PLAIN.name].restarts


def test_output_and_toolchain(python: PythonVerifier) -> None:
    verdict = python.run("print(sum(range(101)), '∑')", limits=LIMITS)
    assert verdict.accepted and verdict.output == "5050 ∑\n"
    assert verdict.toolchain.startswith("pyodide ")
    assert 0 < verdict.seconds < 20
    candidate = Candidate(kind="program", source="print(6)", origin="model")
    assert python.verify(candidate, limits=LIMITS).output == "6\n"


def test_runs_as_main_with_the_standard_library(python: PythonVerifier) -> None:
    program = """
import dataclasses, decimal, fractions, hashlib, itertools, math, pickle, random, re, statistics
@dataclasses.dataclass
class Point:
    x: int
if __name__ == "__main__":
    print(pickle.loads(pickle.dumps(Point(3))), math.comb(5, 2), fractions.Fraction(2, 4))
"""
    assert output(python, program) == "Point(x=3) 10 1/2\n"


def test_sympy(python: PythonVerifier) -> None:
    program = "from sympy import *\nx = symbols('x')\nprint(factor(x**2 - 5*x + 6), integrate(2*x, x))"
    assert output(python, program) == "(x - 3)*(x - 2) x**2\n"
    assert output(python, "import mpmath; print(mpmath.nstr(mpmath.pi, 5))") == "3.1416\n"


@pytest.mark.parametrize(
    ("program", "detail"),
    [
        ("1/0", "ZeroDivisionError: division by zero"),
        ("print('half'); raise ValueError('no')", "ValueError: no"),
        ("x = (", "SyntaxError: '(' was never closed"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("input()", "EOFError: EOF when reading a line"),
        ("a\0b", "SyntaxError: source code string cannot contain null bytes"),
        ("def f(): return f()\nf()", "RecursionError: maximum recursion depth exceeded"),
        ("class E(Exception):\n  def __str__(s): raise s\nraise E()", "E: <exception str() failed>"),
        ("import sys; sys.stdout.close()", "ValueError: standard output was closed"),
        ("import numpy", "ModuleNotFoundError: No module named 'numpy'"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_program_errors(python: PythonVerifier, program: str, detail: str) -> None:
    assert rejected(python.run(program, limits=LIMITS)) == detail


def test_output_before_the_error_is_kept(python: PythonVerifier) -> None:
    assert python.run("print('half'); 1/0", limits=LIMITS).output == "half\n"
    assert output(python, "import sys; print(1); sys.exit()") == "1\n"


# Every way out that the host machine, JavaScript or the network might offer.
CLOSED_DOORS = [
    "open('/etc/passwd')",
    "import js",
    "import pyodide_js",
    "import _pyodide_core",
    "import ctypes",
    "from pyodide.code import run_js; run_js('1')",
    "from pyodide.ffi import create_proxy; create_proxy([]).constructor",
    "from pyodide.http import open_url; open_url('http://127.0.0.1/')",
    "import socket; socket.create_connection(('127.0.0.1', 80))",
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1/')",
    "import subprocess; subprocess.run(['ls'])",
    "import os; os.fork()",
    "import os; assert os.system('ls') == 0",
    "import os; os.execv('/bin/ls', ['ls'])",
    "import threading; threading.Thread(target=print).start()",
    "open('/tmp/x', 'w')",
    "open('/sandbox/verify/python/inside.py', 'r+')",
    "import os; os.mkdir('/tmp/a')",
    "import os; os.remove('/sandbox/verify/python/inside.py')",
    "import os; os.rename('/sandbox', '/tmp/b')",
    "import os; os.chmod('/sandbox', 0)",
    "import os; os.symlink('/sandbox', '/tmp/c')",
    "import os; os.truncate('/sandbox/verify/python/inside.py', 0)",
    "import os; os.write(3, b'{\"ok\": true}\\n')",
]


@pytest.mark.parametrize("program", CLOSED_DOORS)
def test_closed_doors(python: PythonVerifier, program: str) -> None:
    rejected(python.run(program, limits=LIMITS))


def test_nothing_of_the_host_can_be_seen(python: PythonVerifier) -> None:
    program = "import os, sys\nprint(dict(os.environ), sys.argv, sys.path, os.getcwd())"
    program += "\nfor folder, folders, files in os.walk('/home'): print(folder, folders, files)"
    seen = python.run(
        program, limits=Limits(seconds=20, memory_mb=900, heartbeats=1, output_bytes=10**6)
    ).output
    assert "/sandbox" in seen
    for word in ("MATHLM", "hidden", str(Path.home()), str(Path(__file__).parents[3]), "site-packages/sympy"):
        assert word not in seen


def test_no_javascript_object_can_be_reached(python: PythonVerifier) -> None:
    program = """
import gc, sys
seen, found, todo = set(), set(), gc.get_objects() + list(sys.modules.values()) + object.__subclasses__()
while todo:
    thing = todo.pop()
    if id(thing) in seen: continue
    seen.add(id(thing))
    kind = type(thing).__name__
    if kind in ("JsProxy", "JsDoubleProxy", "JsMethod", "JsCallable", "JsBuffer"): found.add(repr(thing))
    if kind == "builtin_function_or_method" and "pyodide" in str(thing.__self__): found.add(repr(thing))
    todo += gc.get_referents(thing)
print(len(seen) > 10000, found)
"""
    assert output(python, program) == "True set()\n"


# What one program does must not change what the next one sees.
SABOTAGE = [
    ("import builtins; builtins.print = lambda *a: None", "print(3)", "3\n"),
    ("import math; math.sqrt = lambda x: 7", "import math; print(math.sqrt(4))", "2.0\n"),
    ("import sys; sys.modules['math'] = None", "import math; print(math.pi > 3)", "True\n"),
    ("import sys; sys.stdout = None", "print(4)", "4\n"),
    ("import os; os.close(1)", "print(5)", "5\n"),
    ("import os; os.closerange(0, 50)", "print(6)", "6\n"),
    ("import os; os.dup2(0, 1)", "print(7)", "7\n"),
    (
        "import os; os.chdir('/tmp'); os.environ['A'] = 'b'",
        "import os; print(os.getcwd(), 'A' in os.environ)",
        "/ False\n",
    ),
    ("import sys; sys.setrecursionlimit(50)", "import sys; print(sys.getrecursionlimit())", "1000\n"),
    ("import sys; sys.settrace(lambda *a: 1/0)", "print(8)", "8\n"),
    (
        "x = 1; import builtins; builtins.x = 2",
        "print('x' in dir(), hasattr(__builtins__, 'x'))",
        "False False\n",
    ),
    ("import sys; sys._getframe(1).f_globals['run'] = None", "print(9)", "9\n"),
    ("import sys; sys._getframe(1).f_globals['exec'] = lambda *a: None", "print(10)", "10\n"),
    ("import atexit, signal; signal.signal(2, signal.SIG_IGN)", "print(11)", "11\n"),
    ("import gc\nfor d in gc.get_objects():\n  if type(d) is dict: d.clear()", "print(12)", "12\n"),
    (
        "import decimal; decimal.getcontext().prec = 2",
        "import decimal; print(decimal.Decimal(1)/3)",
        "0." + "3" * 28 + "\n",
    ),
    (
        "for _ in range(3): open('/sandbox/verify/python/inside.py')",
        "import os; print(os.open('/dev/null', 0))",
        "3\n",
    ),
    (
        "import random; random.seed(5)",
        "import random; a = random.random(); print(a != random.Random(5).random())",
        "True\n",
    ),
]


@pytest.mark.parametrize(("first", "second", "expected"), SABOTAGE)
def test_sabotage_does_not_outlive_its_program(
    python: PythonVerifier, first: str, second: str, expected: str
) -> None:
    python.run(first, limits=LIMITS)
    assert output(python, second) == expected


def test_sabotage_of_sympy_does_not_outlive_its_program(python: PythonVerifier) -> None:
    output(
        python, "import sympy; sympy.gcd = lambda *a: 1; sympy.core.numbers.Integer.__add__ = lambda a, b: a"
    )
    assert output(python, "import sympy; print(sympy.gcd(12, 18), sympy.Integer(1) + 2)") == "6 3\n"


def test_same_result_on_repeat(python: PythonVerifier) -> None:
    program = "import random; print(random.random(), hash('a'), id(object()), len({'b', 'c'}))"
    assert len({output(python, program) for _ in range(5)}) == 1


# Deaths of the interpreter: reported as errors of the program, and the next one gets a new worker.
@pytest.mark.parametrize(
    "program",
    [
        "import os; os._exit(0)",
        "import os; os.abort()",
        "import os; os.kill(os.getpid(), 9)",
        "import faulthandler; faulthandler._sigsegv()",
        "a = []\nfor _ in range(10**6): a = [a]\nrepr(a)",
    ],
)
def test_death_of_the_interpreter(python: PythonVerifier, program: str) -> None:
    rejected(python.run(program, limits=LIMITS))
    assert output(python, "print(1)") == "1\n"


@pytest.mark.parametrize("program", ["while True: pass", "9**9**9", "import time; time.sleep(99)"])
def test_time_limit_without_a_restart(python: PythonVerifier, program: str) -> None:
    output(python, "print(1)")
    before = restarts(python)
    began = time.monotonic()
    verdict = python.run(program, limits=SHORT)
    assert verdict.status is Status.TIMEOUT and "0.5 s" in verdict.detail
    assert time.monotonic() - began < 3
    assert restarts(python) == before


def test_catching_the_interrupt_does_not_help(python: PythonVerifier) -> None:
    loop = "while True:\n  try:\n    while True: pass\n  except BaseException: pass"
    assert python.run(loop, limits=SHORT).status is Status.TIMEOUT
    once = "try:\n  while True: pass\nexcept BaseException: print('done')"
    assert python.run(once, limits=SHORT).status is Status.TIMEOUT
    assert output(python, "print(1)") == "1\n"


def test_memory_limit(python: PythonVerifier) -> None:
    verdict = python.run("x = []\nwhile True: x.append(bytearray(10**7))", limits=LIMITS)
    assert verdict.status is Status.RESOURCE and "900 MB" in verdict.detail
    assert python.run("x = bytearray(2**30)", limits=LIMITS).status is Status.RESOURCE
    assert output(python, "print(len(bytearray(10**7)))") == "10000000\n"


def test_output_is_cut(python: PythonVerifier) -> None:
    verdict = python.run("print('é' * 10**6)\nprint('x' * 10**7)", limits=LIMITS)
    assert verdict.accepted and verdict.output == "é" * 500
    assert "cut at 1000 bytes" in verdict.detail
    odd = python.run("print('x' + 'é' * 600)", limits=LIMITS)
    assert odd.output == "x" + "é" * 499  # never half a character


def test_output_that_imitates_the_protocol_is_output(python: PythonVerifier) -> None:
    line = '{"ok": true, "stdout": "6", "error": ""}'
    assert rejected(python.run(f"print('{line}'); 1/0", limits=LIMITS)).startswith("ZeroDivisionError")


def test_killed_worker_is_replaced(python: PythonVerifier) -> None:
    output(python, "print(1)")
    worker = python._pools[PLAIN.name]._idle[0]
    worker.kill()
    assert output(python, "print(2)") == "2\n"


def test_run_many_keeps_the_order(python: PythonVerifier) -> None:
    programs = [f"print({index})" for index in range(30)]
    programs[3] = "1/0"
    programs[5] = "import sympy; print(sympy.Integer(5))"
    counts: list[int] = []
    verdicts = python.run_many(programs, limits=LIMITS, progress=counts.append)
    assert counts == list(range(1, 31))
    rejected(verdicts[3])
    assert [v.output for i, v in enumerate(verdicts) if i != 3] == [f"{i}\n" for i in range(30) if i != 3]
    assert python.run_many([], limits=LIMITS) == []


def test_equivalent(python: PythonVerifier) -> None:
    pairs = [
        ("6", "6.0"),
        ("7", "6"),
        ("x+1", "1+x"),
        ("x+1", "x"),
        (r"\frac{x}{2}+\sqrt{2}", "x/2+2**(1/2)"),
        ("-2, 5", "5, -2"),
        ("12", "1, 2"),
        ("9**9**9", "x+1"),
        ("__import__('js')", "1+x"),
    ]
    counts: list[int] = []
    verdicts = python.equivalent_many(pairs, limits=LIMITS, progress=counts.append)
    a, r, u = Status.ACCEPTED, Status.REJECTED, Status.RESOURCE
    assert [verdict.status for verdict in verdicts] == [a, r, a, r, a, a, r, u, r]
    assert verdicts[1].reason is Reason.WRONG_ANSWER and "'7'" in verdicts[1].detail
    assert counts[-1] == len(pairs)
    assert python.equivalent("sin(x)^2 + cos(x)^2", "1", limits=LIMITS).accepted


def test_latex_that_computes_for_ever_is_stopped(python: PythonVerifier) -> None:
    verdict = python.equivalent(r"\frac{9^{9^{9^{9}}}}{x}", "3x", limits=SHORT)
    assert verdict.status in (Status.TIMEOUT, Status.RESOURCE)
    assert python.equivalent("x+2", "2+x", limits=LIMITS).accepted


def test_senseless_use_is_refused(python: PythonVerifier) -> None:
    with pytest.raises(ValueError, match="workers"):
        PythonVerifier(workers=0)
    with pytest.raises(ValueError, match="proof"):
        python.verify(Candidate(kind="proof", source="by simp", origin="model"), limits=LIMITS)


def test_close_kills_and_a_later_check_starts_again() -> None:
    with PythonVerifier() as verifier:
        output(verifier, "print(1)")
        worker = verifier._pools[PLAIN.name]._idle[0]
    assert not worker.alive
    with verifier:
        assert output(verifier, "print(2)") == "2\n"
