"""A client of `mathlm serve`: `Client`, `AsyncClient`, and `RemoteVerifier`, which stands in for Lean.

`with Client("http://127.0.0.1:8000") as client: client.check("theorem t : 1 + 1 = 2 := by rfl").accepted`

Several URLs share the work. Names load with their first use, so that importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mathlm.client.asynchronous import AsyncClient as AsyncClient
    from mathlm.client.errors import KeyRefused as KeyRefused
    from mathlm.client.errors import RequestRefused as RequestRefused
    from mathlm.client.errors import ServerFailed as ServerFailed
    from mathlm.client.errors import StateExpired as StateExpired
    from mathlm.client.remote import RemoteVerifier as RemoteVerifier
    from mathlm.client.synchronous import Client as Client

_HOMES = {
    "AsyncClient": "asynchronous",
    "Client": "synchronous",
    "KeyRefused": "errors",
    "RemoteVerifier": "remote",
    "RequestRefused": "errors",
    "ServerFailed": "errors",
    "StateExpired": "errors",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
