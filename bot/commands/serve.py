"""``papergate serve``."""

import click


@click.command("serve")
@click.option("--with-worker", is_flag=True, help="Also run a worker and, without DATABASE_URL, a database.")
@click.option("--with-parent", is_flag=True, hidden=True, help="Stop when standard input closes.")
def command(with_worker: bool, with_parent: bool) -> None:
    """Receive webhooks on PORT until SIGTERM."""
    from bot.commands.environment import database_url, prepare
    from bot.process.parent import stop_with_parent

    settings = prepare()
    if with_worker:
        from bot.process.supervisor import SupervisorError, supervise

        if with_parent:
            stop_with_parent()
        try:
            supervise(settings, lambda url: click.echo(f"papergate is ready on {url}"))
        except SupervisorError as error:
            raise click.ClickException(str(error)) from error
        return
    from bot.web.server import run_server

    run_server(settings, database_url(settings), stop_with_parent if with_parent else lambda: None)


if __name__ == "__main__":
    command()
