"""Lambda: functions, what calls them, and what they are made of."""

from collections.abc import Mapping
from typing import Final

from stockade.load.terraform.code import put_code, put_content
from stockade.load.terraform.kinds import Kind, Made, Template, pairs, words
from stockade.load.terraform.resources import ResourceInstance
from stockade.model import Map, Scalar, constant

_INVOKE: Final = (
    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/%s"
    "/invocations"
)


def _function(made: Made, instance: ResourceInstance, into: Template) -> None:
    put_code(made, instance, into)
    if constant(made.entries.get("ReservedConcurrentExecutions")) == "-1":
        made.take("ReservedConcurrentExecutions")


def _mapping(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    for name in ("OnFailure", "OnSuccess"):
        _destination(made, name)


def _destination(made: Made, name: str) -> None:
    """Give a destination the name that CloudFormation has for its ARN."""
    config = made.entries.get("DestinationConfig")
    one = config.get(name) if isinstance(config, Map) else None
    if isinstance(config, Map) and isinstance(one, Map) and "DestinationArn" in one:
        entries = {"Destination": one.entries["DestinationArn"]}
        renamed = Map(entries, one.at, {"Destination": one.key_at("DestinationArn")})
        made.put(
            "DestinationConfig",
            Map({**config.entries, name: renamed}, config.at, config.keys),
        )


def _invoke_config(made: Made, instance: ResourceInstance, into: Template) -> None:
    if "Qualifier" not in made.entries:
        made.put("Qualifier", Scalar("$LATEST", made.at))
    _mapping(made, instance, into)


def _url(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    made.rename("FunctionName", "TargetFunctionArn")


def _permission(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    made.rename("PrincipalOrgId", "PrincipalOrgID")


COMPUTE: Final[Mapping[str, Kind]] = {
    "aws_lambda_function": Kind(
        type="AWS::Lambda::Function",
        names=pairs("file_system_config=FileSystemConfigs"),
        single=words(
            "environment vpc_config dead_letter_config tracing_config image_config "
            "ephemeral_storage logging_config snap_start durable_config"
        ),
        dropped=words(
            "filename s3_bucket s3_key s3_object_version source_code_hash publish image_uri "
            "skip_destroy replace_security_groups_on_destroy code_sha256"
        ),
        references={
            "function_name": "",
            "qualified_arn": ".Arn",
            "invoke_arn": _INVOKE % "${.Arn}",
            "qualified_invoke_arn": _INVOKE % "${.Arn}",
        },
        shape=_function,
    ),
    "aws_lambda_alias": Kind(
        type="AWS::Lambda::Alias",
        references={"arn": "", "invoke_arn": _INVOKE % "${}"},
        single=words("routing_config"),
    ),
    "aws_lambda_layer_version": Kind(
        type="AWS::Lambda::LayerVersion",
        dropped=words("filename s3_bucket s3_key s3_object_version source_code_hash skip_destroy"),
        references={"arn": "", "layer_arn": ""},
        shape=put_content,
    ),
    "aws_lambda_layer_version_permission": Kind(
        type="AWS::Lambda::LayerVersionPermission",
        names=pairs("layer_name=LayerVersionArn"),
        dropped=words("version_number statement_id skip_destroy"),
    ),
    "aws_lambda_permission": Kind(
        type="AWS::Lambda::Permission",
        dropped=words("statement_id statement_id_prefix qualifier"),
        shape=_permission,
    ),
    "aws_lambda_function_url": Kind(
        type="AWS::Lambda::Url",
        names=pairs("authorization_type=AuthType"),
        single=words("cors"),
        references={"function_url": ".FunctionUrl", "function_arn": ".FunctionArn"},
        shape=_url,
    ),
    "aws_lambda_event_source_mapping": Kind(
        type="AWS::Lambda::EventSourceMapping",
        names=pairs(
            "filter_criteria.filter=Filters "
            "source_access_configuration=SourceAccessConfigurations "
            "source_access_configuration.uri=URI "
            "document_db_event_source_config="
            "DocumentDBEventSourceConfig"
        ),
        single=words(
            "filter_criteria destination_config destination_config.on_failure scaling_config "
            "self_managed_event_source amazon_managed_kafka_event_source_config "
            "self_managed_kafka_event_source_config document_db_event_source_config "
            "provisioned_poller_config metrics_config"
        ),
        shape=_mapping,
    ),
    "aws_lambda_function_event_invoke_config": Kind(
        type="AWS::Lambda::EventInvokeConfig",
        single=words(
            "destination_config destination_config.on_failure destination_config.on_success"
        ),
        shape=_invoke_config,
    ),
    "aws_lambda_code_signing_config": Kind(
        type="AWS::Lambda::CodeSigningConfig",
        names=pairs(
            "allowed_publishers.signing_profile_version_arns="
            "SigningProfileVersionArns "
            "policies=CodeSigningPolicies"
        ),
        single=words("allowed_publishers policies"),
        references={"arn": ""},
    ),
    "aws_sfn_state_machine": Kind(
        type="AWS::StepFunctions::StateMachine",
        names=pairs("name=StateMachineName type=StateMachineType"),
        single=words("logging_configuration tracing_configuration encryption_configuration"),
        json=words("definition"),
        dropped=words("publish name_prefix"),
        references={"arn": "", "id": "", "name": ".Name"},
    ),
}
