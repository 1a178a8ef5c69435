"""Resource types of the AWS provider: each is the resource of CloudFormation that AWS makes."""

from pathlib import Path

import pytest
from terraform_loading import Plain, loaded, properties

FUNCTION = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  handler       = "app.handler"
  runtime       = "python3.13"
  role          = aws_iam_role.r.arn
  filename      = "src"
  memory_size   = 256
  reserved_concurrent_executions = -1
  environment {
    variables = { TABLE = aws_dynamodb_table.t.name }
  }
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = []
  }
  tracing_config { mode = "Active" }
}
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({ Statement = [] })
  inline_policy {
    name   = "own"
    policy = jsonencode({ Statement = [{ Effect = "Allow" }] })
  }
}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = "{\\"Statement\\": [{\\"Resource\\": \\"${aws_dynamodb_table.t.arn}/index/*\\"}]}"
}
resource "aws_iam_role_policy_attachment" "p" {
  role       = aws_iam_role.r.name
  policy_arn = aws_iam_policy.p.arn
}
resource "aws_iam_role_policy_attachment" "by_name" {
  for_each   = toset(["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"])
  role       = aws_iam_role.r.id
  policy_arn = each.value
}
resource "aws_dynamodb_table" "t" {
  name      = "t"
  hash_key  = "id"
  range_key = "at"
  attribute {
    name = "id"
    type = "S"
  }
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
  ttl {
    attribute_name = "forget"
    enabled        = true
  }
  point_in_time_recovery { enabled = true }
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.k.arn
  }
}
resource "aws_kms_key" "k" { enable_key_rotation = true }
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn  = aws_dynamodb_table.t.stream_arn
  function_name     = aws_lambda_function.f.arn
  starting_position = "LATEST"
  filter_criteria {
    filter { pattern = jsonencode({ eventName = ["INSERT"] }) }
  }
  destination_config {
    on_failure { destination_arn = aws_sqs_queue.dead.arn }
  }
}
resource "aws_sqs_queue" "dead" {
  name                       = "dead"
  visibility_timeout_seconds = 60
  policy                     = jsonencode({ Statement = [] })
}
resource "aws_sqs_queue" "q" {
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 3
  })
}
resource "aws_s3_bucket" "b" { bucket = "b-${var.stage}" }
variable "stage" {}
resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  bucket = aws_s3_bucket.b.bucket
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "aws:kms" }
  }
}
resource "aws_s3_bucket_acl" "b" {
  bucket = aws_s3_bucket.b.id
  acl    = "public-read"
}
resource "aws_s3_bucket_notification" "b" {
  bucket      = aws_s3_bucket.b.id
  eventbridge = true
  lambda_function {
    lambda_function_arn = aws_lambda_function.f.arn
    events              = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]
    filter_suffix       = ".pdf"
  }
}
resource "aws_cloudwatch_event_rule" "e" {
  event_pattern = <<-PATTERN
    {"source": ["${var.stage}"]}
  PATTERN
  is_enabled = false
}
resource "aws_cloudwatch_event_target" "e" {
  rule      = aws_cloudwatch_event_rule.e.name
  target_id = "f"
  arn       = aws_lambda_function.f.arn
  dead_letter_config { arn = aws_sqs_queue.dead.arn }
}
resource "aws_api_gateway_rest_api" "api" { name = "api" }
resource "aws_api_gateway_resource" "items" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  parent_id   = aws_api_gateway_rest_api.api.root_resource_id
  path_part   = "items"
}
resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_resource.items.id
  http_method   = "GET"
  authorization = "AWS_IAM"
}
resource "aws_api_gateway_integration" "get" {
  rest_api_id             = aws_api_gateway_rest_api.api.id
  resource_id             = aws_api_gateway_resource.items.id
  http_method             = aws_api_gateway_method.get.http_method
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.f.invoke_arn
}
resource "aws_api_gateway_stage" "v1" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  stage_name    = "v1"
  deployment_id = "x"
}
resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  stage_name  = aws_api_gateway_stage.v1.stage_name
  method_path = "*/*"
  settings { throttling_rate_limit = 10 }
}
resource "aws_iot_topic_rule" "i" {
  name    = "i"
  sql     = "SELECT 1"
  enabled = true
  lambda { function_arn = aws_lambda_function.f.arn }
  error_action {
    sqs {
      queue_url  = aws_sqs_queue.dead.id
      role_arn   = aws_iam_role.r.arn
      use_base64 = false
    }
  }
}
resource "aws_lb_target_group" "g" { target_type = "lambda" }
resource "aws_lb_target_group_attachment" "g" {
  target_group_arn = aws_lb_target_group.g.arn
  target_id        = aws_lambda_function.f.arn
}
resource "aws_lb_listener_rule" "r" {
  listener_arn = "l"
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.g.arn
  }
  condition {
    path_pattern { values = ["/api/*"] }
  }
}
resource "aws_cloudfront_distribution" "d" {
  enabled = true
  default_cache_behavior {
    target_origin_id = "o"
    lambda_function_association {
      event_type = "viewer-request"
      lambda_arn = aws_lambda_function.f.qualified_arn
    }
  }
}
"""

ROLE = "${aws_iam_role.r.Arn}"
CODE = "${aws_lambda_function.f.Arn}"
INVOKED = (
    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
    + CODE
    + "/invocations"
)

CASES: tuple[tuple[str, str, Plain], ...] = (
    ("aws_lambda_function.f", "Role", ROLE),
    ("aws_lambda_function.f", "MemorySize", 256),
    ("aws_lambda_function.f", "ReservedConcurrentExecutions", None),
    ("aws_lambda_function.f", "Code", "src"),
    ("aws_lambda_function.f", "Environment", {"Variables": {"TABLE": "${aws_dynamodb_table.t}"}}),
    ("aws_lambda_function.f", "VpcConfig", {"SubnetIds": ["subnet-1"], "SecurityGroupIds": []}),
    ("aws_lambda_function.f", "TracingConfig", {"Mode": "Active"}),
    ("aws_iam_role.r", "AssumeRolePolicyDocument", {"Statement": []}),
    (
        "aws_iam_role.r",
        "Policies",
        [{"PolicyDocument": {"Statement": [{"Effect": "Allow"}]}, "PolicyName": "own"}],
    ),
    (
        "aws_iam_role.r",
        "ManagedPolicyArns",
        ["${aws_iam_policy.p}", "arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"],
    ),
    (
        "aws_iam_policy.p",
        "PolicyDocument",
        {"Statement": [{"Resource": "${aws_dynamodb_table.t.Arn}/index/*"}]},
    ),
    (
        "aws_dynamodb_table.t",
        "KeySchema",
        [
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "at", "KeyType": "RANGE"},
        ],
    ),
    ("aws_dynamodb_table.t", "StreamSpecification", {"StreamViewType": "NEW_IMAGE"}),
    (
        "aws_dynamodb_table.t",
        "TimeToLiveSpecification",
        {"AttributeName": "forget", "Enabled": True},
    ),
    (
        "aws_dynamodb_table.t",
        "PointInTimeRecoverySpecification",
        {"PointInTimeRecoveryEnabled": True},
    ),
    (
        "aws_dynamodb_table.t",
        "SSESpecification",
        {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": "${aws_kms_key.k.Arn}"},
    ),
    (
        "aws_lambda_event_source_mapping.m",
        "FilterCriteria",
        {"Filters": [{"Pattern": '{"eventName":["INSERT"]}'}]},
    ),
    (
        "aws_lambda_event_source_mapping.m",
        "DestinationConfig",
        {"OnFailure": {"Destination": "${aws_sqs_queue.dead.Arn}"}},
    ),
    ("aws_lambda_event_source_mapping.m", "EventSourceArn", "${aws_dynamodb_table.t.StreamArn}"),
    ("aws_sqs_queue.dead", "VisibilityTimeout", 60),
    ("aws_sqs_queue.dead.policy", "Queues", ["${aws_sqs_queue.dead}"]),
    (
        "aws_sqs_queue.q",
        "RedrivePolicy",
        {"deadLetterTargetArn": "${aws_sqs_queue.dead.Arn}", "maxReceiveCount": 3},
    ),
    ("aws_s3_bucket.b", "BucketName", "b-${stage}"),
    ("aws_s3_bucket.b", "VersioningConfiguration", {"Status": "Enabled"}),
    (
        "aws_s3_bucket.b",
        "BucketEncryption",
        {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
            ]
        },
    ),
    ("aws_s3_bucket.b", "AccessControl", "PublicRead"),
    (
        "aws_s3_bucket.b",
        "NotificationConfiguration",
        {
            "LambdaConfigurations": [
                {
                    "Event": event,
                    "Function": CODE,
                    "Filter": {"S3Key": {"Rules": [{"Name": "suffix", "Value": ".pdf"}]}},
                }
                for event in ("s3:ObjectCreated:*", "s3:ObjectRemoved:*")
            ],
            "EventBridgeConfiguration": {"EventBridgeEnabled": True},
        },
    ),
    ("aws_cloudwatch_event_rule.e", "EventPattern", {"source": ["${stage}"]}),
    ("aws_cloudwatch_event_rule.e", "State", "DISABLED"),
    (
        "aws_cloudwatch_event_rule.e",
        "Targets",
        [{"Id": "f", "Arn": CODE, "DeadLetterConfig": {"Arn": "${aws_sqs_queue.dead.Arn}"}}],
    ),
    (
        "aws_api_gateway_method.get",
        "Integration",
        {"IntegrationHttpMethod": "POST", "Type": "AWS_PROXY", "Uri": INVOKED},
    ),
    (
        "aws_api_gateway_stage.v1",
        "MethodSettings",
        [{"ThrottlingRateLimit": 10, "ResourcePath": "/*", "HttpMethod": "*"}],
    ),
    (
        "aws_iot_topic_rule.i",
        "TopicRulePayload",
        {
            "Sql": "SELECT 1",
            "Enabled": True,
            "Actions": [{"Lambda": {"FunctionArn": CODE}}],
            "ErrorAction": {
                "Sqs": {"QueueUrl": "${aws_sqs_queue.dead}", "RoleArn": ROLE, "UseBase64": False}
            },
        },
    ),
    ("aws_lb_target_group.g", "Targets", [{"Id": CODE}]),
    (
        "aws_lb_listener_rule.r",
        "Conditions",
        [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}],
    ),
    (
        "aws_cloudfront_distribution.d",
        "DistributionConfig",
        {
            "Enabled": True,
            "DefaultCacheBehavior": {
                "TargetOriginId": "o",
                "LambdaFunctionAssociations": [
                    {"EventType": "viewer-request", "LambdaFunctionARN": CODE}
                ],
            },
        },
    ),
)


@pytest.mark.parametrize(("address", "name", "expected"), CASES)
def test_a_resource_has_the_property(
    address: str, name: str, expected: Plain, tmp_path: Path
) -> None:
    """Arguments, nested blocks and pieces declared apart come to CloudFormation's properties."""
    application, _ = loaded(tmp_path, {"main.tf": FUNCTION, "src/app.py": ""})

    found = properties(application, address).get(name)
    if isinstance(found, dict) and isinstance(expected, dict):
        assert dict(sorted(found.items())) == dict(sorted(expected.items()))
    assert found == expected


