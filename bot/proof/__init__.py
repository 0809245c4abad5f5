"""Does the cited text really say so? `prove` holds a sentence against its quotes, in plain code."""

from __future__ import annotations

from bot.proof.proving import Check, Proof, Quoted, Reason, prove

__all__ = ["Check", "Proof", "Quoted", "Reason", "prove"]
