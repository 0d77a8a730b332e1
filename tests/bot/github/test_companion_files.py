"""The file that accompanies the list is read where the branch left its base, and at the head."""

from __future__ import annotations

from github.Repository import Repository

from bot.github.fetch import companion_files, pull_request
from tests.bot.github.conftest import LIST, README
from tests.sandbox import Sandbox

PATH = "papers.bib"


def test_both_sides_are_read_of_a_branch_behind_its_base(sandbox: Sandbox, repository: Repository) -> None:
    """What the base gained meanwhile is no change of the pull request; a file not there is None."""
    pull = sandbox.open_pull(LIST, {PATH: "@misc{a}"}, author="ann", start=sandbox.head(LIST))
    sandbox.commit(LIST, {"README.md": README + "- base\n", PATH: "@misc{b}"})
    read = pull_request(repository, pull.number)
    assert companion_files(repository, PATH, read) == (None, b"@misc{a}")
    assert companion_files(repository, "none.bib", read) == (None, None)
