"""Isolation: files are read in children of their own, which hostile content may break without harm to anyone else."""

from ingest.isolation.bounds import Bounds
from ingest.isolation.pool import Readers

__all__ = ["Bounds", "Readers"]
