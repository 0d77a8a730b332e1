"""A bibliographic service over real HTTP on a free port, which answers, hangs or breaks off."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import pytest


@dataclass(frozen=True)
class Reply:
    """One answer; ``declared_length`` above the body's own breaks it off, ``hang`` never sends it."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    declared_length: int | None = None
    hang: bool = False


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    ids: tuple[str, ...]


Respond = Callable[[tuple[str, ...]], Reply]
Serve = Callable[[Request], Reply]


class Service:
    """Serves what ``respond`` makes of the ids asked for; ``requests`` holds what came.

    With ``serve`` set it answers every request, by whatever method.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.respond: Respond = lambda ids: json_reply([None] * len(ids))
        self.serve: Serve | None = None
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(())

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self._answer(tuple(body["ids"]))

            def _answer(self, ids: tuple[str, ...]) -> None:
                request = Request(self.path, dict(self.headers), ids)
                service.requests.append(request)
                reply = service.serve(request) if service.serve else service.respond(ids)
                if reply.hang:
                    service.over.wait()
                    return
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(reply.declared_length or len(reply.body)))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def json_reply(body: object, status: int = 200) -> Reply:
    """Return ``body`` as a JSON reply."""
    return Reply(json.dumps(body).encode(), status)


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as running:
        yield running
