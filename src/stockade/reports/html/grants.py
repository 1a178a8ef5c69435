"""What each role opens, as the application writes it."""

from collections.abc import Iterator

from stockade.analysis.statements import effect, statements
from stockade.model import (
    Application,
    AttachedPolicy,
    Map,
    Names,
    ResourceId,
    Value,
    alternatives,
    constant,
    expression,
    inside,
    references,
)
from stockade.model.record import record
from stockade.reports.html.kinds import KINDS, SERVICES

EVERYTHING = frozenset({"*", "arn:aws:*", "arn:${AWS::Partition}:*"})
ALL_OF_A_SERVICE = frozenset(
    {"*", "*/*", "table/*", "secret:*", "parameter/*", "function:*", "key/*", "stream/*"}
)
"""Ends of ARNs that cover whatever the service holds."""


@record(kw_only=True)
class Statement:
    """One statement of a role's policies; texts are as `Fn::Sub` would take them."""

    policy: AttachedPolicy
    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditional: bool
    opens: tuple[ResourceId, ...]
    """The resources of the application that it names."""
    opens_all_of: tuple[str, ...]
    """The services (`"s3"`, or `"*"`) of which it opens everything."""


def granted(app: Application, names: Names, policy: AttachedPolicy) -> Iterator[Statement]:
    """Yield the statements of a policy whose text the application holds."""
    for document in alternatives(policy.document):
        for statement in statements(document):
            allows = effect(statement) == "allow"
            actions = tuple(_actions(statement))
            resources = tuple(inside(statement, "Resource", "[]"))
            yield Statement(
                policy=policy,
                allows=allows,
                actions=actions,
                resources=tuple(_texts(statement, "Resource")),
                conditional="Condition" in statement,
                opens=tuple(_opened(app, names, resources)) if allows else (),
                opens_all_of=tuple(_services(actions, resources)) if allows else (),
            )


def name(policy: AttachedPolicy) -> str:
    """Name a policy: a managed one by the last part of its ARN."""
    if policy.managed_arn is None:
        return policy.name
    arn = constant(policy.managed_arn)
    return arn.rpartition("/")[2] if isinstance(arn, str) else expression(policy.managed_arn)


def _actions(statement: Map) -> Iterator[str]:
    yield from (expression(one) for one in inside(statement, "Action", "[]"))
    yield from (f"not {expression(one)}" for one in inside(statement, "NotAction", "[]"))


def _texts(statement: Map, key: str) -> Iterator[str]:
    yield from (expression(one) for one in inside(statement, key, "[]"))
    yield from (f"not {expression(one)}" for one in inside(statement, f"Not{key}", "[]"))


def _opened(app: Application, names: Names, resources: tuple[Value, ...]) -> Iterator[ResourceId]:
    """Yield what the statement names: by reference, or by the name that a resource has."""
    for value in resources:
        referred = [one.resource for one in references(value) if one.resource in app.resources]
        yield from referred or names.find_all(value, *KINDS)


def _services(actions: tuple[str, ...], resources: tuple[Value, ...]) -> Iterator[str]:
    if not any(_is_everything(expression(value)) for value in resources):
        return
    for action in dict.fromkeys(one.partition(":")[0].lower() for one in actions):
        service = "*" if action == "*" or action.startswith("not ") else action
        if service in SERVICES:
            yield service


def _is_everything(resource: str) -> bool:
    """Tell whether a pattern covers all that a service holds, in whichever account it runs."""
    return resource in EVERYTHING or (
        resource.startswith("arn:") and resource.split(":", 5)[-1] in ALL_OF_A_SERVICE
    )
