"""Policies of a template in the words of `stockade.iam`, what is not known as symbols.

A resource that the template names gets that name, any other a name of its own that equals no
other; the account and region are the application's, whatever they are.

`least_privilege.symbolic` writes the same values for another question: what a role surely grants,
where what nobody can know leaves a document unread and both branches of a choice count. Here it
is asked what strangers may do: what is not known is a symbol that equals nothing, and of a choice
the branch that limits counts.
"""

from collections.abc import Iterable, Iterator

from stockade.iam.symbolic import atom
from stockade.model import (
    Application,
    Choice,
    Concatenation,
    List,
    Map,
    NoValue,
    Parameter,
    Reference,
    Resource,
    ResourceId,
    Scalar,
    Value,
    constant,
    expression,
    items,
)

ACCOUNT = atom("AWS::AccountId", unique=True)
REGION = atom("AWS::Region")

_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}

_ARNS = {
    "AWS::S3::Bucket": ("BucketName", "arn:aws:s3:::{name}"),
    "AWS::SQS::Queue": ("QueueName", "arn:aws:sqs:{region}:{account}:{name}"),
    "AWS::SNS::Topic": ("TopicName", "arn:aws:sns:{region}:{account}:{name}"),
    "AWS::Events::EventBus": ("Name", "arn:aws:events:{region}:{account}:event-bus/{name}"),
    "AWS::KMS::Key": ("", "arn:aws:kms:{region}:{account}:key/{name}"),
    "AWS::KMS::ReplicaKey": ("", "arn:aws:kms:{region}:{account}:key/{name}"),
    "AWS::IAM::Role": ("RoleName", "arn:aws:iam::{account}:role/{name}"),
    "AWS::DynamoDB::Table": ("TableName", "arn:aws:dynamodb:{region}:{account}:table/{name}"),
    "AWS::DynamoDB::GlobalTable": (
        "TableName",
        "arn:aws:dynamodb:{region}:{account}:table/{name}",
    ),
    "AWS::Kinesis::Stream": ("Name", "arn:aws:kinesis:{region}:{account}:stream/{name}"),
    "AWS::SecretsManager::Secret": (
        "Name",
        "arn:aws:secretsmanager:{region}:{account}:secret:{name}",
    ),
    "AWS::OpenSearchService::Domain": (
        "DomainName",
        "arn:aws:es:{region}:{account}:domain/{name}",
    ),
    "AWS::Elasticsearch::Domain": ("DomainName", "arn:aws:es:{region}:{account}:domain/{name}"),
    "AWS::ECR::Repository": (
        "RepositoryName",
        "arn:aws:ecr:{region}:{account}:repository/{name}",
    ),
    "AWS::EFS::FileSystem": (
        "",
        "arn:aws:elasticfilesystem:{region}:{account}:file-system/{name}",
    ),
    "AWS::CodeArtifact::Repository": (
        "RepositoryName",
        "arn:aws:codeartifact:{region}:{account}:repository/example/{name}",
    ),
    "AWS::Backup::BackupVault": (
        "BackupVaultName",
        "arn:aws:backup:{region}:{account}:backup-vault:{name}",
    ),
    "AWS::Lambda::LayerVersionPermission": (
        "",
        "arn:aws:lambda:{region}:{account}:layer:{name}:1",
    ),
    "AWS::SES::EmailIdentity": (
        "EmailIdentity",
        "arn:aws:ses:{region}:{account}:identity/{name}",
    ),
    "AWS::Glue::ResourcePolicy": ("", "arn:aws:glue:{region}:{account}:database/{name}"),
    "AWS::Lambda::Function": (
        "FunctionName",
        "arn:aws:lambda:{region}:{account}:function:{name}",
    ),
}
_REFERRED_BY_ARN = ("AWS::SNS::Topic", "AWS::SecretsManager::Secret")
_ARN_ATTRIBUTES = ("Arn", "TopicArn", "Id", "BackupVaultArn")


class Symbols:
    """The names and ARNs of one application's resources."""

    def __init__(self, app: Application) -> None:
        self._resources = app.resources
        self._names: dict[ResourceId, str] = {}

    def arn(self, resource: Resource) -> str:
        """Return the ARN of a resource."""
        _, shape = _ARNS[resource.type]
        return shape.format(region=REGION, account=ACCOUNT, name=self.name(resource))

    def name(self, resource: Resource) -> str:
        """Return the name of a resource: the template's, or one that equals no other."""
        found = self._names.get(resource.id)
        if found is None:
            self._names[resource.id] = found = atom(resource.id, unique=True)
            written = resource.properties.get(_ARNS[resource.type][0])
            if written is not None and not isinstance(written, Choice | NoValue):
                self._names[resource.id] = found = self.text(written)
        return found

    def text(self, value: Value) -> str:
        """Return a text of the template, its unknown parts as symbols."""
        match value:
            case Scalar():
                known = constant(value)
                return known if isinstance(known, str) else ""
            case Concatenation():
                return "".join(self.text(part) for part in value.parts)
            case Parameter() if value.name in _PSEUDO:
                return _PSEUDO[value.name]
            case Parameter(value=Scalar() as given):
                return self.text(given)
            case Reference():
                return self._referred(value)
            case _:
                return atom(expression(value) or "unknown")

    def document(self, statements: Iterable[Map]) -> dict[str, object]:
        """Return a policy document of statements, whose variables are variables."""
        return {"Version": "2012-10-17", "Statement": [self._plain(one) for one in statements]}

    def _referred(self, reference: Reference) -> str:
        resource = self._resources.get(reference.resource)
        if resource is None or resource.type not in _ARNS:
            return atom(expression(reference))
        if reference.attribute in _ARN_ATTRIBUTES or (
            reference.attribute == "Ref" and resource.type in _REFERRED_BY_ARN
        ):
            return self.arn(resource)
        if reference.attribute == "Ref" and resource.type != "AWS::SQS::Queue":
            return self.name(resource)
        return atom(expression(reference))

    def _plain(self, value: Value) -> object:
        match value:
            case Map():
                plain = ((key, self._plain(one)) for key, one in value)
                return {key: one for key, one in plain if one is not None}
            case List():
                return list(self._all(value))
            case NoValue() | Scalar(value=None):
                return None
            case Choice():
                # A branch that limits is taken before one that does not.
                ways = [self._plain(way) for way in (value.then, value.otherwise)]
                return next((way for way in ways if isinstance(way, dict | list)), ways[0])
            case _:
                return self.text(value)

    def _all(self, listed: List) -> Iterator[object]:
        for item in items(listed):
            plain = self._plain(item)
            if isinstance(plain, list):
                yield from plain
            elif plain is not None:
                yield plain
