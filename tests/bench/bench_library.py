"""The core library itself as claims for the second kernel: a stress test on all declarations with bodies.

    python tests/bench/bench_library.py [--keep FOLDER] [--chunk 2000] [--most N]

The judge hands out, as text and in dependency order, every constant of Init and Std with what it needs; the
second kernel (`library_stress.cjs`) checks each one on top of those before it: a definition's value against
its type, the types of all others, and that each rule of a recursor has the type that the recursor promises.
Lean accepted all of it, so a refusal is a bug of the second kernel. Theorems have no bodies here and count as
axioms. Prints what is not accepted, then the counts. `--keep` keeps the exported text for another run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from verify import runtime
from verify.base import Limits
from verify.lean import protocol
from verify.lean.protocol import Elaborated
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=300, memory_mb=8000, heartbeats=100_000_000, output_bytes=1 << 28)
STRESS = Path(__file__).resolve().with_name("library_stress.cjs")
META = (
    '{"meta":{"exporter":{"name":"bench","version":"1"},"lean":{"githash":"","version":"4"},'
    '"format":{"version":"3.1.0"}}}'
)
NAMES = r"""import Lean
open Lean Elab Command

partial def parts : Name → String → String
  | .anonymous, acc => acc
  | .str p s, acc => parts p ("," ++ Json.compress (Json.str s) ++ acc)
  | .num p n, acc => parts p ("," ++ toString n ++ acc)

partial def loop (names : Array Name) (data : Array ModuleData) (i j : Nat) (out : String) : String :=
  match names[i]?, data[i]? with
  | some m, some d =>
    if m.getRoot == `Lean || m.getRoot == `Lake then loop names data (i+1) 0 out else
    match d.constants[j]? with
    | none => loop names data (i+1) 0 out
    | some ci => loop names data i (j+1) (out ++ parts ci.name "" ++ "\n")
  | _, _ => out

def text : CommandElabM String := do
  let env ← getEnv
  return loop env.header.moduleNames env.header.moduleData 0 0 ""

#eval text
"""


def constants(lean: LeanVerifier) -> list[tuple[str | int, ...]]:
    """The names of all constants of Init and Std, in parts."""
    reply = lean.pool.run(protocol.check_request(NAMES, LIMITS), limits=LIMITS)
    assert reply.answer is not None, reply.detail
    answer = protocol.read_elaborated(reply.answer)
    assert isinstance(answer, protocol.Elaborated), answer
    (said,) = answer.messages
    text = json.loads(said.text)
    return list(dict.fromkeys(tuple(json.loads(f"[{line[1:]}]")) for line in text.splitlines()))


def mention(names: list[tuple[str | int, ...]]) -> str:
    """Text of a theorem that names the constants. Nobody believes it; the judge hands out what it names."""
    lines, index = [META], {(): 0}

    def name(parts: tuple[str | int, ...]) -> int:
        if parts not in index:
            before, last = name(parts[:-1]), parts[-1]
            key = f'"num":{{"pre":{before},"i":{last}}}'
            if isinstance(last, str):
                key = f'"str":{{"pre":{before},"str":{json.dumps(last, ensure_ascii=False)}}}'
            index[parts] = len(index)
            lines.append(f'{{"in":{index[parts]},{key}}}')
        return index[parts]

    claim, last = name(("stress",)), -1
    for count, parts in enumerate(names):
        here = 0 if count == 0 else 2 * count - 1
        lines.append(f'{{"ie":{here},"const":{{"name":{name(parts)},"us":[]}}}}')
        if count:
            lines.append(f'{{"ie":{here + 1},"app":{{"fn":{last},"arg":{here}}}}}')
        last = here + 1 if count else 0
    lines.append(f'{{"thm":{{"name":{claim},"levelParams":[],"type":0,"value":{last},"all":[{claim}]}}}}')
    return "\n".join(lines) + "\n"


def export(folder: Path, chunk: int, most: int | None) -> None:
    """Write the library to 0.ndjson, 1.ndjson, …"""
    with LeanVerifier(workers=1) as lean:
        names = constants(lean)[:most]
        print(f"{len(names)} constants", flush=True)
        for part, start in enumerate(range(0, len(names), chunk)):
            claim = Elaborated(
                parse_error=False,
                messages=(),
                theorems=("stress",),
                environment="core",
                export=mention(names[start : start + chunk]),
                export_error=None,
            )
            request = protocol.judge_request(claim, None, LIMITS, describe=False)
            reply = lean.judges.run({**request, "library": "new"}, limits=LIMITS)
            assert reply.answer is not None and "export" in reply.answer, (reply.detail, reply.answer)
            (folder / f"{part}.ndjson").write_text(reply.answer["export"])
        assert lean.judges.restarts == 0, "the judge was restarted and forgot what it had handed out"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--keep", type=Path, help="folder for the exported text; used again when it is filled"
    )
    parser.add_argument("--chunk", type=int, default=2000, help="constants asked for at once")
    parser.add_argument("--most", type=int, help="only so many constants")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        if not (folder / "0.ndjson").exists():
            export(folder, args.chunk, args.most)
        sys.exit(subprocess.run([runtime.node(), str(STRESS), str(folder)], check=False).returncode)


if __name__ == "__main__":
    main()
