"""Commands over real HTTP: who may run them, what is recorded and answered, and that each runs once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from bot.database import reports
from bot.database.reports import Target
from bot.database.tables import pull_request, report
from bot.github.errors import GitHubRefused, GitHubUnavailable
from bot.slash.actions import REPORT_ACTIONS, Done, action_for
from bot.slash.commands import Fix, Recheck
from rules.report.findings import Decision, DecisionKind
from tests.bot.slash.conftest import AUTHOR, MAINTAINER, REPORT, Bot


def essence(decision: Decision) -> tuple[str, str, str, str | None, str]:
    return decision.kind.value, decision.rule, decision.fingerprint, decision.title, decision.reason


WAIVER = ("waive", "link/dead", "f1", "A Title", "a mirror comes")


def test_recheck_asks_for_an_evaluation_without_a_comment(bot: Bot) -> None:
    """Eyes when it is read, a rocket when it is done."""
    comment = bot.sandbox.comment(bot.pull, "/recheck", by=AUTHOR)
    assert bot.hears(comment)
    assert bot.reactions(comment) == ["eyes", "rocket"]
    assert bot.replies() == []


@pytest.mark.parametrize("command", ["/recheck", "/waive link 'A Title' a mirror comes", "/help"])
def test_a_comment_that_is_read_twice_acts_once(bot: Bot, command: str) -> None:
    """A job that runs again, after a crash say, finds what it did."""
    comment = bot.sandbox.comment(bot.pull, command, by=MAINTAINER)
    again = bot.hears(comment)
    seen = bot.decisions(), len(bot.log()), bot.replies(), bot.reactions(comment)
    assert bot.hears(comment) == again
    assert (bot.decisions(), len(bot.log()), bot.replies(), bot.reactions(comment)) == seen
    assert seen[1] == 1


def test_a_command_of_a_dead_worker_is_finished_by_the_next(bot: Bot) -> None:
    """The command counts once recorded; reaction and answer follow."""
    comment = bot.sandbox.comment(bot.pull, "/waive link a mirror comes\n/help", by=MAINTAINER)
    bot.sandbox.faults.add("GET", "/comments$", status=502, times=3)
    with pytest.raises(GitHubUnavailable):
        bot.hears(comment)
    assert [essence(one) for one in bot.decisions()] == [WAIVER]
    assert bot.hears(comment)
    assert len(bot.log()) == 2
    assert len(bot.replies()) == 1


def test_a_waiver_is_recorded_and_can_be_taken_back(bot: Bot) -> None:
    """With who, why, when and where; both commands are in the audit log."""
    comment = bot.told("/waive link line 71 a mirror comes", by=MAINTAINER)
    (decision,) = bot.decisions()
    assert essence(decision) == WAIVER
    assert decision.by == MAINTAINER
    assert decision.made_on == datetime.now(UTC).date()
    assert decision.url.endswith(f"#issuecomment-{comment.id}")
    assert bot.reactions(bot.told('/unwaive link/dead "a title"', by=MAINTAINER)) == ["eyes", "rocket"]
    assert bot.decisions() == []
    assert [(one.action, one.detail["done"]) for one in bot.log()] == [("waive", True), ("unwaive", True)]


def test_decisions_and_counts_are_recorded(bot: Bot) -> None:
    """An acceptance of what waits, an attestation of one entry."""
    bot.told('/accept a classic\n/attest "B Title" 1,234 https://x.org/b', by=MAINTAINER)
    accepted, attested = bot.decisions()
    assert essence(accepted) == ("accept", "citations/below", "f2", "B Title", "a classic")
    assert (attested.kind, attested.fingerprint) == (DecisionKind.ATTEST, "f2")
    assert (attested.count, attested.source_url) == (1234, "https://x.org/b")


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("/waive order why", "There is no finding of `order` to waive."),
        ('/waive link "@all" why', "There is no finding of `link` for “@&#8203;all” to waive."),
        (
            "/unwaive link line 3",
            "There is no active waiver of `link` on line 3. `/papergate status` lists them.",
        ),
        ('/accept "C" why', "Nothing for “C” waits for a decision."),
        (
            '/accept "A Title" why',
            "Nothing for “A Title” waits for a decision. "
            "To let an error pass, write `/papergate waive link/dead REASON`.",
        ),
        ('/attest "C" 3 https://x.org', "No entry of this change has the title “C”."),
        ("/rechek", "There is no command `rechek`. Did you mean `/papergate recheck`?"),
        ("/papergate dance", "There is no command `dance`; `/papergate help` lists them."),
        ("/waive link", 'Write `/papergate waive RULE ["TITLE" | line N] REASON`.'),
        ("> /fix", "`fix` did not run, because it is inside a quote: write it on a line of its own."),
    ],
)
def test_a_refusal_is_explained_in_one_line(bot: Bot, command: str, reply: str) -> None:
    """Text from strangers is escaped."""
    comment = bot.told(command, by=MAINTAINER)
    assert bot.replies() == [reply]
    assert bot.reactions(comment) == ([] if command.startswith(">") else ["eyes", "confused"])
    assert bot.decisions() == []


def test_several_commands_get_one_answer(bot: Bot) -> None:
    """One of them failed, so the face is confused; the others are done."""
    comment = bot.told("/waive link a mirror comes\n/waive order why\n/dance\n/rechek", by=MAINTAINER)
    (reply,) = bot.replies()
    assert reply.count("\n\n") == 1
    assert bot.reactions(comment) == ["eyes", "confused"]
    assert len(bot.decisions()) == 1


def test_status_says_verdict_and_decisions(bot: Bot) -> None:
    """To the author as well."""
    bot.told("/waive link a mirror comes", by=MAINTAINER)
    bot.told("/status", by=AUTHOR)
    (reply,) = bot.replies()
    assert reply == (
        "This pull request has not been checked yet.\n"
        "- waive `link/dead` for “A Title” by meg: a mirror comes"
    )


def test_help_lists_the_commands_that_one_may_give(bot: Bot) -> None:
    """Three for the author, all for a maintainer."""
    bot.told("/help", by=AUTHOR)
    bot.told("/help", by=MAINTAINER)
    assert [reply.count("\n- ") for reply in bot.replies()] == [3, 10]


def test_a_stranger_is_refused_once_on_a_pull_request(bot: Bot) -> None:
    """Without a reaction; a quote or a typo gets no answer at all, and all of it is in the audit log."""
    for body in ("> /recheck", "/rechek", "/papergate dance"):
        assert bot.reactions(bot.told(body, by="sam")) == []
    assert bot.replies() == []
    for _ in range(3):
        assert bot.reactions(bot.told("/waive link why", by="sam")) == []
    assert bot.replies() == ["`waive` is for people who may write to the repository."]
    bot.told("/fix", by="eve")
    assert len(bot.replies()) == 2
    assert [(one.actor, one.detail["done"]) for one in bot.log()] == [*[("sam", False)] * 3, ("eve", False)]


def test_a_command_is_about_the_report_that_its_author_saw(bot: Bot) -> None:
    """What was pushed since is not accepted with it, and the reply says so."""
    comment = bot.sandbox.comment(bot.pull, "/accept a classic", by=MAINTAINER)
    received_at = datetime.now(UTC)
    other = Target("citations/below", "f3", "C Title", 73, 73, "decision")
    with bot.database.begin() as connection:
        newer = replace(REPORT, head="b" * 40, findings=(*REPORT.findings, other))
        reports.keep(connection, bot.key, newer)
        connection.execute(
            insert(pull_request).values(
                repository_id=bot.key.repository_id, number=bot.key.number, wanted=1, head="b" * 40
            )
        )
    assert bot.hears(comment, received_at=received_at)
    assert [one.fingerprint for one in bot.decisions()] == ["f2"]
    assert bot.replies() == ["This covers `aaaaaaa`, which was shown when you wrote it, not later commits."]


def test_a_command_before_the_first_report_is_refused(bot: Bot) -> None:
    """Nobody can decide what nobody has seen."""
    with bot.database.begin() as connection:
        connection.execute(report.delete())
    bot.told("/waive link why\n/accept why", by=MAINTAINER)
    (reply,) = bot.replies()
    assert "was not checked yet when you wrote this" in reply
    assert bot.decisions() == []


def test_a_review_gives_commands_as_a_comment_does(bot: Bot) -> None:
    """It takes no reaction, so that a reply says that it is done."""
    assert bot.reads(bot.sandbox.submit_review(bot.pull, "/waive link a mirror comes", by=MAINTAINER))
    assert [essence(one) for one in bot.decisions()] == [WAIVER]
    assert bot.replies() == ["Done."]
    assert not bot.reads(bot.sandbox.submit_review(bot.pull, "/help", by=MAINTAINER))
    assert "You can write" in bot.replies()[1]


def test_an_edited_comment_runs_nothing(bot: Bot) -> None:
    """Neither does a bot's."""
    edited = bot.sandbox.comment(bot.pull, "/recheck", by=AUTHOR)
    bot.sandbox.edit_comment(edited, "/recheck\nplease")
    assert not bot.hears(edited)
    deleted = bot.sandbox.comment(bot.pull, "/recheck", by=AUTHOR)
    bot.sandbox.delete_comment(deleted)
    with pytest.raises(GitHubRefused):  # it may be a lag
        bot.hears(deleted)
    bot.sandbox.set_permission("curator/list", "helper[bot]", "admin")
    for robot in ("helper[bot]", bot.sandbox.app.bot_login):
        assert not bot.hears(bot.sandbox.comment(bot.pull, "/recheck", by=robot))
    assert bot.log() == []
    assert [item.body for item in bot.sandbox.bot_comments(bot.pull)] == ["/recheck"]


