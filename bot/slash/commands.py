"""The slash commands: one class each, with its name, its usage and the reader of its arguments.

To add a command, write a class here, add it to `COMMANDS`, and give it an action in `bot.slash.actions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from bot.slash import arguments
from bot.slash.arguments import Selector, Title

Where = Literal[
    "code", "a quote", "an HTML comment", "HTML", "a list item", "markup that can be read in two ways"
]
"""What keeps a command from being one."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that a comment gives. This base has no arguments."""

    NAME: ClassVar[str]
    USAGE: ClassVar[str]
    FOR_AUTHORS: ClassVar[bool] = False
    """True when the pull request's author may give it, unless the policy says otherwise."""

    @classmethod
    def read(cls, rest: str) -> Self:
        """Return the command with the arguments ``rest``. Raises `bot.slash.arguments.UsageError`."""
        arguments.nothing(rest)
        return cls()


@dataclass(frozen=True, slots=True)
class Recheck(Command):
    """Evaluate the pull request again."""

    NAME = "recheck"
    USAGE = "recheck"
    FOR_AUTHORS = True


@dataclass(frozen=True, slots=True)
class Status(Command):
    """Show the verdict and the active decisions."""

    NAME = "status"
    USAGE = "status"
    FOR_AUTHORS = True


@dataclass(frozen=True, slots=True)
class Help(Command):
    """List the commands."""

    NAME = "help"
    USAGE = "help"
    FOR_AUTHORS = True


@dataclass(frozen=True, slots=True)
class Waive(Command):
    """Let a finding pass. ``rule`` is ``rule`` or ``rule/code``, in lower case."""

    rule: str
    entry: Selector | None
    reason: str
    NAME = "waive"
    USAGE = 'waive RULE ["TITLE" | line N] REASON'

    @classmethod
    def read(cls, rest: str) -> Self:
        """Return the command with the arguments ``rest``. Raises `bot.slash.arguments.UsageError`."""
        rule, rest = arguments.rule(rest)
        entry, reason = arguments.selector(rest)
        return cls(rule, entry, arguments.reason(reason))


@dataclass(frozen=True, slots=True)
class Unwaive(Command):
    """Take a waiver back."""

    rule: str
    entry: Selector | None
    NAME = "unwaive"
    USAGE = 'unwaive RULE ["TITLE" | line N]'

    @classmethod
    def read(cls, rest: str) -> Self:
        """Return the command with the arguments ``rest``. Raises `bot.slash.arguments.UsageError`."""
        rule, rest = arguments.rule(rest)
        entry, rest = arguments.selector(rest)
        arguments.nothing(rest)
        return cls(rule, entry)


@dataclass(frozen=True, slots=True)
class Accept(Command):
    """Decide in favour of what waits for a decision: of one entry, or of everything."""

    entry: Title | None
    reason: str
    NAME = "accept"
    USAGE = 'accept ["TITLE"] REASON'

    @classmethod
    def read(cls, rest: str) -> Self:
        """Return the command with the arguments ``rest``. Raises `bot.slash.arguments.UsageError`."""
        entry, reason = arguments.quoted(rest)
        return cls(entry, arguments.reason(reason))


@dataclass(frozen=True, slots=True)
class Attest(Command):
    """State a citation count that no source gave, and the address that shows it."""

    title: Title
    count: int
    url: str
    NAME = "attest"
    USAGE = 'attest "TITLE" COUNT URL'

    @classmethod
    def read(cls, rest: str) -> Self:
        """Return the command with the arguments ``rest``. Raises `bot.slash.arguments.UsageError`."""
        title, rest = arguments.title(rest)
        return cls(title, *arguments.count_and_url(rest))


@dataclass(frozen=True, slots=True)
class Fix(Command):
    """Commit the corrected lines."""

    NAME = "fix"
    USAGE = "fix"


@dataclass(frozen=True, slots=True)
class Remove(Command):
    """Make a suggested removal: by its number in the list of suggestions, or by title."""

    entry: int | Title
    NAME = "remove"
    USAGE = 'remove N | "TITLE"'

    @classmethod
    def read(cls, rest: str) -> Self:
        """Return the command with the arguments ``rest``. Raises `bot.slash.arguments.UsageError`."""
        number = arguments.number(rest)
        if number is not None:
            return cls(number)
        title, rest = arguments.title(rest)
        arguments.nothing(rest)
        return cls(title)


@dataclass(frozen=True, slots=True)
class Move(Command):
    """Move an entry to another section."""

    title: Title
    section: str
    NAME = "move"
    USAGE = 'move "TITLE" "SECTION"'

    @classmethod
    def read(cls, rest: str) -> Self:
        """Return the command with the arguments ``rest``. Raises `bot.slash.arguments.UsageError`."""
        title, rest = arguments.title(rest)
        section, rest = arguments.title(rest)
        arguments.nothing(rest)
        return cls(title, section.text)


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
BY_NAME = {command.NAME: command for command in COMMANDS}
NAMES = tuple(BY_NAME)


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """No command has this name."""

    name: str
    did_you_mean: str | None


@dataclass(frozen=True, slots=True)
class Malformed:
    """The command's arguments are missing, too many or of another form."""

    name: str
    usage: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """A command inside code, a quote or HTML, which does not run."""

    name: str
    where: Where


@dataclass(frozen=True, slots=True)
class TooMany:
    """The comment gives more commands than the limit; the rest did not run."""

    limit: int


Misunderstanding = UnknownCommand | Malformed | Hidden | TooMany


@dataclass(frozen=True, slots=True)
class CommandLine:
    """One command line of a comment, understood or not; ``line`` is 1-based."""

    line: int
    meaning: Command | Misunderstanding
