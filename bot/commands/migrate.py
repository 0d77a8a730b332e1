"""``papergate migrate``."""

import click


@click.command("migrate")
def command() -> None:
    """Bring the database's schema to this version; does nothing when it is there already."""
    from bot.commands.environment import database_errors, database_url, prepare
    from bot.database.engine import open_database
    from bot.database.schema import migrate

    settings = prepare()
    with database_errors():
        migrate(open_database(database_url(settings)))
