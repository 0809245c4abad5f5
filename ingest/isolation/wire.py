"""The wire between a parent and the children that read for it: frames of bytes, and what an answer may hold."""

from __future__ import annotations

import io
import pickle
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from ingest.cutting import Cut
from ingest.errors import ReadingError
from ingest.readers.content import Content

if TYPE_CHECKING:
    from collections.abc import Iterable

GREETING = b"ready"
"""What a child says first."""

GOING_ON = b""
"""What a child says while a long file takes its time."""

LARGEST = 256 * 1024 * 1024
"""The most bytes of an answer: ten million characters, each in a block of its own, need less."""

_LENGTH = struct.Struct(">I")
_ANSWERS = frozenset(
    (
        "datetime",
        "ingest.cutting",
        "ingest.errors",
        "ingest.isolation.wire",
        "ingest.readers.content",
        "knowledge.documents",
    )
)

Outcome = Content | Cut | ReadingError
"""What can become of one file."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one file. A child that `retires` has used much memory, answers no further and makes room."""

    outcome: Outcome
    retires: bool = False


def write(pipe: BinaryIO, frames: Iterable[bytes]) -> None:
    """Write frames, each behind its length, in one go."""
    for frame in frames:
        pipe.write(_LENGTH.pack(len(frame)))
        pipe.write(frame)
    pipe.flush()


def read(pipe: BinaryIO, largest: int = LARGEST) -> bytes | None:
    """Return the next frame; None at the end, which a frame that was cut or is too long ends too."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    length: int = _LENGTH.unpack(head)[0]
    if length > largest:
        return None
    frame = pipe.read(length)
    return frame if len(frame) == length else None


def pack(answer: Answer) -> bytes:
    """Return an answer as bytes."""
    return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)


def unpack(frame: bytes) -> Answer:
    """Return the answer that the bytes hold. Raises pickle.UnpicklingError for anything else.

    Only our own plain data is built: a child that a file has taken over cannot make its parent run anything.
    """
    answer = _Unpickler(io.BytesIO(frame)).load()
    if not isinstance(answer, Answer) or not isinstance(answer.outcome, Outcome):
        raise pickle.UnpicklingError(type(answer).__name__)
    return answer


class _Unpickler(pickle.Unpickler):
    """Build classes of our plain data only."""

    def find_class(self, module: str, name: str) -> object:
        if module not in _ANSWERS or name.startswith("_") or "." in name:
            raise pickle.UnpicklingError(f"{module}.{name}")
        found = super().find_class(module, name)
        if not isinstance(found, type) or found.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found
