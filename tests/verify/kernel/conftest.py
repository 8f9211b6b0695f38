"""One kernel worker for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from verify.kernel import KernelChecker


@pytest.fixture(scope="module")
def kernel() -> Iterator[KernelChecker]:
    with KernelChecker() as checker:
        yield checker
