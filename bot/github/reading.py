"""Read JSON from GitHub in a shape that is checked, so that an odd answer is an error and never a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, Field, StringConstraints, ValidationError
from requests.utils import parse_header_links

from bot.github.errors import GitHubUnavailable
from bot.github.requester import PER_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from github.Repository import Repository
    from pydantic import TypeAdapter

Shape = TypeVar("Shape", bound=BaseModel)
Read = TypeVar("Read")

Sha = Annotated[str, StringConstraints(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")]
Id = Annotated[int, Field(gt=0, lt=2**63)]


class Account(BaseModel, frozen=True):
    """A user or an App's bot. GitHub shows a deleted one as null."""

    id: Id
    login: str
    type: str = "User"


def read(repository: Repository, path: str, shape: type[Shape], **parameters: str | int) -> Shape:
    """Return the answer to a GET below the repository, such as ``/pulls/7``; ``path`` is quoted already.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now, or its answer has another shape.
        GitHubRefused: GitHub does not answer this request.
    """
    _, body = repository.requester.requestJsonAndCheck(
        "GET", f"{repository.url}{path}", dict(parameters) or None
    )
    return checked_object(shape, body, path)


def read_pages(
    repository: Repository, path: str, shape: type[Shape], **parameters: str | int
) -> Iterator[Shape]:
    """Yield the pages of a list below the repository, of a hundred items each. Raises as `read` does."""
    url: str | None = f"{repository.url}{path}"
    sent: dict[str, str | int] | None = {**parameters, "per_page": PER_PAGE}
    while url is not None:
        headers, body = repository.requester.requestJsonAndCheck("GET", url, sent)
        yield checked_object(shape, body, path)
        url, sent = next_page(headers), None


def next_page(headers: Mapping[str, Any]) -> str | None:
    """Return the address of the next page of a list, None if there is none."""
    links = parse_header_links(headers.get("link", ""))
    return next((link["url"] for link in links if link.get("rel") == "next"), None)


def checked_object(shape: type[Shape], body: Any, path: str) -> Shape:
    """Return a decoded answer in this shape. Raises GitHubUnavailable if it has another one."""
    try:
        return shape.model_validate(body)
    except ValidationError as error:
        raise odd_answer(path, error) from None


def checked(adapter: TypeAdapter[Read], body: Any, path: str) -> Read:
    """Return a decoded answer in the adapter's type. Raises GitHubUnavailable if it has another shape."""
    try:
        return adapter.validate_python(body)
    except ValidationError as error:
        raise odd_answer(path, error) from None


def odd_answer(path: str, error: ValidationError) -> GitHubUnavailable:
    """Return the error for an answer of the wrong shape; it names the field and quotes no value."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the answer"
    return GitHubUnavailable(f"GitHub's answer to {path} is not complete: {place}: {first['type']}")


def quoted(path: str) -> str:
    """Return a file's path or a branch name for use in a URL; its slashes stay."""
    return quote(path, safe="/")
