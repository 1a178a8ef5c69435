"""A layer of a stranger's account. Its page is docs/rules/foreign-layer.md."""

import re
from collections.abc import Iterator

from stockade._late import pattern
from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    Severity,
    Step,
    Unknown,
    Value,
    alternatives,
    constant,
    expression,
    inside,
)
from stockade.rules._rule import rule

_LAYER = pattern(
    r"^arn:[^:]+:lambda:[^:]*:(?P<account>\d{12}):layer:(?P<name>[^:]+)(?::(?P<version>.+))?$"
)
_OF_AWS = frozenset(
    {
        "017000801446",  # Powertools
        "580247275435",  # CloudWatch Lambda Insights
        "901920570463",  # AWS Distro for OpenTelemetry
        "615299751070",  # CloudWatch Application Signals
        "336392948345",  # AWS SDK for pandas
        "753240598075",  # AWS Lambda Web Adapter
        "094274105915",  # Powertools for TypeScript
        "114300393969",  # CodeGuru profiler and others
    }
)
"""Accounts from which AWS publishes layers."""

_NAMES_OF_AWS = pattern(
    r"^(?:AWS-Parameters-and-Secrets|AWS-AppConfig|LambdaInsights|aws-otel|AWSLambdaPowertools|"
    r"AWSSDKPandas|LambdaAdapter|AWSOpenTelemetry|CodeGuru)",
    re.IGNORECASE,
)
"""Layers of AWS that come from another account in each region."""


@rule(
    title="a layer of a stranger's account runs inside a function",
    harm=Severity.LOW,
    practice="F4",
    cwe=(829,),
    persona=Persona.STRICT,
)
def foreign_layer(app: Application, facts: Facts) -> Iterator[Match]:
    """Report layers of accounts that are not AWS's, each account's once."""
    told: dict[str, Match] = {}
    for function in app.functions:
        for written in inside(app.resources[function].properties, "Layers", "[]"):
            for one in alternatives(written):
                found = _foreign(one)
                if found is not None and found[0] not in told:
                    told[found[0]] = _match(app, facts, function, one)
    yield from told.values()


def _foreign(layer: Value) -> tuple[str, str] | None:
    """Return the account and name of a layer that neither the author nor AWS made."""
    known = constant(layer)
    text = expression(layer) if isinstance(known, Unknown) or known is None else known
    match = _LAYER.match(text.replace("${AWS::", "${"))
    if match is None or match["account"] in _OF_AWS or _NAMES_OF_AWS.match(match["name"]):
        return None
    return match["account"], match["name"]


def _match(app: Application, facts: Facts, function: str, layer: Value) -> Match:
    account, name = _foreign(layer) or ("", "")
    sources = app.event_sources_of(function)
    return Match(
        at=layer.at,
        message=f"account {account} decides what runs inside {function}: its layer {name} does",
        because=(Step(layer.at, "is code of another account, with the function's permissions"),),
        confidence=Confidence.MEDIUM,
        exposure=max(
            (facts.exposures[one.id].exposure for one in sources), default=Exposure.PROVIDER
        ),
        identity=(account, name),
        resource=function,
        help="build the layer from sources in your own account, or package what it holds",
    )
