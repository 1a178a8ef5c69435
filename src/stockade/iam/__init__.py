"""AWS's policy language: parse policies, decide requests, compare documents.

A library of its own, which knows nothing of applications:

    from stockade import iam

    policies = iam.Policies(identity=[iam.parse(text, name="reader")])
    request = iam.Request("arn:aws:iam::111122223333:role/app", "s3:GetObject", "arn:aws:s3:::b/k")
    decision = iam.decide(request, policies)
"""

from stockade.iam.decide import Level, Policies, decide
from stockade.iam.decision import Decision, Effect, Gap, Reason, Rule, Source, StatementRef
from stockade.iam.errors import PolicyError
from stockade.iam.parse import parse, read
from stockade.iam.policy import Condition, Place, Policy, Principals, Problem, Statement
from stockade.iam.request import Request

__all__ = [
    "Condition",
    "Decision",
    "Effect",
    "Gap",
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
    "parse",
    "read",
]
