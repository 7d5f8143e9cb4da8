"""Moments as journals and CRMs write them: ISO 8601 in UTC with milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(epoch_seconds: float) -> str:
    """1763760000.5 → "2025-11-21T21:20:00.500Z"."""
    moment = datetime.fromtimestamp(round(epoch_seconds * 1000) / 1000, UTC)
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"
