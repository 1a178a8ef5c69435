"""Judgements as JSON: see docs/json.md."""

import json
from collections.abc import Iterable, Mapping, Sequence

from stockade.analysis.least_privilege import Grant, Judgement
from stockade.analysis.least_privilege.split import Part
from stockade.analysis.permissions import Need
from stockade.model import Step, Unknown, expression
from stockade.reports.words import place


def render(judgements: Iterable[Judgement], split: Mapping[str, Sequence[Part]] = {}) -> str:
    """Write all judgements as one JSON document; `split` has the parts of functions."""
    functions = [
        {**_function(one), "split": [_part(part) for part in split.get(one.function, ())]}
        for one in judgements
    ]
    return json.dumps({"functions": functions}, indent=2) + "\n"


def _part(part: Part) -> dict[str, object]:
    return {
        "labels": list(part.job.labels),
        "at": place(part.job.at),
        "needed": [_need(need) for need in part.needs.needed],
        "unknown": [_unknown(unknown) for unknown in part.needs.unknown],
    }


def _function(judgement: Judgement) -> dict[str, object]:
    proof = judgement.proof
    return {
        "id": judgement.function,
        "logical_id": judgement.logical_id,
        "needed": [_need(need) for need in judgement.needed],
        "granted": [_grant(grant) for grant in judgement.grants],
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
