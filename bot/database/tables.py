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

decision = Table(
    "decision",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("repository_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False, comment="waive, accept or attest"),
    Column("rule", Text, nullable=False, comment="rule or rule/code"),
    Column("fingerprint", Text, nullable=False, comment="Of the content it is about"),
    Column("title", Text),
    Column("reason", Text, nullable=False),
    Column("count", Integer, comment="Citations attested"),
    Column("source_url", Text, comment="Where the count can be seen"),
    Column("by_login", Text, nullable=False),
    Column("by_id", BigInteger, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
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

command = Table(
    "command",
    metadata,
    Column("repository_id", BigInteger, primary_key=True, autoincrement=False),
    Column("comment_id", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False, comment="1-based"),
    Column("done", Boolean, nullable=False, comment="False: refused or not understood"),
    Column("again", Boolean, nullable=False, comment="Whether to evaluate the pull request again"),
    Column("reply", Text, nullable=False, comment="Markdown; empty when there was nothing to say"),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    comment="Slash commands that ran, so that each runs once",
)

BY_REPOSITORY = (pull_request, merge_group, decision, audit, command)
"""What is deleted with a repository's installation."""
