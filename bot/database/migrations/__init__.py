"""Alembic's environment; `bot.database.schema` runs it."""
