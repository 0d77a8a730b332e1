"""The WSGI application: faults and gates first, then access, the endpoint, the contract and the log."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import threading
from functools import partial
from typing import TYPE_CHECKING, Protocol

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.wrappers import Request, Response

from tests.sandbox import arxiv, crossref, openalex
from tests.sandbox.access import authenticate
from tests.sandbox.git import GitError
from tests.sandbox.http import DOCUMENTATION, Answer, RefusalError, Route, not_found
from tests.sandbox.log import Exchange
from tests.sandbox.routes import ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from tests.sandbox.faults import Fault, Faults, Gate
    from tests.sandbox.http import Call
    from tests.sandbox.log import RequestLog
    from tests.sandbox.model import Json
    from tests.sandbox.scholar import Scholar
    from tests.sandbox.state import State

HOURLY_LIMIT = 5_000
SCHOLAR_PREFIX = "/semantic-scholar"
OPENALEX_PREFIX = "/openalex"
CROSSREF_PREFIX = "/crossref"
ARXIV_PREFIX = "/arxiv"
_BY_ID = re.compile(r"/repositories/(\d+)(?=/|$)")
_BY_NAME = re.compile(r"/repos/([^/]+/[^/]+)(?=/|$)")
_NOBODY = "-/-"
"""A name that no repository has."""


class Contract(Protocol):
    """Validates requests and answers against GitHub's description of its API."""

    def check_request(self, request: Request) -> None:
        """Check a request."""

    def check_answer(self, request: Request, response: Response) -> None:
        """Check an answer."""


def get_rate_limit(call: Call) -> Answer:
    """GET /rate_limit, which costs nothing."""
    window = {"limit": HOURLY_LIMIT, "remaining": HOURLY_LIMIT, "reset": _reset(call.state), "used": 0}
    return Answer(200, {"resources": {"core": window, "search": window, "graphql": window}, "rate": window})


