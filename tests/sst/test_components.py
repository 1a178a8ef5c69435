"""What the components of SST become: resources, roles, triggers, routes."""

from pathlib import Path

import pytest
from sst_loading import inside, loaded, named, permitted, properties, settings

from stockade.model import Application, Exposure, Framework, Handler, Unknown, constant

BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def routes(app: Application) -> dict[str, str]:
    """Return the authorizer's kind of every route."""
    return {
        f"{route.method} {route.path}": route.authorizer.kind.value
        for source in app.event_sources
        if (route := source.route) is not None
    }


def triggers(app: Application) -> list[tuple[str, str | None, str]]:
    """Return what calls which function."""
    return sorted((one.type.value, one.resource, one.function) for one in app.event_sources)


def test_a_function_has_a_role_of_its_own_logs_and_the_defaults_of_sst(tmp_path: Path) -> None:
    """20 seconds, 1024 MB; the handler is found beside the configuration."""
    app, unseen = loaded(tmp_path, 'new sst.aws.Function("F", { handler: "./a.handler" });')
    function = named(app, "F")
    made = properties(app, "F")

    assert not unseen
    assert app.framework_of("F") is Framework.SST
    assert app.resources["F"].written_as == "sst.aws.Function"
    assert (made["Timeout"], made["MemorySize"]) == (20, 1024)
    assert isinstance(function.handler, Handler)
    assert function.handler.file.path == "a.ts"
    assert properties(app, "FRole")["ManagedPolicyArns"] == [BASIC]
    assert properties(app, "FLogGroup")["RetentionInDays"] == 30
    assert isinstance(constant(app.resources["F"].properties.get("Runtime")), Unknown)


def test_settings_of_a_function(tmp_path: Path) -> None:
    """Durations, sizes, architecture, concurrency, layers, permissions and policies."""
    app, _ = loaded(
        tmp_path,
        """
        new sst.aws.Function("F", {
          handler: "a.handler", runtime: "nodejs22.x", timeout: "3 minutes", memory: "2 GB",
          architecture: "arm64", concurrency: { reserved: 5 }, layers: ["arn:aws:lambda:x"],
          logging: { retention: "forever", format: "json" },
          permissions: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::x/*"] },
                        { effect: "deny", actions: ["s3:PutObject"], resources: ["*"] }],
          policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
          transform: { function: { tags: { team: "a" } }, role: { permissionsBoundary: "arn:b" } },
        });
        """,
    )
    made = properties(app, "F")

    assert (made["Timeout"], made["MemorySize"]) == (180, 2048)
    assert made["Architectures"] == ["arm64"]
    assert made["ReservedConcurrentExecutions"] == 5
    assert made["Layers"] == ["arn:aws:lambda:x"]
    assert "RetentionInDays" not in properties(app, "FLogGroup")
    assert permitted(app, "FRole") == [
        (["s3:GetObject"], ["arn:aws:s3:::x/*"]),
        (["s3:PutObject"], ["*"]),
    ]
    role = properties(app, "FRole")
    assert role["PermissionsBoundary"] == "arn:b"
    assert role["ManagedPolicyArns"] == ["arn:aws:iam::aws:policy/ReadOnlyAccess", BASIC]


def test_a_role_of_ones_own_is_taken_and_none_is_made(tmp_path: Path) -> None:
    """`role` names it."""
    app, _ = loaded(
        tmp_path,
        """
        const role = new aws.iam.Role("Mine", { assumeRolePolicy: "{}" });
        new sst.aws.Function("F", { handler: "a.handler", role: role.arn });
        """,
    )

    assert named(app, "F").role == "Mine"
    assert "FRole" not in app.resources


