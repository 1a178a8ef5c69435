"""Calls of AWS's SDK for JavaScript have the names and parameters that boto3 gives them."""

from pathlib import Path

import pytest
from javascript_runs import run

from stockade.model import Map, Scalar, Value

V3 = 'const { %s } = require("@aws-sdk/%s");\nexports.handler = async (event) => { %s };\n'
V2 = 'const AWS = require("aws-sdk");\nexports.handler = async (event) => { %s };\n'


def plain(value: Value) -> object:
    """Return a constant as Python's own."""
    if isinstance(value, Scalar):
        return value.value
    if isinstance(value, Map):
        return {key: plain(each) for key, each in value.entries.items()}
    return type(value).__name__


def calls(code: str, folder: Path) -> list[tuple[str, dict[str, object]]]:
    """Run a handler and return the calls of AWS, with their arguments."""
    (folder / "app.js").write_text(code)
    return [
        (call.callee, {name: plain(value) for name, value in call.arguments.items()})
        for call in run(folder, "http-api").calls
        if call.callee.startswith("aws.")
    ]


@pytest.mark.parametrize(
    ("names", "package", "code", "callee", "arguments"),
    [
        (
            "S3Client, GetObjectCommand",
            "client-s3",
            "await new S3Client().send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));",
            "aws.s3.Client.get_object",
            {"Bucket": "b", "Key": "k"},
        ),
        (
            "S3",
            "client-s3",
            (
                "const s3 = new S3({}); const given = { Bucket: 'b' }; given.Key = 'k';"
                "await s3.headObject(given);"
            ),
            "aws.s3.Client.head_object",
            {"Bucket": "b", "Key": "k"},
        ),
        (
            "SFNClient, StartExecutionCommand",
            "client-sfn",
            (
                "const c = new StartExecutionCommand({ stateMachineArn: 'a' });"
                "new SFNClient({}).send(c).then(() => 1);"
            ),
            "aws.stepfunctions.Client.start_execution",
            {"stateMachineArn": "a"},
        ),
        (
            "CognitoIdentityProviderClient, AdminGetUserCommand",
            "client-cognito-identity-provider",
            (
                "const c = new CognitoIdentityProviderClient();"
                "c.send(new AdminGetUserCommand({ Username: 'u' }), (err, data) => {});"
            ),
            "aws.cognito-idp.Client.admin_get_user",
            {"Username": "u"},
        ),
        (
            "paginateListObjectsV2, S3Client",
            "client-s3",
            (
                "for await (const page of paginateListObjectsV2({ client: new S3Client() }, "
                "{ Bucket: 'b' })) { page.Contents.forEach((each) => each.Key); }"
            ),
            "aws.s3.Client.list_objects_v2",
            {"Bucket": "b"},
        ),
        (
            "DynamoDBDocumentClient, TransactWriteCommand",
            "lib-dynamodb",
            (
                "await DynamoDBDocumentClient.from({}).send(new TransactWriteCommand("
                "{ TransactItems: 1 }));"
            ),
            "aws.dynamodb.Client.transact_write_items",
            {"TransactItems": 1},
        ),
        (
            "DynamoDBDocument",
            "lib-dynamodb",
            "await DynamoDBDocument.from({}).get({ TableName: 't', Key: { id: 1 } });",
            "aws.dynamodb.Client.get_item",
            {"TableName": "t", "Key": {"id": 1}},
        ),
        (
            "Upload",
            "lib-storage",
            "await new Upload({ client: 1, params: { Bucket: 'b', Key: 'k' } }).done();",
            "aws.s3.Client.put_object",
            {"Bucket": "b", "Key": "k"},
        ),
        (
            "createPresignedPost",
            "s3-presigned-post",
            "await createPresignedPost({}, { Bucket: 'b', Key: 'k', Expires: 60 });",
            "aws.s3.Client.generate_presigned_post",
            {"Bucket": "b", "Key": "k", "ExpiresIn": 60},
        ),
        (
            "getSignedUrl",
            "s3-request-presigner",
            (
                "const { PutObjectCommand } = require('@aws-sdk/client-s3');"
                "await getSignedUrl({}, new PutObjectCommand({ Bucket: 'b' }), { expiresIn: 9 });"
            ),
            "aws.s3.Client.generate_presigned_url",
            {"ClientMethod": "put_object", "Params": {"Bucket": "b"}, "ExpiresIn": 9},
        ),
    ],
)
def test_commands_of_version_3_are_calls(  # noqa: PLR0913, PLR0917 - a table's columns
    names: str,
    package: str,
    code: str,
    callee: str,
    arguments: dict[str, object],
    tmp_path: Path,
) -> None:
    """A command that is sent is the operation, with the command's input by name."""
    assert (callee, arguments) in calls(V3 % (names, package, code), tmp_path)


@pytest.mark.parametrize(
    ("code", "callee", "arguments"),
    [
        (
            "await new AWS.S3().getObject({ Bucket: 'b', Key: 'k' }).promise();",
            "aws.s3.Client.get_object",
            {"Bucket": "b", "Key": "k"},
        ),
        (
            "new AWS.StepFunctions().describeExecution({ executionArn: 'a' }, (e, d) => {});",
            "aws.stepfunctions.Client.describe_execution",
            {"executionArn": "a"},
        ),
        (
            (
                "const db = new AWS.DynamoDB.DocumentClient(); "
                "await db.batchWrite({ RequestItems: 1 }).promise();"
            ),
            "aws.dynamodb.Client.batch_write_item",
            {"RequestItems": 1},
        ),
        (
            (
                "const S3 = require('aws-sdk/clients/s3'); "
                "await new S3().upload({ Bucket: 'b' }).promise();"
            ),
            "aws.s3.Client.put_object",
            {"Bucket": "b"},
        ),
        (
            (
                "const X = require('aws-xray-sdk'); const A = X.captureAWS(AWS);"
                "await new A.SQS().sendMessage({ QueueUrl: 'q' }).promise();"
            ),
            "aws.sqs.Client.send_message",
            {"QueueUrl": "q"},
        ),
        (
            "const u = new AWS.S3().getSignedUrl('getObject', { Bucket: 'b', Expires: 5 });",
            "aws.s3.Client.generate_presigned_url",
            {
                "ClientMethod": "get_object",
                "Params": {"Bucket": "b", "Expires": 5},
                "ExpiresIn": 5,
            },
        ),
        (
            "await new AWS.RDS().describeDBInstances({ MaxRecords: 20 }).promise();",
            "aws.rds.Client.describe_db_instances",
            {"MaxRecords": 20},
        ),
    ],
)
def test_methods_of_version_2_are_calls(
    code: str, callee: str, arguments: dict[str, object], tmp_path: Path
) -> None:
    """A method is the operation, with its one object of parameters by name."""
    assert (callee, arguments) in calls(V2 % code, tmp_path)
