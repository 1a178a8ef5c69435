"""Folders of functions without a template: a console or another repository deploys them."""

import textwrap
from pathlib import Path

import pytest
from folders import write

from stockade.api import scan
from stockade.config import Config
from stockade.load import load
from stockade.model import Exposure, Handler, Unknown


def handlers(folder: Path, files: dict[str, str]) -> dict[str, str]:
    """Return the handler of every function that is found, by the function's name."""
    write(folder, files)
    return {
        app.resources[function.id].logical_id: f"{function.handler.file.path}:"
        f"{function.handler.symbol}"
        for app in load(folder).applications
        for function in app.functions.values()
        if isinstance(function.handler, Handler)
    }


def triggers_by_name(folder: Path, path: str, code: str) -> dict[str, set[str]]:
    """Return what invokes each function of a file, by the function's name."""
    write(folder, {path: code})
    found: dict[str, set[str]] = {}
    for app in load(folder).applications:
        for source in app.event_sources:
            name = app.resources[source.function].logical_id.rpartition(".")[2]
            found.setdefault(name, set()).add(source.type.value)
    return found


def triggers(folder: Path, path: str, code: str) -> set[str]:
    """Return what invokes the one function of a folder, as its code tells."""
    write(folder, {path: code})
    return {source.type.value for source in load(folder).applications[0].event_sources}


@pytest.mark.parametrize(
    "code",
    [
        "def lambda_handler(event, context): ...",
        "def handler(e, c): ...",
        "def lambda_handler(*args): ...",
        "def lambda_handler(event, context): print 'of Python 2'",
        "async def handler(event, _): ...",
        "@logger.inject_lambda_context\ndef lambda_handler(event, context): ...",
        "def resize(event, context): ...",
        "handler = Mangum(app)",
        "def main(event, context): ...\nhandler = traced(main)",
        "lambda_handler = lambda event, context: event",
        "class Job:\n    def __call__(self, event, context): ...\nhandler = Job()",
    ],
)
def test_a_handler_in_python_is_known_by_how_handlers_are_written(
    code: str, tmp_path: Path
) -> None:
    """By the console's name for it, or by an event and a context as parameters."""
    assert "app.py" in "".join(handlers(tmp_path, {"app.py": f"# a handler\n{code}\n"}).values())


