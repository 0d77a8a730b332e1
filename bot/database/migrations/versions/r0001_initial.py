"""The first tables, and procrastinate's own."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects.postgresql import JSONB

from bot.database.engine import driver_connection

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "delivery",
        sa.Column("guid", sa.Text, primary_key=True),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("action", sa.Text),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
            index=True,
        ),
        comment="Webhook deliveries that were accepted, so that a repeated one does nothing",
    )
    op.create_table(
        "pull_request",
        sa.Column("repository", sa.Text, primary_key=True, comment="owner/name"),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("installation_id", sa.BigInteger, nullable=False),
        sa.Column("wanted", sa.BigInteger, nullable=False, comment="Generation last asked for"),
        sa.Column(
            "done", sa.BigInteger, nullable=False, server_default="0", comment="Generation last looked at"
        ),
        sa.Column(
            "attempts",
            sa.Integer,
            nullable=False,
            server_default="0",
            comment="Looks since it was last settled",
        ),
        sa.Column("retry_at", sa.DateTime(timezone=True), comment="When to look again; null when settled"),
        sa.Column("verdict", sa.Text, comment="Last outcome"),
        sa.Column("head", sa.Text, comment="SHA of the head last judged"),
        sa.Column("base", sa.Text, comment="SHA of the base last judged"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_index(
        "ix_pull_request_retry_at",
        "pull_request",
        ["retry_at"],
        postgresql_where=sa.text("retry_at IS NOT NULL"),
    )
    op.create_table(
        "citation",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("identifier", sa.Text, primary_key=True),
        sa.Column("status", sa.Text, nullable=False, comment="known or unknown"),
        sa.Column("citations", sa.Integer),
        sa.Column("year", sa.Integer),
        sa.Column("title", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("record", JSONB),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        comment="What bibliographic services answered",
    )
    connection = op.get_bind()
    # A database that already ran procrastinate keeps its tables. psycopg runs a script without parameters.
    if connection.scalar(sa.text("SELECT to_regclass('procrastinate_jobs')")) is None:
        driver_connection(connection).execute(SchemaManager.get_schema())
