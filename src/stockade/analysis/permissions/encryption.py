"""What comes with an encrypted resource: the use of its key, on behalf of the caller.

Follows "Protecting data with server-side encryption" of Amazon S3, "Key management" of Amazon
SQS and Amazon SNS, "Secret encryption and decryption" of AWS Secrets Manager, "DynamoDB
encryption at rest" and "Using server-side encryption" of Amazon Kinesis. Keys that AWS manages
(`alias/aws/...`) let every caller of the account use them through their service.
"""

from collections.abc import Iterator
from typing import Final

from stockade.analysis.permissions.arns import Arns
from stockade.analysis.permissions.texts import pieces, starts
from stockade.model import Resource, Unknown, Value, expression, inside

_KEYS: Final = {
    "AWS::S3::Bucket": (
        "BucketEncryption",
        "ServerSideEncryptionConfiguration",
        "[]",
        "ServerSideEncryptionByDefault",
        "KMSMasterKeyID",
    ),
    "AWS::SQS::Queue": ("KmsMasterKeyId",),
    "AWS::SNS::Topic": ("KmsMasterKeyId",),
    "AWS::DynamoDB::Table": ("SSESpecification", "KMSMasterKeyId"),
    "AWS::SecretsManager::Secret": ("KmsKeyId",),
    "AWS::Kinesis::Stream": ("StreamEncryption", "KeyId"),
}
"""The property that names the key, by the type of the resource."""

_READ: Final = ("kms:Decrypt",)
_WRITE: Final = ("kms:GenerateDataKey",)
_BOTH: Final = ("kms:Decrypt", "kms:GenerateDataKey")

_USES: Final = {
    "s3:GetObject": _READ,
    "s3:GetObjectVersion": _READ,
    "s3:PutObject": _WRITE,
    "sqs:SendMessage": _BOTH,
    "sqs:ReceiveMessage": _READ,
    "sns:Publish": _BOTH,
    "secretsmanager:GetSecretValue": _READ,
    "secretsmanager:PutSecretValue": _BOTH,
    "secretsmanager:UpdateSecret": _BOTH,
    "kinesis:PutRecord": _WRITE,
    "kinesis:PutRecords": _WRITE,
    "kinesis:GetRecords": _READ,
}
_ITEMS: Final = "BatchGetItem BatchWriteItem DeleteItem GetItem PutItem Query Scan UpdateItem"
USES: Final = {
    **_USES,
    **{f"dynamodb:{action}": _READ for action in _ITEMS.split()},
}
"""What an action does with the key of the resource that it acts on."""


def with_key(
    action: str, resource: Resource, arns: Arns
) -> Iterator[tuple[str, Value | Unknown, Value]]:
    """Yield action and key for what an action on an encrypted resource needs besides.

    The third value is the property that names the key.
    """
    for named in inside(resource.properties, *_KEYS.get(resource.type, ("none",))):
        if "alias/aws/" in expression(named):
            continue
        target = arns.key_of(named) or named
        alias = target is named and any(
            isinstance(part, str) and "alias/" in part for part in pieces(named)
        )
        key: Value = arns.key(target, named.at)
        if alias or starts(pieces(target), "alias/"):
            why = "policies name keys, and this alias's key is not declared here"
            key = Unknown(why, named.at)
        for use in USES.get(action, ()):
            yield use, key, named
