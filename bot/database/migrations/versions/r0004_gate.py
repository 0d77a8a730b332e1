"""What the gate remembers: merge groups, what events told, what is done from time to time."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create it."""
    op.add_column(
        "pull_request",
        sa.Column("told_at", sa.DateTime(timezone=True), comment="When it last changed, as events told"),
    )
    op.add_column(
        "pull_request",
        sa.Column(
            "look_at", sa.DateTime(timezone=True), comment="When to look because of something else's change"
        ),
    )
    op.create_index(
        "ix_pull_request_look_at",
        "pull_request",
        ["look_at"],
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.create_table(
        "merge_group",
        sa.Column("repository", sa.Text, primary_key=True, comment="owner/name"),
        sa.Column("head", sa.Text, primary_key=True, comment="SHA of the combined tree's commit"),
        sa.Column("installation_id", sa.BigInteger, nullable=False),
        sa.Column("base", sa.Text, nullable=False, comment="SHA the group is built on"),
        sa.Column("head_ref", sa.Text, nullable=False, comment="The queue's branch"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0", comment="Looks so far"),
        sa.Column("retry_at", sa.DateTime(timezone=True), comment="When to look again; null when settled"),
        sa.Column("verdict", sa.Text, comment="Last outcome"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), comment="When GitHub said that the group is no more"
        ),
    )
    op.create_index(
        "ix_merge_group_retry_at",
        "merge_group",
        ["retry_at"],
        postgresql_where=sa.text("retry_at IS NOT NULL"),
    )
    op.create_table(
        "chore",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        comment="What is done from time to time, by whichever worker sees first that the time has come",
    )
