"""Logs: JSON lines with keys from an allow-list, so that no personal data slips in; SQL and locals never."""

import json
import logging
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "code",
        "connector",
        "count",
        "error",
        "hint",
        "interactions",
        "landed",
        "path",
        "port",
        "quarantined",
        "records",
        "run",
        "seconds",
        "source",
        "stream",
        "url",
    }
)


def _only_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}


class _Libraries(logging.Formatter):
    """What the libraries below us log, as a JSON line too; of an exception its kind alone, since its words may quote."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "event": record.getMessage().strip(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, sort_keys=True)


def configure(level: str) -> None:
    """Have structlog write JSON lines to standard error, and quieten the libraries below it."""
    number = getattr(logging, level.upper())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Libraries())
    logging.basicConfig(level=logging.ERROR, handlers=[handler])
    logging.getLogger("uvicorn.access").disabled = True
