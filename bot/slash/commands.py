"""What a comment can tell Papergate to do, and how it can be misunderstood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Where = Literal[
    "code", "a quote", "an HTML comment", "HTML", "a list item", "markup that can be read in two ways"
]
"""What keeps a command from being one."""


@dataclass(frozen=True, slots=True)
class Title:
    """An entry, by the title the comment gives, as it was typed."""

    text: str


@dataclass(frozen=True, slots=True)
class LineNumber:
    """A line of the list at the pull request's head, 1-based."""

    number: int


Target = Title | LineNumber


@dataclass(frozen=True, slots=True)
class Recheck:
    """Evaluator the pull request again."""

    NAME: ClassVar = "recheck"
    USAGE: ClassVar = "recheck"


@dataclass(frozen=True, slots=True)
class Status:
    """Say how the pull request stands and what was decided about it."""

    NAME: ClassVar = "status"
    USAGE: ClassVar = "status"


@dataclass(frozen=True, slots=True)
class Help:
    """Say which commands there are."""

    NAME: ClassVar = "help"
    USAGE: ClassVar = "help"


@dataclass(frozen=True, slots=True)
class Waive:
    """Let a finding stand. ``rule`` is ``rule`` or ``rule/code``, in lower case."""

    rule: str
    target: Target | None
    reason: str
    NAME: ClassVar = "waive"
    USAGE: ClassVar = 'waive RULE ["TITLE" | line N] REASON'


@dataclass(frozen=True, slots=True)
class Unwaive:
    """Take a waiver back."""

    rule: str
    target: Target | None
    NAME: ClassVar = "unwaive"
    USAGE: ClassVar = 'unwaive RULE ["TITLE" | line N]'


@dataclass(frozen=True, slots=True)
class Accept:
    """Decide in favour of what waits for a decision: of one entry, or of everything."""

    target: Title | None
    reason: str
    NAME: ClassVar = "accept"
    USAGE: ClassVar = 'accept ["TITLE"] REASON'


@dataclass(frozen=True, slots=True)
class Attest:
    """State a citation count that no source gave, and where it can be seen."""

    title: Title
    count: int
    url: str
    NAME: ClassVar = "attest"
    USAGE: ClassVar = 'attest "TITLE" COUNT URL'


@dataclass(frozen=True, slots=True)
class Fix:
    """Commit the corrected lines."""

    NAME: ClassVar = "fix"
    USAGE: ClassVar = "fix"


@dataclass(frozen=True, slots=True)
class Remove:
    """Carry out a suggested removal: by its number in the list of suggestions, or by title."""

    target: int | Title
    NAME: ClassVar = "remove"
    USAGE: ClassVar = 'remove N | "TITLE"'


@dataclass(frozen=True, slots=True)
class Move:
    """Move an entry to another section."""

    title: Title
    section: str
    NAME: ClassVar = "move"
    USAGE: ClassVar = 'move "TITLE" "SECTION"'


Command = Recheck | Status | Help | Waive | Unwaive | Accept | Attest | Fix | Remove | Move

COMMANDS: tuple[type[Command], ...] = (
    Recheck,
    Status,
    Help,
    Waive,
    Unwaive,
    Accept,
    Attest,
    Fix,
    Remove,
    Move,
)
NAMES = tuple(command.NAME for command in COMMANDS)


@dataclass(frozen=True, slots=True)
class Unknown:
    """No command has this name."""

    name: str
    did_you_mean: str | None


@dataclass(frozen=True, slots=True)
class Malformed:
    """The command's arguments are missing, too many or not of its form."""

    name: str
    usage: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """A command that is only shown, so that it was not run."""

    name: str
    where: Where


@dataclass(frozen=True, slots=True)
class TooMany:
    """The comment gives more commands than a comment may; those beyond the limit were not run."""

    limit: int


Misunderstanding = Unknown | Malformed | Hidden | TooMany


@dataclass(frozen=True, slots=True)
class Said:
    """One command line of a comment, understood or not; ``line`` is 1-based."""

    line: int
    meaning: Command | Misunderstanding
