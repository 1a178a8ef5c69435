"""How the values of a configuration are read: as JavaScript makes them, without running it."""

from pathlib import Path

import pytest
from sst_loading import config, loaded, properties, settings, shown
from terraform_loading import written

from stockade.api import scan
from stockade.config import Config
from stockade.load import load

TABLE = 'const table = new aws.dynamodb.Table("T", { hashKey: "id", attributes: [] });'
VALUES = {
    '"a" + "b" + 1': "ab1",
    "`${1 + 2}-${'x'.toUpperCase()}`": "3-X",
    "`${$app.name}-${$app.stage}`": "shop-production",
    '$app.stage === "production" ? "p" : "d"': "p",
    '$app.stage !== "production" ? "p" : undefined': None,
    "$dev ? 'dev' : 'live'": "live",
    '["a", "b"].map((one) => one + "!").join(",")': "a!,b!",
    'Object.entries({ a: 1, b: 2 }).map(([key, value]) => `${key}${value}`).join("")': "a1b2",
    '["a", "b", "c"].filter((one) => one !== "b").join("")': "ac",
    '({ ...{ a: "x" }, a: "y" }).a': "y",
    '(({ a, ...rest }: any) => rest.b)({ a: "x", b: "y" })': "y",
    '((a = "d") => a)()': "d",
    '(null as any)?.a ?? "other"': "other",
    "process.env.NAME": "${process.env.NAME}",
    "process.env.NAME!.toLowerCase()": "${process.env.NAME}",
    "$interpolate`${table.name}-x`": "${T}-x",
    "table.arn.apply((arn) => `${arn}/index/*`)": "${T.Arn}/index/*",
    "$resolve([table.name, 'y']).apply(([name, other]) => `${name}-${other}`)": "${T}-y",
    "$concat(table.name, '-', 'z')": "${T}-z",
    "aws.getRegionOutput().name": "${AWS::Region}",
    "aws.getCallerIdentityOutput({}).accountId": "${AWS::AccountId}",
    'Number("3") * 2': 6,
    '"x,y".split(",")[1]': "y",
    '["x"].includes("x") && "in"': "in",
    '"a-b-c".replaceAll("-", "_")': "a_b_c",
    'path.join("a", "..", "b")': "b",
}


@pytest.mark.parametrize("value", VALUES)
def test_values_are_what_they_would_be(value: str, tmp_path: Path) -> None:
    """As far as no deployment is needed to tell."""
    assert shown(tmp_path, value, TABLE, head='import * as path from "path";') == VALUES[value]


def test_a_branch_that_a_deployment_decides_is_gone_through_either_way(tmp_path: Path) -> None:
    """What might be deployed counts as deployed, and a value may be either."""
    app, _ = loaded(
        tmp_path,
        """
        if (process.env.EXTRA) new sst.aws.Queue("Extra");
        else new sst.aws.Queue("Other");
        if ($app.stage !== "production") new sst.aws.Queue("Never");
        new aws.sqs.Queue("Q", { name: process.env.LONG ? "long" : "short" });
        """,
    )

    assert {"Extra", "Other"} <= set(app.resources)
    assert "Never" not in app.resources
    assert "long" in str(properties(app, "Q")["QueueName"])


def test_the_stage_can_be_given(tmp_path: Path) -> None:
    """`--parameter stage=dev`; `production` without it."""
    run = 'if ($app.stage === "dev") new sst.aws.Queue("Dev"); else new sst.aws.Queue("Live");'

    assert "Live" in loaded(tmp_path, run)[0].resources
    assert "Dev" in loaded(tmp_path, run, given={"stage": "dev"})[0].resources


FILES = {
    "infra/index.ts": 'export * from "./storage";\nexport { api as http } from "./api";\n',
    "infra/storage.ts": """
        export const queues = ["A", "B"].map((name) => new sst.aws.Queue(name));
        export default new sst.aws.Queue("C");
        export function named(name: string) { return new sst.aws.Queue(name); }
        """,
    "infra/api.ts": """
        import fallback, { queues as all, named } from "./storage";
        import * as storage from "@infra/storage";
        import settings from "./settings.json";
        const last = named(settings.name);
        export const api = new sst.aws.Function("F", {
          handler: "a.handler", link: [...all, fallback, last, storage.queues[0]] });
        """,
    "infra/settings.json": '{"name": "D"}',
    "tsconfig.json": '{"compilerOptions": {"paths": {"@infra/*": ["./infra/*"]}}}',
}


def test_files_import_each_other_in_every_way(tmp_path: Path) -> None:
    """By name, all, the default, through another file, by a short name, of JSON."""
    run = 'const infra = await import("./infra");\nreturn { url: infra.http.url };'
    app, unseen = loaded(tmp_path, run, FILES)

    assert not unseen
    given = [key for key in settings(app, "F") if key.endswith(".url")]
    assert given == [f"Resource.{name}.url" for name in ("A", "B", "C", "D")]
    assert app.resources["A"].at.path == "infra/storage.ts"


