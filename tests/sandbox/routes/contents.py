"""Files written straight to a branch."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from tests.sandbox.commit_input import signatures
from tests.sandbox.http import Answer, RefusalError, Route, invalid
from tests.sandbox.pushes import announce_push
from tests.sandbox.representations import git_data

if TYPE_CHECKING:
    from tests.sandbox.git import TreeEntry
    from tests.sandbox.http import Call
    from tests.sandbox.model import Json

FILE_MODE = "100644"


def put_content(call: Call, owner: str, repo: str, path: str) -> Answer:
    """PUT /repos/{owner}/{repo}/contents/{path}: a commit on the tip of a branch.

    `sha` has to be the current blob: 409 for another one, 422 if there is a file and no `sha`.
    """
    found, body = call.repository(owner, repo), call.body()
    git = call.state.gits[found.full_name]
    branch = str(body.get("branch") or found.default_branch)
    before = git.resolve(f"refs/heads/{branch}")
    if before is None:
        raise RefusalError(404, f"Branch {branch} not found")
    known = next((item for item in git.entries(before, path) if item.kind == "blob"), None)
    _check_known(path, known, body.get("sha"))
    blob = git.write_blob(_content(body))
    tree = git.write_tree(before, {path: (known.mode if known else FILE_MODE, blob)})
    author, committer = signatures(call.state, body)
    sha = git.write_commit(tree, (before,), _message(body), author, committer)
    git.set_ref(f"refs/heads/{branch}", sha)
    announce_push(call.state, found, branch, before, sha, call.state.app.bot_login)
    answer = git_data.file_commit(call.state, found.full_name, branch, path, sha)
    return Answer(200 if known else 201, answer)


def _check_known(path: str, known: TreeEntry | None, sha: object) -> None:
    if known and sha is None:
        raise RefusalError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if sha is not None and (known is None or known.sha != sha):
        raise RefusalError(409, f"{path} does not match {sha}")


def _message(body: Json) -> str:
    message = body.get("message")
    if not isinstance(message, str) or not message.strip():
        raise invalid("message wasn't supplied", resource="Commit", name="message", code="missing_field")
    return message


def _content(body: Json) -> bytes:
    try:
        return base64.b64decode("".join(str(body.get("content", "")).split()), validate=True)
    except binascii.Error as error:
        raise RefusalError(422, "content is not valid Base64") from error


ROUTES = (Route("PUT", "/repos/<owner>/<repo>/contents/<path:path>", put_content, needs=("contents:write",)),)
