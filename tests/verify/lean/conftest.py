"""One real Lean worker for all tests of this folder (a cold start takes seconds)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from verify.lean.verifier import LeanVerifier


@pytest.fixture(scope="session")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1) as verifier:
        yield verifier
