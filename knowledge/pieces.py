"""How well a piece of a passage fits a question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fit:
    """How a piece fits.

    `speaks` says for each word that is asked about how surely (0..1) the piece, with what stands above it, speaks of it; `near` is
    its likeness to the whole question (about 0..0.7), from the piece alone.
    """

    speaks: tuple[float, ...]
    near: float