@pytest.mark.parametrize(
    ("url", "exposure"),
    [("true", Exposure.ANYONE), ('{ authorization: "iam" }', None), ("false", None)],
)
def test_an_address_is_open_unless_it_says_otherwise(
    url: str, exposure: Exposure | None, tmp_path: Path
) -> None:
    """`url: true` is open to everyone, `authorization: "iam"` is not."""
    app, _ = loaded(
        tmp_path, f'new sst.aws.Function("F", {{ handler: "a.handler", url: {url} }});'
    )
    urls = [one for one in app.resources.values() if one.type == "AWS::Lambda::Url"]

    kinds = [constant(one.properties.get("AuthType")) for one in urls]
    expected = {"true": ["NONE"], "false": []}.get(url, ["AWS_IAM"])
    assert kinds == expected
    assert bool(exposure) == (kinds == ["NONE"])


EXECUTE = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}"
LINKS = {
    'new sst.aws.Bucket("L")': (
        {"name": "${L}"},
        [(["s3:*"], ["${L.Arn}", "${L.Arn}/*"])],
    ),
    'new sst.aws.Dynamo("L", { fields: { id: "string" }, primaryIndex: { hashKey: "id" } })': (
        {"name": "${L}"},
        [(["dynamodb:*"], ["${L.Arn}", "${L.Arn}/*"])],
    ),
    'new sst.aws.Queue("L")': ({"url": "${L}"}, [(["sqs:*"], ["${L.Arn}"])]),
    'new sst.aws.SnsTopic("L")': ({"arn": "${L}"}, [(["sns:*"], ["${L}"])]),
    'new sst.aws.Bus("L")': (
        {"name": "${L}", "arn": "${L.Arn}"},
        [(["events:*"], ["${L.Arn}"])],
    ),
    'new sst.aws.KinesisStream("L")': ({"name": "${L}"}, [(["kinesis:*"], ["${L.Arn}"])]),
    'new sst.aws.CognitoUserPool("L")': ({"id": "${L}"}, [(["cognito-idp:*"], ["${L.Arn}"])]),
    'new sst.aws.ApiGatewayV2("L")': ({"url": "${L.ApiEndpoint}"}, []),
    'new sst.aws.ApiGatewayWebSocket("L")': (
        {"url": "${L.ApiEndpoint}/$default", "managementEndpoint": "${L.ApiEndpoint}/$default"},
        [
            (
                ["execute-api:ManageConnections"],
                [f"{EXECUTE}:${{L}}/*/*/@connections/*"],
            )
        ],
    ),
    'new sst.aws.Function("L", { handler: "a.handler" })': (
        {"name": "${L}"},
        [(["lambda:InvokeFunction"], ["${L.Arn}"])],
    ),
    'new sst.Secret("L")': ({"value": "${L}"}, []),
    'new sst.aws.Redis("L", {})': (
        {name: f"${{L.{name}}}" for name in ("host", "port", "username", "password")},
        [],
    ),
    """new sst.Linkable("L", { properties: { host: "h" }, include: [
      sst.aws.permission({ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::x/*"] })] })""": (
        {"host": "h"},
        [(["s3:GetObject"], ["arn:aws:s3:::x/*"])],
    ),
    'sst.aws.Bucket.get("L", "there")': (
        {"name": "there"},
        [
            (
                ["s3:*"],
                ["arn:${AWS::Partition}:s3:::there", "arn:${AWS::Partition}:s3:::there/*"],
            )
        ],
    ),
}


@pytest.mark.parametrize("made", LINKS)
def test_a_link_gives_properties_to_read_and_permissions(made: str, tmp_path: Path) -> None:
    """Exactly those that the component documents."""
    run = f'const it = {made};\nnew sst.aws.Function("F", {{ handler: "a.handler", link: [it] }});'
    app, _ = loaded(tmp_path, run)
    properties_, permissions = LINKS[made]

    given = {key: value for key, value in settings(app, "F").items() if ".App." not in key}
    assert given == {f"Resource.L.{key}": value for key, value in properties_.items()}
    assert permitted(app, "FRole") == permissions


