"""Expressions of the Terraform language: each value is what `terraform console` would show."""

from pathlib import Path

import pytest
from terraform_loading import Plain, loaded, properties

from stockade.analysis.stores.settings import deployed

SURROUNDINGS = """
variable "stage" { default = "dev" }
variable "given" { type = string }
variable "names" { default = ["a", "b"] }
variable "ports" { default = { web = 80, ssl = 443 } }
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
resource "random_id" "suffix" { byte_length = 4 }
resource "aws_sqs_queue" "jobs" {
  count = 2
  name  = "jobs-${count.index}"
}
resource "aws_sns_topic" "news" {
  for_each = toset(var.names)
  name     = each.key
}
resource "aws_sqs_queue" "absent" { count = 0 }
locals {
  twice = "${var.stage}-${var.stage}"
  deep  = { list = [{ name = "one" }, { name = "two" }] }
}
"""

CASES: tuple[tuple[str, Plain], ...] = (
    ('"plain"', "plain"),
    ('"a \\"quoted\\" $${word} %%{x}\\n"', 'a "quoted" ${word} %{x}\n'),
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("7 / 2", 3.5),
    ("8 / 2", 4),
    ("-5 % 3 == 1", True),
    ("!true || false", False),
    ('var.stage == "dev" ? "yes" : "no"', "yes"),
    ('"x" == "y" ? 1 : 2', 2),
    ("null == null", True),
    ("aws_sqs_queue.jobs[0].arn != null", True),
    ('var.given == "" ? "a" : "b"', "var.given ==  ? a : b"),
    ("local.twice", "${stage}-${stage}"),
    ('"${local.twice}!"', "${stage}-${stage}!"),
    ("var.names[1]", "b"),
    ('var.ports["ssl"]', 443),
    ("var.ports.web", 80),
    ("local.deep.list[1].name", "two"),
    ("local.deep.list[*].name", ["one", "two"]),
    ("local.deep.list.*.name", ["one", "two"]),
    ("[for name in var.names : upper(name)]", ["A", "B"]),
    ('[for index, name in var.names : index if name != "a"]', [1]),
    ("{ for name, port in var.ports : port => name }", {"80": "web", "443": "ssl"}),
    (
        '{ for name in ["x1", "x2", "y1"] : substr(name, 0, 1) => name... }',
        {"x": ["x1", "x2"], "y": ["y1"]},
    ),
    ('"%{ for name in var.names }<${name}>%{ endfor }"', "<a><b>"),
    ('"%{ if var.stage == "dev" }d%{ else }p%{ endif }"', "d"),
    ('" a ${~ "b" ~} c "', " abc "),
    ("aws_sqs_queue.jobs[1].arn", "${aws_sqs_queue.jobs[1].Arn}"),
    ("aws_sqs_queue.jobs[*].id", ["${aws_sqs_queue.jobs[0]}", "${aws_sqs_queue.jobs[1]}"]),
    ('aws_sns_topic.news["b"].arn', '${aws_sns_topic.news["b"]}'),
    (
        "[for key, topic in aws_sns_topic.news : topic.name]",
        ['${aws_sns_topic.news["a"].TopicName}', '${aws_sns_topic.news["b"].TopicName}'],
    ),
    ('try(aws_sqs_queue.absent[0].arn, "none")', "none"),
    ("one(aws_sqs_queue.absent[*].arn) == null", True),
    ('"b-${random_id.suffix.hex}"', "b-${random_id.suffix.hex}"),
    ("data.aws_caller_identity.me.account_id", "${AWS::AccountId}"),
    (
        '"arn:aws:s3:::x-${data.aws_region.here.name}"',
        "arn:aws:s3:::x-${AWS::Region}",
    ),
    ('format("%s-%03d", var.stage, 7)', "${stage}-007"),
    ('formatlist("k:%s", var.names)', ["k:a", "k:b"]),
    ('join(",", concat(var.names, ["c"]))', "a,b,c"),
    ('split("/", "a/b")', ["a", "b"]),
    ('replace("a.b", ".", "-")', "a-b"),
    ('trimprefix("lambda-x", "lambda-")', "x"),
    ('title("two words")', "Two Words"),
    ("merge({ a = 1 }, { b = 2, a = 3 })", {"a": 3, "b": 2}),
    ('lookup({ a = 1 }, "z", "none")', "none"),
    ('coalesce("", null, "x")', "x"),
    ('try(local.nothing, "fallback")', "fallback"),
    ("can(local.nothing)", False),
    ('element(["a", "b"], 3)', "b"),
    ('contains(var.names, "a")', True),
    ("length(var.ports)", 2),
    ("keys(var.ports)", ["ssl", "web"]),
    ("flatten([[1, [2]], 3])", [1, 2, 3]),
    ('distinct(["a", "a"])', ["a"]),
    ('compact(["a", "", null])', ["a"]),
    ("range(3)", [0, 1, 2]),
    ('zipmap(["a"], [1])', {"a": 1}),
    ('setsubtract(["a", "b"], ["b"])', ["a"]),
    ('setproduct(["a"], [1, 2])', [["a", 1], ["a", 2]]),
    ('jsondecode("{\\"a\\": [1]}").a[0]', 1),
    ('yamldecode("a: [x]").a', ["x"]),
    ('jsonencode({ a = [1, "b"] })', '{"a":[1,"b"]}'),
    ('"x${jsonencode({ a = 1 })}"', 'x{"a":1}'),
    ('base64encode("hi")', "aGk="),
    ('sha1("x")', "11f6ad8ec52a2984abaafd7c3b516503785c2072"),
    ("max(1, 5, 3)", 5),
    ('alltrue([true, "true"])', True),
    ("path.module", "."),
    ('basename("/a/b.zip")', "b.zip"),
    ('file("notes.txt")', "take note"),
    ('templatefile("page.tpl", { name = "x", many = [1, 2] })', "x: 1 2 "),
    ('fileset(path.module, "*.txt")', ["notes.txt"]),
    ('fileexists("nothing.txt")', False),
    ("uuid()", "unknown: `uuid` is worked out at deployment"),
    ('merge(var.ports, { web = 1 })["web"]', 1),
    ("[for one in [{ a = 1 }] : one.a][0]", 1),
    ('"${var.given}-x"', "${given}-x"),
    (
        'provider::aws::arn_parse("x")',
        "unknown: `provider::aws::arn_parse` is worked out at deployment",
    ),
)


