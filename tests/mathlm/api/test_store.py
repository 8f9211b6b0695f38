"""The records and the cache, on SQLite and on a real PostgreSQL where one is installed."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mathlm.api import keys
from mathlm.api.keys import Keys
from mathlm.api.store import Record, Store
from mathlm.errors import InfraError, UsageError

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """The URL of a database server of our own."""
    pytest.importorskip("psycopg", reason="needs a driver: pip install 'mathlm[postgresql]'")
    if not BINARIES:
        pytest.skip("needs PostgreSQL: apt-get install postgresql")
    if os.geteuid() != 0:
        pytest.skip("needs root, to run it as another user")
    try:
        user = pwd.getpwnam("postgres").pw_name  # it refuses to run as root
    except KeyError:
        pytest.skip("needs a user named postgres")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    shutil.chown(folder, user)
    data, programs = folder / "data", BINARIES[-1]

    def run(*words: str | Path) -> None:
        subprocess.run(words, user=user, check=True, capture_output=True, cwd=folder)

    run(programs / "initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C")
    options = f"-c listen_addresses='' -k {folder}"
    run(programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
    yield f"postgresql+psycopg://{user}@/postgres?host={folder}"
    run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.sqlite3'}"
    return str(request.getfixturevalue("postgresql"))


def record(source: str, *, client: str, **more: Any) -> Record:
    return Record(client=client, kind="judge", status="accepted", seconds=0.1, source=source, **more)


def test_what_is_added_is_found_again_by_another_store(url: str) -> None:
    store = Store(url)
    odd = "theorem «a\0b» : ∀ 𝔸 : Prop, 𝔸 → 𝔸 := fun _ h ↦ h -- \ud800"
    first = [
        record(odd, client="a", statement="s", document={"status": "accepted", "n": 1}, cache_key="k" * 64),
        record("two", client="b", document={}),
    ]
    names = asyncio.run(store.add(first))
    (third,) = asyncio.run(store.add([record("three", client="a", document={})]))
    assert [*names, third] == sorted({*names, third})
    store.close()

    again = Store(url)
    assert again.in_memory("k" * 64) is None
    assert again.find("k" * 64) == asyncio.run(again.kept("k" * 64)) == '{"status": "accepted", "n": 1}'
    assert again.in_memory("k" * 64) is not None
    assert again.find("none") is None
    mine = again.page(client="a", after="", limit=10, status=None)
    assert [row["id"] for row in mine] == [names[0], third]
    assert again.page(client=None, after=names[0], limit=1, status="accepted")[0]["id"] == names[1]
    assert again.page(client="a", after="", limit=10, status="rejected") == []
    whole = again.one(names[0], client="a")
    assert whole is not None and whole["document"] == {"status": "accepted", "n": 1}
    assert "∀ 𝔸" in whole["source_text"] and whole["statement_text"] == "s"
    assert again.one(names[0], client="b") is None
    # The same verdict again is no error, and the first one stays.
    asyncio.run(again.add([record("x", client="a", document={"status": "other"}, cache_key="k" * 64)]))
    again.close()
    last = Store(url)
    assert last.find("k" * 64) == '{"status": "accepted", "n": 1}'
    last.close()


def test_keys_work_there(url: str) -> None:
    made = keys.add(url, "Sofja")
    store = Store(url)
    client = Keys(store.engine).find(made)
    assert client is not None
    keys.revoke(url, made.split("_")[1])
    assert Keys(store.engine).find(made) is None
    store.close()


def test_what_is_wrong_with_one_record_fails_no_other(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(url)
    bad = record("bad", client="a", document={}, reason="x" * 10, statement=None)
    object.__setattr__(bad, "status", None)  # the database wants one

    let_go, sizes, insert = threading.Event(), [], store._insert

    def slow(records: list[Record], rows: list[dict[str, Any]]) -> None:
        sizes.append(len(records))
        assert let_go.wait(20)
        insert(records, rows)

    monkeypatch.setattr(store, "_insert", slow)  # so that what comes meanwhile is one transaction

    async def all_at_once() -> list[Any]:
        head = asyncio.create_task(store.add([record("0", client="d", document={})]))
        while not sizes:
            await asyncio.sleep(0.01)
        rest = [record("1", client="c", document={}), bad, record("2", client="c", document={})]
        adds = [asyncio.create_task(store.add([r])) for r in rest]
        await asyncio.sleep(0.05)
        let_go.set()
        return (await asyncio.gather(head, *adds, return_exceptions=True))[1:]

    first, second, third = asyncio.run(all_at_once())
    assert sizes == [1, 3, 1, 1, 1]
    assert isinstance(first, list) and isinstance(third, list) and isinstance(second, InfraError)
    assert [row["id"] for row in store.page(client="c", after="", limit=9, status=None)] == [*first, *third]
    store.close()


def test_a_database_that_cannot_be_used_says_so() -> None:
    with pytest.raises(UsageError, match="driver"):
        Store("oracle+oracledb://x")
    with pytest.raises(UsageError, match="no URL"):
        Store("not a url")
    with pytest.raises(InfraError, match="cannot be used"):
        Store("sqlite:////nowhere/at/all/records.sqlite3")
