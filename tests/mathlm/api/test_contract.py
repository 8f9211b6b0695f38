"""Schemathesis over our OpenAPI: no 500, nothing that the description does not say, bad input refused."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.mathlm.api.serving import KEY, Running

EXAMPLES = 6
COSTLY = {"/v1/solve": 1, "/v1/goals": 2}
"""Examples of what takes seconds each."""
QUICK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_server_keeps_to_its_description(server: Running, mode: GenerationMode) -> None:
    described = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) >= 8
    for operation in operations:
        if mode is GenerationMode.NEGATIVE and not [*operation.body, *operation.query]:
            continue

        @settings(QUICK, max_examples=COSTLY.get(operation.path, EXAMPLES))
        @given(operation.as_strategy(generation_mode=mode))
        def keeps(case: Any) -> None:
            if mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
                # what was generated may be endless, and a new worker for each snippet takes long
                case.body |= {"timeout": 1, "reuse": True, "disable_cache": False}
                case.body |= {"samples": 1, "seconds": 1, "max_tokens": 4, "n": 1, "best_of": None}
            case.call_and_validate(
                headers={"Authorization": f"Bearer {KEY}"},
                timeout=60,
                excluded_checks=[positive_data_acceptance],  # a schema cannot say that ids are unique
            )

        keeps()
