"""Compared applications as JSON: see docs/json.md."""

import json

from stockade.analysis.comparison import (
    Compared,
    ComparedApplication,
    Comparison,
    Difference,
    Reason,
)
from stockade.iam.compare import request_json
from stockade.reports.words import place


def render(compared: Comparison) -> str:
    """Write the verdict, the first request that shows it, and all that was compared."""
    subjects = compared.subjects
    differences = [one for subject in subjects for one in subject.differences]
    first = next(iter(sorted(differences, key=lambda one: not one.proved)), None)
    unproved = next((reason for one in subjects for reason in one.unproved), None)
    because = [first.statement, *first.because] if first else [unproved] if unproved else []
    document = {
        "verdict": compared.verdict,
        "witness": request_json(first.witness) if first is not None else None,
        "because": [reason.text for reason in because],
        "applications": [_application(one) for one in compared.applications],
        "unseen": [{"why": one.why, "at": place(one.at)} for one in compared.unseen],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _application(one: ComparedApplication) -> dict[str, object]:
    return {
        "name": one.name,
        "change": str(one.change),
        "compared": [_subject(subject) for subject in one.subjects],
    }


def _subject(one: Compared) -> dict[str, object]:
    return {
        "id": one.subject,
        "type": one.type,
        "change": str(one.change),
        "verdict": one.verdict,
        "differences": [_difference(difference) for difference in one.differences],
        "unproved": [_reason(reason) for reason in one.unproved],
    }


def _difference(one: Difference) -> dict[str, object]:
    return {
        "proved": one.proved,
        "actions": list(one.actions),
        "witness": request_json(one.witness),
        "because": [_reason(reason) for reason in (one.statement, *one.because)],
    }


def _reason(reason: Reason) -> dict[str, object]:
    at = place(reason.at) if reason.at is not None and reason.at.line else None
    return {"text": reason.text, "at": at}
