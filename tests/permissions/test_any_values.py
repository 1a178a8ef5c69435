"""Whatever values calls are given, needs are ARNs or unknown, and nothing fails."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loaded import application

from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.permissions import needs
from stockade.catalogue import open_catalogue
from stockade.model import (
    Application,
    Choice,
    Concatenation,
    EventData,
    Exposure,
    List,
    Location,
    Map,
    NoValue,
    Parameter,
    Reference,
    Scalar,
    Unknown,
    Value,
    expression,
)

AT = Location("app.py", 1)
TEMPLATE = """\
    Resources:
      Store: {Type: AWS::S3::Bucket}
      Jobs: {Type: AWS::SQS::Queue}
      Key: {Type: AWS::KMS::Key}
      F:
        Type: AWS::Lambda::Function
        Properties: {Runtime: python3.12, Handler: app.handler, Code: ., Role: x}
"""

scalars = st.sampled_from(
    [
        "",
        "/",
        ":",
        "a",
        "*",
        "arn:",
        "arn:aws:s3:::x",
        "https://",
        "https://sqs.a.b/1/c",
        "s3://",
        "s3://b/k",
        "alias/x",
        "x@y",
        "<>",
        "SELECT * FROM t",
        "/aws/service/x",
        7,
        None,
        True,
    ]
).map(lambda value: Scalar(value, AT))
references = st.builds(
    lambda name, attribute: Reference(name, attribute, AT),
    st.sampled_from(["Store", "Jobs", "Key", "F", "Nothing"]),
    st.sampled_from(["Ref", "Arn", "QueueName", "Nothing"]),
)
leaves: st.SearchStrategy[Value] = st.one_of(
    scalars,
    references,
    st.sampled_from(
        [
            Unknown("x", AT),
            Unknown("x", AT, "Records[].s3.bucket.name"),
            Unknown("x", AT, "ResourceProperties.A.B"),
            EventData("body", AT),
            NoValue(AT),
            Parameter("P", None, AT),
            Parameter("TopicArn", None, AT),
        ]
    ),
)


def _inner(inside: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.one_of(
        st.lists(inside, max_size=3).map(lambda items: List(tuple(items), AT)),
        st.dictionaries(
            st.sampled_from(["Bucket", "Key", "Put", "TableName", "S3Object", "Name", "x"]),
            inside,
            max_size=3,
        ).map(lambda entries: Map(entries, AT, {})),
        st.lists(inside, max_size=3).map(lambda parts: Concatenation(tuple(parts), AT)),
        st.tuples(inside, inside).map(lambda pair: Choice("c", *pair, AT)),
        inside.map(lambda value: Parameter("Given", value, AT)),
    )


values: st.SearchStrategy[Value] = st.recursive(leaves, _inner, max_leaves=6)
CALLEES = [
    f"aws.{service}.Client.{method}"
    for service, methods in {
        "s3": "get_object copy_object delete_objects upload_file generate_presigned_url",
        "dynamodb": "query batch_get_item transact_write_items execute_statement",
        "sqs": "send_message",
        "sns": "publish",
        "events": "put_events put_rule",
        "kms": "decrypt encrypt",
        "secretsmanager": "get_secret_value",
        "ssm": "get_parameters",
        "ses": "send_email",
        "transcribe": "start_transcription_job",
        "ecs": "run_task",
        "apigatewaymanagementapi": "post_to_connection",
        "route53": "get_hosted_zone",
        "bedrock-runtime": "converse",
        "textract": "detect_document_text",
    }.items()
    for method in methods.split()
] + [
    "aws.s3.Bucket.objects.filter()[].delete",
    "aws.s3.Object.put",
    "aws.dynamodb.Table.scan",
    "aws.s3.Client.get_paginator().paginate",
    "aws.dynamodb.Batch.put_item",
    "aws.?.Client.x",
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Application:
    """Load one application."""
    code = "def handler(event, context): pass"
    return application(tmp_path_factory.mktemp("app"), TEMPLATE, {"app.py": code})


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_needs_are_arns_or_unknown(app: Application, data: st.DataObject) -> None:
    """No value makes it fail, and `*` alone is only said of actions that may have no resource."""
    callee = data.draw(st.sampled_from(CALLEES))
    service, _, method = callee.removeprefix("aws.").partition(".Client.")
    operation = open_catalogue().operation(service, method)
    names = ["0", "1", "2", "Params", "ExtraArgs"]
    if operation:
        names += open_catalogue().parameters(service, operation.name)
    arguments = data.draw(st.dictionaries(st.sampled_from(names), values, max_size=4))
    receiver = data.draw(
        st.dictionaries(st.sampled_from(["0", "self.0", "name", "endpoint_url", "Prefix"]), values)
    )
    call = ExternalCall(
        function="F",
        callee=callee,
        arguments=arguments,
        receiver=receiver,
        at=AT,
        steps=(),
        exposure=Exposure.ANYONE,
        complete=data.draw(st.booleans()),
    )
    found = needs(app, Facts(flows=(), calls=(call,), exposures={}))["F"]
    for need in found.needed:
        assert "unknown" not in expression(need.resource)
        assert "${event" not in expression(need.resource)
        if expression(need.resource) == "*":
            assert any("because" in step.note for step in need.because), need