def test_every_way_in_is_found(tmp_path: Path) -> None:
    """What starts the function is told by the type of each trigger."""
    application, _ = loaded(tmp_path, FUNCTION)

    assert {str(one.type) for one in application.event_sources} == {
        "cloudfront",
        "dynamodb-stream",
        "event-bus",
        "iot",
        "load-balancer",
        "rest-api",
        "s3",
    }


def test_types_that_are_not_known_are_told_once(tmp_path: Path) -> None:
    """Ten resources of a type that nothing is known of are one line of the report."""
    _, unseen = loaded(
        tmp_path, 'resource "aws_sqs_queue" "q" {}\nresource "aws_neptune_x" "n" { count = 10 }\n'
    )

    assert [(one.at.line, one.why) for one in unseen] == [
        (2, "resources of type aws_neptune_x are not looked at (10 of them)")
    ]


def test_a_piece_of_what_is_made_elsewhere_is_told(tmp_path: Path) -> None:
    """A policy attached to a role that no file declares cannot be judged."""
    _, unseen = loaded(
        tmp_path,
        'resource "aws_sqs_queue" "q" {}\n'
        'resource "aws_iam_role_policy_attachment" "a" {\n  role = "theirs"\n'
        '  policy_arn = "arn:aws:iam::aws:policy/A"\n}\n',
    )

    assert [one.why for one in unseen] == [
        "aws_iam_role_policy_attachment.a belongs to a resource that is not declared here"
    ]


def test_a_part_of_a_document_may_hang_on_a_condition(tmp_path: Path) -> None:
    """Where a deployment decides whether a statement is there, the policy is read both ways."""
    application, _ = loaded(
        tmp_path,
        {
            "main.tf": 'variable "key" {}\nresource "aws_iam_policy" "p" {\n'
            '  policy = templatefile("p.json", { key = var.key })\n}\n',
            "p.json": '{"Statement": [{"Action": "s3:*"\n%{ if key != "" ~}\n}, '
            '{"Resource": "${key}"\n%{ endif ~}\n}]}',
        },
    )

    assert properties(application, "aws_iam_policy.p")["PolicyDocument"] == (
        "key !=  ? {'Statement': [{'Action': 's3:*'}, {'Resource': '${key}'}]}"
        " : {'Statement': [{'Action': 's3:*'}]}"
    )
