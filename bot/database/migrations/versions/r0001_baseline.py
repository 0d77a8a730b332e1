"""Every table as of the first release, and procrastinate's own."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

from bot.database.engine import driver_connection
from bot.database.tables import metadata

revision = "0001"
down_revision = None

# Lines of the audit log are deleted only together with their repository, when the App is uninstalled.
_APPEND_ONLY = """
CREATE FUNCTION papergate_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_LEVEL = 'ROW' AND NOT EXISTS (SELECT FROM repository WHERE id = OLD.repository_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION papergate_audit_is_append_only();
CREATE TRIGGER kept_with_its_repository BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION papergate_audit_is_append_only();
"""


def upgrade() -> None:
    """Create the tables, and the trigger that protects the audit log."""
    connection = op.get_bind()
    metadata.create_all(connection)
    op.execute(_APPEND_ONLY)
    # A database that already ran procrastinate keeps its tables. psycopg runs a script without parameters.
    if connection.scalar(sa.text("SELECT to_regclass('procrastinate_jobs')")) is None:
        driver_connection(connection).execute(SchemaManager.get_schema())
