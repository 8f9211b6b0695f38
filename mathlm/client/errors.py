"""What a client raises; all are in the tree of `mathlm.errors`, with its exit codes.

UsageError
└── RequestRefused   the server understood, and will not: bad input, too long, no such route   -> exit 2
    ├── KeyRefused   no API key, or one that the server does not know
    └── StateExpired a proof state that the server no longer keeps
InfraError
└── ServerFailed     not reached, too busy for too long, or broken                             -> exit 3
"""

from __future__ import annotations

from mathlm.errors import InfraError, UsageError


class RequestRefused(UsageError):
    """The server refused; asking again as it stands does not help. `status` is the HTTP status."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class KeyRefused(RequestRefused):
    """The server wants an API key, or another one."""


class StateExpired(RequestRefused):
    """The server no longer knows the proof state: send the source to `goals` again."""


class ServerFailed(InfraError):
    """No server answered; says nothing about what was asked. `status` is None without any HTTP answer."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
