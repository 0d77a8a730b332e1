"""What each command line means."""

from __future__ import annotations

import pytest

from bot.slash.arguments import LineNumber, Title
from bot.slash.commands import (
    Accept,
    Attest,
    Command,
    CommandLine,
    Fix,
    Help,
    Malformed,
    Misunderstanding,
    Move,
    Recheck,
    Remove,
    Status,
    TooMany,
    UnknownCommand,
    Unwaive,
    Waive,
)
from bot.slash.parse import MAX_CHARACTERS, MAX_COMMANDS, parse


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/recheck", Recheck()),
        ("/papergate recheck", Recheck()),
        ("/Papergate\tReCheck  ", Recheck()),
        ("/status", Status()),
        ("/help", Help()),
        ("/papergate", Help()),
        ("/waive count it is a year's end", Waive("count", None, "it is a year's end")),
        ("/waive Format/Missing-Year line 71 typo", Waive("format/missing-year", LineNumber(71), "typo")),
        ('/waive link "A Title"  Mirror only', Waive("link", Title("A Title"), "Mirror only")),
        ("/waive link \u201cA  Title\u201d why", Waive("link", Title("A Title"), "why")),
        ("/waive link \u201eA Title\u201c why", Waive("link", Title("A Title"), "why")),
        ("/waive link \u2018It\u2019s All\u2019 why", Waive("link", Title("It\u2019s All"), "why")),
        ("/waive link 'It's All' why", Waive("link", Title("It's All"), "why")),
        ("/waive link \u00abA\u00bb why", Waive("link", Title("A"), "why")),
        ("/waive link line by line read", Waive("link", None, "line by line read")),
        ("/unwaive link", Unwaive("link", None)),
        ('/unwaive link "A"', Unwaive("link", Title("A"))),
        ("/unwaive link line 3", Unwaive("link", LineNumber(3))),
        ("/accept a classic", Accept(None, "a classic")),
        ('/accept "A" a classic', Accept(Title("A"), "a classic")),
        ('/attest "A" 1,234 https://x.org/a?b', Attest(Title("A"), 1234, "https://x.org/a?b")),
        ('/attest "A" 0 <http://x.org>', Attest(Title("A"), 0, "http://x.org")),
        ("/fix", Fix()),
        ("/remove 1", Remove(1)),
        ("/remove #12", Remove(12)),
        ('/remove "12"', Remove(Title("12"))),
        ('/move "A" "New Papers"', Move(Title("A"), "New Papers")),
    ],
)
def test_commands_are_understood(line: str, command: Command) -> None:
    """In any case, with quotation marks of any kind, with or without the name before."""
    assert parse(line) == (CommandLine(1, command),)


@pytest.mark.parametrize("odd", ["\u00a0", "\u3000", "\u2009", "\u200b", "\u200d", "\u2060", "\ufeff"])
@pytest.mark.parametrize(
    "form", ["{0}/recheck", "/recheck{0}", " {0} {0}/recheck {0}", "/papergate {0} recheck"]
)
def test_odd_white_space_around_a_command_does_not_silence_it(form: str, odd: str) -> None:
    """Phones and editors put it in, and nobody sees it."""
    assert parse(form.format(odd)) == (CommandLine(1, Recheck()),)


@pytest.mark.parametrize("line", ["    /recheck", "a\u00a0/recheck", "\u00a0x /recheck"])
def test_odd_white_space_makes_no_command_of_other_text(line: str) -> None:
    """Code stays code, and a sentence stays a sentence."""
    assert not any(isinstance(one.meaning, Command) for one in parse(line))


@pytest.mark.parametrize(
    ("line", "misunderstanding"),
    [
        ("/rechek", UnknownCommand("rechek", "recheck")),
        ("/papergate rechek now", UnknownCommand("rechek", "recheck")),
        ("/papergate dance", UnknownCommand("dance", None)),
        ("/papergate \u202e", UnknownCommand("\u202e", None)),
        ("/recheck please", Malformed("recheck", "recheck")),
        ("/waive", Malformed("waive", Waive.USAGE)),
        ("/waive link", Malformed("waive", Waive.USAGE)),
        ('/waive link "A"', Malformed("waive", Waive.USAGE)),
        ("/waive link line 7", Malformed("waive", Waive.USAGE)),
        ("/waive link ...", Malformed("waive", Waive.USAGE)),
        ("/waive ../etc why", Malformed("waive", Waive.USAGE)),
        ("/unwaive link because", Malformed("unwaive", Unwaive.USAGE)),
        ("/accept", Malformed("accept", Accept.USAGE)),
        ('/accept "A"', Malformed("accept", Accept.USAGE)),
        ('/attest "A" many https://x.org', Malformed("attest", Attest.USAGE)),
        ('/attest "A" -1 https://x.org', Malformed("attest", Attest.USAGE)),
        ('/attest "A" 99999999 https://x.org', Malformed("attest", Attest.USAGE)),
        ('/attest "A" 5 javascript:alert(1)', Malformed("attest", Attest.USAGE)),
        ('/attest "A" 5 https://user@x.org', Malformed("attest", Attest.USAGE)),
        ('/attest "A" 5 https://[', Malformed("attest", Attest.USAGE)),
        ('/attest "A" 5 https:///x', Malformed("attest", Attest.USAGE)),
        ("/attest A 5 https://x.org", Malformed("attest", Attest.USAGE)),
        ("/remove", Malformed("remove", Remove.USAGE)),
        ("/remove 0", Malformed("remove", Remove.USAGE)),
        ("/remove 1 2", Malformed("remove", Remove.USAGE)),
        ('/move "A"', Malformed("move", Move.USAGE)),
    ],
)
def test_misunderstandings_name_the_command_or_its_usage(
    line: str, misunderstanding: Misunderstanding
) -> None:
    """A typo gets the nearest name, wrong arguments the command's usage."""
    assert parse(line) == (CommandLine(1, misunderstanding),)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "please /recheck",
        "/usr/bin/help",
        "/merge",
        "/assign me",
        "/",
        "//recheck",
        "/ recheck",
        "/recheck.",
        "- /recheck",
        "* /papergate fix",
    ],
)
def test_other_lines_are_no_commands(body: str) -> None:
    """Sentences, paths and other bots' commands are not for Papergate."""
    assert parse(body) == ()


def test_the_bare_form_can_be_turned_off() -> None:
    """Then only the long form is read, in the open and in a quote."""
    assert parse("/recheck", bare=False) == ()
    assert parse("> /recheck", bare=False) == ()
    assert parse("/recheck\n/papergate status", bare=False) == (CommandLine(2, Status()),)


def test_a_comment_gives_several_commands_up_to_a_limit() -> None:
    """In order; beyond the limit there is one note about it."""
    assert parse("/fix\nand\n/recheck") == (CommandLine(1, Fix()), CommandLine(3, Recheck()))
    said = parse("/fix\n" * (MAX_COMMANDS + 5))
    assert said[:MAX_COMMANDS] == tuple(CommandLine(line, Fix()) for line in range(1, MAX_COMMANDS + 1))
    assert said[MAX_COMMANDS:] == (CommandLine(MAX_COMMANDS + 1, TooMany(MAX_COMMANDS)),)


def test_a_comment_longer_than_github_allows_gives_no_commands() -> None:
    """No such comment is from GitHub."""
    assert parse("/fix\n" + "a" * (MAX_CHARACTERS - 5)) != ()
    assert parse("/fix\n" + "a" * (MAX_CHARACTERS - 4)) == ()
