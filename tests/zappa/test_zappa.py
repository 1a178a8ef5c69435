"""Projects of Zappa: an application behind an API, functions called by events, Zappa's role."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from folders import write

from stockade.api import scan
from stockade.load import Loaded, LoadOptions, ParameterOptions, load
from stockade.model import Application, Exposure, Framework, Handler, Unknown, constant, inside

APP = """\
import subprocess
from flask import Flask
app = Flask(__name__)

@app.route("/ping/<host>")
def ping(host):
    return subprocess.check_output("ping -c1 " + host, shell=True)

def work(event, context):
    return event

def check(event, context):
    return {}
"""


def project(folder: Path, **settings: object) -> Loaded:
    """Load a project with these settings for its stage `dev`."""
    stage = {"app_function": "shop.app", "runtime": "python3.13", **settings}
    write(folder, {"zappa_settings.json": json.dumps({"dev": stage}), "shop.py": APP})
    return load(folder)


def shop(folder: Path, **settings: object) -> Application:
    """Return the application of such a project."""
    return project(folder, **settings).applications[0]


def called_by(app: Application) -> dict[str, set[str]]:
    """Return the types of event sources by the function that they call."""
    found: dict[str, set[str]] = {}
    for source in app.event_sources:
        found.setdefault(source.function, set()).add(source.type.value)
    return found


def authorizers(app: Application) -> set[str]:
    """Return the kinds of authorizers of all routes."""
    routes = [source.route for source in app.event_sources]
    return {route.authorizer.kind.value for route in routes if route is not None}


def granted(app: Application) -> set[str]:
    """Return the actions that the role's policies name."""
    (role,) = app.roles.values()
    return {
        str(constant(action))
        for policy in role.policies
        for action in (
            *inside(policy.document, "Statement", "[]", "Action"),
            *inside(policy.document, "Statement", "[]", "Action", "[]"),
        )
    }


def test_the_application_answers_every_path_and_its_code_is_read(tmp_path: Path) -> None:
    """`app_function` names the object that the routes of Flask are declared on."""
    app = shop(tmp_path)
    (function,) = app.functions.values()

    assert app.framework_of(function.id) is Framework.ZAPPA
    assert isinstance(function.handler, Handler)
    assert called_by(app) == {"App": {"rest-api"}}
    assert authorizers(app) == {"none"}


def test_what_anyone_can_do_is_found_with_all_that_the_role_opens(tmp_path: Path) -> None:
    """The role that Zappa makes by default reads and writes every store of the account."""
    project(tmp_path)
    report = scan(tmp_path)
    first = report.findings[0]

    assert (first.rule.id, first.match.exposure) == ("event-in-shell", Exposure.ANYONE)
    assert "role-opens-every-store" in {one.rule.id for one in report.findings}
    assert report.paths


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"iam_authorization": True}, "iam"),
        ({"api_key_required": True}, "api-key"),
        ({"authorizer": {"function": "shop.check"}}, "lambda"),
        ({"authorizer": {"arn": "arn:aws:lambda:us-east-1:1:function:check"}}, "lambda"),
        (
            {
                "authorizer": {
                    "type": "COGNITO_USER_POOLS",
                    "provider_arns": ["arn:aws:cognito-idp:us-east-1:1:userpool/a"],
                }
            },
            "cognito",
        ),
        ({"apigateway_version": "v2"}, "none"),
    ],
)
def test_an_authorizer_guards_every_route(
    settings: Mapping[str, object], expected: str, tmp_path: Path
) -> None:
    """Signatures, keys, a function of the project or of another, a user pool."""
    assert authorizers(shop(tmp_path, **settings)) == {expected}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"expression": "rate(1 day)"}, "schedule"),
        ({"expressions": ["rate(1 day)", "cron(0 1 * * ? *)"]}, "schedule"),
        ({"event_source": {"arn": "arn:aws:s3:::in", "events": ["s3:ObjectCreated:*"]}}, "s3"),
        ({"event_source": {"arn": "arn:aws:sns:us-east-1:1:news"}}, "sns"),
        ({"event_source": {"arn": "arn:aws:sqs:us-east-1:1:jobs", "batch_size": 5}}, "sqs"),
        (
            {"event_source": {"arn": "arn:aws:dynamodb:us-east-1:1:table/t/stream/2026"}},
            "dynamodb-stream",
        ),
        ({"event_source": {"arn": "arn:aws:kinesis:us-east-1:1:stream/s"}}, "kinesis"),
    ],
)
def test_a_function_is_called_by_its_event(
    event: Mapping[str, object], expected: str, tmp_path: Path
) -> None:
    """Schedules, and sources by their ARNs."""
    app = shop(tmp_path, events=[{"function": "shop.work", **event}])

    assert called_by(app)["work"] == {expected}
    assert isinstance(app.functions["work"].handler, Handler)


def test_the_user_pool_s_triggers_are_read(tmp_path: Path) -> None:
    """Under `cognito`."""
    trigger = {"source": "PreSignUp_SignUp", "function": "shop.work"}
    app = shop(tmp_path, cognito={"user_pool": "us-east-1_a", "triggers": [trigger]})

    assert called_by(app)["work"] == {"cognito"}


def test_an_event_that_is_not_known_is_told(tmp_path: Path) -> None:
    """Its function is there, called by nobody who is known."""
    source = {"arn": "arn:aws:codecommit:us-east-1:1:repo"}
    loaded = project(tmp_path, events=[{"function": "shop.work", "event_source": source}])

    assert [one.why for one in loaded.applications[0].unseen] == [
        "it is not known what events codecommit sends"
    ]


def test_a_function_url_is_open_where_its_configuration_names_no_authorizer(
    tmp_path: Path,
) -> None:
    """Zappa's own default is `NONE`."""
    app = shop(tmp_path, apigateway_enabled=False, function_url_enabled=True)

    assert called_by(app) == {"App": {"function-url"}}
    assert authorizers(app) == {"none"}


def test_the_role_is_zappa_s_own_with_extra_permissions(tmp_path: Path) -> None:
    """Where the settings name no policy."""
    extra = [{"Effect": "Allow", "Action": ["rekognition:*"], "Resource": "*"}]

    assert {"s3:*", "dynamodb:*"} < granted(shop(tmp_path / "plain"))
    assert "rekognition:*" in granted(shop(tmp_path / "more", extra_permissions=extra))


def test_a_policy_that_is_named_replaces_zappa_s_own(tmp_path: Path) -> None:
    """`attach_policy`, a file beside the settings."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    write(tmp_path, {"policy.json": json.dumps(policy)})

    assert granted(shop(tmp_path, attach_policy="policy.json")) == {"s3:GetObject"}


@pytest.mark.parametrize(
    "settings",
    [{"manage_roles": False, "role_name": "own"}, {"role_arn": "arn:aws:iam::1:role/own"}],
)
def test_a_role_of_another_s_making_is_not_known(
    settings: Mapping[str, object], tmp_path: Path
) -> None:
    """Nothing is granted, nothing is missing."""
    app = shop(tmp_path, **settings)

    assert not app.roles
    assert {one.rule.id for one in scan(tmp_path).findings} == {"event-in-shell"}


def test_a_stage_extends_others_and_is_chosen_by_a_parameter(tmp_path: Path) -> None:
    """The stage's own settings win."""
    stages = {
        "common": {"app_function": "shop.app", "runtime": "python3.12"},
        "dev": {"extends": "common"},
        "prod": {"extends": "common", "iam_authorization": True},
        "loop": {"extends": "loop"},
    }
    write(tmp_path, {"zappa_settings.json": json.dumps(stages), "shop.py": APP})
    options = LoadOptions(parameters=ParameterOptions(given={"stage": "prod"}))

    assert authorizers(load(tmp_path).applications[0]) == {"none"}
    assert authorizers(load(tmp_path, options).applications[0]) == {"iam"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("zappa_settings.yaml", "dev:\n  app_function: shop.app\n"),
        ("zappa_settings.yml", "dev:\n  app_function: shop.app\n"),
        ("zappa_settings.toml", '[dev]\napp_function = "shop.app"\n'),
        ("zappa_settings.json", '{"dev": {\n// the app\n"app_function": "shop.app",\n},}'),
        ("zappa_settings.json", '{"dev": {\n\t# the app\n\t"app_function": "shop.app", /* */ }}'),
    ],
)
def test_settings_are_read_in_every_form(path: str, text: str, tmp_path: Path) -> None:
    """YAML, TOML, JSON, and JSON with the comments and commas that Zappa allows."""
    write(tmp_path, {path: text, "shop.py": APP})
    (function,) = load(tmp_path).applications[0].functions.values()

    assert isinstance(function.handler, Handler)
    assert function.at.path == path


def test_an_application_of_django_is_told_as_not_followed(tmp_path: Path) -> None:
    """Its routes and its role are judged all the same."""
    write(tmp_path, {"zappa_settings.json": '{"dev": {"django_settings": "shop.settings"}}'})
    loaded = load(tmp_path)
    (function,) = loaded.applications[0].functions.values()

    assert isinstance(function.handler, Unknown)
    assert "Django" in function.handler.why
    assert called_by(loaded.applications[0]) == {"App": {"rest-api"}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"dev": 1}',
        "{}",
        '{"dev": {"app_function": ["a"], "events": {"a": 1}, "authorizer": 3, "cognito": [1]}}',
        '{"dev": {"app_function": "x", "events": [1, {}, {"function": 1}, {"function": "a"}]}}',
        '{"dev": {"app_function": "../../x.app", "attach_policy": "../../../etc/passwd"}}',
        '{"a": {"extends": "b"}, "b": {"extends": "a"}}',
        '{"dev": ' * 3_000,
    ],
)
def test_settings_that_make_no_sense_do_no_harm(text: str, tmp_path: Path) -> None:
    """Whatever they say, the scan ends, and nothing outside the folder is read."""
    write(tmp_path, {"zappa_settings.json": text})

    assert scan(tmp_path).failures == ()
