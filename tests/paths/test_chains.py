"""Move by move from each kind of foothold, and the near misses that lead nowhere."""

from pathlib import Path

import pytest
from paths_apps import SHELL, function, moves, paths, role, scanned, write

from stockade.model import Confidence, CutKind, Exposure, GoalKind

TABLE = "  Orders: {Type: AWS::DynamoDB::Table}\n"
READS = "{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Orders.Arn}"

FETCH = """\
from {module} import {name}
def handler(event, context):
    url = event["queryStringParameters"]["url"]
    {check}
    return {{"statusCode": 200, "body": {call}}}
"""


def fetching(call: str, module: str, name: str, check: str = "pass") -> str:
    """Write a handler that answers with what is at an address of the caller's choice."""
    return FETCH.format(module=module, name=name, check=check, call=call)


URLOPEN = ("urlopen(url).read()", "urllib.request", "urlopen")

ADDRESSES = {
    "urlopen opens file addresses": (fetching(*URLOPEN), True),
    "a request object": (
        fetching("urlopen(Request(url)).read()", "urllib.request", "Request, urlopen"),
        True,
    ),
    "requests speaks http only": (fetching("requests.get(url).text", "os", "path"), False),
    "the scheme is the author's": (
        fetching('urlopen("https://" + url).read()', *URLOPEN[1:]),
        False,
    ),
    "the scheme is asked for": (
        fetching(*URLOPEN, 'assert url.startswith("https://")'),
        False,
    ),
    "one of two schemes": (
        fetching(*URLOPEN, 'if not url.startswith(("http://", "https://")): raise ValueError'),
        False,
    ),
    "the scheme of the parsed address": (
        fetching(
            "urlopen(url).read()",
            "urllib.request",
            "urlopen; from urllib.parse import urlparse",
            'if urlparse(url).scheme not in ("http", "https"): raise ValueError',
        ),
        False,
    ),
    "a pattern that begins with http": (
        fetching(
            "urlopen(url).read()",
            "urllib.request",
            "urlopen; import re",
            'if not re.match(r"https?://", url): raise ValueError',
        ),
        False,
    ),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_only_file_addresses_reach_the_credentials(name: str, tmp_path: Path) -> None:
    """Lambda gives its credentials to whoever reads the environment, and to no request."""
    code, leads = ADDRESSES[name]
    code = code.replace("from os import path", "import requests")
    write(tmp_path, TABLE, role("Role", READS), function("Fetch", "Role"), app=code)

    report = scanned(tmp_path)

    assert any(one.rule.id == "event-chooses-host" for one in report.findings)
    found = [moves(path) for path in report.paths]
    expected = [["send", "inject", "read-environment", "use-role", "read-store"]]
    assert found == (expected if leads else [])


def test_what_is_not_answered_is_not_read(tmp_path: Path) -> None:
    """A function that no caller hears an answer from shows nobody what it opened."""
    code = (
        "from urllib.request import urlopen\n"
        'def handler(event, context):\n    urlopen(event["detail"]["url"])\n'
    )
    bus = "{E: {Type: EventBridgeRule, Properties: {Pattern: {source: [aws.partner/x]}}}}"
    write(tmp_path, TABLE, role("Role", READS), function("Fetch", "Role", bus), app=code)

    assert paths(tmp_path) == ()


def test_a_snapshot_holds_no_credentials(tmp_path: Path) -> None:
    """With SnapStart the environment has the settings, and not the keys of the role."""
    write(
        tmp_path,
        "  Key: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: x}}\n" + TABLE,
        role("Role", READS),
        function(
            "Fetch",
            "Role",
            more="SnapStart: {ApplyOn: PublishedVersions}\n"
            "      Environment: {Variables: {API_TOKEN: "
            "'{{resolve:secretsmanager:api:SecretString:token}}'}}",
        ),
        app=fetching(*URLOPEN),
    )

    assert [moves(path) for path in paths(tmp_path)] == [["send", "inject", "read-environment"]]


def test_inside_a_network_its_hosts_are_reached(tmp_path: Path) -> None:
    """Whatever the client, the caller stands where the function stands."""
    code = fetching("requests.get(url).text", "os", "path").replace(
        "from os import path", "import requests"
    )
    network = "VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}"
    write(tmp_path, role("Role"), function("Fetch", "Role", more=network), app=code)

    (path,) = paths(tmp_path)

    assert moves(path) == ["send", "inject", "reach-network"]
    assert path.goal.kind is GoalKind.NETWORK


FILES = {
    "any file": ('open("/srv/" + name).read()', True),
    "any file, by pathlib": ("pathlib.Path(name).read_text()", True),
    "a kind of file": ('open("/srv/" + name + ".txt").read()', False),
    "a file that is written": ('open("/tmp/" + name, "w").write("x")', False),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_the_callers_choice_may_be_the_environment(name: str, tmp_path: Path) -> None:
    """`/proc/self/environ` is a file that can be read, if nothing must follow its name."""
    call, leads = FILES[name]
    code = (
        "import pathlib\ndef handler(event, context):\n"
        '    name = event["queryStringParameters"]["name"]\n'
        f'    return {{"statusCode": 200, "body": {call}}}\n'
    )
    write(tmp_path, TABLE, role("Role", READS), function("Show", "Role"), app=code)

    found = paths(tmp_path)

    assert bool(found) is leads
    assert all(path.confidence is Confidence.MEDIUM for path in found)


# --- from one function to the next --------------------------------------------------------

INNER = """\
import os
def handler(event, context):
    for record in event["Records"]:
        os.system("convert " + record["body"])
"""
SQS = "{Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}"
JOBS = "  Jobs: {Type: AWS::SQS::Queue}\n"
TAKES = (
    "{Effect: Allow, Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', "
    "'sqs:GetQueueAttributes'], Resource: !GetAtt Jobs.Arn}"
)


def two(folder: Path, *outer: str, inner: str = INNER, events: str = SQS) -> Path:
    """Write a public function that runs commands, and one behind it that reads the orders."""
    return write(
        folder,
        TABLE,
        JOBS,
        role("OuterRole", *outer),
        function("Outer", "OuterRole"),
        role("InnerRole", READS, TAKES),
        function("Inner", "InnerRole", events, code="inner"),
        app=SHELL,
        inner=inner,
    )


def test_an_event_is_poisoned(tmp_path: Path) -> None:
    """Who may write the queue sends the next function what it trusts, and acts as its role."""
    two(tmp_path, "{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}")

    found = [path for path in paths(tmp_path) if "Orders" in path.goal.words]

    assert [moves(path) for path in found] == [
        ["send", "inject", "use-role", "poison-event", "inject", "use-role", "read-store"]
    ]
    assert "put into Jobs what Inner receives" in found[0].says
    kinds = {cut.kind for cut in found[0].cuts}
    assert kinds == {CutKind.MEND_CODE, CutKind.NARROW_ROLE}
    assert {cut.at.path for cut in found[0].cuts} == {"app.py", "inner.py", "template.yaml"}


def test_a_function_is_invoked(tmp_path: Path) -> None:
    """Who may invoke a function writes its whole event."""
    two(
        tmp_path,
        "{Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Inner.Arn}",
    )

    (path,) = [one for one in paths(tmp_path) if "Orders" in one.goal.words]

    assert moves(path)[3:5] == ["invoke", "inject"]


def test_the_code_of_a_function_is_replaced(tmp_path: Path) -> None:
    """Then no weakness of its own is needed."""
    two(
        tmp_path,
        "{Effect: Allow, Action: lambda:UpdateFunctionCode, Resource: !GetAtt Inner.Arn}",
        inner="def handler(event, context): pass\n",
    )

    (path,) = [one for one in paths(tmp_path) if "Orders" in one.goal.words]

    assert moves(path) == ["send", "inject", "use-role", "change-code", "read-store"]


NOWHERE = {
    "the role may not send": (),
    "it may send elsewhere": (
        (
            "{Effect: Allow, Action: sqs:SendMessage, "
            "Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:other'}"
        ),
    ),
    "it may only receive": (
        "{Effect: Allow, Action: sqs:ReceiveMessage, Resource: !GetAtt Jobs.Arn}",
    ),
    "it is denied": (
        "{Effect: Allow, Action: 'sqs:*', Resource: !GetAtt Jobs.Arn}",
        "{Effect: Deny, Action: sqs:SendMessage, Resource: '*'}",
    ),
}


@pytest.mark.parametrize("name", NOWHERE)
def test_without_the_permission_the_next_function_is_safe(name: str, tmp_path: Path) -> None:
    """What the role cannot write cannot be poisoned by it."""
    two(tmp_path, *NOWHERE[name])

    assert not any("Orders" in path.goal.words for path in paths(tmp_path))


def test_a_next_function_that_checks_is_safe(tmp_path: Path) -> None:
    """Events reach it, and do nothing there."""
    inner = INNER.replace('"convert " + record["body"]', '"convert " + str(int(record["body"]))')
    two(
        tmp_path,
        "{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}",
        inner=inner,
    )

    assert not any("Orders" in path.goal.words for path in paths(tmp_path))


def test_a_role_is_taken_on(tmp_path: Path) -> None:
    """What the trusting role opens is lost with the one that it trusts."""
    trusts = "{Effect: Allow, Principal: {AWS: !GetAtt Role.Arn}, Action: sts:AssumeRole}"
    write(
        tmp_path,
        TABLE,
        role("Role", "{Effect: Allow, Action: sts:AssumeRole, Resource: !GetAtt Keeper.Arn}"),
        role("Keeper", READS, trust=trusts),
        function("Outer", "Role"),
        app=SHELL,
    )

    (path,) = paths(tmp_path)

    assert moves(path) == ["send", "inject", "use-role", "assume-role", "read-store"]
    assert "take on Keeper" in path.says


def test_a_role_is_passed(tmp_path: Path) -> None:
    """Who may create functions and pass a role runs code of their own with it."""
    write(
        tmp_path,
        TABLE,
        role(
            "Role",
            "{Effect: Allow, Action: iam:PassRole, Resource: !GetAtt Keeper.Arn}",
            "{Effect: Allow, Action: [lambda:CreateFunction, lambda:InvokeFunction], "
            "Resource: '*'}",
        ),
        role("Keeper", READS),
        function("Outer", "Role"),
        app=SHELL,
    )

    found = [path for path in paths(tmp_path) if "Orders" in path.goal.words]

    assert [moves(path)[3] for path in found] == ["pass-role"]


def test_a_role_that_raises_its_power_is_the_end(tmp_path: Path) -> None:
    """The account is the goal, and nothing less is told of."""
    write(
        tmp_path,
        TABLE,
        role("Role", READS, "{Effect: Allow, Action: 'iam:*', Resource: '*'}"),
        function("Outer", "Role"),
        app=SHELL,
    )

    first = paths(tmp_path)[0]

    assert first.goal.kind is GoalKind.ACCOUNT
    assert "own the account: Role may" in first.says


def test_several_weaknesses_that_give_the_same_are_one_path(tmp_path: Path) -> None:
    """Its cut names every place, because each alone would leave the way open."""
    code = SHELL + '    os.popen(event["queryStringParameters"]["other"])\n'
    write(tmp_path, TABLE, role("Role", READS), function("Outer", "Role"), app=code)

    (path,) = paths(tmp_path)

    (mend,) = [cut for cut in path.cuts if cut.kind is CutKind.MEND_CODE]
    assert sorted([mend.at.line, *(one.line for one in mend.also)]) == [3, 4]
    assert len(path.findings) == 2


def test_what_the_code_needs_is_no_cut(tmp_path: Path) -> None:
    """A role cannot be narrowed below what its function uses."""
    code = (
        "import os\nimport boto3\n"
        'orders = boto3.resource("dynamodb").Table(os.environ["ORDERS"])\n'
        "def handler(event, context):\n"
        '    orders.get_item(Key={"id": "1"})\n'
        '    os.system("convert " + event["queryStringParameters"]["name"])\n'
    )
    settings = "Environment: {Variables: {ORDERS: !Ref Orders}}"
    write(tmp_path, TABLE, role("Role", READS), function("Outer", "Role", more=settings), app=code)

    found = [path for path in paths(tmp_path) if "inject" in moves(path)]

    assert [[cut.kind for cut in path.cuts] for path in found] == [[CutKind.MEND_CODE]]


# --- without any code ---------------------------------------------------------------------

POOL = """\
  Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: !Ref Pool
      Roles: {unauthenticated: !GetAtt Guest.Arn}
  Guest:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: cognito-identity.amazonaws.com}
            Action: sts:AssumeRoleWithWebIdentity
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt Orders.Arn}
"""


def test_an_identity_pool_hands_its_role_to_anyone(tmp_path: Path) -> None:
    """Guests are given credentials, and what these open is lost."""
    write(
        tmp_path,
        TABLE,
        POOL,
        role("Role"),
        function("Outer", "Role"),
        app="def handler(event, context): pass\n",
    )

    (path,) = paths(tmp_path)

    assert path.says == ("anyone can take the credentials of Guest, and read and change Orders")
    assert moves(path) == ["take-credentials", "read-store"]
    assert path.exposure is Exposure.ANYONE


def test_an_open_route_changes_a_store(tmp_path: Path) -> None:
    """No weakness is needed where nobody is asked; an authorizer closes it."""
    code = (
        "import os\nimport boto3\n"
        'orders = boto3.resource("dynamodb").Table(os.environ["ORDERS"])\n'
        "def handler(event, context):\n"
        '    orders.delete_item(Key={"id": event["pathParameters"]["id"]})\n'
    )
    route = "{Call: {Type: HttpApi, Properties: {Method: DELETE, Path: '/orders/{id}'}}}"
    settings = "Environment: {Variables: {ORDERS: !Ref Orders}}"
    deletes = "{Effect: Allow, Action: dynamodb:DeleteItem, Resource: !GetAtt Orders.Arn}"
    write(
        tmp_path,
        TABLE,
        role("Role", deletes),
        function("Remove", "Role", route, settings),
        app=code,
    )

    (path,) = paths(tmp_path)

    assert path.says == "anyone can call DELETE /orders/{id}, and delete in Orders"
    assert [cut.kind for cut in path.cuts] == [CutKind.REQUIRE_AUTHORIZER]


def test_inside_of_the_application_is_no_beginning(tmp_path: Path) -> None:
    """Who may send to the queue anyway is no outsider."""
    write(
        tmp_path,
        TABLE,
        JOBS,
        role("Role", READS, TAKES),
        function("Inner", "Role", SQS),
        app=INNER,
    )

    report = scanned(tmp_path)

    assert any(one.rule.id == "event-in-shell" for one in report.findings)
    assert report.paths == ()


def test_what_is_ignored_leads_nowhere(tmp_path: Path) -> None:
    """An author who accepts a finding is not told its paths."""
    write(tmp_path, TABLE, role("Role", READS), function("Outer", "Role"), app=SHELL)
    report = scanned(tmp_path)
    assert report.paths
    name = next(one for one in report.findings if one.rule.id == "event-in-shell").fingerprint

    ignore = f"  # stockade: ignore event-in-shell {name[:8]} because it is a test\n"
    code = SHELL.replace('["name"])\n', f'["name"]){ignore}')
    (tmp_path / "app.py").write_text(code)

    assert scanned(tmp_path).paths == ()


def test_several_sinks_and_a_role_that_is_elsewhere(tmp_path: Path) -> None:
    """Of a role that the application does not hold nothing is said."""
    text = function("Outer", "Role").replace(
        "!GetAtt Role.Arn", "arn:aws:iam::111122223333:role/theirs"
    )
    write(tmp_path, text, app=SHELL)

    assert paths(tmp_path) == ()
