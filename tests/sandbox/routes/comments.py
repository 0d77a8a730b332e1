"""Comments on pull requests, and reactions to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.http import Answer, RefusalError, Route, invalid, not_found
from tests.sandbox.model import Reaction
from tests.sandbox.representations import comments
from tests.sandbox.representations.pulls import REACTIONS
from tests.sandbox.writes import delete_comment, edit_comment, write_comment

if TYPE_CHECKING:
    from tests.sandbox.http import Call
    from tests.sandbox.model import Comment

# GitHub refuses longer bodies: "body is too long (maximum is 65536 characters)".
MAX_CHARACTERS = 65_536


def _comment(call: Call, owner: str, repo: str, number: int) -> Comment:
    name = call.repository(owner, repo).full_name
    found = call.state.comments.get(number)
    if found is None or found.repository != name:
        raise not_found()
    return found


def comment_text(call: Call, resource: str = "IssueComment") -> str:
    """Return the request's `body`, or refuse a blank or long one with 422."""
    text = call.body().get("body")
    if not isinstance(text, str) or not text.strip():
        raise invalid("body can't be blank", resource=resource, name="body", code="missing_field")
    if len(text) > MAX_CHARACTERS:
        message = f"body is too long (maximum is {MAX_CHARACTERS} characters)"
        raise invalid(message, resource=resource, name="body")
    return text


def list_comments(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/issues/{issue_number}/comments, oldest first."""
    pull = call.pull(owner, repo, number)
    found = [item for item in call.state.comments.values() if (item.repository, item.number) == pull.key]
    return call.page([comments.comment(call.state, item) for item in found])


def create_comment(call: Call, owner: str, repo: str, number: int) -> Answer:
    """POST /repos/{owner}/{repo}/issues/{issue_number}/comments."""
    pull = call.pull(owner, repo, number)
    made = write_comment(call.state, pull, call.state.app.bot_login, comment_text(call), app=True)
    return Answer(201, comments.comment(call.state, made))


def get_comment(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/issues/comments/{comment_id}."""
    return Answer(200, comments.comment(call.state, _comment(call, owner, repo, number)))


def update_comment(call: Call, owner: str, repo: str, number: int) -> Answer:
    """PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}."""
    edited = edit_comment(call.state, _own(call, _comment(call, owner, repo, number)), comment_text(call))
    return Answer(200, comments.comment(call.state, edited))


def remove_comment(call: Call, owner: str, repo: str, number: int) -> Answer:
    """DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}."""
    delete_comment(call.state, _own(call, _comment(call, owner, repo, number)))
    return Answer(204)


def _own(call: Call, item: Comment) -> Comment:
    """Return the comment if the App wrote it; a stranger's needs more rights than the App has."""
    if item.author != call.state.app.bot_login:
        raise RefusalError(403, "Resource not accessible by integration")
    return item


def list_reactions(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions."""
    item = _comment(call, owner, repo, number)
    content = call.request.args.get("content")
    found = [each for each in call.state.reactions.values() if each.comment == item.id]
    return call.page(
        [comments.reaction(call.state, each) for each in found if content in {None, each.content}]
    )


def create_reaction(call: Call, owner: str, repo: str, number: int) -> Answer:
    """POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions; one that is there gets 200."""
    item = _comment(call, owner, repo, number)
    content = call.body().get("content")
    if content not in REACTIONS:
        raise invalid(f"content is not one of {', '.join(REACTIONS)}", resource="Reaction", name="content")
    bot = call.state.app.bot_login
    for each in call.state.reactions.values():
        if (each.comment, each.author, each.content) == (item.id, bot, content):
            return Answer(200, comments.reaction(call.state, each))
    made = Reaction(call.state.next_id("reaction", 60_001), item.id, bot, str(content), call.state.now())
    call.state.reactions[made.id] = made
    return Answer(201, comments.reaction(call.state, made))


def delete_reaction(call: Call, owner: str, repo: str, number: int, reaction: int) -> Answer:
    """DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}."""
    item = _comment(call, owner, repo, number)
    found = call.state.reactions.get(reaction)
    if found is None or (found.comment, found.author) != (item.id, call.state.app.bot_login):
        raise not_found()
    del call.state.reactions[reaction]
    return Answer(204)


READ = ("issues:read", "pull_requests:read")
WRITE = ("issues:write", "pull_requests:write")
ISSUES = "/repos/<owner>/<repo>/issues"
COMMENT = f"{ISSUES}/comments/<int:number>"
ROUTES = (
    Route("GET", f"{ISSUES}/<int:number>/comments", list_comments, needs=READ),
    Route("POST", f"{ISSUES}/<int:number>/comments", create_comment, needs=WRITE),
    Route("GET", COMMENT, get_comment, needs=READ),
    Route("PATCH", COMMENT, update_comment, needs=WRITE),
    Route("DELETE", COMMENT, remove_comment, needs=WRITE),
    Route("GET", f"{COMMENT}/reactions", list_reactions, needs=READ),
    Route("POST", f"{COMMENT}/reactions", create_reaction, needs=WRITE),
    Route("DELETE", f"{COMMENT}/reactions/<int:reaction>", delete_reaction, needs=WRITE),
)
