"""What is shown holds no key and no login."""

from __future__ import annotations

from agq.redaction import public_address, redact, without_logins


def test_every_key_goes_and_a_placeholder_stays() -> None:
    assert redact("sk-123456 is not none", ["sk-123456", "none", ""]) == "(key) is not none"


def test_an_address_is_told_without_what_is_secret_in_it() -> None:
    assert without_logins("see http://me:pass@host/a") == "see http://host/a"
    assert public_address("http://me:pass@host/v1?key=abc") == "http://host/v1"
