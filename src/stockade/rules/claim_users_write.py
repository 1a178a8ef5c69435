"""A claim that users write decides what they may do. Page: docs/rules/claim-users-write.md."""

import re
from collections.abc import Iterator

from stockade._late import pattern
from stockade.analysis.events import OWN_CLAIM
from stockade.analysis.exposure.routes import signs_up
from stockade.analysis.facts import Facts, Flow
from stockade.model import (
    Application,
    Confidence,
    Match,
    Names,
    Resource,
    Severity,
    Step,
    constant,
    inside,
)
from stockade.rules._advice import advice
from stockade.rules._rule import rule

_DECIDING = pattern(
    r"role|admin|group|perm|access|scope|level|tier|plan|tenant|org|staff|owner|approv|verif|"
    r"premium|type|member|subscri",
    flags=re.IGNORECASE,
)
"""What names of attributes speak of that say what somebody may do, not what somebody is like."""
_MOST_SHOWN = 3


@rule(
    title="users can write the claim that decides what they may do",
    harm=Severity.HIGH,
    practice="C8",
    cwe=(266, 639),
)
def claim_users_write(app: Application, facts: Facts) -> Iterator[Match]:
    """Report attributes of user pools that users may set and that the code compares."""
    by_claim: dict[str, list[Flow]] = {}
    for flow in facts.flows_into("claim"):
        _, custom, name = flow.origin.field.rpartition(OWN_CLAIM)
        if custom and _DECIDING.search(name):
            by_claim.setdefault(name, []).append(flow)
    if not by_claim:
        return
    for name, flows in by_claim.items():
        for pool in app.of_type("AWS::Cognito::UserPool"):
            attribute = _attribute(pool, name)
            client = None if attribute is None else _writing(app, pool, name)
            if attribute is not None and client is not None:
                yield _match(app, name, flows, attribute, client)
                break


def _attribute(pool: Resource, name: str) -> Step | None:
    """Return where a pool has an attribute that its users can come to set; None where not."""
    for one in inside(pool.properties, "Schema", "[]"):
        named = constant(next(inside(one, "Name"), None))
        mutable = constant(next(inside(one, "Mutable"), None))
        if not isinstance(named, str) or named.removeprefix(OWN_CLAIM) != name:
            continue
        if mutable == "true" or signs_up(pool):
            return Step(one.at, f"{pool.name} keeps {OWN_CLAIM}{name} of its users")
    return None


def _writing(app: Application, pool: Resource, name: str) -> tuple[Resource, Step] | None:
    """Return the client that lets its users write an attribute, and the line that does."""
    names = Names(app.resources)
    for client in app.of_type("AWS::Cognito::UserPoolClient"):
        if names.find(client.properties.get("UserPoolId"), pool.type) != pool.id:
            continue
        written = client.properties.get("WriteAttributes")
        if written is None:
            note = "its users may write all of them: no WriteAttributes are named"
            return client, Step(client.at, note)
        for one in inside(written, "[]"):
            if constant(one) == f"{OWN_CLAIM}{name}":
                return client, Step(one.at, "its users may write it through this client")
    return None


def _match(
    app: Application,
    name: str,
    flows: list[Flow],
    attribute: Step,
    writing: tuple[Resource, Step],
) -> Match:
    client, line = writing
    worst = max(flows, key=lambda flow: flow.origin.exposure)
    functions = list(dict.fromkeys(flow.function for flow in flows))
    others = len(functions) - 1
    let = f"{functions[0]} and {others} more let" if others else f"{functions[0]} lets"
    sinks = dict.fromkeys(flow.sink for flow in (worst, *flows))
    return Match(
        at=line.at,
        message=f"any signed-in user can set {OWN_CLAIM}{name}, by which {let} people in",
        because=(
            attribute,
            line,
            *worst.steps[:-1],
            *(Step(at, "and here it decides") for at in list(sinks)[:_MOST_SHOWN]),
        ),
        confidence=Confidence.MEDIUM,
        exposure=worst.origin.exposure,
        identity=(client.id, name),
        resource=client.id,
        help=advice(
            app,
            client.id,
            f"name the WriteAttributes of {client.name}, without {OWN_CLAIM}{name}, or ask"
            " for a group (cognito:groups) instead: only administrators put users into those",
            terraform=f"name the write_attributes of {client.name}, without"
            f" {OWN_CLAIM}{name}, or ask for a group (cognito:groups) instead",
            cdk=f"name the writeAttributes of the client, without {OWN_CLAIM}{name}, or ask for a"
            " group (cognito:groups) instead",
        ),
    )
