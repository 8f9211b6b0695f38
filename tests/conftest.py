"""Ctrl-C is tested, and a shell starts background jobs with it switched off: switch it on here."""

from __future__ import annotations

import signal

signal.signal(signal.SIGINT, signal.default_int_handler)