@pytest.mark.parametrize(
    "code",
    [
        "def handler(signum, frame): ...",
        "def handle(event): ...",
        "class A:\n    def handler(self, event): ...",
        "def route(event, context): ...\ndef main():\n    route({}, None)",
        "def lambda_handler(): ...",
        "handler = logging.StreamHandler()",
        "def draw(context, event): ...",
    ],
)
def test_other_functions_in_python_are_no_handlers(code: str, tmp_path: Path) -> None:
    """A helper that happens to take an event, a signal's handler, a logger's."""
    assert handlers(tmp_path, {"app.py": f"# a handler of an event, in context\n{code}\n"}) == {}


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        ("exports.handler = async (event) => {}", "handler"),
        ("exports.handler = async function (event, context) {}", "handler"),
        ("exports.resize = (event, context, callback) => {}", "resize"),
        ("module.exports.hello = async event => {}", "hello"),
        ("const handler = async (event) => {}\nmodule.exports = { handler }", "handler"),
        ("module.exports = { handler: async (event) => {} }", "handler"),
        ("module.exports = { async run(event) {} }", "run"),
        ("export const handler = async (event) => {}", "handler"),
        ("export async function lambdaHandler(event) {}", "lambdaHandler"),
        ("async function run(event) {}\nexport { run as handler }", "handler"),
        ("const run = async (event) => {}\nexport const handler = middy(run)", "handler"),
        ("exports.handler = serverless(app) // event", "handler"),
        ("exports.save = wrap(async (event) => {})", "save"),
        ("module.exports.handler = exports.handler = async (event) => {}", "handler"),
        ("// an event\nexports.save = async ({ body }) => {}", "save"),
        ("const on = (a) => async (event) => a(event)\nexports.save = on(1)", "save"),
        ("function on(a) { return (event, context) => a }\nexports.save = on(1)", "save"),
        ("// an event\nexports.save = async ({ Records: records = [] }) => {}", "save"),
        ("// an event\nexports.save = (e, c, cb) => cb(null, e)", "save"),
        ("exports.save = (e, c, done) => done(null, e.rawPath) // event", "save"),
        ("exports.save = async (req) => ({ statusCode: JSON.parse(req.body).s })", "save"),
        ("exports.save = async (what) => ({ statusCode: what['pathParameters'].id })", "save"),
        ("exports.save = async (what) => { const { httpMethod } = what } // event", "save"),
        ("const by = { s: async (event) => {} }\nexports.save = by.s", "save"),
        ("class A { static s = async (event) => {} }\nexport const save = A.s", "save"),
        ("class A { async s(event) {} }\nconst a = new A()\nexports.save = a.s.bind(a)", "save"),
        ("class A { async s(e) { e.Records } }\nexport const save = (e) => new A().s(e)", "save"),
        ("const run = async (event) => {}\nexports.save = middy(run).use(cors())", "save"),
        ("const run = async (event) => {}\nexports.save = logged(timed(run))", "save"),
        ("const run = async (event, context) => {}\nexport default run", "default"),
        ("export default async (event) => event.Records", "default"),
        ("export default middy(async (event) => event.Records)", "default"),
        ("const run = async (event) => {}\nexport const handler = dry ? run : run", "handler"),
        ("const http = require('serverless-http')\nexports.api = http(app) // event", "api"),
        ("import { handle as on } from 'hono/aws-lambda'\nexport const api = on(app)", "api"),
        ("import middy from '@middy/core'\nexports.save = middy(run).use(x) // event", "save"),
        ("exports.save = (event) => { event.Records.forEach((one) => put(one)) }", "save"),
        ("export const save = async (evt) => put(evt.id)", "save"),
        ("export const save = async (e) => put(e.body) // event", "save"),
        ("export default { run: async (e) => put(e.rawPath) } // event", "default.run"),
        ("const { handler } = make()\nexport { handler } // event", "handler"),
        ("export const handler = async (event = {}, context = {}) => {}", "handler"),
        ("const handler = async (event) => {}\nexport { handler as x, handler }", "handler"),
    ],
)
def test_a_handler_in_javascript_is_known_by_how_handlers_are_exported(
    code: str, symbol: str, tmp_path: Path
) -> None:
    """In CommonJS and ES modules, by its name or by an event as its parameter."""
    assert set(handlers(tmp_path, {"index.js": code}).values()) == {f"index.js:{symbol}"}


@pytest.mark.parametrize(
    "code",
    [
        "export const handler = (req, res) => { event }",
        "export const handleClick = (event) => {}",
        "const handler = async (event) => {}",
        "exports.parse = (event, options) => {}",
        "export async function handler(from, to) { event }",
        "exports.show = async ({ title }) => { event }",
        "exports.read = (error, data, callback) => { event }",
        "exports.handler = 'event'",
        "module.exports = function (event, context) {}",
        "export default defineEventHandler(async (event) => read(event))",
        "export default { data: async (e) => e.id, fetch: async (request, env) => 1 } // event",
        "export const shaped = (it) => ({ statusCode: it.statusCode, body: it.body })",
        "export const id = (it, other) => ({ statusCode: it.pathParameters.id })",
        "export const id = async (it = {}) => ({ statusCode: it.pathParameters.id })",
        "export const GET = async (request) => read(await request.json()) // event",
        "const { handler } = require('./event')\nexport { handler }",
        "exports.records = (event) => { return event.Records.map(read) }",
        "import { shape } from '@middy/util'\nexport const shaped = shape(1) // event",
    ],
)
def test_other_exports_in_javascript_are_no_handlers(code: str, tmp_path: Path) -> None:
    """Those of web servers and of pages, and what is not exported by a name."""
    assert handlers(tmp_path, {"index.js": code}) == {}


def test_a_handler_in_typescript_is_read(tmp_path: Path) -> None:
    """With its types, which tell what invokes it."""
    code = """\
        import type { S3Event } from 'aws-lambda'
        export const handler = async (event: S3Event): Promise<void> => {}
        """
    assert triggers(tmp_path, "index.ts", code) == {"s3"}