def test_what_a_link_to_an_unknown_component_allows_is_unknown(tmp_path: Path) -> None:
    """Nobody guesses, and the component is named as not seen."""
    app, unseen = loaded(
        tmp_path,
        """
        const it = new sst.aws.Quantum("Q", {});
        new sst.aws.Function("F", { handler: "a.handler", link: [it] });
        """,
    )

    assert "what a link to Q allows" in str(app.roles["FRole"].policies)
    assert [one.why for one in unseen] == ["components of type sst.aws.Quantum are not looked at"]


def test_a_resource_of_pulumi_is_linked_as_its_wrapping_says(tmp_path: Path) -> None:
    """`sst.Linkable.wrap` of a class counts for all of its resources."""
    app, _ = loaded(
        tmp_path,
        """
        sst.Linkable.wrap(aws.dynamodb.Table, (table) => ({
          properties: { tableName: table.name },
          include: [sst.aws.permission({ actions: ["dynamodb:GetItem"], resources: [table.arn] })],
        }));
        const attributes = [{ name: "id", type: "S" }];
        const table = new aws.dynamodb.Table("T", { hashKey: "id", attributes });
        new sst.aws.Function("F", { handler: "a.handler", link: [table] });
        """,
    )

    assert settings(app, "F")["Resource.T.tableName"] == "${T}"
    assert permitted(app, "FRole") == [(["dynamodb:GetItem"], ["${T.Arn}"])]


def test_a_bucket_is_private_and_only_over_tls(tmp_path: Path) -> None:
    """As SST makes it; `access: "public"` opens it."""
    app, _ = loaded(
        tmp_path,
        'new sst.aws.Bucket("Own", { versioning: true });\n'
        'new sst.aws.Bucket("Open", { access: "public" });',
    )

    assert set(inside(app, "Own", "PublicAccessBlockConfiguration").values()) == {True}
    assert properties(app, "Own")["VersioningConfiguration"] == {"Status": "Enabled"}
    assert inside(app, "Open", "PublicAccessBlockConfiguration", "BlockPublicPolicy") is False
    effects = [
        (one["Effect"], one["Principal"])
        for name in ("OwnPolicy", "OpenPolicy")
        for one in inside(app, name, "PolicyDocument", "Statement")
    ]
    assert effects == [("Deny", "*"), ("Allow", "*"), ("Deny", "*")]


def test_subscribers_are_functions_that_their_source_calls(tmp_path: Path) -> None:
    """By their handler, their settings, their ARN; each with the permissions that SST gives."""
    app, unseen = loaded(
        tmp_path,
        """
        const dead = new sst.aws.Queue("Dead");
        const queue = new sst.aws.Queue("Q", { dlq: dead.arn, visibilityTimeout: "2 minutes" });
        queue.subscribe("a.handler", { batch: { size: 5, partialResponses: true } });
        const topic = new sst.aws.SnsTopic("T");
        topic.subscribe("Mine", { handler: "a.handler", timeout: "9 seconds" });
        topic.subscribeQueue("Copies", dead.arn);
        const bus = new sst.aws.Bus("B");
        bus.subscribe("Mine", "a.handler", { pattern: { detailType: ["order"] } });
        const table = new sst.aws.Dynamo("D", { fields: { id: "string" },
          primaryIndex: { hashKey: "id" }, stream: "new-and-old-images" });
        const own = new sst.aws.Function("Own", { handler: "a.handler" });
        table.subscribe("Mine", own.arn, { filters: [{ eventName: ["INSERT"] }] });
        new sst.aws.KinesisStream("K").subscribe("Mine", "a.handler");
        const bucket = new sst.aws.Bucket("S");
        bucket.notify({ notifications: [
          { name: "Mine", function: "a.handler", events: ["s3:ObjectCreated:*"],
            filterPrefix: "in/" },
        ]});
        new sst.aws.Cron("C", { schedule: "rate(1 day)", function: "a.handler" });
        new sst.aws.CronV2("V", { schedule: "rate(1 day)", function: "a.handler" });
        """,
    )

    assert not unseen
    assert [(kind, function) for kind, _, function in triggers(app)] == [
        ("dynamodb-stream", "Own"),
        ("event-bus", 'B["Mine"]'),
        ("kinesis", 'K["Mine"]'),
        ("s3", 'S["Mine"]'),
        ("schedule", "CHandler"),
        ("schedule", "VHandler"),
        ("sns", 'T["Mine"]'),
        ("sqs", 'Q["subscriber"]'),
    ]
    assert properties(app, "Q")["VisibilityTimeout"] == 120
    assert properties(app, "Q")["RedrivePolicy"] == {
        "deadLetterTargetArn": "${Dead.Arn}",
        "maxReceiveCount": 3,
    }
    received = permitted(app, 'Q["subscriber"]Role')
    assert received[0][1] == ["${Q.Arn}"]
    assert "sqs:DeleteMessage" in str(received[0][0])
    assert properties(app, 'T["Mine"]')["Timeout"] == 9


