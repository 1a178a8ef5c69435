"""AWS's policy language: parse policies, decide requests, compare documents.

A library of its own, which knows nothing of applications:

    from stockade import iam

    policies = iam.Policies(identity=[iam.parse(text, name="reader")])
    table = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
    request = iam.Request("arn:aws:iam::111122223333:role/app", "dynamodb:GetItem", table)
    decision = iam.decide(request, policies)

Reading, preparing and deciding is all here; `stockade.iam.compare` compares two policies,
`stockade.iam.cases` answers a stream of questions, `stockade.iam.symbolic` writes ARNs of which
parts are not known.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stockade.iam.decision import Decision, Effect, Gap, Reason, Rule, Source, StatementRef
    from stockade.iam.errors import PolicyError
    from stockade.iam.evaluation import Level, Policies, decide
    from stockade.iam.known import Known, known_context
    from stockade.iam.policy import Condition, Place, Policy, Principals, Problem, Statement
    from stockade.iam.reading import parse, read
    from stockade.iam.request import Request

_HOMES = {
    "Condition": "policy",
    "Decision": "decision",
    "Effect": "decision",
    "Gap": "decision",
    "Known": "known",
    "Level": "evaluation",
    "Place": "policy",
    "Policies": "evaluation",
    "Policy": "policy",
    "PolicyError": "errors",
    "Principals": "policy",
    "Problem": "policy",
    "Reason": "decision",
    "Request": "request",
    "Rule": "decision",
    "Source": "decision",
    "Statement": "policy",
    "StatementRef": "decision",
    "decide": "evaluation",
    "known_context": "known",
    "parse": "reading",
    "read": "reading",
}
"""Where each public name lives: a module is imported when one of its names is used."""

__all__ = [
    "Condition",
    "Decision",
    "Effect",
    "Gap",
    "Known",
    "Level",
    "Place",
    "Policies",
    "Policy",
    "PolicyError",
    "Principals",
    "Problem",
    "Reason",
    "Request",
    "Rule",
    "Source",
    "Statement",
    "StatementRef",
    "decide",
    "known_context",
    "parse",
    "read",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is asked for: most uses need few of them."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 - not needed for submodules

    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
