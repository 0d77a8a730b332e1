"""Builds the work that jobs call for, from settings and a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.database.comments import CommentStore
from bot.database.decisions import DecisionStore
from bot.database.locks import head_lock
from bot.database.reports import ReportStore
from bot.evidence.rate_limit import DatabaseRateLimit
from bot.evidence.sources import SLOT_SECONDS, SLOT_WAIT, library
from bot.evidence.store import DatabaseStore
from bot.github.app import App
from bot.jobs.handlers import Handlers
from bot.process.child_pool import ChildPool
from bot.service.base_pushes import BasePushes
from bot.service.catch_up import CatchUp
from bot.service.change_check import ChangeChecker
from bot.service.commands import Commands
from bot.service.edit_commands import EditCommands
from bot.service.gather_evidence import gatherer
from bot.service.merge_queue import MergeQueue
from bot.service.pull_requests import PullRequests
from bot.slash.actions import REPORT_ACTIONS
from bot.slash.run import CommandRunner

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.settings import Settings
    from rules.papers.evidence import Evidence, EvidenceRequest


def handlers(settings: Settings, database: Engine) -> Handlers:
    """Return the work that jobs call for, done with GitHub and the sources that the settings name."""
    app = App(settings.app_id, settings.private_key.get_secret_value(), api_url=settings.github_api_url)
    rate_limit = DatabaseRateLimit(database, SLOT_WAIT)
    sources = library(settings, DatabaseStore(database), rate_limit, singles_seconds=SLOT_SECONDS)

    def look_up(wanted: EvidenceRequest) -> Evidence:
        return sources.look_up(wanted, datetime.now(UTC))

    rules = ChildPool()
    checker = ChangeChecker(rules, gatherer(settings, look_up))
    decisions = DecisionStore(database)
    actions = {**REPORT_ACTIONS, **EditCommands(checker, rules, decisions).actions}
    return Handlers(
        pull_requests=PullRequests(
            app,
            checker,
            partial(head_lock, database),
            decisions,
            ReportStore(database),
            CommentStore(database),
        ),
        commands=Commands(app, CommandRunner(database, actions)),
        merge_queue=MergeQueue(app, checker, decisions),
        base_pushes=BasePushes(app),
        catch_up=CatchUp(app, timedelta(seconds=settings.redeliver_seconds) / 10),
    )
