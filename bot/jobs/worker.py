"""The worker process: runs jobs, sweeps, and stops in bounded time."""

from __future__ import annotations

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import procrastinate
import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from sqlalchemy.exc import OperationalError

from bot.jobs.pull_state import Backoff
from bot.jobs.queue import RECHECK_ALL, REDELIVER
from bot.jobs.repository_tasks import Periods, RepositoryTasks, register_repository_tasks
from bot.jobs.sweep import sweep
from bot.jobs.tasks import Tasks, register

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from bot.jobs.handlers import Handlers
    from bot.settings import Settings

log = structlog.stdlib.get_logger(__name__)

DISOWN_SECONDS = 2.0
SWEEP_THREADS = 1


def run_worker(settings: Settings, database: Engine, handlers: Handlers) -> None:
    """Run jobs until SIGTERM, SIGINT or SIGHUP, then finish those under way.

    A job that outlasts ``stop_seconds`` is left to the other workers, and the process exits with status 1.
    Raises procrastinate's connector errors when the database goes away.
    """
    asyncio.run(_run(settings, database, handlers))


class _Worker(Worker):
    """Calls ``on_stop`` when it stops, which it also does when it loses the database."""

    def __init__(self, on_stop: Callable[[], None], app: procrastinate.App, settings: Settings) -> None:
        super().__init__(
            app=app,
            name="papergate",
            concurrency=settings.worker_concurrency,
            fetch_job_polling_interval=settings.poll_seconds,
            update_heartbeat_interval=settings.heartbeat_seconds,
            stalled_worker_timeout=settings.stalled_seconds,
            install_signal_handlers=False,
        )
        self._on_stop = on_stop

    def stop(self) -> None:
        super().stop()  # type: ignore[no-untyped-call]  # procrastinate leaves it untyped
        self._on_stop()


async def _run(settings: Settings, database: Engine, handlers: Handlers) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(settings.worker_concurrency + SWEEP_THREADS))
    app = _application(settings, database, handlers)
    async with app.open_async():
        stopping = asyncio.Event()
        worker = _Worker(stopping.set, app, settings)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, worker.stop)
        running = asyncio.create_task(
            worker.run(),  # type: ignore[no-untyped-call]  # procrastinate leaves it untyped
            name="worker",
        )
        sweeping = asyncio.create_task(_sweep(settings, database), name="sweep")
        asked = asyncio.create_task(stopping.wait(), name="stop")
        done, _ = await asyncio.wait({running, sweeping, asked}, return_when=asyncio.FIRST_COMPLETED)
        sweeping.cancel()
        asked.cancel()
        worker.stop()
        await asyncio.wait({running}, timeout=settings.stop_seconds)
        if not running.done():
            await _abandon(app, worker)
        await running
        if sweeping in done:
            sweeping.result()  # it never ends but by a defect


def _application(settings: Settings, database: Engine, handlers: Handlers) -> procrastinate.App:
    connector = procrastinate.PsycopgConnector(
        conninfo=database.url.set(drivername="postgresql").render_as_string(hide_password=False),
        min_size=1,
        max_size=settings.worker_concurrency + 2,
    )
    app = procrastinate.App(connector=connector)
    source = Backoff(
        first=timedelta(seconds=settings.recheck_first_seconds),
        longest=timedelta(seconds=settings.recheck_max_seconds),
    )
    register(app, Tasks(database, handlers.pull_requests, handlers.commands, source))
    periods = Periods(
        spread=timedelta(seconds=settings.spread_seconds),
        patience=timedelta(seconds=settings.merge_group_patience_seconds),
        recheck=timedelta(seconds=settings.relist_seconds),
    )
    register_repository_tasks(
        app,
        RepositoryTasks(
            database, handlers.merge_queue, handlers.base_pushes, handlers.catch_up, source, periods
        ),
    )
    return app


async def _sweep(settings: Settings, database: Engine) -> None:
    silence = timedelta(seconds=settings.stalled_seconds)
    periods = {
        REDELIVER: timedelta(seconds=settings.redeliver_seconds),
        RECHECK_ALL: timedelta(seconds=settings.relist_seconds),
    }
    while True:
        try:
            await asyncio.to_thread(sweep, database, silence=silence, periods=periods)
        except OperationalError as error:
            log.warning("sweep failed", reason=str(error.orig))
        await asyncio.sleep(settings.sweep_seconds)


async def _abandon(app: procrastinate.App, worker: _Worker) -> None:
    """End the process while threads still run: disown their jobs first, so that others take them at once."""
    log.warning("stopping with jobs under way")
    if worker.worker_id is not None:
        try:
            await asyncio.wait_for(app.job_manager.unregister_worker(worker.worker_id), DISOWN_SECONDS)
        except (TimeoutError, ConnectorException) as error:
            log.warning("jobs not disowned; others take them after a silence", reason=repr(error))
    os._exit(1)
