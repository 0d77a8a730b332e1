"""The message of a commit that Papergate makes because somebody asked for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.render.escape import plain

SUBJECT_CHARACTERS = 120
# In a message GitHub acts on these: mentions and references, of which some close an issue, and marks such as
# [skip ci]. Nothing can be escaped there, so the characters that make them up are left out or exchanged.
# https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
# https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs
_ACTIVE = str.maketrans({"@": None, "#": None, "[": "(", "]": ")"})
_REFERENCE = re.compile(r"(GH|GHSA|CVE|CWE)-(?=\w)", re.IGNORECASE)
_ADDRESS = re.compile(r"://")
_HEXADECIMAL = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{7,}(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked, by which command (``fix``, ``remove 1``), and where it can be read."""

    login: str
    user_id: int
    command: str
    url: str


def commit_message(summary: str, asker: Asker) -> str:
    """Return the message: what was done, for whom, and the one who asked as co-author.

    ``summary`` may quote a title, which is a stranger's text: none of it is acted on.
    """
    email = f"{asker.user_id}+{asker.login}@users.noreply.github.com"
    return f"{inert(summary)}\n\n{mark(asker)}\n\nCo-authored-by: {asker.login} <{email}>\n"


def mark(asker: Asker) -> str:
    """Return the line by which a commit is known to have done what was asked."""
    return f"Asked for by /papergate {inert(asker.command)} in {asker.url}"


def inert(text: str) -> str:
    """Return ``text`` on one line of a commit's message, where GitHub finds nothing to act on."""
    line = plain(text, SUBJECT_CHARACTERS).translate(_ACTIVE)
    line = _ADDRESS.sub(": ", _REFERENCE.sub(r"\1 ", line))
    return _HEXADECIMAL.sub(lambda match: " ".join(re.findall(".{1,6}", match[0])), line)