@pytest.mark.parametrize(
    "code",
    [
        "const run = async (e: any) => {}\nexport = { handler: run }",
        "export const handler = (async (e: any) => {}) satisfies Handler",
        "export const handler = <Handler>(async (e) => {})",
        "export const handler: lambda.Handler<A, B> = (e, who) => run(e) // event",
        "const handler = (async (e) => {}) as any as Handler\nexport { handler }",
        "const h = { handler: async (e: any) => {} } as const\nexport const handler = h.handler!",
        "abstract class A { handler = async (e: any) => {} }\nexport const { handler } = new A()",
    ],
)
def test_a_handler_in_typescript_is_known_however_it_is_typed(code: str, tmp_path: Path) -> None:
    """What a type is said of is what it was without."""
    assert set(handlers(tmp_path, {"index.ts": code}).values()) == {"index.ts:handler"}


def test_an_event_of_any_name_tells_what_invokes_its_handler(tmp_path: Path) -> None:
    """Its fields are asked for by the name that the handler gives it."""
    code = "export const save = async (what: any) => JSON.parse(what.body)\n"
    assert triggers(tmp_path, "index.ts", f"// statusCode\n{code}") == {"rest-api"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("export const handler: SQSHandler = async (e) => {}", "sqs"),
        ("export const save = async (e: APIGatewayProxyEventV2) => {}", "rest-api"),
        ("export const save = async (e: ALBEvent) => {}", "rest-api"),
        (
            "export const handler: AppSyncResolverHandler<A, B> = async ({ x }) => {}",
            "graphql-api",
        ),
        ("export const handler = async (e: PreSignUpTriggerEvent) => {}", "cognito"),
        ("export const handler = async (e: APIGatewayTokenAuthorizerEvent) => {}", "authorizer"),
        ("exports.handler = async (event) => event.authorizationToken", "authorizer"),
        ("exports.handler = async (event) => get().statusCode", "invoke"),
        ("exports.handler = async (event) => { const a = {}; a.statusCode = 200 }", "rest-api"),
        ("exports.handler = async (event) => put(event.ResponseURL)", "custom-resource"),
    ],
)
def test_types_and_answers_tell_what_invokes_a_handler_in_javascript(
    code: str, expected: str, tmp_path: Path
) -> None:
    """The types of `@types/aws-lambda`, and the status of its answer, not of one it was given."""
    assert triggers(tmp_path, "index.ts", f"// an event\n{code}\n") == {expected}


def test_what_no_request_holds_somebody_sends_who_invokes_the_function(tmp_path: Path) -> None:
    """A handler may answer as for an API, and ask for fields of its own."""
    code = "def handler(event, context):\n    return {'statusCode': 200, 'body': event['name']}\n"
    assert triggers(tmp_path, "app.py", code) == {"rest-api", "invoke"}


def test_each_handler_of_a_file_is_known_by_what_it_asks_for_itself(tmp_path: Path) -> None:
    """One that hands the event on as it came is known by what the helpers of the file ask for."""
    code = """\
        const read = (event) => JSON.parse(event.body)
        exports.a = async (event) => event.queryStringParameters.q
        exports.b = async (event) => event.Records.map((one) => one.Sns.Message)
        exports.c = async (event) => event.name
        exports.d = async (event) => read(event)
        """

    assert triggers_by_name(tmp_path, "index.js", code) == {
        "a": {"rest-api"},
        "b": {"sns"},
        "c": {"invoke"},
        "d": {"rest-api"},
    }


def test_each_handler_of_a_file_in_python_is_known_by_what_it_asks_for_itself(
    tmp_path: Path,
) -> None:
    """As in JavaScript, where a file holds several: also one that is bound to another's method."""
    code = """\
        def read(event):
            return event["body"]
        def handler_1(event, context):
            return event["queryStringParameters"]["q"]
        def handler_2(event, context):
            return [one["Sns"]["Message"] for one in event["Records"]]
        def handler_3(event, context):
            return event["request"]["intent"]["slots"]
        def handler_4(event, context):
            return read(event)
        """

    assert triggers_by_name(tmp_path, "app.py", code) == {
        "handler_1": {"rest-api"},
        "handler_2": {"sns"},
        "handler_3": {"alexa"},
        "handler_4": {"rest-api"},
    }


