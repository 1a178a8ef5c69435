"""Clients get past the gateway. Its page is docs/rules/client-past-gateway.md."""

from collections.abc import Iterator

from stockade.analysis.exposure.clients import Clients
from stockade.analysis.facts import Facts
from stockade.analysis.managed import managed_path
from stockade.analysis.statements import conditions, covers, effect, statements
from stockade.analysis.stores.partners import reached
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Map,
    Match,
    Role,
    Severity,
    Step,
    expression,
    inside,
)
from stockade.rules._rule import rule

_GATEWAYS = (
    "execute-api:",
    "appsync:graphql",
    "cognito-identity:",
    "cognito-sync:",
    "mobileanalytics:",
    "mobiletargeting:putevents",
    "mobiletargeting:updateendpoint",
    "rum:putrumevents",
    "iot:connect",
    "transcribe:start",
    "geo:",
)
"""What clients are meant to call: APIs, and services that are made for them."""

_OF_A_SERVICE = ("FullAccess", "ReadOnlyAccess", "PowerUser", "AdministratorAccess", "ReadWrite")
"""How AWS names its policies of all that a service can do."""
_OWN = ("${cognito-identity.amazonaws.com:sub}", "${aws:principaltag/", "${cognito-identity")


@rule(
    title="clients get past the gateway",
    harm=Severity.HIGH,
    practice="I6",
    cwe=(284, 732),
)
def client_past_gateway(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report what roles of clients and partners let them do besides calling an API."""
    yield from _of_pools(app)
    yield from _of_devices(app)
    for found in reached(app):
        yield Match(
            at=found.statement.at,
            message=(
                f"the partner who assumes {app.resources[found.role.id].name} can "
                f"{_listed(list(found.what))} past every API of the application"
            ),
            because=(
                Step(found.trust, "another account is given this role, with an external id"),
                Step(found.statement.at, "which may do this by itself"),
            ),
            confidence=Confidence.HIGH,
            exposure=Exposure.PARTNER,
            identity=(found.role.id, *found.what),
            resource=found.role.id,
            help=(
                "let the partner call an API (execute-api:Invoke on its routes) with a usage "
                "plan, and let a function do this for them"
            ),
        )


def _of_devices(app: Application) -> Iterator[Match]:
    """Report policies of devices that let each of them speak for all."""
    for policy in app.of_type("AWS::IoT::Policy"):
        for statement in statements(policy.properties.get("PolicyDocument")):
            everything = any(
                _is_every_topic(expression(one)) for one in inside(statement, "Resource", "[]")
            )
            what = [words for action, words in _TOPICS.items() if covers(statement, (action,))]
            if effect(statement) != "allow" or not everything or not what:
                continue
            if any(True for _ in conditions(statement)):
                continue
            yield Match(
                at=statement.at,
                message=(
                    f"any device of {policy.name} can {' and '.join(what)} every topic of "
                    "the account"
                ),
                because=(
                    Step(policy.at, "devices are given this policy"),
                    Step(statement.at, "which names no topic of their own"),
                ),
                confidence=Confidence.HIGH,
                exposure=Exposure.PARTNER,
                identity=(policy.id, *what),
                resource=policy.id,
                help=(
                    "narrow Resource to the device's own topics: "
                    "topic/devices/${iot:Connection.Thing.ThingName}/*"
                ),
            )


def _is_every_topic(resource: str) -> bool:
    """Tell whether a pattern covers all topics, or all filters of topics: `*`, `...:topic/*`."""
    name = resource.split(":", 5)[-1]
    return name in {"*", "topic/*", "topicfilter/*"}


_TOPICS = {"iot:Publish": "publish to", "iot:Subscribe": "subscribe to"}


def _of_pools(app: Application) -> Iterator[Match]:
    if next(app.of_type("AWS::Cognito::IdentityPoolRoleAttachment"), None) is None:
        return
    for role, exposure, step in Clients(app).held:
        found = list(_beyond(role, exposure))
        if found:
            who = "anyone" if exposure is Exposure.ANYONE else "any user who signs in"
            actions = list(dict.fromkeys(one for _, some in found for one in some))
            allowing = (
                Step(statement.at, "which may do this by itself") for statement, _ in found
            )
            yield Match(
                at=found[0][0].at,
                message=f"{who} can call {_listed(actions)} past every API of the application",
                because=(step, *allowing),
                confidence=Confidence.HIGH,
                exposure=exposure,
                identity=(role.id, *actions),
                resource=role.id,
                help=(
                    "let clients call the API only (execute-api:Invoke on its routes), and let a "
                    "function do this for them; what is a user's own, narrow to "
                    "${cognito-identity.amazonaws.com:sub}"
                ),
            )


def _beyond(role: Role, exposure: Exposure) -> Iterator[tuple[Map, list[str]]]:
    for policy in role.policies:
        name = managed_path(policy.managed_arn).rpartition("/")[2]
        if name.endswith(_OF_A_SERVICE) and "APIGatewayInvoke" not in name:
            at = policy.at
            yield Map({}, at, {}), [f"what {name} grants"]
        for statement in statements(policy.document):
            if effect(statement) != "allow":
                continue
            actions = [
                expression(one)
                for one in inside(statement, "Action", "[]")
                if not expression(one).lower().startswith(_GATEWAYS)
            ]
            own = exposure is not Exposure.ANYONE and _is_own(statement)
            if actions and not own:
                yield statement, actions


def _is_own(statement: Map) -> bool:
    """Tell whether a statement is about what belongs to the very user who asks."""
    texts = [expression(one) for one in inside(statement, "Resource", "[]")]
    texts += [
        expression(value) for condition in conditions(statement) for value in condition.values
    ]
    return any(own in text.lower() for text in texts for own in _OWN)


def _listed(actions: list[str]) -> str:
    several = 3
    shown = ", ".join(actions[:several])
    more = len(actions) - several
    return f"{shown} and {more} more" if more > 0 else shown
