"""HTTP/1.1 for strangers: each connection has limits of time and memory before anything of it is used.

A request reaches the application whole, and a delivery only with a right signature. Until then it costs the
bytes that were sent: no thread, no place in a queue.

A connection without a whole request ends at its limit of time, or earlier when a younger one needs its place
or its memory. GitHub sends a delivery within milliseconds, so its connection is the youngest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import h11

from bot.web.signature import IncomingSignature

MAX_BODY = 25 * 1024 * 1024
"""Bytes; GitHub sends no larger payload (https://docs.github.com/en/webhooks/webhook-events-and-payloads)."""
MAX_HEAD = 32 * 1024
"""Bytes of request line and headers; those of a delivery have 1 KiB."""
MOST_CONNECTIONS = 512
"""Of one process."""
MOST_MEMORY = 32 * 1024 * 1024
"""Bytes of unfinished bodies in one process: one of the largest, or a thousand usual ones."""
HEAD_SECONDS = 10.0
"""From the first byte that may be sent to the end of the headers."""
BODY_SECONDS = 20.0
"""From the headers to the end of the body; GitHub itself gives up after 10 s."""
SIGNED_PATH = "/webhook"


@dataclass(frozen=True, slots=True)
class Request:
    """A whole request; header names are in lower case."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    client: str

    @property
    def path(self) -> str:
        """Return the target without its query."""
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; ``headers`` need no Content-Length."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


Answer = Callable[[Request], Awaitable[Response]]


class Receiver:
    """What the connections of one process share. Of one event loop."""

    def __init__(
        self,
        answer: Answer,
        secrets: Sequence[str],
        *,
        keepalive_seconds: float,
        head_seconds: float = HEAD_SECONDS,
        body_seconds: float = BODY_SECONDS,
        most_connections: int = MOST_CONNECTIONS,
        most_memory: int = MOST_MEMORY,
    ) -> None:
        self.answer = answer
        self.secrets = tuple(secrets)
        self.keepalive_seconds = keepalive_seconds
        self.head_seconds = head_seconds
        self.body_seconds = body_seconds
        self._most_connections = most_connections
        self._most_memory = most_memory
        self._memory = 0
        self._waiting: dict[Connection, None] = {}  # in the order in which they began to wait
        self._answering: set[Connection] = set()
        self._stopping = asyncio.Event()

    def connect(self) -> Connection:
        """Return the protocol of a new connection."""
        return Connection(self)

    def wait_for(self, connection: Connection) -> None:
        """Count a connection among those that have to send something; drop the oldest of too many."""
        self._answering.discard(connection)
        self._waiting[connection] = None
        while len(self._waiting) + len(self._answering) > self._most_connections:
            next(iter(self._waiting)).drop()

    def answering(self, connection: Connection) -> None:
        """Note that a connection's request is whole and being answered."""
        self._waiting.pop(connection, None)
        self._answering.add(connection)

    def forget(self, connection: Connection) -> None:
        """Forget a connection that is closed."""
        self._waiting.pop(connection, None)
        self._answering.discard(connection)

    def reserve(self, connection: Connection, size: int) -> bool:
        """Take memory for a part of a body, from the oldest if need be; False if that is this connection."""
        self._memory += size
        while self._memory > self._most_memory:
            oldest = next(other for other in self._waiting if other.held)
            oldest.drop()
            if oldest is connection:
                return False
        return True

    def release(self, size: int) -> None:
        """Give the memory of a body back."""
        self._memory -= size

    @property
    def memory(self) -> int:
        """Return the bytes of unfinished bodies."""
        return self._memory

    async def stop(self, seconds: float) -> None:
        """Close connections that wait, and the others once they are answered or the time is over."""
        self._stopping.set()
        for connection in list(self._waiting):
            connection.drop()
        end = asyncio.get_running_loop().time() + seconds
        while self._answering and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.02)

    @property
    def is_stopping(self) -> bool:
        """Return whether connections are to be closed after their answer."""
        return self._stopping.is_set()


