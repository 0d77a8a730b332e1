"""The file that accompanies the list is read where the branch left its base, and at the head."""

from __future__ import annotations

from github.Repository import Repository

from bot.github.fetch import companion_files, pull_request
from tests.bot.github.conftest import LIST, README
from tests.sandbox import Sandbox

PATH = "papers.bib"


def test_companion_is_read_at_merge_base_and_head(sandbox: Sandbox, repository: Repository) -> None:
    """What the base gained meanwhile is not part of the change; a missing file is None."""
    pull = sandbox.open_pull(LIST, {PATH: "@misc{a}"}, author="ann", start=sandbox.head(LIST))
    sandbox.commit(LIST, {"README.md": README + "- base\n", PATH: "@misc{b}"})
    read = pull_request(repository, pull.number)
    assert companion_files(repository, PATH, read) == (None, b"@misc{a}")
    assert companion_files(repository, "none.bib", read) == (None, None)
