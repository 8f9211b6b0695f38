"""The test split of data sets that have no official one: about a tenth of the items, by their ids.

Our own generators make ids of the content (`content_id`), so that equal texts of any run share a side.
An item whose id's sha256 begins with a byte below TEST_BYTES is test: never trained on, never prompted with.
"""

from __future__ import annotations

import hashlib

TEST_BYTES = 26


def is_test(item_id: str) -> bool:
    """Whether an item of that id belongs to the test split."""
    return hashlib.sha256(item_id.encode()).digest()[0] < TEST_BYTES


def content_id(kind: str, text: str) -> str:
    """An id that depends on the text alone, spacing aside: `thm-` and 16 hex digits."""
    return f"{kind}-{hashlib.sha256(' '.join(text.split()).encode()).hexdigest()[:16]}"
