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

from stockade.iam.decide import Level, Policies, decide
from stockade.iam.decision import Decision, Effect, Gap, Reason, Rule, Source, StatementRef
from stockade.iam.errors import PolicyError
from stockade.iam.known import Known, known_context
from stockade.iam.parse import parse, read
from stockade.iam.policy import Condition, Place, Policy, Principals, Problem, Statement
from stockade.iam.request import Request

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
