"""A small worker for the tests of `process` and `pool`: a real child that does as each request says."""

import json
import os
import sys
import time


def answer(value: dict) -> None:
    data = json.dumps(value).encode() + b"\n"
    while data:
        data = data[os.write(3, data) :]


def serve(line: str) -> None:
    message = json.loads(line)
    op = message["op"]
    if op == "echo":
        answer({"echo": message["value"], "pid": os.getpid()})
    elif op == "size":
        answer({"size": len(message["value"])})
    elif op == "hang":
        while True:
            pass
    elif op == "sleep":
        time.sleep(message["seconds"])
        answer({"pid": os.getpid()})
    elif op == "crash":
        print("about to fall over", file=sys.stderr, flush=True)
        os._exit(7)
    elif op == "crash_once":
        if not os.path.exists(message["mark"]):
            open(message["mark"], "w").close()
            os._exit(7)
        answer({"echo": "second life"})
    elif op == "fail":
        fails = message["always"] or not os.path.exists(message["mark"])
        open(message["mark"], "w").close()
        answer({"error": "out of luck"} if fails else {"pid": os.getpid()})
    elif op == "hog":
        answer({"hogged": len(bytearray(os.urandom(1024)) * 1024 * message["mb"]), "slept": time.sleep(1)})
    elif op == "keep":
        serve.kept = bytearray(b"x") * (message["mb"] << 20)  # type: ignore[attr-defined]
        answer({"echo": message["mb"]})
    elif op == "flood":
        for descriptor in (1, 2):
            os.write(descriptor, b'{"echo": "imitation"}\n' * 50_000)
        answer({"echo": "flooded"})
    elif op == "pieces":
        for character in '{"echo": "in pieces"}\n':
            os.write(3, character.encode())
            time.sleep(0.001)
    elif op == "huge":
        answer({"echo": "x" * message["bytes"]})
    elif op == "raw":
        os.write(3, message["value"].encode())
    elif op == "bytes":
        data, begin = bytes.fromhex(message["hex"]), 0
        for end in [*message["cuts"], len(data)]:
            os.write(3, data[begin:end])
            begin = end
        if b"\n" not in data:
            os._exit(0)
    elif op == "twice":
        answer({"echo": 1})
        time.sleep(0.05)
        answer({"echo": 2})
    elif op == "environment":
        answer({"environment": dict(os.environ), "group": os.getpgid(0), "pid": os.getpid()})
    elif op == "recycle":
        answer({"pid": os.getpid(), "recycle": True})


def main() -> None:
    mode = sys.argv[1] if len(sys.argv) > 1 else "good"
    if mode == "silent":
        time.sleep(60)
    if mode == "broken":
        print("no library here", file=sys.stderr)
        sys.exit(3)
    answer({"ready": mode != "unready", "pid": os.getpid()})
    for line in sys.stdin:
        serve(line)


main()
