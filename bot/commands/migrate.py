"""``papergate migrate``."""

import click


@click.command("migrate")
def command() -> None:
    """Update the database schema to this version; do nothing if it is current."""
    from bot.commands.environment import database_errors, prepare_database
    from bot.database.engine import open_database
    from bot.database.schema import migrate

    url = prepare_database()
    with database_errors():
        migrate(open_database(url))
