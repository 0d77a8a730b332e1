"""Decisions of maintainers, the audit log, and which commands have run."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

_REFUSE = """
CREATE FUNCTION papergate_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION papergate_audit_is_append_only();
"""


def upgrade() -> None:
    """Create the tables, and the trigger that keeps the audit log as it is."""
    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("repository", sa.Text, nullable=False, comment="owner/name"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False, comment="waive, accept, attest or unwaive"),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("fingerprint", sa.Text, nullable=False, comment="Of the content it is about"),
        sa.Column("title", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, comment="Citations attested"),
        sa.Column("source_url", sa.Text, comment="Where the count can be seen"),
        sa.Column("by_login", sa.Text, nullable=False),
        sa.Column("by_id", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("comment_url", sa.Text, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), comment="Null while it stands"),
        sa.Column("ended_why", sa.Text),
        sa.CheckConstraint("kind IN ('waive', 'accept', 'attest', 'unwaive')", name="ck_decision_kind"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ck_decision_ended"),
    )
    op.create_index("ix_decision_pull_request", "decision", ["repository", "number"])
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("repository", sa.Text, nullable=False, comment="owner/name"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("actor", sa.Text, nullable=False, comment="Login"),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("detail", JSONB, nullable=False),
        sa.Column("comment_url", sa.Text),
        comment="Who did what; a trigger refuses every change",
    )
    op.create_index("ix_audit_pull_request", "audit", ["repository", "number", "id"])
    op.create_table(
        "command",
        sa.Column("repository", sa.Text, primary_key=True, comment="owner/name"),
        sa.Column("comment_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("line", sa.Integer, primary_key=True, autoincrement=False, comment="1-based"),
        sa.Column("done", sa.Boolean, nullable=False, comment="False: refused or not understood"),
        sa.Column("again", sa.Boolean, nullable=False, comment="Whether the verdict may have changed"),
        sa.Column("reply", sa.Text, nullable=False, comment="Markdown; empty when there was nothing to say"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        comment="Slash commands that ran, so that each does once",
    )
    op.execute(_REFUSE)
