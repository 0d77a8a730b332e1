"""Reviews of pull requests, and comments on lines of their diff."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.sandbox.http import Answer, RefusalError, Route, invalid, not_found
from tests.sandbox.representations import reviews
from tests.sandbox.review_input import UnplacedError, place
from tests.sandbox.routes.comments import MAX_CHARACTERS, comment_text
from tests.sandbox.writes import write_review, write_review_comment

if TYPE_CHECKING:
    from tests.sandbox.http import Call
    from tests.sandbox.model import Json, Place, Pull, ReviewComment

STATES = {"COMMENT": "COMMENTED", "APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED"}
RESOURCE = "PullRequestReviewComment"


def list_reviews(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews, oldest first."""
    pull = call.pull(owner, repo, number)
    found = [item for item in call.state.reviews.values() if (item.repository, item.number) == pull.key]
    return call.page([reviews.review(call.state, item) for item in found])


def get_review(call: Call, owner: str, repo: str, number: int, review: int) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}."""
    pull = call.pull(owner, repo, number)
    found = call.state.reviews.get(review)
    if found is None or (found.repository, found.number) != pull.key:
        raise not_found()
    return Answer(200, reviews.review(call.state, found))


def create_review(call: Call, owner: str, repo: str, number: int) -> Answer:
    """POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews; one line outside the diff refuses it whole.

    Without an event the review stays pending, and nobody else sees its comments.
    """
    pull, body = call.pull(owner, repo, number), call.body()
    commit, asked = _commit(call, pull, body), body.get("comments") or []
    event, text = body.get("event"), str(body.get("body") or "")
    if not isinstance(asked, list) or event not in {None, *STATES}:
        raise RefusalError(422, "Unprocessable Entity", ["Variable $event was provided invalid value"])
    if not (text or asked or event == "APPROVE"):
        raise RefusalError(422, "Unprocessable Entity", ["Review Can not be blank"])
    places = [_placed(call, pull, commit, item) for item in asked]
    bot = call.state.app.bot_login
    made = write_review(call.state, pull, bot, text, kind=STATES.get(str(event), "PENDING"), commit=commit)
    for item, where in zip(asked, places, strict=True):
        write_review_comment(call.state, pull, made, str(item["body"]), where)
    return Answer(200, reviews.review(call.state, made))


def _commit(call: Call, pull: Pull, body: Json) -> str:
    """Return the commit a review is about: the head, or the one it names of the pull request."""
    commit = str(body.get("commit_id") or pull.head_sha)
    git = call.state.gits[pull.repository]
    if commit not in {pull.head_sha, *git.commits_between(pull.base_sha, pull.head_sha)}:
        raise RefusalError(422, "Unprocessable Entity", ["The commit is not part of the pull request"])
    return commit


def _placed(call: Call, pull: Pull, commit: str, asked: object) -> Place:
    if not isinstance(asked, dict) or not str(asked.get("body") or "").strip():
        raise RefusalError(422, "Unprocessable Entity", ["Body can't be blank"])
    if len(str(asked["body"])) > MAX_CHARACTERS:
        reason = f"Body is too long (maximum is {MAX_CHARACTERS} characters)"
        raise RefusalError(422, "Unprocessable Entity", [reason])
    try:
        return place(call.state, pull, commit, asked)
    except UnplacedError as error:
        raise RefusalError(422, "Unprocessable Entity", [str(error)]) from error


def list_comments(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}/comments, oldest first; pending ones are not shown."""
    pull = call.pull(owner, repo, number)
    found = [
        item
        for item in call.state.review_comments.values()
        if (item.repository, item.number) == pull.key and call.state.reviews[item.review].state != "PENDING"
    ]
    if call.request.args.get("direction", "asc") == "desc":
        found.reverse()
    return call.page([reviews.review_comment(call.state, item) for item in found])


def create_comment(call: Call, owner: str, repo: str, number: int) -> Answer:
    """POST /repos/{owner}/{repo}/pulls/{pull_number}/comments: one comment, in a review of its own."""
    pull, body = call.pull(owner, repo, number), call.body()
    text, commit = comment_text(call, RESOURCE), _commit(call, pull, body)
    where = _resolved(call, pull, commit, body)
    made = write_review(call.state, pull, call.state.app.bot_login, "", kind="COMMENTED", commit=commit)
    comment = write_review_comment(call.state, pull, made, text, where)
    return Answer(201, reviews.review_comment(call.state, comment))


def create_reply(call: Call, owner: str, repo: str, number: int, comment: int) -> Answer:
    """POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies."""
    pull, parent = call.pull(owner, repo, number), _comment(call, owner, repo, comment)
    text, bot = comment_text(call, RESOURCE), call.state.app.bot_login
    made = write_review(call.state, pull, bot, "", kind="COMMENTED", commit=parent.commit)
    thread = parent.in_reply_to or parent.id
    reply = write_review_comment(call.state, pull, made, text, parent.place, in_reply_to=thread)
    return Answer(201, reviews.review_comment(call.state, reply))


def _resolved(call: Call, pull: Pull, commit: str, body: Json) -> Place:
    try:
        return place(call.state, pull, commit, body)
    except UnplacedError as error:
        name = f"pull_request_review_thread.{error.field}"
        raise invalid(f"{name}: {error}", resource=RESOURCE, name=name) from error


def _comment(call: Call, owner: str, repo: str, number: int) -> ReviewComment:
    name = call.repository(owner, repo).full_name
    found = call.state.review_comments.get(number)
    if found is None or found.repository != name:
        raise not_found()
    return found


def _own(call: Call, owner: str, repo: str, number: int) -> ReviewComment:
    found = _comment(call, owner, repo, number)
    if found.author != call.state.app.bot_login:
        raise RefusalError(403, "Resource not accessible by integration")
    return found


def get_comment(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/comments/{comment_id}."""
    return Answer(200, reviews.review_comment(call.state, _comment(call, owner, repo, number)))


def update_comment(call: Call, owner: str, repo: str, number: int) -> Answer:
    """PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}; the App may edit its own."""
    item, text = _own(call, owner, repo, number), comment_text(call, RESOURCE)
    edited = replace(item, body=text, updated_at=call.state.now())
    call.state.review_comments[item.id] = edited
    return Answer(200, reviews.review_comment(call.state, edited))


def remove_comment(call: Call, owner: str, repo: str, number: int) -> Answer:
    """DELETE /repos/{owner}/{repo}/pulls/comments/{comment_id}; the App may delete its own."""
    del call.state.review_comments[_own(call, owner, repo, number).id]
    return Answer(204)


READ, WRITE = ("pull_requests:read",), ("pull_requests:write",)
PULLS = "/repos/<owner>/<repo>/pulls"
COMMENT = f"{PULLS}/comments/<int:number>"
ROUTES = (
    Route("GET", f"{PULLS}/<int:number>/reviews", list_reviews, needs=READ),
    Route("POST", f"{PULLS}/<int:number>/reviews", create_review, needs=WRITE),
    Route("GET", f"{PULLS}/<int:number>/reviews/<int:review>", get_review, needs=READ),
    Route("GET", f"{PULLS}/<int:number>/comments", list_comments, needs=READ),
    Route("POST", f"{PULLS}/<int:number>/comments", create_comment, needs=WRITE),
    Route("POST", f"{PULLS}/<int:number>/comments/<int:comment>/replies", create_reply, needs=WRITE),
    Route("GET", COMMENT, get_comment, needs=READ),
    Route("PATCH", COMMENT, update_comment, needs=WRITE),
    Route("DELETE", COMMENT, remove_comment, needs=WRITE),
)