@pytest.mark.parametrize(("written", "expected"), CASES, ids=[case[0] for case in CASES])
def test_an_expression_has_its_value(written: str, expected: Plain, tmp_path: Path) -> None:
    """Constants are worked out, and what only a deployment tells keeps its name."""
    shown = 'resource "aws_lambda_function" "shown" { description = ' + written + " }\n"
    files = {
        "main.tf": SURROUNDINGS + shown,
        "notes.txt": "take note",
        "page.tpl": "${name}: %{ for one in many }${one} %{ endfor }",
    }

    application, _ = loaded(tmp_path, files)

    found = properties(application, "aws_lambda_function.shown")["Description"]
    assert found == expected


@pytest.mark.parametrize(
    "value",
    [
        "var.key",
        "random_password.db.result",
        "data.aws_secretsmanager_secret_version.db.secret_string",
        'jsondecode(data.aws_secretsmanager_secret_version.db.secret_string)["password"]',
        "jsondecode(data.aws_secretsmanager_secret_version.db.secret_string).password",
        '"Bearer ${var.key}"',
    ],
)
def test_a_secret_stays_one_on_its_way(value: str, tmp_path: Path) -> None:
    """What holds a secret is known to, whatever it goes through before it is a setting."""
    text = f"""
variable "key" {{ sensitive = true }}
resource "random_password" "db" {{ length = 20 }}
data "aws_secretsmanager_secret_version" "db" {{ secret_id = "db" }}
resource "aws_lambda_function" "f" {{
  environment {{
    variables = {{ SETTING = {value} }}
  }}
}}
"""

    application, _ = loaded(tmp_path, text)

    (setting,) = deployed(application)
    assert setting.name == "SETTING"
    assert setting.why.endswith(" is sensitive")


def test_a_name_beside_a_secret_is_none(tmp_path: Path) -> None:
    """The user's name that is stored with a password may stand in a setting."""
    text = """
data "aws_secretsmanager_secret_version" "db" { secret_id = "db" }
resource "aws_lambda_function" "f" {
  environment {
    variables = {
      USER = jsondecode(data.aws_secretsmanager_secret_version.db.secret_string).username
    }
  }
}
"""

    application, _ = loaded(tmp_path, text)

    assert not list(deployed(application))
