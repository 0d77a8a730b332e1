"""Runs the revisions on the connection, and inside the transaction, that `bot.database.schema` provides."""

from alembic import context

from bot.database.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
