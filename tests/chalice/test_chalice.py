"""Applications of AWS Chalice: functions by their decorators, settings by `.chalice`."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from folders import write

from stockade.api import examine, scan
from stockade.config import Config
from stockade.load import Loaded, LoadOptions, ParameterOptions, load
from stockade.model import Application, Exposure, Handler, Map, Scalar, Unknown

HEAD = """\
import os, subprocess
from chalice import AuthResponse, Chalice, CognitoUserPoolAuthorizer, IAMAuthorizer, Rate
app = Chalice(app_name='shop')
"""


def files(
    program: str, config: Mapping[str, object] | None = None, **others: str
) -> dict[str, str]:
    """Return the files of an application with this program."""
    return {
        ".chalice/config.json": json.dumps(config or {"version": "2.0", "app_name": "shop"}),
        "app.py": HEAD + program,
        **{path.replace("__", "/") + ".py": text for path, text in others.items()},
    }


def shop(folder: Path, program: str, config: Mapping[str, object] | None = None) -> Application:
    """Load an application with this program."""
    write(folder, files(program, config))
    return load(folder).applications[0]


def routes(app: Application) -> dict[str, str]:
    """Return the authorizer's kind of every route."""
    return {
        f"{route.method} {route.path}": route.authorizer.kind.value
        for source in app.event_sources
        if (route := source.route) is not None
    }


def reasons(loaded: Loaded) -> list[str]:
    """Return what was not seen, and why."""
    return [f"{one.at}: {one.why}" for one in loaded.unseen]


def test_routes_reach_one_function_that_is_the_application(tmp_path: Path) -> None:
    """With the methods and the authorizer that each names, public without one."""
    app = shop(
        tmp_path,
        """
pool = CognitoUserPoolAuthorizer('Pool', provider_arns=['arn:aws:cognito-idp:x:1:userpool/y'])
iam = IAMAuthorizer()

@app.authorizer()
def allow(auth_request):
    return AuthResponse(routes=['*'], principal_id='user')

@app.route('/')
def index():
    return {}

@app.route('/orders', methods=['POST', 'PUT'], authorizer=pool)
def order():
    return {}

@app.route('/bills', authorizer=iam, api_key_required=True)
def bills():
    return {}

@app.route('/own', authorizer=allow)
def own():
    return {}
""",
    )

    assert routes(app) == {
        "GET /": "none",
        "POST /orders": "cognito",
        "PUT /orders": "cognito",
        "GET /bills": "iam",
        "GET /own": "lambda",
    }
    handler = app.functions["APIHandler"].handler
    assert isinstance(handler, Handler)
    assert (handler.file.path, handler.symbol) == ("app.py", "app")
    assert list(app.functions) == ["APIHandler", "allow"]


def test_an_authorizer_that_is_made_elsewhere_guards_its_route_too(tmp_path: Path) -> None:
    """By a function, in the decorator, or in a module that is not there: none is an open route."""
    app = shop(
        tmp_path,
        """
from auth import somebody

def pool():
    if 'x' in os.environ:
        return CognitoUserPoolAuthorizer('Pool', provider_arns=[os.environ['ARN']])

@app.route('/made', authorizer=pool())
def made():
    return {}

@app.route('/inline', authorizer=IAMAuthorizer())
def inline():
    return {}

@app.route('/elsewhere', authorizer=somebody)
def elsewhere():
    return {}

@app.route('/chosen', authorizer=somebody.ask()['x'])
def chosen():
    return {}

@app.route('/open', authorizer=None)
def everybody():
    return {}
""",
    )

    assert routes(app) == {
        "GET /made": "cognito",
        "GET /inline": "iam",
        "GET /elsewhere": "lambda",
        "GET /chosen": "lambda",
        "GET /open": "none",
    }


def test_a_path_may_be_put_together_from_constants(tmp_path: Path) -> None:
    """With `+`, `%` or an f-string; what the program computes is told."""
    write(
        tmp_path,
        files(
            """
V = 'v1'

@app.route('/%s/orders' % V)
def one():
    return {}

@app.route(f'/{V}/bills/{{bill}}')
def two():
    return {}

@app.route('/' + V)
def three():
    return {}

@app.route('/%s/%s' % (V, os.name))
def four():
    return {}
"""
        ),
    )
    loaded = load(tmp_path)

    assert routes(loaded.applications[0]).keys() == {
        "GET /v1/orders",
        "GET /v1/bills/{bill}",
        "GET /v1",
    }
    assert [one.why for one in loaded.applications[0].unseen] == [
        "the path or method of a route cannot be known"
    ]


def test_blueprints_are_read_under_their_prefix(tmp_path: Path) -> None:
    """`app.register_blueprint(orders, url_prefix='/orders')`."""
    write(
        tmp_path,
        files(
            "from chalicelib.orders import orders\n"
            "app.register_blueprint(orders, url_prefix='/orders')\n",
            chalicelib__orders=(
                "from chalice import Blueprint\norders = Blueprint(__name__)\n"
                "@orders.route('/all')\ndef every():\n    return {}\n"
                "@orders.schedule('rate(1 hour)')\ndef clean(event):\n    pass\n"
            ),
        ),
    )
    app = load(tmp_path).applications[0]

    assert routes(app) == {"GET /orders/all": "none"}
    handler = app.functions["clean"].handler
    assert isinstance(handler, Handler)
    assert (handler.file.path, handler.symbol) == ("chalicelib/orders.py", "clean")


