"""Modules of the Terraform Registry: what their arguments make, told at the author's call."""

from pathlib import Path

import pytest
from terraform_loading import loaded, properties

from stockade.load.terraform import registry
from stockade.load.terraform.configuration import parse_file
from stockade.load.terraform.tables import KINDS
from stockade.model import SourceFile, Unseen

HERE = Path(registry.__file__).parent
MODULES = sorted(path.name for path in HERE.glob("*.tf"))

SHOP = """
module "orders" {
  source        = "terraform-aws-modules/lambda/aws"
  version       = "~> 8.0"
  function_name = "orders"
  handler       = "app.handler"
  runtime       = "python3.13"
  source_path   = "${path.module}/src"

  environment_variables = {
    TABLE = module.table.dynamodb_table_id
  }

  attach_policy_statements = true
  policy_statements = {
    store = {
      effect    = "Allow"
      actions   = ["dynamodb:PutItem"]
      resources = [module.table.dynamodb_table_arn]
    }
  }

  allowed_triggers = {
    apigateway = {
      service    = "apigateway"
      source_arn = "${module.api.api_execution_arn}/*/*"
    }
  }

  event_source_mapping = {
    jobs = { event_source_arn = module.jobs.queue_arn, batch_size = 5 }
  }
}

module "api" {
  source = "git::https://github.com/terraform-aws-modules/terraform-aws-apigateway-v2.git?ref=v5.2"
  name   = "orders"
  routes = {
    "POST /orders" = {
      authorization_type = "AWS_IAM"
      integration        = { uri = module.orders.lambda_function_arn }
    }
  }
}

module "table" {
  source     = "terraform-aws-modules/dynamodb-table/aws"
  name       = "orders"
  hash_key   = "id"
  attributes = [{ name = "id", type = "S" }]
}

module "jobs" {
  source     = "terraform-aws-modules/sqs/aws"
  name       = "jobs"
  create_dlq = true
}

module "bucket" {
  source                                = "terraform-aws-modules/s3-bucket/aws"
  bucket                                = "uploads"
  attach_deny_insecure_transport_policy = true
  versioning                            = { enabled = true }
}

module "uploads" {
  source = "terraform-aws-modules/s3-bucket/aws//modules/notification"
  bucket = module.bucket.s3_bucket_id
  lambda_notifications = {
    orders = {
      function_arn  = module.orders.lambda_function_arn
      function_name = module.orders.lambda_function_name
      events        = ["s3:ObjectCreated:*"]
      filter_prefix = "in/"
    }
  }
}

module "events" {
  source   = "terraform-aws-modules/eventbridge/aws"
  bus_name = "shop"
  rules    = { paid = { event_pattern = jsonencode({ source = ["shop"] }) } }
  targets  = { paid = [{ name = "orders", arn = module.orders.lambda_function_arn }] }
}

module "flow" {
  source     = "terraform-aws-modules/step-functions/aws"
  name       = "flow"
  definition = jsonencode({
    StartAt = "Call"
    States = {
      Call = { Type = "Task", Resource = module.orders.lambda_function_arn, End = true }
    }
  })
  service_integrations = { lambda = { lambda = [module.orders.lambda_function_arn] } }
}

module "news" {
  source = "terraform-aws-modules/sns/aws"
  name   = "news"
  subscriptions = {
    orders = { protocol = "lambda", endpoint = module.orders.lambda_function_arn }
  }
}
"""


@pytest.mark.parametrize("name", MODULES)
def test_a_stand_in_is_written_in_what_we_read(name: str) -> None:
    """It parses without an error, and makes resources that the tables know."""
    unseen: list[Unseen] = []
    body = parse_file(SourceFile(name, (HERE / name).read_text()), unseen)

    made = {block.labels[0] for block in body.blocks if block.type == "resource"}
    assert not unseen
    assert made
    assert made <= KINDS.keys() | {"docker_image", "docker_registry_image"}


def test_an_application_of_published_modules_is_whole(tmp_path: Path) -> None:
    """Its function has code, a role, and every trigger; nothing is left unseen."""
    application, unseen = loaded(
        tmp_path, {"main.tf": SHOP, "src/app.py": "def handler(event, context): pass\n"}
    )

    (function,) = application.functions.values()
    triggers = {str(source.type) for source in application.event_sources}
    assert not unseen
    assert function.id == "module.orders.aws_lambda_function.this[0]"
    assert triggers == {"http-api", "sqs", "s3", "event-bus", "step-functions", "sns"}
    role = application.role_of(function)
    assert role is not None
    assert [policy.at.line for policy in role.policies] == [2, 2]


def test_what_a_published_module_makes_is_told_at_its_call(tmp_path: Path) -> None:
    """No place lies in a file of ours; what the author wrote keeps its own line."""
    application, _ = loaded(tmp_path, SHOP)

    function = application.resources["module.orders.aws_lambda_function.this[0]"]
    table = function.properties.entries["Environment"]
    places = {resource.at.path for resource in application.resources.values()}
    assert places == {"main.tf"}
    assert function.at.line == 2
    assert function.properties.entries["Handler"].at.line == 6
    assert table.at.path == "main.tf"


def test_a_queue_gets_its_dead_letter_queue(tmp_path: Path) -> None:
    """What one argument asks for is a second resource and a reference to it."""
    application, _ = loaded(tmp_path, SHOP)

    assert properties(application, "module.jobs.aws_sqs_queue.this[0]")["RedrivePolicy"] == {
        "deadLetterTargetArn": "${module.jobs.aws_sqs_queue.dlq[0].Arn}",
        "maxReceiveCount": 5,
    }


def test_a_bucket_has_what_its_arguments_ask_for(tmp_path: Path) -> None:
    """Pieces of the module are put into the one bucket."""
    application, _ = loaded(tmp_path, SHOP)

    found = properties(application, "module.bucket.aws_s3_bucket.this[0]")
    assert found["BucketName"] == "uploads"
    assert found["VersioningConfiguration"] == {"Status": "Enabled"}
    assert found["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }


def test_other_published_modules_are_named(tmp_path: Path) -> None:
    """A module that is neither here nor known is told with its line."""
    _, unseen = loaded(
        tmp_path,
        'resource "aws_sqs_queue" "q" {}\nmodule "x" {\n  source = "cloudposse/label/null"\n}\n',
    )

    assert [(one.at.line, one.why) for one in unseen] == [
        (2, "the module cloudposse/label/null is not in the scanned folder")
    ]