def test_files_are_imported_by_what_a_folder_holds(tmp_path: Path) -> None:
    """`for (const file of readdirSync("./infra"))`, as templates of SST have it."""
    run = """
    for (const file of readdirSync("./infra/")) {
      const result = await import("./infra/" + file);
    }
    """
    files = {"infra/a.ts": 'new sst.aws.Queue("A");', "infra/b.ts": 'new sst.aws.Queue("B");'}
    app, _ = loaded(tmp_path, run, files, head='import { readdirSync } from "fs";')

    assert {"A", "B"} <= set(app.resources)


def test_classes_of_the_author_make_what_their_constructors_make(tmp_path: Path) -> None:
    """With fields, methods, getters, static methods and a class that they extend."""
    app, unseen = loaded(
        tmp_path,
        """
        class Base { constructor(readonly id: string) { new sst.aws.Queue(`${this.id}Base`); } }
        class Worker extends Base {
          queue = new sst.aws.Queue("Field");
          constructor(id: string, private readonly settings: { retry: number }) {
            super(id);
            const dlq = { queue: this.queue.arn, retry: this.settings.retry };
            new sst.aws.Queue(`${id}Own`, { dlq });
          }
          static of(id: string) { return new Worker(id, { retry: 7 }); }
          get arn() { return this.queue.arn; }
          more(name: string) { new sst.aws.Queue(name); return this; }
        }
        Worker.of("X").more("More");
        """,
    )

    assert not unseen
    assert {"XBase", "Field", "XOwn", "More"} <= set(app.resources)
    assert properties(app, "XOwn")["RedrivePolicy"] == {
        "deadLetterTargetArn": "${Field.Arn}",
        "maxReceiveCount": 7,
    }


def test_loops_and_assignments_are_followed(tmp_path: Path) -> None:
    """Lists that grow, objects that are filled."""
    app, _ = loaded(
        tmp_path,
        """
        const links: any[] = []; const env: Record<string, string> = {};
        for (const name of ["A", "B"]) {
          const queue = new sst.aws.Queue(name);
          links.push(queue);
          env[name] = name;
        }
        env.C = "c";
        new sst.aws.Function("F", { handler: "a.handler", link: links, environment: env });
        """,
    )

    found = settings(app, "F")
    assert {key: found.get(key) for key in ("A", "B", "C", "Resource.B.url")} == {
        "A": "A",
        "B": "B",
        "C": "c",
        "Resource.B.url": "${B}",
    }


def test_what_is_spread_but_not_known_is_told(tmp_path: Path) -> None:
    """A package's settings cannot be read."""
    app, unseen = loaded(
        tmp_path,
        'new sst.aws.Function("F", { handler: "a.handler", ...defaults });',
        head='import { defaults } from "@company/infra";',
    )

    assert "F" in app.functions
    assert ["not known" in one.why for one in unseen] == [True]


CODE = {
    "a.ts": """
import { Resource } from "sst";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
const client = new DynamoDBClient({});
export const handler = async (event: any) => {
  const Item = { id: { S: event.body } };
  await client.send(new PutItemCommand({ TableName: Resource.Orders.name, Item }));
};
""",
    "b.py": """
import boto3
from sst import Resource
def handler(event, context):
    item = {"id": {"S": event["body"]}}
    boto3.client("dynamodb").put_item(TableName=Resource.Orders.name, Item=item)
""",
}


@pytest.mark.parametrize(
    ("handler", "runtime"), [("a.handler", "nodejs22.x"), ("b.handler", "python3.13")]
)
def test_code_reads_what_its_function_is_linked_to(
    handler: str, runtime: str, tmp_path: Path
) -> None:
    """`Resource.Orders.name` is the table, in JavaScript and in Python: nothing is missing."""
    run = f"""
    const orders = new sst.aws.Dynamo("Orders", {{
      fields: {{ id: "string" }}, primaryIndex: {{ hashKey: "id" }} }});
    new sst.aws.Function("F", {{
      handler: "{handler}", runtime: "{runtime}", link: [orders], url: true }});
    """
    written(tmp_path, {"sst.config.ts": config(run), **CODE})
    report = scan(tmp_path)

    assert not report.unseen
    assert [one.rule.id for one in report.findings] == ["function-url-without-authorizer"]
    assert 'url: { authorization: "iam" }' in (report.findings[0].match.help or "")


def test_a_linked_secret_is_no_setting_in_plain_text(tmp_path: Path) -> None:
    """SST packs it encrypted; the same secret in `environment` is told."""
    run = """
    const key = new sst.Secret("PaymentKey");
    new sst.aws.Function("F", { handler: "a.handler", link: [key] });
    new sst.aws.Function("G", { handler: "a.handler", environment: { PAYMENT_KEY: key.value } });
    """
    written(tmp_path, {"sst.config.ts": config(run), "a.ts": "export const handler = () => {};"})
    report = scan(tmp_path, Config())

    found = [one for one in report.findings if one.rule.id == "secret-in-environment"]
    assert ["PAYMENT_KEY" in one.match.message for one in found] == [True]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("export default { config() {}, stacks(app) { app.stack(S); } };", "SST v2"),
        ("export default 1;", "exports no configuration of SST"),
        ("", "exports no configuration of SST"),
        ("export default $config(", "exports no configuration of SST"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_told(text: str, why: str, tmp_path: Path) -> None:
    """SST v2, and what is none."""
    found = load(written(tmp_path, {"sst.config.ts": text}))

    assert not found.applications
    assert [why in one.why for one in found.unseen] == [True]
