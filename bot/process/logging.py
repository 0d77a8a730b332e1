"""JSON logs on standard error, one object a line, with secrets taken out of whatever is logged."""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterable

    from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "[redacted]"

_SENSITIVE_KEY = re.compile(
    r"token|secret|password|authorization|private_key|signature|api_key", re.IGNORECASE
)
# GitHub's tokens by prefix (https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/),
# JSON web tokens, PEM blocks (newlines escaped, as JSON has them), credentials in headers and in URLs.
_SENSITIVE_TEXT = re.compile(
    r"\b(?:gh[oprsu]_|github_pat_)\w{16,}"
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!-----END).)*(?:-----END [A-Z ]*PRIVATE KEY-----)?"
    r"|(?<=bearer )[\w.~+/-]{8,}=*"
    r"|(?<=://)[^/\s:@\"]{0,256}:[^/\s@\"]{1,256}(?=@)",
    re.IGNORECASE | re.DOTALL,
)


class Redaction:
    """Structlog processor that masks values under telling names; `text` masks the finished line."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # As the JSON line has them; the longest first, as one may hold another.
        self._secrets = sorted(
            {json.dumps(secret)[1:-1] for secret in secrets if secret}, key=len, reverse=True
        )

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Return the event with its telling values masked."""
        return {key: MASK if _SENSITIVE_KEY.search(key) else value for key, value in event.items()}

    def text(self, line: str) -> str:
        """Return the line without the known secrets and without whatever looks like one."""
        for secret in self._secrets:
            line = line.replace(secret, MASK)
        return _SENSITIVE_TEXT.sub(MASK, line)


def configure_logging(*, secrets: Iterable[str] = (), level: int = logging.INFO) -> None:
    """Send this process's logs, those of its libraries included, to standard error as redacted JSON."""
    redaction = Redaction(secrets)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redaction,
                lambda logger, method, event: redaction.text(_render(logger, method, event)),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for chatty in ("alembic", "procrastinate.blueprints", "procrastinate.jobs", "procrastinate.periodic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)  # they tell of plugins, and twice of each job
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return json.dumps(event, default=str)
