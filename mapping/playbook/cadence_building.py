"""From the checked [[cadence]] and [[document]] tables to cadences and documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mapping.inquiry import ApplicationStatus, CreditBand, InquiryType, Stage, Timeframe
from mapping.playbook.cadences import OPEN_STAGES, Cadence, DocumentRule, FollowUpWindow, Touch


def cadences(rows: Sequence[Mapping[str, Any]]) -> tuple[Cadence, ...]:
    """The cadences in the playbook's order."""
    return tuple(map(_cadence, rows))


def documents(rows: Sequence[Mapping[str, Any]]) -> tuple[DocumentRule, ...]:
    """The documents in the playbook's order."""
    return tuple(
        DocumentRule(
            row["name"],
            tuple(word.casefold() for word in row["words"]),
            frozenset(map(InquiryType, row.get("type", ()))),
            frozenset(row.get("employment", ())),
        )
        for row in rows
    )


def document_names(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """How each document is called in other languages: language → name → name there."""
    return {
        language: {row["name"]: row[language] for row in rows if language in row} for language in ("es", "fr")
    }


def window(row: Mapping[str, Any]) -> FollowUpWindow:
    """How much of a plan stands in the CRM."""
    usual = FollowUpWindow()
    return FollowUpWindow(
        touches=row.get("in_crm", usual.touches),
        days=row.get("in_crm_days", usual.days),
        review_days=row.get("review_days", usual.review_days),
    )


def _cadence(row: Mapping[str, Any]) -> Cadence:
    return Cadence(
        name=row["name"],
        anchor=row["anchor"],
        touches=tuple(Touch(**touch) for touch in row["touch"]),
        phase=row["phase"],
        from_day=row.get("from_day"),
        until_day=row.get("until_day"),
        types=frozenset(map(InquiryType, row.get("type", ()))),
        timeframes=frozenset(map(Timeframe, row.get("timeframe", ()))),
        credit=frozenset(map(CreditBand, row.get("credit", ()))),
        sources=frozenset(row.get("source", ())),
        paths=frozenset(row.get("path", ())),
        engagement=frozenset(row.get("engagement", ())),
        stages=frozenset(map(Stage, row["stage"])) if "stage" in row else OPEN_STAGES,
        application=frozenset(map(ApplicationStatus, row.get("application", ()))),
        missing=row.get("missing"),
        pursuit=row["pursuit"],
        waits_for_owner=row["waits_for_owner"],
        workflow=row["highlevel"].get("workflow", ""),
        tag=row["highlevel"].get("tag", ""),
    )