def test_a_method_that_is_exported_as_a_handler_is_one(tmp_path: Path) -> None:
    """By its name, as a member of an object: `export const handler1 = new Ping().handle`."""
    code = """\
        class Ping { handle = async (event) => event.queryStringParameters.q }
        export const handler1 = new Ping().handle
        export const other = new Ping().handle
        """

    assert triggers(tmp_path, "index.ts", code) == {"rest-api"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return event['queryStringParameters']['q']", "rest-api"),
        ("return event.get('body')", "rest-api"),
        ("return {'statusCode': 200}", "rest-api"),
        ("return event['Records'][0]['s3']['object']['key']", "s3"),
        ("return [one['Sns']['Message'] for one in event['Records']]", "sns"),
        ("return [one['body'] for one in event['Records']]", "sqs"),
        ("return [one['dynamodb']['NewImage'] for one in event['Records']]", "dynamodb-stream"),
        ("return [one['kinesis']['data'] for one in event['Records']]", "kinesis"),
        ("return event['Records'][0]['ses']['mail']['source']", "ses"),
        ("return event['detail']['bucket']", "event-bus"),
        ("return event['request']['userAttributes']['email']", "cognito"),
        ("return event['arguments'], event['identity']", "graphql-api"),
        ("return event['currentIntent']['slots']", "lex"),
        ("return event['session'], event['request']", "alexa"),
        ("return event['Details']['ContactData']", "connect"),
        ("return [one['recordId'] for one in event['records']]", "firehose"),
        ("return event['SecretId'], event['Step']", "secrets-rotation"),
        ("return event['RequestType']", "custom-resource"),
        ("return event['invokingEvent']", "config"),
        ("return event['actionGroup']", "bedrock-agent"),
    ],
)
def test_what_invokes_a_handler_shows_in_the_fields_that_it_asks_for(
    body: str, expected: str, tmp_path: Path
) -> None:
    """Each service's events have fields of their own."""
    code = f"def lambda_handler(event, context):\n    {body}\n"
    assert triggers(tmp_path, "app.py", code) == {expected}


def test_a_handler_that_asks_for_fields_of_its_own_is_called_by_name(tmp_path: Path) -> None:
    """No service sends such an event."""
    code = "def lambda_handler(event, context):\n    return event['name']\n"
    assert triggers(tmp_path, "app.py", code) == {"invoke"}


SHELL = """\
    import subprocess
    def lambda_handler(event, context):
        subprocess.run("ping " + event{field}, shell=True)
    """


@pytest.mark.parametrize(
    ("field", "exposure", "because"),
    [
        (
            "['queryStringParameters']['host']",
            Exposure.ANYONE,
            "it answers requests, and nothing read says whose",
        ),
        ("['host']", Exposure.APPLICATION, "nothing that was read says who may invoke it"),
    ],
)
def test_what_a_handler_does_with_its_event_is_found(
    field: str, exposure: Exposure, because: str, tmp_path: Path
) -> None:
    """Whoever may send that kind of event is blamed for it, as far as code can tell."""
    write(tmp_path, {"lambda_function.py": SHELL.replace("{field}", field)})
    (finding,) = scan(tmp_path).findings

    assert (finding.rule.id, finding.match.exposure) == ("event-in-shell", exposure)
    assert str(finding.match.because[0].at) == "lambda_function.py:2"
    assert finding.match.because[0].note == because


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        ("fetch(event.url)", "event-chooses-host"),
        ("fs.readFileSync(event.name)", "event-chooses-path"),
    ],
)
def test_a_caller_whom_nothing_names_may_be_anyone(call: str, rule: str, tmp_path: Path) -> None:
    """Where no template was read, nothing says that only the application's own parts call."""
    code = f"const fs = require('fs')\nexports.handler = async (event) => {call}\n"
    write(tmp_path, {"index.js": code})

    assert [one.rule.id for one in scan(tmp_path).findings] == [rule]


def test_the_same_is_found_in_one_file_that_is_named(tmp_path: Path) -> None:
    """`stockade scan lambda_function.py`, and of no other file."""
    write(tmp_path, {"a.py": SHELL.replace("{field}", "['host']"), "b.py": SHELL})
    by_file = scan(tmp_path / "a.py").findings
    (tmp_path / "b.py").unlink()

    assert [one.fingerprint for one in by_file] == [
        one.fingerprint for one in scan(tmp_path).findings
    ]