class Connection(asyncio.Protocol):
    """One connection: reads a request within its limits, has it answered, and begins anew."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._head: h11.Request | None = None
        self._signature: IncomingSignature | None = None
        self._body: list[bytes] = []
        self.held = 0
        """Bytes of the unfinished body."""

    # Called by asyncio.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - it is a TCP server's
        self._transport = transport
        self._wait(self._receiver.head_seconds)

    def data_received(self, data: bytes) -> None:
        """Read on; nothing is kept of what breaks a limit."""
        try:
            self._http.receive_data(data)
            self._read()
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint, "the request is not HTTP/1.1")

    def eof_received(self) -> bool:
        """Close, unless an answer is on its way: a client may say early that it has no further request."""
        return self._task is not None

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio passes it
        """Forget everything."""
        self._forget_request()
        self._set_timer(None)
        if self._task is not None:
            self._task.cancel()
        self._receiver.forget(self)

    # Called by the receiver.

    def drop(self) -> None:
        """Close at once, without an answer."""
        self._forget_request()
        self._set_timer(None)
        self._receiver.forget(self)
        if self._transport is not None:
            self._transport.abort()

    # Reading.

    def _wait(self, seconds: float) -> None:
        self._set_timer(seconds)
        self._receiver.wait_for(self)

    def _read(self) -> None:
        while self._task is None and self._transport is not None and not self._transport.is_closing():
            event = self._http.next_event()
            if isinstance(event, h11.Request):
                self._take_head(event)
            elif isinstance(event, h11.Data):
                self._take_body(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                self._take_end()
            elif isinstance(event, h11.ConnectionClosed):
                self._transport.close()
            else:
                return  # more bytes are needed, or the next request waits for this one's answer

    def _take_head(self, head: h11.Request) -> None:
        self._head = head
        headers = dict(head.headers)
        if int(headers.get(b"content-length", b"0")) > MAX_BODY:
            self._refuse(413, "the body is too large")
            return
        if head.target.partition(b"?")[0] == SIGNED_PATH.encode() and head.method == b"POST":
            given = headers.get(b"x-hub-signature-256", b"").decode("latin-1")
            self._signature = IncomingSignature(given, self._receiver.secrets)
        if self._http.they_are_waiting_for_100_continue:
            self._send(h11.InformationalResponse(status_code=100, headers=[]))
        self._set_timer(self._receiver.body_seconds)

    def _take_body(self, part: bytes) -> None:
        if self._signature is None:
            self._refuse(413, "this path takes no body")
            return
        if self.held + len(part) > MAX_BODY:
            self._refuse(413, "the body is too large")
            return
        self.held += len(part)
        if self._receiver.reserve(self, len(part)):
            self._signature.update(part)
            self._body.append(part)

    def _take_end(self) -> None:
        if self._signature is not None and not self._signature.is_right():
            self._refuse(401, "the signature is missing or wrong")
            return
        assert self._head is not None and self._transport is not None  # noqa: S101, PT018 - h11 keeps the order
        request = Request(
            self._head.method.decode("ascii"),
            self._head.target.decode("latin-1"),
            tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in self._head.headers),
            b"".join(self._body),
            str((self._transport.get_extra_info("peername") or ("",))[0]),
        )
        self._forget_request()
        self._set_timer(None)
        self._receiver.answering(self)
        self._transport.pause_reading()
        self._task = asyncio.get_running_loop().create_task(self._answer(request))

    def _forget_request(self) -> None:
        self._receiver.release(self.held)
        self.held = 0
        self._body, self._signature, self._head = [], None, None

    # Answering.

    async def _answer(self, request: Request) -> None:
        response = await self._receiver.answer(request)
        self._task = None
        self._respond(response.status, response.headers, response.body, with_body=request.method != "HEAD")

    def _refuse(self, status: int, reason: str) -> None:
        """Answer without the application, and close."""
        if self._http.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.drop()
            return
        self._forget_request()
        body = f'{{"error":"{reason}"}}\n'.encode()
        headers = [("Content-Type", "application/json"), ("Connection", "close")]
        self._respond(status, headers, body, with_body=True)

    def _respond(
        self, status: int, headers: Sequence[tuple[str, str]], body: bytes, *, with_body: bool
    ) -> None:
        kept = [(name, value) for name, value in headers if name.lower() not in {"content-length", "date"}]
        kept.append(("Content-Length", str(len(body))))
        if self._receiver.is_stopping:
            kept.append(("Connection", "close"))
        self._send(h11.Response(status_code=status, headers=kept))
        if with_body:
            self._send(h11.Data(data=body))
        self._send(h11.EndOfMessage())
        if self._transport is None or self._transport.is_closing():
            return
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            self._transport.resume_reading()
            self._wait(self._receiver.keepalive_seconds)
            self._read_on()
        else:
            self._transport.close()
            self._set_timer(self._receiver.head_seconds)  # for whoever does not read the answer

    def _read_on(self) -> None:
        """Read what came while the last request was answered."""
        try:
            self._read()
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint, "the request is not HTTP/1.1")

    def _send(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data and self._transport is not None:
            self._transport.write(data)

    def _set_timer(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = None if seconds is None else loop.call_later(seconds, self.drop)
