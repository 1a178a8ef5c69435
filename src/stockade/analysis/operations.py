"""Operations of AWS that matter to others: what each does, to what, and as which IAM action."""

from enum import IntEnum
from functools import lru_cache

from stockade._late import pattern
from stockade.model.record import record

_FIRST = pattern(r"(.)([A-Z][a-z]+)")
_END = pattern(r"([a-z0-9])([A-Z])")
_PLURAL = pattern(r"[A-Z]{2,}s$")


class EffectKind(IntEnum):
    """What a call does, the worst highest."""

    READS = 1
    WRITES = 2
    STARTS = 3
    SENDS = 4
    SPENDS = 5
    DELETES = 6


@record
class Operation:
    """Methods of one service that do the same kind of thing to the same kind of resource."""

    kind: EffectKind
    words: tuple[str, str]
    """`("deletes from", "delete from")`."""
    service: str
    methods: tuple[str, ...]
    """Of boto3's client or resource; the first is the action, in snake case."""
    argument: str
    """What names the resource it acts on; empty for operations that are told without."""
    types: tuple[str, ...] = ()


TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
_POOLS = ("AWS::Cognito::UserPool",)
DELETES_FROM = ("deletes from", "delete from")
WRITES_TO = ("writes to", "write to")
_READS = ("reads", "read")

OPERATIONS = (
    Operation(EffectKind.DELETES, DELETES_FROM, "dynamodb", ("delete_item",), "TableName", TABLES),
    Operation(
        EffectKind.WRITES,
        WRITES_TO,
        "dynamodb",
        ("put_item", "update_item", "batch_write_item", "transact_write_items"),
        "TableName",
        TABLES,
    ),
    Operation(
        EffectKind.READS,
        _READS,
        "dynamodb",
        ("get_item", "query", "scan", "batch_get_item"),
        "TableName",
        TABLES,
    ),
    Operation(
        EffectKind.DELETES,
        DELETES_FROM,
        "s3",
        ("delete_object", "delete_objects"),
        "Bucket",
        ("AWS::S3::Bucket",),
    ),
    Operation(
        EffectKind.WRITES,
        WRITES_TO,
        "s3",
        ("put_object", "upload_file", "upload_fileobj", "copy_object", "generate_presigned_post"),
        "Bucket",
        ("AWS::S3::Bucket",),
    ),
    Operation(
        EffectKind.READS,
        _READS,
        "s3",
        ("get_object", "download_file", "list_objects_v2"),
        "Bucket",
        ("AWS::S3::Bucket",),
    ),
    Operation(
        EffectKind.SENDS,
        ("publishes to", "publish to"),
        "sns",
        ("publish", "publish_batch"),
        "TopicArn",
        ("AWS::SNS::Topic",),
    ),
    Operation(
        EffectKind.WRITES,
        ("sends messages to", "send messages to"),
        "sqs",
        ("send_message", "send_message_batch"),
        "QueueUrl",
        ("AWS::SQS::Queue",),
    ),
    Operation(
        EffectKind.WRITES,
        ("puts events on", "put events on"),
        "events",
        ("put_events",),
        "EventBusName",
        ("AWS::Events::EventBus",),
    ),
    Operation(
        EffectKind.WRITES,
        ("puts records into", "put records into"),
        "kinesis",
        ("put_record", "put_records"),
        "StreamName",
        ("AWS::Kinesis::Stream",),
    ),
    Operation(
        EffectKind.STARTS,
        ("starts", "start"),
        "stepfunctions",
        ("start_execution", "start_sync_execution"),
        "stateMachineArn",
        ("AWS::StepFunctions::StateMachine",),
    ),
    Operation(
        EffectKind.STARTS,
        ("runs", "run"),
        "ecs",
        ("run_task",),
        "taskDefinition",
        ("AWS::ECS::TaskDefinition",),
    ),
    Operation(EffectKind.SENDS, ("sends mail", "send mail"), "ses", ("send_email",), ""),
    Operation(
        EffectKind.SENDS,
        ("sends mail", "send mail"),
        "ses",
        ("send_raw_email", "send_templated_email"),
        "",
    ),
    Operation(EffectKind.SENDS, ("sends mail", "send mail"), "sesv2", ("send_email",), ""),
    Operation(
        EffectKind.SPENDS,
        ("sends text messages", "send text messages"),
        "pinpoint",
        ("send_messages", "send_users_messages"),
        "",
    ),
    Operation(
        EffectKind.SPENDS,
        ("sends text messages", "send text messages"),
        "pinpoint-sms-voice-v2",
        ("send_text_message", "send_voice_message"),
        "",
    ),
    Operation(
        EffectKind.SPENDS,
        ("runs models of Bedrock", "run models of Bedrock"),
        "bedrock-runtime",
        ("invoke_model", "invoke_model_with_response_stream", "converse", "converse_stream"),
        "",
    ),
    Operation(
        EffectKind.SPENDS,
        ("runs agents of Bedrock", "run agents of Bedrock"),
        "bedrock-agent-runtime",
        ("invoke_agent", "retrieve_and_generate", "invoke_flow"),
        "",
    ),
    Operation(
        EffectKind.SPENDS,
        ("runs a model of SageMaker", "run a model of SageMaker"),
        "sagemaker-runtime",
        ("invoke_endpoint",),
        "",
    ),
    *(
        Operation(EffectKind.SPENDS, (f"uses {name}", f"use {name}"), service, methods, "")
        for name, service, methods in (
            (
                "Textract",
                "textract",
                (
                    "detect_document_text",
                    "analyze_document",
                    "analyze_expense",
                    "analyze_id",
                    "start_document_analysis",
                    "start_document_text_detection",
                ),
            ),
            (
                "Rekognition",
                "rekognition",
                (
                    "detect_labels",
                    "detect_text",
                    "detect_faces",
                    "detect_moderation_labels",
                    "compare_faces",
                    "index_faces",
                    "search_faces",
                    "search_faces_by_image",
                    "recognize_celebrities",
                ),
            ),
            (
                "Comprehend",
                "comprehend",
                ("detect_sentiment", "detect_entities", "detect_pii_entities"),
            ),
            ("Translate", "translate", ("translate_text", "start_text_translation_job")),
            ("Polly", "polly", ("synthesize_speech", "start_speech_synthesis_task")),
            ("Transcribe", "transcribe", ("start_transcription_job", "start_medical_scribe_job")),
        )
    ),
    Operation(
        EffectKind.DELETES,
        ("deletes users of", "delete users of"),
        "cognito-idp",
        ("admin_delete_user", "admin_disable_user"),
        "UserPoolId",
        _POOLS,
    ),
    Operation(
        EffectKind.WRITES,
        ("changes users of", "change users of"),
        "cognito-idp",
        (
            "admin_create_user",
            "admin_set_user_password",
            "admin_update_user_attributes",
            "admin_add_user_to_group",
            "admin_remove_user_from_group",
            "admin_enable_user",
        ),
        "UserPoolId",
        _POOLS,
    ),
    Operation(
        EffectKind.READS,
        ("lists users of", "list users of"),
        "cognito-idp",
        ("list_users", "list_users_in_group"),
        "UserPoolId",
        _POOLS,
    ),
    Operation(
        EffectKind.WRITES,
        ("runs statements on a database", "run statements on a database"),
        "rds-data",
        ("execute_statement", "batch_execute_statement"),
        "",
    ),
)

