"""Records survive kills and full disks; readers name the line that is wrong."""

from __future__ import annotations

import gzip
import json
import resource
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlm.errors import DataError, UsageError
from mathlm.records import Records, read_jsonl, write_atomically


def test_appended_records_are_read_back_and_keyed(tmp_path: Path) -> None:
    path = tmp_path / "run" / "samples.jsonl"
    with Records(path) as store:
        store.append({"id": "q1", "sample": 0, "text": "∀ x"}, {"id": "q1", "sample": 1})
    with Records(path) as store:
        store.append({"id": "q2", "sample": 0})
        assert [r["id"] for r in store.read()] == ["q1", "q1", "q2"]
        assert store.keys("id", "sample") == {("q1", 0), ("q1", 1), ("q2", 0)}
    assert path.read_text("utf-8").splitlines()[0] == '{"id": "q1", "sample": 0, "text": "∀ x"}'


@given(keep=st.integers(min_value=0, max_value=200_030))
def test_a_torn_last_line_is_cut(tmp_path_factory: pytest.TempPathFactory, keep: int) -> None:
    lines = [json.dumps({"id": i, "pad": "x" * pad}) + "\n" for i, pad in enumerate((0, 200_000))]
    whole = "".join(lines).encode()
    path = tmp_path_factory.mktemp("torn") / "samples.jsonl"
    path.write_bytes(whole[:keep])
    with Records(path) as store:
        store.append({"id": "next"})
        complete = whole[:keep].count(b"\n")
        assert [r["id"] for r in store.read()] == [*range(complete), "next"]


def test_what_was_reported_survives_kill(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    program = """
        import itertools, sys
        from pathlib import Path
        from mathlm.records import Records
        store = Records(Path(sys.argv[1]))
        for i in itertools.count():
            store.append({"id": i})
            print(i, flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), path], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            reported = int(line)
            if reported >= 5:
                break
        child.send_signal(signal.SIGKILL)
    with Records(path) as store:
        assert {(i,) for i in range(reported + 1)} <= store.keys("id")


def test_a_full_disk_loses_only_the_batch_that_did_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    with Records(path) as store:
        store.append({"id": 0})
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        try:
            with pytest.raises(OSError, match="File too large"):
                store.append({"id": 1, "pad": "x" * 5000})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        store.append({"id": 2})
        assert [r["id"] for r in store.read()] == [0, 2]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_text("old")

    def fail(partial: Path) -> None:
        partial.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    with Records(path), pytest.raises(UsageError, match="in use by another run"):
        Records(path)
    Records(path).close()


def test_a_store_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="choose another folder"):
        Records(tmp_path / "file" / "samples.jsonl")


def test_numbers_that_json_lacks_are_refused(tmp_path: Path) -> None:
    with Records(tmp_path / "samples.jsonl") as store:
        with pytest.raises(ValueError, match="Out of range float"):
            store.append({"id": 1}, {"x": float("nan")})
        assert list(store.read()) == []


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (b'{"id": 1', ":3: not JSON"),
        (b'{"id": "\xff"}', ":3: not UTF-8"),
        (b"[1]", ":3: expected a JSON object, got list"),
        (b'{"question": "?"}', ":3: field 'id' is missing"),
        (b"[" * 100_000, ":3: not JSON"),
        (b'{"id": 1, "more": ["x\\uD800"]}', ":3: half a surrogate"),
    ],
)
@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_a_wrong_line_is_named(tmp_path: Path, bad: bytes, message: str, suffix: str) -> None:
    path = tmp_path / f"data{suffix}"
    data = b'{"id": 0}\n\n' + bad + b'\n{"id": 2}\n'
    path.write_bytes(gzip.compress(data) if suffix.endswith("gz") else data)
    rows = read_jsonl(path, required=("id",))
    assert next(rows) == {"id": 0}
    with pytest.raises(DataError, match=f"data{suffix}{message}"):
        next(rows)


def test_a_whole_surrogate_pair_is_text(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(b'{"id": "\\ud83d\\ude00 \\u2200 \\\\ud800"}\n')
    assert list(read_jsonl(path)) == [{"id": "😀 ∀ \\ud800"}]


def test_files_that_cannot_be_read_are_usage_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name a readable file"):
        list(read_jsonl(tmp_path / "none.jsonl"))
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": 0}\n' * 1000)[:-10])
    with pytest.raises(DataError, match="not a whole gzip file"):
        list(read_jsonl(path))
    path.write_bytes(b'{"id": 0}\n')
    with pytest.raises(DataError, match="not a whole gzip file"):
        list(read_jsonl(path))
