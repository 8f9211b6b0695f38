"""`kimina_client` of PyPI, imported.

On Python 3.11 its own import fails (pydantic wants the TypedDict of typing_extensions there), whatever server
it is for; so it is given that one while it is imported. Its code is unchanged.
"""

from __future__ import annotations

import sys
import typing

import typing_extensions

_own = typing.TypedDict
if sys.version_info < (3, 12):
    typing.TypedDict = typing_extensions.TypedDict
try:
    from kimina_client import AsyncKiminaClient, KiminaClient, Snippet
    from kimina_client.models import SnippetStatus
finally:
    typing.TypedDict = _own

__all__ = ["AsyncKiminaClient", "KiminaClient", "Snippet", "SnippetStatus"]