def test_routes_of_an_http_api_have_the_authorizers_that_they_name(tmp_path: Path) -> None:
    """None, IAM, JWT, a Lambda authorizer; the API's own settings for all routes count."""
    app, unseen = loaded(
        tmp_path,
        """
        const api = new sst.aws.ApiGatewayV2("Api", { transform: { route: {
          handler: { timeout: "7 seconds" },
        }}});
        const jwt = api.addAuthorizer({ name: "people",
          jwt: { issuer: "https://issuer.example.com", audiences: ["shop"] } });
        const own = api.addAuthorizer({ name: "own", lambda: { function: "a.handler" } });
        api.route("GET /", "a.handler").route("get /chained", "a.handler");
        api.route("POST /iam", "a.handler", { auth: { iam: true } });
        api.route("POST /jwt", "a.handler", { auth: { jwt: { authorizer: jwt.id } } });
        api.route("POST /own", { handler: "a.handler" }, { auth: { lambda: own.id } });
        api.routeUrl("GET /there", "https://example.com");
        """,
    )

    assert not unseen
    assert routes(app) == {
        "GET /": "none",
        "GET /chained": "none",
        "POST /iam": "iam",
        "POST /jwt": "jwt",
        "POST /own": "lambda",
    }
    assert properties(app, 'Api["GET /"]')["Timeout"] == 7


def test_all_routes_of_an_api_can_be_given_an_authorizer_at_once(tmp_path: Path) -> None:
    """`transform: { route: { args: { auth } } }`."""
    app, _ = loaded(
        tmp_path,
        """
        const api = new sst.aws.ApiGatewayV2("Api", {
          transform: { route: { args: { auth: { iam: true } } } } });
        api.route("GET /", "a.handler");
        """,
    )

    assert routes(app) == {"GET /": "iam"}


def test_routes_of_a_rest_api_and_of_a_websocket_api(tmp_path: Path) -> None:
    """With paths of several levels, a user pool as authorizer, and its stage."""
    app, unseen = loaded(
        tmp_path,
        """
        const pool = new sst.aws.CognitoUserPool("People");
        const api = new sst.aws.ApiGatewayV1("Api");
        const own = api.addAuthorizer({ name: "people", userPools: [pool.arn] });
        api.route("GET /orders/{id}", "a.handler", { auth: { cognito: { authorizer: own.id } } });
        api.route("GET /", "a.handler");
        api.deploy();
        const socket = new sst.aws.ApiGatewayWebSocket("Socket");
        socket.route("$connect", "a.handler");
        """,
    )

    assert not unseen
    assert routes(app) == {
        "GET /orders/{id}": "cognito",
        "GET /": "none",
        "ANY $connect": "none",
    }
    assert constant(app.resources["ApiStage"].properties.get("StageName")) == "production"


