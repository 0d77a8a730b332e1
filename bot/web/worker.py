"""A gunicorn worker that receives requests in an event loop and answers them in threads.

Gunicorn's own thread worker reads a request in a thread, so a few dozen clients that send nothing take all of
them (docs/decisions/0011-receiving-requests.md).
"""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import structlog
from gunicorn.workers.base import Worker  # type: ignore[import-untyped]  # gunicorn has no types

from bot.web.receiver import SIGNED_PATH, Receiver, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.settings import Settings

    Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

log = structlog.stdlib.get_logger(__name__)

DELIVERY_THREADS = 8
"""For signed deliveries, which wait for the database."""
PAGE_THREADS = 2
"""For ``/healthz`` and ``/readyz``, which anybody may ask for: they must not hold up deliveries."""
MOST_WAITING = 100
"""Requests that wait for a thread of their kind; more are answered 503, and GitHub delivers again."""
_NOTIFY_SECONDS = 1.0
_BUSY = Response(503, [("Content-Type", "application/json")], b'{"error":"too many requests are waiting"}\n')


class ReceivingWorker(Worker):  # type: ignore[misc]  # gunicorn has no types
    """Serves the application on the sockets that gunicorn opened, until SIGTERM."""

    def init_signals(self) -> None:
        """Leave the signals to the event loop, but for the one by which gunicorn ends a hung worker."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
            signal.signal(number, signal.SIG_IGN if number != signal.SIGTERM else signal.SIG_DFL)
        signal.signal(signal.SIGABRT, signal.SIG_DFL)

    def run(self) -> None:
        """Serve, then exit the process with status 0."""
        asyncio.run(self._serve())
        sys.exit(0)

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        stopping = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
            loop.add_signal_handler(number, stopping.set)
        settings: Settings = self.app.settings
        answers = Answers(self.wsgi)
        receiver = Receiver(
            answers,
            [secret.get_secret_value() for secret in settings.webhook_secret],
            keepalive_seconds=settings.keepalive_seconds,
        )
        servers = [
            await loop.create_server(receiver.connect, sock=socket.sock, backlog=1024)
            for socket in self.sockets
        ]
        while not stopping.is_set():
            self.notify()
            if self.ppid != os.getppid():
                break  # gunicorn's own process is gone
            try:
                await asyncio.wait_for(stopping.wait(), _NOTIFY_SECONDS)
            except TimeoutError:
                continue
        for server in servers:
            server.close()
        await receiver.stop(settings.stop_seconds)
        answers.close()


class Answers:
    """Answers requests with a WSGI application in threads."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._deliveries = _Threads(DELIVERY_THREADS, "delivery")
        self._pages = _Threads(PAGE_THREADS, "page")

    async def __call__(self, request: Request) -> Response:
        """Return the application's answer."""
        is_delivery = request.method == "POST" and request.path == SIGNED_PATH
        threads = self._deliveries if is_delivery else self._pages
        return await threads.run(partial(call, self._application, request))

    def close(self) -> None:
        """Let threads end that have nothing to do."""
        self._deliveries.close()
        self._pages.close()


class _Threads:
    """Threads with a bounded queue."""

    def __init__(self, number: int, name: str) -> None:
        self._executor = ThreadPoolExecutor(number, thread_name_prefix=name)
        self._waiting = 0

    async def run(self, function: Callable[[], Response]) -> Response:
        if self._waiting >= MOST_WAITING:
            return _BUSY
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, function)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)


def call(application: Application, request: Request) -> Response:
    """Return the answer of a WSGI application (PEP 3333)."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        started.append((status, headers))

    result = application(_environ(request), start_response)
    try:
        body = b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    status, headers = started[-1]
    return Response(int(status.partition(" ")[0]), headers, body)


def _environ(request: Request) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.target.partition("?")[2],
        "SERVER_NAME": "papergate",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.client,
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        if "_" in name or key in {"CONTENT_LENGTH", "TRANSFER_ENCODING"}:
            continue  # an underscore could pass for a hyphen
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ
