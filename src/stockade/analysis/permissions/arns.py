"""The ARN of a resource of the application, written one way however the template refers to it.

`!Ref Orders`, `!GetAtt Orders.Arn` and a name that is written out all mean the table `Orders`,
whose ARN is
`arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}`. What `Ref` and
`Fn::GetAtt` return follows the "Return values" of each type in the CloudFormation Template
Reference; the ARNs follow the Service Authorization Reference.
"""

from collections.abc import Mapping
from typing import Final

from stockade.analysis.permissions.texts import PSEUDO, Part, pieces, starts, text
from stockade.model import (
    Application,
    Concatenation,
    Location,
    Names,
    Parameter,
    Reference,
    Resource,
    ResourceId,
    Scalar,
    Value,
    constant,
    expression,
)
from stockade.model.record import record
from stockade.model.remembered import remembered
from stockade.model.watched import of_type, type_of


@record
class Kind:
    """How the ARN of a CloudFormation type is made.

    `rest` is what follows the account, `${}` the reference value or, where given, `attribute`.
    Without `rest` the reference value or the attribute is the ARN. `name` is the property that
    names the resource, `names` the attributes that say the same as its name or ARN.
    """

    type: str
    """The resource type in the Service Authorization Reference, with its service."""
    rest: str | None = None
    attribute: str = "Ref"
    name: str = ""
    names: tuple[str, ...] = ("Arn",)
    regional: bool = True
    """False where the ARN has neither region nor account."""