def test_nothing_is_said_of_settings_that_nothing_says(tmp_path: Path) -> None:
    """A role, a time limit, a destination for failed events may well be there."""
    code = """\
        import boto3
        table = boto3.resource("dynamodb").Table("orders")
        def lambda_handler(event, context):
            for record in event["Records"]:
                table.put_item(Item={"id": record["s3"]["object"]["key"]})
        """
    write(tmp_path, {"app.py": code})
    report = scan(tmp_path)
    (function,) = report.applications[0].functions.values()

    assert report.findings == ()
    assert isinstance(function.role, Unknown)
    (told,) = report.unseen
    assert told.why.startswith("no template was found")


def test_names_tell_functions_apart_by_their_paths(tmp_path: Path) -> None:
    """As much of the path as it takes, without the folders that every project has."""
    code = "def lambda_handler(event, context): ...\n"
    two = code + "def remove(event, context): ...\n"
    files = {
        "src/orders/create/app.py": code,
        "src/users/create/app.py": code,
        "src/report.py": code,
        "items.py": two,
    }
    assert set(handlers(tmp_path, files)) == {
        "orders/create",
        "users/create",
        "report",
        "items.lambda_handler",
        "items.remove",
    }


def test_imports_start_above_the_package_that_a_handler_is_in(tmp_path: Path) -> None:
    """As they do in the archive that is uploaded."""
    files = {
        "service/jobs/__init__.py": "",
        "service/jobs/app.py": "from jobs.shell import run\n"
        "def lambda_handler(event, context):\n    run(event['host'])\n",
        "service/jobs/shell.py": "import os\ndef run(host):\n    os.system(host)\n",
    }
    write(tmp_path, files)
    (finding,) = scan(tmp_path).findings

    assert finding.match.because[-1].at.path == "service/jobs/shell.py"


def test_handlers_among_tests_are_left_out_where_there_are_others(tmp_path: Path) -> None:
    """A folder of nothing but examples is still read."""
    code = "def lambda_handler(event, context): ...\n"
    own = {"tests/app.py": code, "src/app.py": code, "src/test_app.py": code}

    assert set(handlers(tmp_path / "own", own).values()) == {"src/app.py:lambda_handler"}
    assert set(handlers(tmp_path / "examples", {"tests/app.py": code}).values()) == {
        "tests/app.py:lambda_handler"
    }


def test_where_there_is_a_template_it_alone_says_what_is_deployed(tmp_path: Path) -> None:
    """Code that it does not name is not taken for a function."""
    template = """\
        AWSTemplateFormatVersion: "2010-09-09"
        Resources:
          Queue:
            Type: AWS::SQS::Queue
        """
    files = {"template.yaml": template, "app.py": "def lambda_handler(event, context): ...\n"}

    assert handlers(tmp_path, files) == {}


def test_a_template_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    """Who reads a report of the code alone would take the template for safe."""
    broken = 'AWSTemplateFormatVersion: "2010-09-09"\nResources: {\n'
    write(
        tmp_path,
        {"template.yaml": broken, "app.py": "def lambda_handler(event, context): ...\n"},
    )
    loaded = load(tmp_path)

    assert not loaded.applications
    assert [one.at.path for one in loaded.unseen] == ["template.yaml"]


@pytest.mark.parametrize("mark", ["app.arc", "cdk.json", "Pulumi.yaml", "amplify/backend.ts"])
def test_the_code_of_a_framework_that_is_not_read_is(mark: str, tmp_path: Path) -> None:
    """What it deploys is told as not seen, and what the handlers do is still found."""
    write(tmp_path, {mark: "{}", "src/index.py": SHELL.replace("{field}", "['host']")})
    report = scan(tmp_path)

    assert [one.rule.id for one in report.findings] == ["event-in-shell"]
    assert {one.kind for one in report.unseen} == {"application"}


