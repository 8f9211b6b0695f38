"""`mathlm keys`: a key is shown once, listed without its secret, and no longer works when it is revoked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mathlm.api.keys import Keys, place
from mathlm.api.store import connect
from mathlm.cli.app import main


def test_keys_are_made_listed_and_revoked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(tmp_path)]
    assert main(["keys", "list", *data]) == 0
    assert "mathlm keys add" in capsys.readouterr().out

    assert main(["keys", "add", "Emmy", "--concurrency", "3", *data]) == 0
    shown = capsys.readouterr()
    made = shown.out.strip()
    assert str(tmp_path / "serve.sqlite3") in shown.err
    engine = connect(f"sqlite:///{tmp_path / 'serve.sqlite3'}")
    client = Keys(engine).find(made)
    assert client is not None and client.concurrency == 3

    assert main(["keys", "list", "--json", *data]) == 0
    text = capsys.readouterr().out
    (row,) = json.loads(text)
    assert (row["name"], row["revoked"]) == ("Emmy", False)
    assert made not in text and made.rpartition("_")[2] not in text

    assert main(["keys", "revoke", row["id"], *data]) == 0
    capsys.readouterr()
    assert Keys(engine).find(made) is None
    assert main(["keys", "revoke", "nobody", *data]) == 2
    assert "mathlm keys list" in capsys.readouterr().err
    engine.dispose()
    assert main(["keys", "add", " ", *data]) == 2
    assert "empty" in capsys.readouterr().err


def test_the_password_of_a_database_is_not_shown() -> None:
    assert place("postgresql://a:secret@db/mathlm") == "postgresql://a:***@db/mathlm"
