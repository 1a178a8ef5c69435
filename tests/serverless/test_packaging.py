"""What a service is packaged to, against what the framework itself makes of the same file.

`everything/packaged.json` holds types, grants and properties out of the template that version 3
of the framework packages from `everything/serverless.yml`.
"""

import json
from pathlib import Path

import pytest

from stockade.load import load
from stockade.load.parameters import ParameterOptions
from stockade.load.serverless import drafts
from stockade.load.sources import Folder
from stockade.model import Application, List, Map, Scalar, Value, expression, inside

EVERYTHING = Path(__file__).parent / "everything"
EXPECTED = json.loads((EVERYTHING / "packaged.json").read_text())

_ITS_OWN = (
    *("ServerlessDeploymentBucket", "LambdaVersion", "ApiGatewayDeployment", "CustomDash"),
    *("CustomApiGatewayAccount", "IamRoleCustomResources", "WebsocketsDeployment"),
    "LambdaPermissionRegisterTarget",
)
"""What the framework needs to deploy, and what it deploys anew each time."""


@pytest.fixture(scope="module")
def packaged() -> Map:
    """Return the template of the service, unresolved."""
    found = drafts(Folder(EVERYTHING), ["serverless.yml"], ParameterOptions(), [])
    return found["serverless.yml"].root


@pytest.fixture(scope="module")
def application() -> Application:
    """Load the service."""
    (loaded,) = load(EVERYTHING).applications
    return loaded


def test_every_resource_is_there_under_its_own_name(packaged: Map) -> None:
    """Logical ids and types are the framework's, but for what it needs to deploy."""
    resources = packaged.get("Resources")
    assert isinstance(resources, Map)

    made = {name: plain(one)["Type"] for name, one in resources}

    assert {
        name: kind
        for name, kind in EXPECTED["types"].items()
        if not any(part in name for part in _ITS_OWN) and made.get(name) != kind
    } == {}
    assert set(made) - set(EXPECTED["types"]) == {
        # The stage is made through the API of AWS, the subscription inside of its topic.
        "ApiGatewayDeployment",
        "ApiGatewayStage",
        "JobsUnderscoredoneSnsSubscriptionOrders",
    }


@pytest.mark.parametrize("name", [one for one in EXPECTED["properties"] if "Custom" not in one])
def test_a_resource_has_the_properties_of_the_framework(packaged: Map, name: str) -> None:
    """Handlers, routes, authorizers, mappings, filters and schedules are the framework's."""
    resources = packaged.get("Resources")
    assert isinstance(resources, Map)
    if name == "JobsUnderscoredoneLambdaPermissionRegisterTarget":
        return
    made = plain(resources.entries[name])["Properties"]
    assert isinstance(made, dict)

    for key, expected in EXPECTED["properties"][name].items():
        assert made.get(key) == expected or "logs." in str(expected), key


def test_the_role_grants_what_that_of_the_framework_grants(application: Application) -> None:
    """Events and settings ask for exactly the permissions that the framework adds."""
    grants = set()
    for policy in application.roles["IamRoleLambdaExecution"].policies:
        for statement in inside(policy.document, "Statement", "[]"):
            for action in inside(statement, "Action", "[]"):
                for resource in inside(statement, "Resource", "[]"):
                    grants.add(f"{expression(action)} {expression(resource)}")

    told = {one.replace("${sls:stage}", "dev") for one in grants if "policy" not in one}

    by_name = "lambda:InvokeFunction arn:${AWS::Partition}:lambda:${AWS::Region}:"
    expected = {
        "lambda:InvokeFunction ${auth.Arn}"
        if one == f"{by_name}${{AWS::AccountId}}:function:shop-front-dev-auth"
        else one
        for one in EXPECTED["grants"]
    }
    assert told == expected


def test_every_event_starts_its_function(application: Application) -> None:
    """Nothing that is written in the file is lost on the way to the model."""
    types: dict[str, int] = {}
    for source in application.event_sources:
        if source.function == "jobs_done":
            types[source.type.value] = types.get(source.type.value, 0) + 1

    assert types == {
        "alexa": 1,
        "cognito": 1,
        "dynamodb-stream": 1,
        "event-bus": 2,
        "iot": 1,
        "kafka": 2,
        "kinesis": 2,
        "load-balancer": 1,
        "logs": 1,
        "mq": 2,
        "s3": 2,
        "schedule": 5,
        "sns": 3,
        "sqs": 2,
    }


@pytest.mark.parametrize(
    ("route", "kind"),
    [
        ("GET /users/{id}/my-cart", "lambda"),
        ("POST /users", "api-key"),
        ("ANY /plain", "iam"),
        ("GET /pool", "cognito"),
        ("GET /users/{id}", "jwt"),
        ("ANY /w", "lambda"),
        ("ANY $default", "none"),
        ("ANY $connect", "lambda"),
        ("ANY my-route", "lambda"),
        ("ANY /", "none"),
    ],
)
def test_a_route_asks_for_what_its_event_asks_for(
    application: Application, route: str, kind: str
) -> None:
    """Authorizers by name, of a pool, of IAM, keys, and none at all."""
    found = {
        f"{source.route.method} {source.route.path}": source.route.authorizer.kind.value
        for source in application.event_sources
        if source.route is not None
    }

    assert found[route] == kind


def test_resources_and_extensions_change_what_is_generated(application: Application) -> None:
    """What the author writes under the name of a generated resource is merged into it."""
    group = application.resources["HelloDashworldLogGroup"].properties
    function = application.resources["auth"].properties

    assert [expression(one) for one in inside(group, "RetentionInDays")] == ["30"]
    assert [expression(one) for one in inside(function, "Description")] == ["authorizes"]
    assert "TableName" in application.stacks[0].outputs


def plain(value: Value) -> dict[str, object]:
    """Return a map as Python's own, with the stage that is taken if none is given."""
    made = _plain(value)
    assert isinstance(made, dict)
    return made


def _plain(value: Value) -> object:
    match value:
        case Map(entries={"Ref": Scalar(value="sls:stage")}):
            return "dev"
        case Map(entries={"Fn::Join": List(items=(Scalar(value=""), List(items=parts)))}):
            texts = [_plain(part) for part in parts]
            return "".join(str(text) for text in texts)
        case Map():
            return {key: _plain(one) for key, one in value}
        case List():
            return [_plain(one) for one in value.items]
        case Scalar():
            return value.value
        case _:
            return repr(value)
