"""Run the sandbox by itself: `python -m tests.sandbox [--port N] [--webhook URL]`, until interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from tests.sandbox.history import open_real_pulls
from tests.sandbox.sandbox import Sandbox


def main() -> None:
    """Open the list's real pull requests and serve them."""
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of 127.0.0.1 (default: a free one)")
    parser.add_argument("--webhook", help="where the App listens, such as http://127.0.0.1:8000/webhook")
    parser.add_argument("--key-file", type=Path, help="where to write the App's private key")
    options = parser.parse_args()
    with Sandbox(port=options.port) as sandbox:
        if options.key_file:
            options.key_file.write_text(sandbox.app.private_key)
            options.key_file.chmod(0o600)
        _show(sandbox, options.key_file)
        sandbox.webhooks.url = options.webhook
        for pull in open_real_pulls(sandbox):
            sys.stdout.write(f"pull request {pull.repository}#{pull.number}: {pull.title}\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


def _show(sandbox: Sandbox, key_file: Path | None) -> None:
    for name, value in sandbox.environment().items():
        if name != "PAPERGATE_PRIVATE_KEY":
            sys.stdout.write(f"{name}={value}\n")
    if key_file:
        sys.stdout.write(f"PAPERGATE_PRIVATE_KEY_FILE={key_file}\n")


if __name__ == "__main__":
    # Blocked in every thread, the signals wait for sigwait.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main()