def test_a_comment_that_github_does_not_find_is_tried_again(bot: Bot) -> None:
    """It was deleted, or GitHub's answer lags behind the event."""
    deleted = bot.sandbox.comment(bot.pull, "/recheck", by=AUTHOR)
    bot.sandbox.delete_comment(deleted)
    with pytest.raises(GitHubRefused):
        bot.hears(deleted)


@pytest.mark.parametrize(("status", "message"), [(404, "Not Found"), (422, "Validation Failed"), (403, "No")])
def test_a_refused_reaction_is_tried_again(bot: Bot, status: int, message: str) -> None:
    """The command counts at once, and counts once."""
    refusal = bot.sandbox.faults.add(
        "POST", "/reactions$", status=status, body=f'{{"message": "{message}"}}', times=None
    )
    comment = bot.sandbox.comment(bot.pull, "/waive link a mirror comes", by=MAINTAINER)
    assert not bot.answers(comment)
    assert len(bot.decisions()) == 1
    bot.sandbox.faults.remove(refusal)
    assert bot.answers(comment)
    assert bot.reactions(comment) == ["eyes", "rocket"]
    assert len(bot.decisions()) == 1


def test_commands_run_in_a_locked_conversation(bot: Bot) -> None:
    """Reactions and answers are refused there; the decision counts."""
    body = '{"message": "locked"}'
    bot.sandbox.faults.add("POST", "/(reactions|comments)$", status=403, body=body, times=None)
    comment = bot.sandbox.comment(bot.pull, "/waive link a mirror comes\n/help", by=MAINTAINER)
    assert bot.hears(comment)
    assert bot.answers(comment)
    assert len(bot.decisions()) == 1


