"""The whole sandbox: an HTTP server with one state."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.sandbox.access import issue_token
from tests.sandbox.app import App
from tests.sandbox.application import (
    ARXIV_PREFIX,
    CROSSREF_PREFIX,
    OPENALEX_PREFIX,
    SCHOLAR_PREFIX,
    Application,
)
from tests.sandbox.faults import Faults, Gate
from tests.sandbox.log import RequestLog
from tests.sandbox.queue_actions import QueueActions
from tests.sandbox.scholar import Scholar, read_counts
from tests.sandbox.state import State, system_clock
from tests.sandbox.webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

    from tests.sandbox.contract import Contract
    from tests.sandbox.model import CheckRun, Json


class QuietHandler(WSGIRequestHandler):
    """Answers without a line in the log, and without waiting for the peer before the body goes out."""

    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name for it
        """Say nothing."""


class Sandbox(QueueActions):
    """A GitHub and four bibliographic services on a free port of 127.0.0.1, to be used as a context manager.

    `webhooks.url` says where the App listens (nothing is sent before it is set), `faults` makes things go
    wrong, `log` has the requests, `scholar` knows the papers. With a `contract`, every request, answer
    and payload is held against GitHub's description of its API, and `violations` lists what does not fit.
    """

    def __init__(
        self,
        *,
        app: App | None = None,
        webhook_url: str | None = None,
        contract: Contract | None = None,
        clock: Callable[[], datetime] = system_clock,
        port: int = 0,
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="papergate-sandbox-"))
        state = State(self._folder, app or App(), clock)
        super().__init__(state, Webhooks(state, self._check_payload))
        self.webhooks.url = webhook_url
        self.contract = contract
        self.faults = Faults()
        self.log = RequestLog()
        self.scholar = Scholar(read_counts())
        self._application = Application(
            state=state,
            scholar=self.scholar,
            faults=self.faults,
            log=self.log,
            announce=self.webhooks.send_later,
            contract=contract,
        )
        self._server = make_server(
            "127.0.0.1", port, self._application, threaded=True, request_handler=QuietHandler
        )
        state.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="sandbox", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Return the address of GitHub's REST API."""
        return self.state.url

    @property
    def app(self) -> App:
        """Return the App as registered: its id, key and webhook secret."""
        return self.state.app

    @property
    def violations(self) -> list[str]:
        """Return what did not fit the contract so far; empty without one."""
        return self.contract.violations if self.contract else []

    def take_violations(self) -> list[str]:
        """Return what did not fit the contract since the last time."""
        return self.contract.take() if self.contract else []

    def environment(self) -> dict[str, str]:
        """Return the settings that point Papergate here."""
        return {
            "PAPERGATE_APP_ID": str(self.app.id),
            "PAPERGATE_PRIVATE_KEY": self.app.private_key,
            "PAPERGATE_WEBHOOK_SECRET": self.app.webhook_secret,
            "PAPERGATE_GITHUB_API_URL": self.url,
            "PAPERGATE_SEMANTIC_SCHOLAR_URL": self.url + SCHOLAR_PREFIX,
            "PAPERGATE_OPENALEX_URL": self.url + OPENALEX_PREFIX,
            "PAPERGATE_CROSSREF_URL": self.url + CROSSREF_PREFIX,
            "PAPERGATE_ARXIV_URL": self.url + ARXIV_PREFIX,
            # Links lead out of this machine.
            "PAPERGATE_FOLLOW_LINKS": "false",
            # The real services ask for a pace; this one does not mind.
            "PAPERGATE_SEMANTIC_SCHOLAR_PACE_SECONDS": "0",
            "PAPERGATE_OPENALEX_PACE_SECONDS": "0",
            "PAPERGATE_CROSSREF_PACE_SECONDS": "0",
            "PAPERGATE_ARXIV_PACE_SECONDS": "0",
        }

    def installation_token(self, full_name: str) -> str:
        """Return a fresh installation token for a repository, to ask by hand."""
        with self.state.lock:
            installation = self.state.installation_for(full_name)
            if installation is None:
                raise LookupError(f"the App is not installed on {full_name}")
            return issue_token(self.state, installation, {}, installation.repositories).value

    def hold(self, path: str, *, method: str = "*") -> Gate:
        """Return a gate that holds all requests whose path matches the regular expression until released."""
        gate = Gate(method, path)
        self._application.add_gate(gate)
        return gate

    def wait_for_conclusion(
        self, full_name: str, sha: str, *wanted: str, name: str | None = None, timeout: float = 30.0
    ) -> CheckRun:
        """Return a commit's latest check run once completed, with one of the `wanted` conclusions if given.

        Raises:
            TimeoutError: it is not, after `timeout` seconds.
        """

        def concluded() -> CheckRun | None:
            runs = [run for run in self.check_runs(full_name, sha) if name in {None, run.name}]
            done = bool(runs) and runs[-1].conclusion is not None
            return runs[-1] if done and (not wanted or runs[-1].conclusion in wanted) else None

        return self.log.wait_until(concluded, timeout=timeout)

    def close(self) -> None:
        """Stop the server and remove the repositories."""
        self.webhooks.close()
        self._application.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        with self.state.lock:
            shutil.rmtree(self._folder)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_payload(self, event: str, payload: Json) -> None:
        if self.contract:
            self.contract.check_payload(event, payload)
