"""Answers of several bibliographic sources, and their pace; counts kept before are asked for again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Replace the table of counts by one of records."""
    op.drop_table("citation")
    op.create_table(
        "answer",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column(
            "name", sa.Text, primary_key=True, comment="Identifier, or title: and the normalised title"
        ),
        sa.Column("status", sa.Text, nullable=False, comment="known or unknown"),
        sa.Column("citations", sa.Integer),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("surnames", ARRAY(sa.Text), nullable=False),
        sa.Column("authors", ARRAY(sa.Text), nullable=False),
        sa.Column("years", ARRAY(sa.Integer), nullable=False),
        sa.Column("identifiers", ARRAY(sa.Text), nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("raw", JSONB, comment="The source's own record"),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        comment="What bibliographic services answered",
    )
    op.create_table(
        "turn",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column(
            "next_at", sa.DateTime(timezone=True), nullable=False, comment="When it may be asked again"
        ),
        comment="Paces the requests to each bibliographic service across all processes",
    )
