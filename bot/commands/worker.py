"""``papergate worker``."""

import click


@click.command("worker")
@click.option("--with-parent", is_flag=True, hidden=True, help="Stop when standard input closes.")
def command(with_parent: bool) -> None:
    """Run jobs until SIGTERM; several workers share the queue."""
    from bot.commands.environment import database_url, open_current_database, prepare
    from bot.jobs.worker import run_worker
    from bot.process.parent import stop_with_parent
    from bot.wiring import handlers

    settings = prepare()
    database = open_current_database(database_url(settings), connections=settings.worker_concurrency + 2)
    if with_parent:
        stop_with_parent()
    run_worker(settings, database, handlers(settings, database))


if __name__ == "__main__":
    command()