def _reset(state: State) -> int:
    return (int(state.now().timestamp()) // 3600 + 1) * 3600


class Application:
    """GitHub's REST API at the root, each bibliographic service below a name of its own."""

    def __init__(
        self,
        *,
        state: State,
        scholar: Scholar,
        faults: Faults,
        log: RequestLog,
        announce: Callable[[str, Json], None],
        contract: Contract | None,
    ) -> None:
        self._state, self._faults, self._log = state, faults, log
        self._announce, self._contract = announce, contract
        self._sources: dict[str, Callable[[Request, str], Response]] = {
            SCHOLAR_PREFIX: scholar.answer,
            OPENALEX_PREFIX: partial(openalex.answer, scholar),
            CROSSREF_PREFIX: partial(crossref.answer, scholar),
            ARXIV_PREFIX: partial(arxiv.answer, scholar),
        }
        self._gates: list[Gate] = []
        self._used = 0
        self._answered = 0
        self._counting = threading.Lock()
        routes = (*ROUTES, Route("GET", "/rate_limit", get_rate_limit))
        self._map = Map([_rule(route) for route in routes], merge_slashes=False)

    def add_gate(self, gate: Gate) -> None:
        """Hold the requests a gate is for."""
        self._gates.append(gate)

    def close(self) -> None:
        """Let everyone go whom a gate or a fault holds back."""
        for gate in self._gates:
            gate.release()
        self._faults.clear()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        by_id = self._name_repository(environ)
        request = Request(environ)
        request.get_data()
        for gate in self._gates:
            if gate.matches(request.method, request.path):
                gate.hold()
        fault = self._faults.take(request.method, request.path)
        response = self._respond(request, fault)
        if response is not None:
            response.headers["X-GitHub-Request-Id"] = self._next_request_id()
        self._note(request, response, faulted=fault is not None, by_id=by_id)
        if response is None:
            raise _hang_up(environ)
        if fault is not None and fault.cut:
            return _first_half(response, environ, start_response)
        return response(environ, start_response)

    def _name_repository(self, environ: WSGIEnvironment) -> bool:
        """Turn a path below `/repositories/{id}` into that below `/repos/{owner}/{repo}`.

        GitHub serves every path of a repository by its id too: its Link headers and redirects lead there.
        Returns whether the request named the repository by its id.
        """
        found = _BY_ID.match(environ["PATH_INFO"])
        if found is None:
            return False
        with self._state.lock:
            repository = self._state.repository_by_id(int(found[1]))
        name = repository.full_name if repository else _NOBODY
        environ["PATH_INFO"] = f"/repos/{name}{environ['PATH_INFO'][found.end() :]}"
        return True

    def _next_request_id(self) -> str:
        with self._counting:
            self._answered += 1
            return f"0401:1F3A:{self._answered:07X}:{self._answered:07X}:5C9D2A10"

    def _respond(self, request: Request, fault: Fault | None) -> Response | None:
        if fault is None:
            return self._real(request)
        fault.wait()
        through = fault.status is None and not fault.drop
        real = None
        if fault.after or through:
            real = self._real(request)
        else:
            self._check_request(request)
        if fault.drop:
            return None
        if real is not None and fault.edit is not None and real.get_data():
            real.set_data(json.dumps(fault.edit(json.loads(real.get_data()))))
        return real if fault.status is None else Response(fault.body, fault.status, dict(fault.headers))

    def _check_request(self, request: Request) -> None:
        if self._contract and self._source(request) is None:
            self._contract.check_request(request)

    def _source(self, request: Request) -> str | None:
        """Return the prefix of the bibliographic service that is asked, None when it is GitHub."""
        prefix = "/" + request.path.split("/")[1]
        return prefix if prefix in self._sources else None

    def _real(self, request: Request) -> Response:
        source = self._source(request)
        if source is not None:
            return self._sources[source](request, request.path.removeprefix(source))
        self._check_request(request)
        with self._state.lock:
            answer = self._answer(request)
            events = self._state.take_outbox()
        response = self._finish(request, answer)
        if self._contract:
            self._contract.check_answer(request, response)
        for event, payload in events:
            self._announce(event, payload)
        return response

    def _answer(self, request: Request) -> Answer:
        try:
            self._redirect(request)
            route, arguments = self._match(request)
            return route.handler(authenticate(self._state, request, route), **arguments)
        except RefusalError as refusal:
            return refusal.answer
        except GitError as error:
            return RefusalError(500, f"Server Error: {error}").answer

    def _redirect(self, request: Request) -> None:
        """Refuse a former name of a repository with the address it has now: 301 of a read, 307 of a write."""
        found = _BY_NAME.match(request.path)
        moved = self._state.moved(found[1]) if found else None
        if found is None or moved is None:
            return
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        target = f"{self._state.url}/repositories/{moved.id}{request.path[found.end() :]}{query}"
        status, message = (
            (301, "Moved Permanently") if request.method == "GET" else (307, "Temporary Redirect")
        )
        refusal = RefusalError(status, message)
        body = {"message": message, "url": target, "documentation_url": DOCUMENTATION}
        refusal.answer = Answer(status, body, {"Location": target})
        raise refusal

    def _match(self, request: Request) -> tuple[Route, dict[str, object]]:
        adapter = self._map.bind("", path_info=request.path)
        try:
            route, arguments = adapter.match(method=request.method)
        except (NotFound, MethodNotAllowed, RequestRedirect) as error:
            raise not_found() from error
        return route, dict(arguments)

    def _finish(self, request: Request, answer: Answer) -> Response:
        """Return the answer with GitHub's headers: an ETag, a 304 if the client has it, the rate limit."""
        body = b"" if answer.body is None else json.dumps(answer.body, ensure_ascii=False).encode()
        response = Response(body, answer.status, dict(answer.headers))
        response.content_type = "application/json; charset=utf-8" if body else ""
        if request.method == "GET" and answer.status == 200:
            response.set_etag(hashlib.sha256(body).hexdigest(), weak=True)
            response.make_conditional(request)
        if response.status_code == 304:
            response.set_data(b"")
            del response.content_type
        self._count(response)
        return response

    def _count(self, response: Response) -> None:
        with self._counting:
            self._used += response.status_code != 304
            used = self._used
        limits = {
            "Limit": HOURLY_LIMIT,
            "Remaining": max(HOURLY_LIMIT - used, 0),
            "Reset": _reset(self._state),
            "Used": used,
        }
        for name, value in limits.items():
            response.headers[f"X-RateLimit-{name}"] = str(value)
        response.headers["X-RateLimit-Resource"] = "core"
        response.headers["X-GitHub-Media-Type"] = "github.v3; format=json"

    def _note(self, request: Request, response: Response | None, *, faulted: bool, by_id: bool) -> None:
        headers = {name: value for name, value in request.headers.items() if name.lower() != "authorization"}
        status = response.status_code if response else None
        query = request.query_string.decode()
        data = request.get_data()
        self._log.add(Exchange(request.method, request.path, query, headers, data, status, faulted, by_id))


def _rule(route: Route) -> Rule:
    return Rule(route.rule, methods=[route.method], endpoint=route)


def _hang_up(environ: WSGIEnvironment) -> ConnectionError:
    """Close the connection without a word, as a lost answer looks to the one who asked.

    Returns the error by which the server learns that there is nobody left to answer.
    """
    connection: socket.socket = environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return ConnectionAbortedError("a fault cut the connection")


def _first_half(
    response: Response, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Send the headers of an answer and half of its body, then close the connection."""
    body = response.get_data()
    list(response(environ, start_response))
    yield body[: len(body) // 2]
    raise _hang_up(environ)
