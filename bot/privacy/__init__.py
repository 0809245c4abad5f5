"""Personal data and secrets in a text: what is found, placeholders in its place, and back again."""

from __future__ import annotations

from bot.privacy.findings import Finding, Kind, Sensitivity
from bot.privacy.redaction import Redaction, find, put_back, replace

__all__ = ["Finding", "Kind", "Redaction", "Sensitivity", "find", "put_back", "replace"]
