"""Signatures of deliveries."""

from __future__ import annotations

import pytest

from bot.web.signature import is_signed

SECRET = "It's a Secret to Everybody"
BODY = b"Hello, World!"
# GitHub's published test vector.
SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_the_published_vector_passes() -> None:
    """GitHub's own example is accepted."""
    assert is_signed(BODY, SIGNATURE, [SECRET])


def test_any_of_several_secrets_will_do() -> None:
    """While a secret is being changed, the old and the new one are valid."""
    assert is_signed(BODY, SIGNATURE, ["new", SECRET])
    assert is_signed(BODY, SIGNATURE, [SECRET, "new"])


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        SIGNATURE.removeprefix("sha256="),
        SIGNATURE[:-1],
        SIGNATURE.upper(),
        "sha256=\xe9",
    ],
)
def test_anything_else_fails(signature: str | None) -> None:
    """A missing, cut, differently written or non-ASCII signature is none."""
    assert not is_signed(BODY, signature, [SECRET])


def test_another_body_or_secret_fails() -> None:
    """The signature holds for these bytes and this secret only."""
    assert not is_signed(BODY + b"\n", SIGNATURE, [SECRET])
    assert not is_signed(BODY, SIGNATURE, ["another"])
    assert not is_signed(BODY, SIGNATURE, [])
