"""One kernel worker for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from verify.kernel import KernelChecker


@pytest.fixture(scope="session")
def kernel() -> Iterator[KernelChecker]:
    with KernelChecker() as checker:
        yield checker
