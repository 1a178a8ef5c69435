"""Plans in JSON: an application by itself, or values for a configuration beside it."""

import json
from pathlib import Path
from typing import Any

from terraform_loading import loaded, properties

TRUST = (
    '{"Statement":[{"Action":"sts:AssumeRole","Principal":{"Service":"lambda.amazonaws.com"}}]}'
)


def resource(address: str, values: dict[str, Any], mode: str = "managed") -> dict[str, Any]:
    """Return a resource as `planned_values` has it."""
    kind, _, rest = address.rpartition("module.q.")[2].removeprefix("data.").partition(".")
    name, bracket, index = rest.partition("[")
    found = {"address": address, "mode": mode, "type": kind, "name": name, "values": values}
    if bracket:
        found["index"] = json.loads(index.removesuffix("]"))
    return found


def changed(address: str, unknown: dict[str, Any]) -> dict[str, Any]:
    """Return what of a resource is known after the plan is applied only."""
    return {"address": address, "mode": "managed", "change": {"after_unknown": unknown}}


def declared(address: str, mode: str = "managed", **expressions: object) -> dict[str, Any]:
    """Return a resource as `configuration` has it."""
    kind, _, name = address.removeprefix("data.").partition(".")
    return {
        "address": address,
        "mode": mode,
        "type": kind,
        "name": name,
        "expressions": expressions,
    }


def referring(*names: str) -> dict[str, list[str]]:
    """Return an expression of which the plan tells what it refers to."""
    return {"references": [*names, *(name.rpartition(".")[0] for name in names)]}


PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.9.0",
    "variables": {"stage": {"value": "prod"}},
    "planned_values": {
        "root_module": {
            "resources": [
                resource("aws_iam_role.r", {"name": "r", "assume_role_policy": TRUST}),
                resource(
                    "aws_lambda_function.f",
                    {
                        "function_name": "f-prod",
                        "handler": "app.handler",
                        "runtime": "python3.13",
                        "filename": "src",
                        "environment": [{"variables": {"STAGE": "prod"}}],
                    },
                ),
                resource('aws_sns_topic.t["a"]', {"name": "a"}),
                resource('aws_sns_topic.t["b"]', {"name": "b"}),
            ],
            "child_modules": [
                {
                    "address": "module.q",
                    "resources": [resource("module.q.aws_sqs_queue.this[0]", {"name": "jobs"})],
                }
            ],
        }
    },
    "resource_changes": [
        changed(
            "aws_lambda_function.f",
            {"arn": True, "role": True, "environment": [{"variables": {"QUEUE": True}}]},
        ),
        changed("aws_lambda_event_source_mapping.m", {"event_source_arn": True}),
    ],
    "configuration": {
        "root_module": {
            "resources": [
                declared("aws_iam_role.r", name={"constant_value": "r"}),
                declared(
                    "aws_lambda_function.f",
                    function_name={"references": ["var.stage"]},
                    role=referring("aws_iam_role.r.arn"),
                    environment=[{"variables": referring("module.q.url")}],
                ),
                declared("aws_sns_topic.t", name={"references": ["each.key"]}),
                declared(
                    "aws_lambda_event_source_mapping.m",
                    event_source_arn=referring("module.q.arn"),
                    function_name=referring("aws_lambda_function.f.arn"),
                ),
                declared(
                    "aws_iam_role_policy.p",
                    role=referring("aws_iam_role.r.id"),
                    policy=referring("data.aws_iam_policy_document.p.json"),
                ),
                declared(
                    "data.aws_iam_policy_document.p",
                    mode="data",
                    statement=[
                        {
                            "actions": {"constant_value": ["sns:Publish"]},
                            "resources": referring('aws_sns_topic.t["a"].arn'),
                        }
                    ],
                ),
            ],
            "module_calls": {
                "q": {
                    "source": "./q",
                    "module": {
                        "outputs": {
                            "arn": {"expression": referring("aws_sqs_queue.this[0].arn")},
                            "url": {"expression": referring("aws_sqs_queue.this[0].url")},
                        },
                        "resources": [declared("aws_sqs_queue.this")],
                    },
                }
            },
            "variables": {"stage": {}},
        }
    },
}


def test_a_plan_alone_is_an_application(tmp_path: Path) -> None:
    """Known values are those of the plan, the others what they refer to."""
    application, unseen = loaded(
        tmp_path, {"plan.json": json.dumps(PLAN, indent=1), "src/app.py": "def handler(e, c): 1\n"}
    )

    function = properties(application, "aws_lambda_function.f")
    assert not unseen
    assert list(application.resources) == [
        "aws_iam_role.r",
        "aws_lambda_function.f",
        'aws_sns_topic.t["a"]',
        'aws_sns_topic.t["b"]',
        "aws_lambda_event_source_mapping.m",
        "aws_iam_role_policy.p",
        "module.q.aws_sqs_queue.this[0]",
    ]
    assert function["FunctionName"] == "f-prod"
    assert function["Role"] == "${aws_iam_role.r.Arn}"
    assert function["Environment"] == {
        "Variables": {"STAGE": "prod", "QUEUE": "${module.q.aws_sqs_queue.this[0]}"}
    }
    assert [str(one.type) for one in application.event_sources] == ["sqs"]
    assert function["Code"] == "src"


def test_what_a_plan_does_not_tell_is_unknown(tmp_path: Path) -> None:
    """It tells that a resource's ARN stands in a policy, not what follows it."""
    application, _ = loaded(tmp_path, {"plan.json": json.dumps(PLAN)})

    document = properties(application, "aws_iam_role_policy.p")["PolicyDocument"]
    assert isinstance(document, dict)
    assert document["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "sns:Publish",
            "Resource": '${aws_sns_topic.t["a"]}${unknown}',
        }
    ]


def test_a_plan_gives_values_to_the_configuration_beside_it(tmp_path: Path) -> None:
    """The files are read, findings stand in them, and variables have the plan's values."""
    application, _ = loaded(
        tmp_path,
        {
            "tfplan.json": json.dumps(PLAN),
            "main.tf": 'variable "stage" {}\n'
            'resource "aws_sqs_queue" "q" { name = upper(var.stage) }\n',
        },
    )

    assert properties(application, "aws_sqs_queue.q") == {"QueueName": "PROD"}


def test_other_json_of_that_name_is_no_plan(tmp_path: Path) -> None:
    """A file that only is called so is left alone."""
    application, unseen = loaded(
        tmp_path, {"plan.json": '{"steps": []}', "main.tf": 'resource "aws_sqs_queue" "q" {}\n'}
    )

    assert list(application.resources) == ["aws_sqs_queue.q"]
    assert not unseen
