"""The log: one JSON object a line, in UTC, with one id through all lines of a message and never its text.

Libraries may write texts, ids or tokens into their lines. Of theirs, only who wrote and where is kept.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name

from bot.inbox import REFERENCE, trace

if TYPE_CHECKING:
    from typing import TextIO

    from structlog.typing import EventDict

OWN = "lotse"
"""What the names of our own loggers begin with."""


def configure(level: str, stream: TextIO) -> None:
    """Let every logger of this process write to a stream. Libraries are heard from warnings on."""
    handler = logging.StreamHandler(stream)
    handler.addFilter(_spare)
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[add_log_level, add_logger_name, ExtraAdder(), _reference, stamp],
            processors=[ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))
    logging.getLogger(OWN).setLevel(level.upper())
    logging.captureWarnings(capture=True)


def _spare(record: logging.LogRecord) -> bool:
    """Take out what may quote a text: the words of libraries, the messages of exceptions."""
    if record.exc_info and record.exc_info[1]:
        record.trace = trace(record.exc_info[1])
    record.exc_info = record.exc_text = record.stack_info = None
    if record.name.split(".")[0] != OWN:
        record.msg, record.args = f"{record.module}:{record.lineno}", ()
    return True


def _reference(_logger: Any, _method: str, event: EventDict) -> EventDict:  # noqa: ANN401 - structlog's own signature
    """Add the id of the message that is being worked on."""
    if reference := REFERENCE.get():
        event.setdefault("id", reference)
    return event