def test_a_user_pool_calls_functions_and_a_pool_of_identities_has_two_roles(
    tmp_path: Path,
) -> None:
    """Triggers, clients; guests get what `permissions` gives them."""
    app, unseen = loaded(
        tmp_path,
        """
        const triggers = { preSignUp: "a.handler" };
        const pool = new sst.aws.CognitoUserPool("People", { triggers });
        const client = pool.addClient("Web");
        new sst.aws.CognitoIdentityPool("Ids", {
          userPools: [{ userPool: pool.id, client: client.id }],
          permissions: { unauthenticated: [{ actions: ["s3:GetObject"], resources: ["*"] }] } });
        """,
    )

    assert not unseen
    assert [kind for kind, _, _ in triggers(app)] == ["cognito"]
    assert permitted(app, "IdsUnauthenticatedRole")[-1] == (["s3:GetObject"], ["*"])
    assert app.resources["Web"].type == "AWS::Cognito::UserPoolClient"


def test_resources_of_pulumi_are_those_of_terraform(tmp_path: Path) -> None:
    """Their arguments in camel case, blocks as lists with plural names, policies as objects."""
    app, unseen = loaded(
        tmp_path,
        """
        const bucket = new aws.s3.BucketV2("Mail");
        new aws.s3.BucketPolicy("MailPolicy", { bucket: bucket.id, policy: {
          Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*",
            Action: "s3:GetObject", Resource: $interpolate`${bucket.arn}/*` }] } });
        new aws.ses.ReceiptRule("Store", { ruleSetName: "r", enabled: true,
          s3Actions: [{ position: 1, bucketName: bucket.bucket }] });
        const role = new aws.iam.Role("R", { assumeRolePolicy: aws.iam.getPolicyDocumentOutput({
          statements: [{ actions: ["sts:AssumeRole"],
            principals: [{ type: "Service", identifiers: ["lambda.amazonaws.com"] }] }] }).json });
        new aws.iam.RolePolicyAttachment("RA", { role: role.name,
          policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
        new aws.glue.Dev("G", {});
        new aws.Provider("Elsewhere", { region: "us-east-1" });
        """,
    )

    statement = inside(app, "MailPolicy", "PolicyDocument", "Statement", 0)
    assert statement["Resource"] == "${Mail.Arn}/*"
    actions = inside(app, "Store", "Rule", "Actions")
    assert actions == [{"S3Action": {"Position": 1, "BucketName": "${Mail}"}}]
    trust = inside(app, "R", "AssumeRolePolicyDocument", "Statement", 0)
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert properties(app, "R")["ManagedPolicyArns"] == ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    assert [one.why for one in unseen] == ["resources of type aws.glue.Dev are not looked at"]


def test_what_is_not_looked_at_is_told_once_for_all_places(tmp_path: Path) -> None:
    """Sites, other providers, calls of components that are not known."""
    _, unseen = loaded(
        tmp_path,
        """
        new sst.aws.Nextjs("A", {}); new sst.aws.Nextjs("B", {});
        new cloudflare.Record("C", {});
        new sst.aws.Queue("Q").subscribeElsewhere("a.handler");
        """,
    )

    assert [one.why for one in unseen] == [
        "components of type sst.aws.Nextjs are not looked at (2 of them)",
        "resources of cloudflare.Record are not looked at",
        "what sst.aws.Queue does by subscribeElsewhere is not looked at",
    ]


def test_transformations_of_all_components_of_a_kind_count(tmp_path: Path) -> None:
    """`$transform` changes the arguments that the author gave, and is not run."""
    app, _ = loaded(
        tmp_path,
        """
        $transform(sst.aws.Function, (args, opts, name) => {
          args.runtime ??= "nodejs22.x";
          args.environment = { ...args.environment, NAME: name };
        });
        new sst.aws.Function("F", { handler: "a.handler", environment: { A: "1" } });
        """,
    )

    assert properties(app, "F")["Runtime"] == "nodejs22.x"
    assert {key: settings(app, "F")[key] for key in ("A", "NAME")} == {"A": "1", "NAME": "F"}
