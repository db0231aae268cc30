"""How the processes of a server log: in text for people, or in JSON for programs.

In JSON each line is an object with ``time`` (UTC, ISO 8601), ``level``, ``logger`` and
``message``, and ``exception`` where there is one.
"""

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import click

FORMATS = ("text", "json")

log = logging.getLogger("calsvc")


class JSONFormatter(logging.Formatter):
    """Formats each record as one line: what is not ASCII is escaped, and so are ends of lines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as an object of JSON."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told)


def configure(form: str) -> None:
    """Log to the standard error in one of ``FORMATS``, in this process and all that it forks."""
    if form == "text":
        logging.basicConfig(level=logging.WARNING, format="%(message)s")
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JSONFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    log.setLevel(logging.INFO)
    # What Python itself would print in text.
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _uncaught_in_thread


def is_json() -> bool:
    """Tell whether this process logs in JSON."""
    handlers = logging.getLogger().handlers
    return any(isinstance(each.formatter, JSONFormatter) for each in handlers)


def say(words: object, *, err: bool = True, is_wrong: bool = True) -> None:
    """Tell whoever started this process something; in the log, where programs read that.

    ``err`` says whether people read it on the standard error.
    """
    if is_json():
        log.log(logging.WARNING if is_wrong else logging.INFO, "%s", words)
    else:
        click.echo(words, err=err)


def _uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    log.critical("A process of calsvc ends.", exc_info=(kind, error, traceback))


def _unraisable(found: Any) -> None:
    log.error("Something failed that nobody waits for.", exc_info=found.exc_value)


def _uncaught_in_thread(found: threading.ExceptHookArgs) -> None:
    if found.exc_value and found.exc_type is not SystemExit:
        log.error("A thread of calsvc ends.", exc_info=found.exc_value)
