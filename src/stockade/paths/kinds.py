"""The kinds of stores that are worth protecting, and what is done with each.

Actions and ARNs follow the Service Authorization Reference.
"""

from collections.abc import Mapping
from typing import Final

from stockade.analysis.least_privilege.symbolic import ACCOUNT, PARTITION
from stockade.iam.symbolic import atom
from stockade.model.record import record

ANY_OBJECT: Final = "an object that the attacker chooses"
OTHER: Final = atom("something that the application does not hold", unique=True)
_OBJECT: Final = atom(ANY_OBJECT)
_HERE: Final = f"{atom('AWS::Region')}:{ACCOUNT}"


@record(eq=False)
class Kind:
    """A kind of store: how it is called, and the actions that read, change and delete in it.

    `other` is one that the application does not hold, as `reads` and the others are asked about
    it. `below` follows the ARN of a store for `of_objects`, the actions on what lies in it.
    """

    one: str
    many: str
    other: str
    reads: tuple[str, ...]
    writes: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    below: str = ""
    of_objects: frozenset[str] = frozenset()
    secret: bool = False


_BUCKET = Kind(
    "bucket",
    "buckets",
    f"arn:{PARTITION}:s3:::{OTHER}/{_OBJECT}",
    ("s3:GetObject",),
    ("s3:PutObject",),
    ("s3:DeleteObject",),
    f"/{_OBJECT}",
    frozenset({"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}),
)
_TABLE = Kind(
    "table",
    "tables",
    f"arn:{PARTITION}:dynamodb:{_HERE}:table/{OTHER}",
    ("dynamodb:Scan", "dynamodb:Query", "dynamodb:GetItem", "dynamodb:BatchGetItem"),
    ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"),
    ("dynamodb:DeleteItem", "dynamodb:DeleteTable"),
)
_QUEUE = Kind(
    "queue",
    "queues",
    f"arn:{PARTITION}:sqs:{_HERE}:{OTHER}",
    ("sqs:ReceiveMessage",),
    (),
    ("sqs:DeleteMessage", "sqs:PurgeQueue"),
)
_STREAM = Kind(
    "stream",
    "streams",
    f"arn:{PARTITION}:kinesis:{_HERE}:stream/{OTHER}",
    ("kinesis:GetRecords",),
)
_SECRET = Kind(
    "secret",
    "secrets",
    f"arn:{PARTITION}:secretsmanager:{_HERE}:secret:{OTHER}",
    ("secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"),
    ("secretsmanager:PutSecretValue",),
    ("secretsmanager:DeleteSecret",),
    secret=True,
)
_PARAMETER = Kind(
    "parameter",
    "parameters",
    f"arn:{PARTITION}:ssm:{_HERE}:parameter/{OTHER}",
    ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"),
    ("ssm:PutParameter",),
    ("ssm:DeleteParameter",),
    secret=True,
)

KINDS: Final[Mapping[str, Kind]] = {
    "AWS::S3::Bucket": _BUCKET,
    "AWS::DynamoDB::Table": _TABLE,
    "AWS::DynamoDB::GlobalTable": _TABLE,
    "AWS::SQS::Queue": _QUEUE,
    "AWS::Kinesis::Stream": _STREAM,
    "AWS::SecretsManager::Secret": _SECRET,
    "AWS::SSM::Parameter": _PARAMETER,
}
"""By the type of CloudFormation."""

_HERE_OTHER: Final = f"{_HERE}:{OTHER}"


@record(eq=False)
class Target:
    """What can be put to use by its name: the actions that do so, and one of someone else."""

    actions: tuple[str, ...]
    other: str


SENDS: Final[Mapping[str, Target]] = {
    "AWS::S3::Bucket": Target(("s3:PutObject",), _BUCKET.other),
    "AWS::DynamoDB::Table": Target(("dynamodb:PutItem", "dynamodb:UpdateItem"), _TABLE.other),
    "AWS::SQS::Queue": Target(("sqs:SendMessage",), _QUEUE.other),
    "AWS::SNS::Topic": Target(("sns:Publish",), f"arn:{PARTITION}:sns:{_HERE_OTHER}"),
    "AWS::Events::EventBus": Target(
        ("events:PutEvents",), f"arn:{PARTITION}:events:{_HERE}:event-bus/{OTHER}"
    ),
    "AWS::Kinesis::Stream": Target(("kinesis:PutRecord", "kinesis:PutRecords"), _STREAM.other),
    "AWS::StepFunctions::StateMachine": Target(
        ("states:StartExecution", "states:StartSyncExecution"),
        f"arn:{PARTITION}:states:{_HERE}:stateMachine:{OTHER}",
    ),
}
"""What is written to what can trigger a function."""

_FUNCTION: Final = f"arn:{PARTITION}:lambda:{_HERE}:function:{OTHER}"
INVOKES: Final = Target(("lambda:InvokeFunction",), _FUNCTION)
CHANGES: Final = Target(("lambda:UpdateFunctionCode",), _FUNCTION)
CREATES: Final = Target(("lambda:CreateFunction",), _FUNCTION)
PASSES: Final = Target(("iam:PassRole",), f"arn:{PARTITION}:iam::{ACCOUNT}:role/{OTHER}")