EVENTS = [
    ("on_s3_event(bucket='cvs', prefix='in/')", "event.key", "s3"),
    ("on_sns_message(topic='mail')", "event.message", "sns"),
    ("on_sqs_message(queue='jobs')", "[r.body for r in event][0]", "sqs"),
    (
        "on_dynamodb_record(stream_arn='arn:aws:dynamodb:eu-west-1:1:table/T/stream/2')",
        "[r.new_image for r in event][0]['x']",
        "dynamodb-stream",
    ),
    (
        "on_kinesis_record(stream='arn:aws:kinesis:eu-west-1:1:stream/s')",
        "[r.data for r in event][0]",
        "kinesis",
    ),
    ("on_cw_event({'source': ['shop']})", "event.detail['x']", "event-bus"),
    ("on_ws_message()", "event.body", "websocket-api"),
    ("schedule(Rate(5, unit=Rate.MINUTES))", "", "schedule"),
    ("lambda_function(name='raw')", "", "invoke"),
]


@pytest.mark.parametrize(("decorator", "field", "kind"), EVENTS)
def test_each_decorator_is_a_trigger_whose_event_is_known(
    decorator: str, field: str, kind: str, tmp_path: Path
) -> None:
    """Chalice's event classes show the fields of the event, and what is done with them counts."""
    parameters = "event, context" if "lambda_function" in decorator else "event"
    body = f"subprocess.run('x ' + {field}, shell=True)" if field else "pass"
    write(tmp_path, files(f"@app.{decorator}\ndef work({parameters}):\n    {body}\n"))
    ((app, facts),) = examine(tmp_path).applications

    assert [source.type.value for source in app.event_sources_of("work")] == [kind]
    assert [flow.kind for flow in facts.flows] == (["shell"] if field else [])  # type: ignore[union-attr]


def test_the_role_has_the_policy_file_of_the_stage(tmp_path: Path) -> None:
    """Where Chalice writes the policy when it deploys, what it grants is unknown, and says so."""
    stages = {"dev": {}, "prod": {"autogen_policy": False, "environment_variables": {"T": "x"}}}
    write(
        tmp_path,
        files("@app.schedule('rate(1 day)')\ndef f(event):\n    pass\n", {"stages": stages}),
    )
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    (tmp_path / ".chalice" / "policy-prod.json").write_text(json.dumps(policy))

    dev = load(tmp_path).applications[0]
    given = LoadOptions(parameters=ParameterOptions(given={"stage": "prod"}))
    prod = load(tmp_path, given).applications[0]

    document = dev.roles["DefaultRole"].policies[0].document
    assert isinstance(document, Unknown)
    assert "when it deploys" in document.why
    document = prod.roles["DefaultRole"].policies[0].document
    assert isinstance(document, Map)
    assert document.at.path == ".chalice/policy-prod.json"
    environment = prod.functions["f"].environment
    assert not isinstance(environment, Unknown)
    assert isinstance(environment["T"], Scalar)


def test_the_stage_is_an_option_that_is_used(tmp_path: Path) -> None:
    """It is not told as a parameter that no template declares."""
    write(tmp_path, files("@app.route('/')\ndef f():\n    return {}\n"))

    report = scan(tmp_path, Config(parameters={"stage": "prod"}))

    assert not report.unseen


def test_an_open_route_into_a_shell_is_the_first_finding(tmp_path: Path) -> None:
    """The steps begin at the route's decorator."""
    write(
        tmp_path,
        files(
            "@app.route('/run/{name}', methods=['POST'])\ndef run(name):\n"
            "    subprocess.run('ls ' + name, shell=True)\n    return {}\n"
        ),
    )

    first = scan(tmp_path).findings[0]

    assert first.rule.id == "event-in-shell"
    assert str(first.match.because[0].at) == "app.py:4"


def test_what_a_route_sends_reaches_the_function_below_its_decorator(tmp_path: Path) -> None:
    """Another route that is open does not open the ones that are not, nor what both call."""
    write(
        tmp_path,
        files(
            "iam = IAMAuthorizer()\n"
            "def clean():\n"
            "    subprocess.run('rm ' + app.current_request.json_body['name'], shell=True)\n"
            "@app.route('/')\ndef index():\n    return {}\n"
            "@app.route('/mine', methods=['POST'], authorizer=iam)\ndef mine():\n"
            "    clean()\n    return {}\n"
        ),
    )

    shell = [one for one in scan(tmp_path).findings if one.rule.id == "event-in-shell"]

    assert [str(one.match.because[0].at) for one in shell] == ["app.py:10"]
    assert shell[0].match.exposure is Exposure.PARTNER


def test_a_program_that_decorates_in_other_ways_is_told(tmp_path: Path) -> None:
    """Routes made in a loop are not seen, and that is said."""
    write(tmp_path, files("for path in ('/a', '/b'):\n    app.route(path)(print)\n"))
    loaded = load(tmp_path)

    assert not loaded.applications
    assert reasons(loaded) == [
        "app.py:1: no function is decorated in a way that can be read, so nothing of it is known"
    ]


@pytest.mark.parametrize(
    "program",
    ["def (:\n", "x = " + "(" * 5000, "\0", "@app.route(*a, **b)\ndef f(): pass\n"],
    ids=["syntax", "deep", "null", "spread"],
)
def test_a_program_may_hold_anything(program: str, tmp_path: Path) -> None:
    """Nothing is raised."""
    write(tmp_path, files(program))

    load(tmp_path)


def test_an_app_py_without_chalice_costs_nothing_and_says_nothing(tmp_path: Path) -> None:
    """The name is common."""
    write(tmp_path, {"app.py": "@app.route('/')\ndef f(): pass\n"})
    loaded = load(tmp_path)

    assert not loaded.applications
    assert not loaded.unseen
