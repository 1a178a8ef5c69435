"""What data sources tell of things that are made elsewhere."""

from collections.abc import Mapping
from typing import Final

DATA: Final[Mapping[str, Mapping[str, str]]] = {
    "aws_caller_identity": {"account_id": "${AWS::AccountId}", "id": "${AWS::AccountId}"},
    "aws_region": {
        "name": "${AWS::Region}",
        "id": "${AWS::Region}",
        "region": "${AWS::Region}",
    },
    "aws_partition": {
        "partition": "${AWS::Partition}",
        "id": "${AWS::Partition}",
        "dns_suffix": "${AWS::URLSuffix}",
    },
    "aws_s3_bucket": {
        "arn": "arn:${AWS::Partition}:s3:::${bucket}",
        "id": "${bucket}",
        "bucket_regional_domain_name": "${bucket}.s3.${AWS::Region}.amazonaws.com",
    },
    "aws_dynamodb_table": {
        "arn": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${name}",
        "id": "${name}",
    },
    "aws_sqs_queue": {
        "arn": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${name}",
        "url": "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${name}",
        "id": "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${name}",
    },
    "aws_sns_topic": {
        "arn": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${name}",
        "id": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${name}",
    },
    "aws_kinesis_stream": {
        "arn": "arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/${name}",
    },
    "aws_lambda_function": {
        "arn": (
            "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}"
            ":function:${function_name}"
        ),
        "invoke_arn": (
            "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
            "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}"
            ":function:${function_name}/invocations"
        ),
    },
    "aws_cloudwatch_event_bus": {
        "arn": "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/${name}",
    },
    "aws_cloudwatch_log_group": {
        "arn": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${name}",
    },
    "aws_iam_role": {"arn": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${name}"},
    "aws_iam_policy": {"arn": "arn:${AWS::Partition}:iam::aws:policy/${name}"},
    "aws_secretsmanager_secret": {
        "arn": (
            "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}"
            ":secret:${name}-??????"
        ),
    },
    "aws_ssm_parameter": {
        "arn": "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${name}",
    },
    "aws_kms_alias": {
        "arn": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:${name}",
    },
}
"""Attributes in the form of `stockade.load.terraform.references`, by type. One is used where the
arguments that it puts in are written."""
