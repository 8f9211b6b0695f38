"""Options that several verbs share."""

from __future__ import annotations

import pytest

from mathlm.cli import options


@pytest.mark.parametrize(
    ("samples", "given", "proofs", "expected"),
    [
        (4, None, False, options.TEMPERATURE),
        (4, None, True, options.PROOF_TEMPERATURE),
        (4, 0.3, True, 0.3),
        (4, 0.0, False, 0.0),
        (1, None, True, 0.0),
        (1, 0.9, False, 0.0),
    ],
)
def test_temperature(samples: int, given: float | None, proofs: bool, expected: float) -> None:
    assert options.sampling(5, samples, given, proofs=proofs).temperature == expected
