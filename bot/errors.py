"""What can go wrong between a question and an answer.

BotError
└── (the knowledge's own errors pass through: see knowledge/errors.py)
"""

from __future__ import annotations


class BotError(Exception):
    """Mark every error that the core raises on purpose."""
