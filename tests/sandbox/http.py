"""The shape of a request handler: it takes a call and returns an answer or raises a refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.wrappers import Request

    from tests.sandbox.model import Installation, Json, Pull, Repository, Token
    from tests.sandbox.state import State

DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer with a JSON body; None means no body."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusalError(Exception):
    """An error answer: a status and GitHub's error body."""

    def __init__(self, status: int, message: str, errors: Sequence[object] = ()) -> None:
        super().__init__(message)
        body: Json = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)}
        self.answer = Answer(status, body | ({"errors": list(errors)} if errors else {}))


def not_found() -> RefusalError:
    """Return GitHub's 404, also its answer to what the asker may not see."""
    return RefusalError(404, "Not Found")


def invalid(message: str, *, resource: str, name: str, code: str = "custom") -> RefusalError:
    """Return GitHub's 422 with one error about one field."""
    error = {"resource": resource, "field": name, "code": code, "message": message}
    return RefusalError(422, "Validation Failed", [error])


@dataclass(frozen=True)
class Call:
    """A request on behalf of an installation (`token`) or of the App itself."""

    state: State
    request: Request
    token: Token | None = None

    @property
    def installation(self) -> Installation:
        """Return the installation the token belongs to."""
        if self.token is None:
            raise RefusalError(403, "Resource not accessible by integration")
        return self.state.installations[self.token.installation]

    def repository(self, owner: str, repo: str) -> Repository:
        """Return the repository of the path.

        Raises:
            RefusalError: 404 of one that is not there, or private and outside; 403 of a write
                outside it.
        """
        found = self.state.find_repository(f"{owner}/{repo}")
        if found is None or (found.private and not self.covers(found)):
            raise not_found()
        if self.request.method != "GET" and not self.covers(found):
            raise RefusalError(403, "Resource not accessible by integration")
        return found

    def covers(self, repository: Repository) -> bool:
        """Say whether the token reaches this repository."""
        if self.token is None:
            return False
        covered = repository in self.state.covered(self.installation)
        return covered and (
            self.token.repositories is None or repository.full_name in self.token.repositories
        )

    def pull(self, owner: str, repo: str, number: int) -> Pull:
        """Return a pull request of the path, or refuse with 404."""
        found = self.state.pulls.get((self.repository(owner, repo).full_name, number))
        if found is None:
            raise not_found()
        return found

    def body(self) -> Json:
        """Return the request's JSON object.

        Raises:
            RefusalError: 400 if the body is not one.
        """
        try:
            parsed = json.loads(self.request.get_data() or b"{}")
        except ValueError as error:
            raise RefusalError(400, "Problems parsing JSON") from error
        if not isinstance(parsed, dict):
            raise RefusalError(400, "Body should be a JSON object")
        return parsed

    def page(
        self, items: Sequence[object], wrap: Callable[[Sequence[object], int], object] | None = None
    ) -> Answer:
        """Return a page of a listing with its Link header; `wrap` makes the body of page and total."""
        size = min(max(self.request.args.get("per_page", 30, int), 1), 100)
        number = max(self.request.args.get("page", 1, int), 1)
        shown = list(items[(number - 1) * size : number * size])
        last = max((len(items) + size - 1) // size, 1)
        steps = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
        backward, forward = number > 1, number < last
        kept = [name for name in steps if (backward if name in {"prev", "first"} else forward)]
        links = ", ".join(f'<{self._page_url(steps[name])}>; rel="{name}"' for name in kept)
        body = wrap(shown, len(items)) if wrap else shown
        return Answer(200, body, {"Link": links} if links else {})

    def _page_url(self, number: int) -> str:
        query = urlencode(
            [*((k, v) for k, v in self.request.args.items(multi=True) if k != "page"), ("page", number)]
        )
        return f"{self.state.url}{self._path_by_id()}?{query}"

    def _path_by_id(self) -> str:
        """Return the request's path with the repository's id, as GitHub's Link headers have it."""
        parts = self.request.path.split("/", 4)
        found = self.state.find_repository("/".join(parts[2:4])) if parts[1] == "repos" else None
        if found is None:
            return self.request.path
        return "/".join(["/repositories", str(found.id), *parts[4:]])


Handler: TypeAlias = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    """One endpoint. `needs` lists permissions, as `name:level`, of which an installation token must hold one.

    An empty `needs` asks for a token without any permission; `as_app` asks for the App's own JSON web token.
    """

    method: str
    rule: str
    handler: Handler
    needs: tuple[str, ...] = ()
    as_app: bool = False