def test_the_policy_names_other_roles_and_forms(bot: Bot) -> None:
    """As a list wants them."""
    bot.shows(replace(REPORT, bare=False, roles={"recheck": ("triage",)}))
    bot.sandbox.set_permission("curator/list", "sam", "triage")
    assert bot.hears(bot.sandbox.comment(bot.pull, "/papergate recheck", by="sam"))
    assert not bot.hears(bot.sandbox.comment(bot.pull, "/papergate recheck", by=AUTHOR))
    assert not bot.hears(bot.sandbox.comment(bot.pull, "/recheck", by="sam"))
    assert bot.replies() == ["`recheck` is for people with the role triage."]


def test_actions_can_be_added(bot: Bot) -> None:
    """What acts on the branch is made elsewhere."""
    fix = action_for(Fix, lambda context, _: Done(again=True, reply=f"Fixed {context.pull.number}."))
    actions = {**REPORT_ACTIONS, Fix: fix}
    comment = bot.sandbox.comment(bot.pull, "/fix", by=MAINTAINER)
    assert bot.hears(comment, actions=actions)
    assert bot.replies() == [f"Fixed {bot.pull.number}."]


def test_a_button_asks_for_the_same_permission(bot: Bot) -> None:
    """Who may give the command may press its button; others move nothing, and all of it is on record."""
    assert bot.presses(Recheck(), by=AUTHOR)
    assert bot.presses(Recheck(), by=MAINTAINER)
    assert not bot.presses(Recheck(), by="stranger")
    assert [(one.actor, one.action, one.detail["done"]) for one in bot.log()] == [
        (AUTHOR, "recheck", True),
        (MAINTAINER, "recheck", True),
        ("stranger", "recheck", False),
    ]


def test_a_button_is_answered_once(bot: Bot) -> None:
    """However often it is pressed in vain."""
    assert not bot.presses(Fix(), by=AUTHOR)
    assert not bot.presses(Fix(), by=AUTHOR)
    (reply,) = bot.replies()
    assert "`fix` is for people who may write to the repository." in reply
