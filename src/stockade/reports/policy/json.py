"""Judgements as JSON: see docs/json.md."""

import json
from collections.abc import Iterable

from stockade.analysis.least_privilege import Grant, Judgement
from stockade.analysis.permissions import Need
from stockade.model import Step, Unknown, expression
from stockade.reports.words import place


def render(judgements: Iterable[Judgement]) -> str:
    """Write all judgements as one JSON document."""
    return json.dumps({"functions": [_function(one) for one in judgements]}, indent=2) + "\n"


def _function(judgement: Judgement) -> dict[str, object]:
    proof = judgement.proof
    return {
        "id": judgement.function,
        "needed": [_need(need) for need in judgement.needed],
        "granted": [_grant(grant) for grant in judgement.granted.grants],
        "missing": [_need(need) for need in judgement.missing],
        "excess": [
            {**_grant(excess.grant), "used": [_need(need) for need in excess.used]}
            for excess in judgement.excess
        ],
        "policy": judgement.policy.document(),
        "proof": {
            "holds": proof.holds,
            "asked": proof.asked,
            "allowed": proof.allowed,
            "denied": list(proof.denied),
            "spared": list(proof.spared),
        },
        "size": judgement.policy.size,
        "unknown": [
            _unknown(unknown) for unknown in (*judgement.unknown, *judgement.granted.unknown)
        ],
    }


def _need(need: Need) -> dict[str, object]:
    return {
        "action": need.action,
        "resource": expression(need.resource),
        "because": [_step(step) for step in need.because],
    }


def _grant(grant: Grant) -> dict[str, object]:
    return {
        "action": grant.action,
        "resource": expression(grant.resource),
        "policy": grant.policy,
        "source": grant.source,
        "conditional": grant.conditional,
        "because": [{"at": place(grant.at), "note": f"grants it in {grant.policy}"}],
    }


def _step(step: Step) -> dict[str, object]:
    return {"at": place(step.at), "note": step.note}


def _unknown(unknown: Unknown) -> dict[str, object]:
    return {"why": unknown.why, "at": place(unknown.at)}
