"""The test split of data sets that have no official one: about a tenth of the items, by their ids.

An item whose id's sha256 begins with a byte below TEST_BYTES is test: never trained on, never prompted with.
"""

from __future__ import annotations

import hashlib

TEST_BYTES = 26


def is_test(item_id: str) -> bool:
    """Whether an item of that id belongs to the test split."""
    return hashlib.sha256(item_id.encode()).digest()[0] < TEST_BYTES