_IAM_SERVICES = {
    "stepfunctions": "states",
    "bedrock-runtime": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "sagemaker-runtime": "sagemaker",
    "sesv2": "ses",
    "pinpoint": "mobiletargeting",
    "pinpoint-sms-voice-v2": "sms-voice",
}
_IAM_ACTIONS = {
    "converse": "InvokeModel",
    "converse_stream": "InvokeModelWithResponseStream",
    "copy_object": "PutObject",
    "delete_objects": "DeleteObject",
    "download_file": "GetObject",
    "generate_presigned_post": "PutObject",
    "publish_batch": "Publish",
    "send_message_batch": "SendMessage",
    "transact_write_items": "PutItem",
    "upload_fileobj": "PutObject",
    "invoke_model_with_response_stream": "InvokeModelWithResponseStream",
    "upload_file": "PutObject",
    "list_objects_v2": "ListBucket",
}
RESOURCES = {
    "aws.dynamodb.Table": "dynamodb",
    "aws.dynamodb.Batch": "dynamodb",
    "aws.s3.Bucket": "s3",
    "aws.s3.Object": "s3",
    "aws.sqs.Queue": "sqs",
    "aws.sns.Topic": "sns",
}
OF_RESOURCES = {
    "aws.dynamodb.Batch.put_item": "put_item",
    "aws.dynamodb.Batch.delete_item": "delete_item",
    "aws.s3.Object.put": "put_object",
    "aws.s3.Object.delete": "delete_object",
    "aws.s3.Object.get": "get_object",
    "aws.s3.Object.upload_file": "put_object",
    "aws.s3.Object.upload_fileobj": "put_object",
}
"""Methods of resources that bear another name than the client's."""
BY_METHOD = {(one.service, method): one for one in OPERATIONS for method in one.methods}


def iam_action(operation: Operation, method: str) -> str:
    """Return the action that a method needs: `"dynamodb:PutItem"`."""
    service = _IAM_SERVICES.get(operation.service, operation.service)
    name = _IAM_ACTIONS.get(method) or "".join(part.title() for part in method.split("_"))
    return f"{service}:{name}"


def spaced(kind: str) -> str:
    """Name a kind of resource in a sentence: `"event bus"`."""
    return _SPACED.get(kind, kind)


_SPACED = {
    "eventbus": "event bus",
    "statemachine": "state machine",
    "userpool": "user pool",
}


def article(kind: str) -> str:
    """Return what goes before a noun."""
    return "an" if kind[0] in "aeiou" and not kind.startswith("user") else "a"


@lru_cache(maxsize=1024)
def python_name(name: str) -> str:
    """Return what boto3 calls an operation: `listObjectsV2` is `list_objects_v2`."""
    plural = _PLURAL.search(name)
    if plural is not None:
        name = f"{name[: plural.start()]}_{plural.group().lower()}"
    return _END.sub(r"\1_\2", _FIRST.sub(r"\1_\2", name)).lower()
