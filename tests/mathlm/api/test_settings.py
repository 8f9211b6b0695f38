"""Settings: one precedence (file, environment, flags), strict in all three places."""

from __future__ import annotations

from pathlib import Path

import pytest

from mathlm.api.settings import load
from mathlm.errors import UsageError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "serve.toml"
    path.write_text('port = 1\nworkers = 1\nqueue = 1\nhosts = ["a.example"]\n')
    return path


def test_flags_win_over_the_environment_which_wins_over_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATHLM_SERVE_PORT", "2")
    monkeypatch.setenv("MATHLM_SERVE_WORKERS", "2")
    found = load(file, {"port": 3, "workers": None})
    assert (found.port, found.workers, found.queue, found.hosts) == (3, 2, 1, ["a.example"])


@pytest.mark.parametrize("text", ["prot = 1", 'port = "many"', "port = ", "port = 70000"])
def test_a_bad_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "serve.toml"
    path.write_text(text)
    with pytest.raises(UsageError):
        load(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize(("name", "value"), [("MATHLM_SERVE_PROT", "1"), ("MATHLM_SERVE_PORT", "x")])
def test_a_bad_environment_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError):
        load()


def test_keys_are_needed_beyond_loopback_unless_told_otherwise() -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        assert not load(flags={"host": host}).needs_key
    for host in ("0.0.0.0", "::", "192.0.2.1", "lean.example"):
        assert load(flags={"host": host}).needs_key
        assert not load(flags={"host": host, "auth": False}).needs_key
    assert load(flags={"key": "k"}).needs_key
