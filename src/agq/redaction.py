"""Keys and logins redacted in what is shown or stored."""

from __future__ import annotations

import re
from collections.abc import Iterable

SECRET_LENGTH_MIN = 6
"""Shorter values are placeholders such as "none", which local servers are given, and are no secret."""

_LOGIN = re.compile(r"://[^/@\s]*@")


def redact(text: str, secrets: Iterable[str]) -> str:
    """``text`` with ``(key)`` in the place of each secret."""
    for secret in secrets:
        if len(secret) >= SECRET_LENGTH_MIN:
            text = text.replace(secret, "(key)")
    return text


def without_logins(text: str) -> str:
    """``text`` whose addresses name no user and no password."""
    return _LOGIN.sub("://", text)


def public_address(address: str) -> str:
    """An address without the name and password, and without the query, that may stand in it."""
    return without_logins(address.partition("?")[0])