KINDS: Final[Mapping[str, Kind]] = {
    "AWS::AppSync::GraphQLApi": Kind("appsync:graphqlapi", names=("Arn", "ApiId")),
    "AWS::Athena::WorkGroup": Kind("athena:workgroup", "workgroup/${}", name="Name"),
    "AWS::Batch::JobDefinition": Kind("batch:job-definition"),
    "AWS::Batch::JobQueue": Kind("batch:job-queue", names=("JobQueueArn",)),
    "AWS::Bedrock::Agent": Kind("bedrock:agent", "agent/${}", names=("AgentArn", "AgentId")),
    "AWS::Bedrock::Guardrail": Kind(
        "bedrock:guardrail", attribute="GuardrailArn", names=("GuardrailArn", "GuardrailId")
    ),
    "AWS::Bedrock::KnowledgeBase": Kind(
        "bedrock:knowledge-base",
        "knowledge-base/${}",
        names=("KnowledgeBaseArn", "KnowledgeBaseId"),
    ),
    "AWS::CodeBuild::Project": Kind("codebuild:project", "project/${}", name="Name"),
    "AWS::CodeCommit::Repository": Kind(
        "codecommit:repository", attribute="Arn", name="RepositoryName", names=("Arn", "Name")
    ),
    "AWS::CodePipeline::Pipeline": Kind("codepipeline:pipeline", "${}", name="Name", names=()),
    "AWS::Cognito::IdentityPool": Kind("cognito-identity:identitypool", "identitypool/${}"),
    "AWS::Cognito::UserPool": Kind(
        "cognito-idp:userpool", "userpool/${}", names=("Arn", "UserPoolId")
    ),
    "AWS::DynamoDB::GlobalTable": Kind("dynamodb:table", "table/${}", name="TableName"),
    "AWS::DynamoDB::Table": Kind("dynamodb:table", "table/${}", name="TableName"),
    "AWS::ECS::Cluster": Kind("ecs:cluster", "cluster/${}", name="ClusterName"),
    "AWS::ECS::TaskDefinition": Kind("ecs:task-definition", names=("TaskDefinitionArn",)),
    "AWS::EFS::FileSystem": Kind(
        "elasticfilesystem:file-system", "file-system/${}", names=("Arn", "FileSystemId")
    ),
    "AWS::Events::EventBus": Kind(
        "events:event-bus", "event-bus/${}", name="Name", names=("Arn", "Name")
    ),
    "AWS::Events::Rule": Kind("events:rule-on-default-event-bus", attribute="Arn", name="Name"),
    "AWS::Glue::Crawler": Kind("glue:crawler", "crawler/${}", name="Name", names=()),
    "AWS::Glue::Job": Kind("glue:job", "job/${}", name="Name", names=()),
    "AWS::IAM::Role": Kind("iam:role", attribute="Arn", name="RoleName"),
    "AWS::KMS::Key": Kind("kms:key", "key/${}", names=("Arn", "KeyId")),
    "AWS::Kendra::DataSource": Kind("kendra:data-source", attribute="Arn", names=("Arn", "Id")),
    "AWS::Kendra::Index": Kind("kendra:index", attribute="Arn", names=("Arn", "Id")),
    "AWS::Kinesis::Stream": Kind("kinesis:stream", "stream/${}", name="Name"),
    "AWS::KinesisFirehose::DeliveryStream": Kind(
        "firehose:deliverystream", "deliverystream/${}", name="DeliveryStreamName"
    ),
    "AWS::Lambda::Alias": Kind("lambda:function", names=("AliasArn",)),
    "AWS::Lambda::Function": Kind("lambda:function", "function:${}", name="FunctionName"),
    "AWS::Lambda::Version": Kind("lambda:function", names=("FunctionArn",)),
    "AWS::Location::PlaceIndex": Kind(
        "geo:place-index", "place-index/${}", name="IndexName", names=("Arn", "IndexArn")
    ),
    "AWS::Location::RouteCalculator": Kind(
        "geo:route-calculator",
        "route-calculator/${}",
        name="CalculatorName",
        names=("Arn", "CalculatorArn"),
    ),
    "AWS::Location::Tracker": Kind(
        "geo:tracker", "tracker/${}", name="TrackerName", names=("Arn", "TrackerArn")
    ),
    "AWS::Logs::LogGroup": Kind("logs:log-group", "log-group:${}:*", name="LogGroupName"),
    "AWS::Pinpoint::App": Kind("mobiletargeting:app", "apps/${}"),
    "AWS::RDS::DBCluster": Kind(
        "rds-data:cluster", "cluster:${}", name="DBClusterIdentifier", names=("DBClusterArn",)
    ),
    "AWS::RDS::DBInstance": Kind(
        "rds:db", "db:${}", name="DBInstanceIdentifier", names=("DBInstanceArn",)
    ),
    "AWS::Rekognition::Collection": Kind(
        "rekognition:collection", "collection/${}", name="CollectionId"
    ),
    "AWS::S3::Bucket": Kind("s3:bucket", "${}", name="BucketName", regional=False),
    "AWS::SES::ConfigurationSet": Kind(
        "ses:configuration-set", "configuration-set/${}", name="Name", names=()
    ),
    "AWS::SES::EmailIdentity": Kind(
        "ses:identity", "identity/${}", name="EmailIdentity", names=()
    ),
    "AWS::SES::Template": Kind("ses:template", "template/${}", names=("Id",)),
    "AWS::SNS::Topic": Kind("sns:topic", name="TopicName", names=("TopicArn", "TopicName")),
    "AWS::SQS::Queue": Kind(
        "sqs:queue", attribute="Arn", name="QueueName", names=("Arn", "QueueName", "QueueUrl")
    ),
    "AWS::SSM::Parameter": Kind("ssm:parameter", "parameter/${}", name="Name", names=()),
    "AWS::SageMaker::Endpoint": Kind(
        "sagemaker:endpoint", attribute="EndpointArn", names=("EndpointArn", "EndpointName")
    ),
    "AWS::Scheduler::ScheduleGroup": Kind(
        "scheduler:schedule-group", "schedule-group/${}", name="Name"
    ),
    "AWS::SecretsManager::Secret": Kind("secretsmanager:Secret", name="Name", names=("Id",)),
    "AWS::StepFunctions::StateMachine": Kind(
        "states:statemachine", name="StateMachineName", names=("Arn", "Name")
    ),
    "AWS::Timestream::Database": Kind("timestream:database", attribute="Arn", name="DatabaseName"),
}

SAME: Final = {
    "iam:role": ("sts:role",),
    "rds-data:cluster": ("rds:cluster",),
    "events:rule-on-default-event-bus": ("events:rule-on-custom-event-bus",),
    "lambda:function": ("lambda:function alias", "lambda:function version"),
    "logs:log-group": ("logs:log-group-itself",),
}
"""Types of which the Service Authorization Reference has one in each service."""