def test_a_framework_that_is_not_read_may_ask_callers_for_more(tmp_path: Path) -> None:
    """Without one, code that answers requests is taken for open to anyone."""
    code = SHELL.replace("{field}", "['queryStringParameters']['host']")
    write(tmp_path, {"cdk.json": "{}", "src/index.py": code})
    (finding,) = scan(tmp_path).findings

    assert finding.match.exposure is Exposure.SIGNED_IN
    assert finding.match.message == "whoever may call its API can run commands in index"


def test_who_reads_answers_of_an_api_that_is_not_seen(tmp_path: Path) -> None:
    """Those who may call it: whether they sign in first is not known."""
    code = """\
def handler(event, context):
    try:
        return {"statusCode": 200, "body": look_up(event["queryStringParameters"]["id"])}
    except Exception as error:
        return {"statusCode": 500, "body": str(error)}
"""
    write(tmp_path, {"cdk.json": "{}", "src/index.py": code})
    found = scan(tmp_path, config=Config(select=("error-in-response",))).findings

    assert [one.match.message.partition(" can ")[0] for one in found] == [
        "whoever may call its API"
    ]


def test_beside_other_applications_the_code_below_a_framework_s_file_is_read(
    tmp_path: Path,
) -> None:
    """Each file belongs to what stands nearest above it."""
    template = """\
        AWSTemplateFormatVersion: "2010-09-09"
        Resources: {Queue: {Type: AWS::SQS::Queue}}
        """
    code = SHELL.replace("{field}", "['host']")
    files = {
        "a/template.yaml": template,
        "a/code.py": code,
        "b/cdk.json": "{}",
        "b/lambda/code.py": code,
        "b/other/template.yaml": template,
        "b/other/code.py": code,
        "code.py": code,
    }
    write(tmp_path, files)
    report = scan(tmp_path)

    assert [app.name for app in report.applications] == [
        "a/template.yaml",
        "b/cdk.json",
        "b/other/template.yaml",
    ]
    assert [one.match.at.path for one in report.findings] == ["b/lambda/code.py"]


def test_compiled_code_beside_its_source_is_left_out(tmp_path: Path) -> None:
    """A handler is told once, where its author writes."""
    code = "export const handler = async (event) => {}"

    assert set(handlers(tmp_path, {"index.ts": code, "index.js": code}).values()) == {
        "index.ts:handler"
    }


@pytest.mark.parametrize(
    "code",
    [
        "def lambda_handler(event, context:\n",
        "x = " + "(" * 5_000 + "\ndef lambda_handler(event, context): ...\n",
        "\ufeff# handler",
        "exports.handler = async (event) => {" * 300,
        "exports.handler = " * 2_000 + "event",
        "exports.handler",
        "module.exports = { handler: }  // event",
        "export { handler } from './other'  // event",
        "export * from './other'  // handler",
        "exports.handler = exports.handler = exports.handler  // event",
    ],
)
def test_code_that_does_not_parse_does_no_harm(code: str, tmp_path: Path) -> None:
    """Whatever is in a file, the scan ends and says what it found."""
    good = textwrap.dedent(SHELL).replace("{field}", "['host']")
    write(tmp_path, {"a.py": code, "b.js": code, "c.ts": code, "good.py": good})

    assert [one.rule.id for one in scan(tmp_path).findings] == ["event-in-shell"]


def test_what_one_handler_asks_for_says_nothing_of_the_others(tmp_path: Path) -> None:
    """Handlers of one file that ask for different events are invoked by different services."""
    code = """
    processor = BatchProcessor(event_type=EventType.SQS)
    def record_handler(record):
        print(record["body"])
    def handler(event, context):
        return process_partial_response(event, record_handler, processor, context)
    def stored(event, context):
        for record in event["Records"]:
            print(record["s3"]["object"]["key"])
    """
    assert triggers_by_name(tmp_path, "app.py", textwrap.dedent(code)) == {
        "handler": {"sqs"},
        "stored": {"s3"},
    }


def test_an_event_of_a_short_name_is_known_by_what_is_read_of_it(tmp_path: Path) -> None:
    """Exports that take an `e` are handlers where they read what only events have."""
    code = """
    export const shown = async (e) => ({ statusCode: 200, body: e.queryStringParameters.q });
    export const clicked = async (e) => e.target.value;
    """
    assert handlers(tmp_path, {"index.mjs": textwrap.dedent(code)}) == {"index": "index.mjs:shown"}
