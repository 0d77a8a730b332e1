"""The tables; `bot.database.migrations` creates them from here."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()

delivery = Table(
    "delivery",
    metadata,
    Column("guid", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("action", Text),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
    comment="Webhook deliveries that were accepted, so that a repeated one does nothing",
)

repository = Table(
    "repository",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="GitHub's"),
    Column("installation_id", BigInteger, nullable=False, index=True),
    Column("full_name", Text, nullable=False, comment="owner/name, as last seen; for display"),
    Column("active", Boolean, nullable=False, server_default="true", comment="Whether the App has access"),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    comment="Repositories that installations cover",
)
Index("ix_repository_name", func.lower(repository.c.full_name))

pull_request = Table(
    "pull_request",
    metadata,
    Column("repository_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("wanted", BigInteger, nullable=False, comment="Version last requested"),
    Column("done", BigInteger, nullable=False, server_default="0", comment="Version last evaluated"),
    Column(
        "attempts",
        Integer,
        nullable=False,
        server_default="0",
        comment="Evaluations since the final one",
    ),
    Column("failures", Integer, nullable=False, server_default="0", comment="Failed evaluations in a row"),
    Column("failing_since", DateTime(timezone=True), comment="When the first of these failed"),
    Column("running", Boolean, nullable=False, server_default="false", comment="Whether one is under way"),
    Column("requests", Integer, nullable=False, server_default="1", comment="Since the window's start"),
    Column("window_start", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("held", Boolean, nullable=False, server_default="false", comment="Whether the check says so"),
    Column("retry_at", DateTime(timezone=True), comment="When to evaluate again; null when final"),
    Column("event_time", DateTime(timezone=True), comment="When it last changed, by the events received"),
    Column("event_head", Text, comment="SHA of its head at that time"),
    Column("recheck_at", DateTime(timezone=True), comment="When to evaluate because something else changed"),
    Column("verdict", Text, comment="Last outcome"),
    Column("head", Text, comment="SHA of the head last evaluated"),
    Column("base", Text, comment="SHA of the base last evaluated"),
    Column("comment_digest", Text, comment="Fingerprint of what the App's comment last said"),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
Index(
    "ix_pull_request_retry_at", pull_request.c.retry_at, postgresql_where=pull_request.c.retry_at.is_not(None)
)
Index(
    "ix_pull_request_recheck_at",
    pull_request.c.recheck_at,
    postgresql_where=pull_request.c.recheck_at.is_not(None),
)

merge_group = Table(
    "merge_group",
    metadata,
    Column("repository_id", BigInteger, primary_key=True, autoincrement=False),
    Column("head", Text, primary_key=True, comment="SHA of the combined tree's commit"),
    Column("base", Text, nullable=False, comment="SHA the group is built on"),
    Column("head_ref", Text, nullable=False, comment="The queue's branch"),
    Column("attempts", Integer, nullable=False, server_default="0", comment="Evaluations so far"),
    Column("held", Boolean, nullable=False, server_default="false", comment="Whether its check says so"),
    Column("retry_at", DateTime(timezone=True), comment="When to evaluate again; null when final"),
    Column("verdict", Text, comment="Last outcome"),
    Column("asked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("ended_at", DateTime(timezone=True), comment="When GitHub reported its end"),
)
Index("ix_merge_group_retry_at", merge_group.c.retry_at, postgresql_where=merge_group.c.retry_at.is_not(None))

schedule = Table(
    "schedule",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next_at", DateTime(timezone=True), nullable=False),
    comment="Periodic tasks; the first worker that finds one due runs it",
)

answer = Table(
    "answer",
    metadata,
    Column("source", Text, primary_key=True),
    Column("name", Text, primary_key=True, comment="Identifier, or title: and the normalised title"),
    Column("status", Text, nullable=False, comment="known or unknown"),
    Column("citations", Integer),
    Column("title", Text, nullable=False),
    Column("surnames", ARRAY(Text), nullable=False),
    Column("authors", ARRAY(Text), nullable=False),
    Column("years", ARRAY(Integer), nullable=False),
    Column("identifiers", ARRAY(Text), nullable=False),
    Column("url", Text),
    Column("raw", JSONB, comment="The source's own record"),
    Column("fetched_at", DateTime(timezone=True), nullable=False),
    comment="What bibliographic services answered",
)

rate_limit = Table(
    "rate_limit",
    metadata,
    Column("source", Text, primary_key=True),
    Column("next_at", DateTime(timezone=True), nullable=False, comment="When it may be asked again"),
    comment="The pace of requests to each bibliographic service, shared by all processes",
)

report = Table(
    "report",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("repository_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("head", Text, nullable=False, comment="SHA"),
    Column("base_ref", Text, nullable=False, comment="Branch that the pull request goes to"),
    Column("content", JSONB, nullable=False, comment="What commands need of it"),
    Column("published_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    comment="The last reports published on each pull request",
)
Index("ix_report_pull_request", report.c.repository_id, report.c.number, report.c.id)

decision = Table(
    "decision",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("repository_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False, comment="waive, accept or attest"),
    Column("rule", Text, nullable=False, comment="rule or rule/code"),
    Column("fingerprint", Text, nullable=False, comment="Of the content it is about"),
    Column("base_ref", Text, nullable=False, comment="Branch that the pull request went to"),
    Column("head", Text, nullable=False, comment="SHA of the head it was made on"),
    Column("title", Text),
    Column("reason", Text, nullable=False),
    Column("count", Integer, comment="Citations attested"),
    Column("source_url", Text, comment="Where the count can be seen"),
    Column("by_login", Text, nullable=False),
    Column("by_id", BigInteger, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, comment="When its command was written"),
    Column("comment_url", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True), comment="Null while it is active"),
    Column("ended_why", Text),
    CheckConstraint("kind IN ('waive', 'accept', 'attest')", name="ck_decision_kind"),
    CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ck_decision_ended"),
)
Index("ix_decision_pull_request", decision.c.repository_id, decision.c.number)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("repository_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("actor", Text, nullable=False, comment="Login"),
    Column("action", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
    Column("comment_url", Text),
    comment="Who did what; a trigger refuses changes, and deletion while the App covers the repository",
)
Index("ix_audit_pull_request", audit.c.repository_id, audit.c.number, audit.c.id)

revocation = Table(
    "revocation",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("repository_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("rule", Text, nullable=False, comment="rule or rule/code"),
    Column("fingerprint", Text, comment="Null: of any content"),
    Column("title", Text, comment="Null: of any entry"),
    Column("written_at", DateTime(timezone=True), nullable=False),
    comment="Waivers that were taken back, against older ones that arrive later",
)
Index("ix_revocation_pull_request", revocation.c.repository_id, revocation.c.number)

command_request = Table(
    "command_request",
    metadata,
    Column("repository_id", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, primary_key=True, comment="comment or review"),
    Column("comment_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("author_id", BigInteger, nullable=False),
    Column("by_author", Boolean, nullable=False, comment="Whether the pull request's author wrote it"),
    Column("stranger", Boolean, nullable=False, comment="Whether GitHub names no relation to the repository"),
    Column("digest", Text, nullable=False, comment="Of the text in its event"),
    Column("written_at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("not_before", DateTime(timezone=True), nullable=False, comment="When it may run"),
    Column("retry_at", DateTime(timezone=True), comment="When it gets another job; null when it is done"),
    comment="Comments with commands, which run in the order they were written",
)
Index("ix_command_request_pull_request", command_request.c.repository_id, command_request.c.number)
Index("ix_command_request_author", command_request.c.author_id, command_request.c.received_at)
Index(
    "ix_command_request_retry_at",
    command_request.c.retry_at,
    postgresql_where=command_request.c.retry_at.is_not(None),
)

refusal = Table(
    "refusal",
    metadata,
    Column("repository_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    comment="People who got the answer on a pull request that they may not give commands",
)

command = Table(
    "command",
    metadata,
    Column("repository_id", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, primary_key=True, comment="comment or review"),
    Column("comment_id", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False, comment="1-based"),
    Column("done", Boolean, nullable=False, comment="False: refused or not understood"),
    Column("again", Boolean, nullable=False, comment="Whether to evaluate the pull request again"),
    Column("reply", Text, nullable=False, comment="Markdown; empty when there was nothing to say"),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    comment="Slash commands that ran, so that each runs once",
)

BY_REPOSITORY = (
    pull_request,
    merge_group,
    report,
    decision,
    revocation,
    audit,
    command_request,
    refusal,
    command,
)
"""What is deleted with a repository's installation."""
