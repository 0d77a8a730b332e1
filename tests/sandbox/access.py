"""Authentication: the App by its JSON web token, an installation by its token."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import jwt
from jwt.types import Options

from tests.sandbox.http import Call, RefusalError
from tests.sandbox.model import Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Request

    from tests.sandbox.http import Route
    from tests.sandbox.model import Installation
    from tests.sandbox.state import State

# "Generating a JSON Web Token (JWT) for a GitHub App": exp at most 10 minutes ahead; installation tokens
# last an hour.
MAX_JWT_SECONDS = 600
CLOCK_DRIFT_SECONDS = 60
TOKEN_LIFE = timedelta(hours=1)
SUSPENDED = "This installation has been suspended"
UNREADABLE = "A JSON web token could not be decoded"
WRONG_IAT = "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
WRONG_EXP = "'Expiration time' claim ('exp') must be a numeric value representing the future time"


def authenticate(state: State, request: Request, route: Route) -> Call:
    """Return the call with its asker.

    Raises:
        RefusalError: 401 of a missing, wrong or expired credential, 403 of a permission the token lacks.
    """
    kind, _, credential = request.headers.get("Authorization", "").partition(" ")
    if not credential or kind.lower() not in {"bearer", "token"}:
        raise RefusalError(401, "Requires authentication")
    if route.as_app:
        check_app_token(state, credential)
        return Call(state, request)
    token = state.tokens.get(credential)
    if token is None or token.expires_at <= state.now():
        raise RefusalError(401, "Bad credentials")
    owner = state.installations.get(token.installation)
    if owner is None or owner.suspended_at is not None:
        raise RefusalError(403, SUSPENDED)
    if route.needs and not any(token.allows(*need.split(":")) for need in route.needs):
        raise RefusalError(403, "Resource not accessible by integration")
    return Call(state, request, token)


def check_app_token(state: State, credential: str) -> None:
    """Check the App's JSON web token: RS256, its key, its id or client id, expiring at most 10 minutes ahead.

    Raises:
        RefusalError: 401, with GitHub's reason.
    """
    unverified = Options(
        verify_exp=False, verify_iat=False, verify_nbf=False, verify_iss=False, verify_sub=False
    )
    try:
        claims = jwt.decode(credential, state.app.public_key, algorithms=["RS256"], options=unverified)
    except jwt.InvalidTokenError as error:
        raise RefusalError(401, UNREADABLE) from error
    now = state.now().timestamp()
    issued, expires = claims.get("iat"), claims.get("exp")
    if str(claims.get("iss")) not in {str(state.app.id), state.app.client_id}:
        raise RefusalError(401, "'Issuer' claim ('iss') must be an Integer")
    if not isinstance(issued, int) or issued > now + CLOCK_DRIFT_SECONDS:
        raise RefusalError(401, WRONG_IAT)
    if not isinstance(expires, int) or expires <= now:
        raise RefusalError(401, WRONG_EXP)
    if expires > now + MAX_JWT_SECONDS:
        raise RefusalError(401, "'Expiration time' claim ('exp') is too far in the future")


def issue_token(
    state: State,
    installation: Installation,
    permissions: Mapping[str, str],
    repositories: frozenset[str] | None,
) -> Token:
    """Return a new installation token, valid for an hour; empty `permissions` means all it has."""
    number = state.next_id("token")
    held = tuple(sorted((permissions or state.granted(installation)).items()))
    value = f"ghs_{number:036d}"
    token = Token(value, installation.id, state.now() + TOKEN_LIFE, held, repositories)
    state.tokens[value] = token
    return token
