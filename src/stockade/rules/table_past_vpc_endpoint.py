"""A network's way to its tables is open. Its page is docs/rules/table-past-vpc-endpoint.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.statements import effect, statements
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Function,
    Location,
    Match,
    Persona,
    Resource,
    Severity,
    Step,
    expression,
    inside,
)
from stockade.rules._rule import rule

_SERVICES = {"dynamodb": "tables", "s3": "buckets"}


@rule(
    title="a network reaches tables without an endpoint that narrows it",
    harm=Severity.MEDIUM,
    practice="T3",
    cwe=(923,),
    persona=Persona.STRICT,
)
def table_past_vpc_endpoint(app: Application, facts: Facts) -> Iterator[Match]:
    """Report networks of the application from which functions reach every table."""
    if next(app.of_type("AWS::EC2::VPC"), None) is None:
        return  # Another stack holds the network, and its endpoints.
    endpoints = tuple(app.of_type("AWS::EC2::VPCEndpoint"))
    for service, stores in _SERVICES.items():
        function = _inside_network(app, facts, service)
        if function is None:
            continue
        ours = [one for one in endpoints if _service(one) == service]
        open_ones = [one for one in ours if _admits_all(one)]
        if ours and not open_ones:
            continue
        at = open_ones[0].at if ours else function.at
        note = (
            f"its endpoint for {service} has no policy that names the {stores}"
            if ours
            else f"its network has no endpoint for {service}"
        )
        yield _match(function, service, stores, at, note)


def _match(function: Function, service: str, stores: str, at: Location, note: str) -> Match:
    return Match(
        at=at,
        message=f"{function.id} can send data to {stores} of any account from its network",
        because=(Step(function.at, f"this function calls {service} from a VPC"), Step(at, note)),
        confidence=Confidence.HIGH,
        exposure=Exposure.APPLICATION,
        identity=(service, note),
        resource=function.id,
        help=(
            f"add an AWS::EC2::VPCEndpoint of type Gateway for {service} whose PolicyDocument "
            f"allows the application's actions on the application's {stores} only"
        ),
    )


def _inside_network(app: Application, facts: Facts, service: str) -> Function | None:
    """Return a function that calls a service from within a VPC."""
    calling = {call.function for call in facts.calls if call.callee.startswith(f"aws.{service}.")}
    for function in app.functions.values():
        if function.id not in calling:
            continue
        properties = app.resources[function.id].properties
        if any(True for _ in inside(properties, "VpcConfig", "SubnetIds", "[]")):
            return function
    return None


def _service(endpoint: Resource) -> str:
    named = endpoint.properties.get("ServiceName")
    return expression(named).rpartition(".")[2] if named is not None else ""


def _admits_all(endpoint: Resource) -> bool:
    """Tell whether the endpoint lets requests to all resources pass, as it does by default."""
    document = endpoint.properties.get("PolicyDocument")
    if document is None:
        return True
    return any(
        effect(statement) == "allow"
        and "Condition" not in statement
        and any(expression(one) == "*" for one in inside(statement, "Resource", "[]"))
        for statement in statements(document)
    )