class Arns:
    """The resources of one application by what means them, and the ARN of each."""

    def __init__(self, resources: Mapping[ResourceId, Resource]) -> None:
        self._resources = resources
        self._names = Names(resources)
        self._by_name: dict[tuple[str, str], ResourceId] = {}
        for resource in of_type(resources, *KINDS):
            kind = KINDS[resource.type]
            name = resource.properties.get(kind.name) if kind.name else None
            if name is not None:
                for written in {expression(name), constant(name)}:
                    for type_ in (kind.type, *SAME.get(kind.type, ())):
                        if isinstance(written, str) and written:
                            self._by_name.setdefault((type_, written), resource.id)

    def owner(self, value: Value, type_: str = "") -> Resource | None:
        """Return the resource that a value is the name, URL or ARN of.

        `type_` is the type that a name is one of, as in the Service Authorization Reference.
        """
        while isinstance(value, Parameter) and isinstance(value.value, Reference | Parameter):
            value = value.value
        if isinstance(value, Reference):
            kind = KINDS.get(type_of(self._resources, value.resource) or "")
            if kind is not None and value.attribute in ("Ref", kind.attribute, *kind.names):
                return self._resources.get(value.resource)
            return None
        if not isinstance(value, Scalar | Concatenation | Parameter):
            return None
        found = self._by_name.get((type_, expression(value)))
        if found is None and isinstance(value, Parameter) and value.value is not None:
            found = self._by_name.get((type_, expression(value.value)))
        if found is None and starts(pieces(value), "arn:", "https://"):
            found = self._spelled(value)
        return self._resources.get(found) if found is not None else None

    def _spelled(self, value: Value) -> ResourceId | None:
        """Find the resource whose ARN or URL is written out, with its name or a reference."""
        last = pieces(value)[-1]
        if isinstance(last, Reference):
            return last.resource if self.owner(last) is not None else None
        if not isinstance(last, str | Parameter):
            return None
        return self._names.find(value, *KINDS)

    def of(self, resource: Resource) -> Value:
        """Return the ARN of a resource: see `KINDS`."""
        kind = KINDS[resource.type]
        reference = Reference(resource.id, kind.attribute, resource.at)
        if kind.rest is None:
            return reference
        before, _, after = kind.rest.partition("${}")
        if resource.type == "AWS::SSM::Parameter" and _has_slash(resource):
            before = "parameter"
        place: list[Part] = [":"]
        if kind.regional:
            place = [PSEUDO["Region"], ":", PSEUDO["Account"]]
        service = "rds" if kind.type == "rds-data:cluster" else kind.type.partition(":")[0]
        parts: list[Part] = ["arn:", PSEUDO["Partition"], f":{service}:", *place, f":{before}"]
        return text([*parts, reference, after], resource.at)

    def key_of(self, value: Value) -> Value | None:
        """Return what an alias of KMS stands for, if the application declares it."""
        written = expression(value).rpartition(":")[2]
        for resource in of_type(self._resources, "AWS::KMS::Alias"):
            name = resource.properties.get("AliasName")
            same = isinstance(value, Reference) and value.resource == resource.id
            if same or (name is not None and expression(name) == written):
                return resource.properties.get("TargetKeyId")
        return None

    def key(self, value: Value, at: Location) -> Value:
        """Return the ARN of a key of KMS by its id, ARN or reference."""
        resource = self.owner(value, "kms:key")
        if resource is not None:
            return self.of(resource)
        parts = pieces(value)
        if starts(parts, "arn:"):
            return value
        place = (PSEUDO["Region"], ":", PSEUDO["Account"])
        return text(["arn:", PSEUDO["Partition"], ":kms:", *place, ":key/", *parts], at)

    def canonical(self, value: Value) -> Value:
        """Write the ARN of a resource of the application the one way; leave others as they are.

        `table/${Orders}` and `!GetAtt Orders.Arn` become the same, so that what a role grants
        can be compared with what code needs. What follows the ARN (`/*`) is kept.
        """
        parts = pieces(value)
        if not parts:
            return value
        head = parts[0]
        if isinstance(head, Reference):
            resource = self.owner(head)
            if resource is not None and head.attribute != "Ref":
                return text([self.of(resource), *parts[1:]], value.at)
        if len(parts) == 1 and isinstance(head, Reference | Parameter):
            resource = self.owner(head)
            if resource is not None and KINDS[resource.type].rest is None:
                return self.of(resource)
        return value


def _has_slash(resource: Resource) -> bool:
    name = resource.properties.get("Name")
    return name is not None and starts(pieces(name), "/")


def arns_of(app: Application) -> Arns:
    """Return the ARNs of the resources of an application."""
    return _arns_of(app.resources)


@remembered
def _arns_of(resources: Mapping[ResourceId, Resource]) -> Arns:
    return Arns(resources)
