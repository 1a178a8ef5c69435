"""Anyone can reach a store. Its page is docs/rules/outsiders-reach-store.md."""

from collections.abc import Iterator

from stockade._lists import several
from stockade.analysis.facts import Facts
from stockade.analysis.stores.outsiders import outsiders_of
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Resource,
    Severity,
    Step,
    Value,
    constant,
    inside,
)
from stockade.rules._rule import rule

_OF_DOMAINS = {
    "es:ESHttpGet": "read",
    "es:ESHttpPut": "change",
    "es:ESHttpDelete": "delete",
}
_OF_TABLES = {
    "dynamodb:GetItem": "read",
    "dynamodb:PutItem": "write",
    "dynamodb:DeleteItem": "delete",
}
_VERBS = {
    "AWS::OpenSearchService::Domain": _OF_DOMAINS,
    "AWS::Elasticsearch::Domain": _OF_DOMAINS,
    "AWS::ECR::Repository": {"ecr:BatchGetImage": "read", "ecr:PutImage": "replace"},
    "AWS::EFS::FileSystem": {
        "elasticfilesystem:ClientMount": "read",
        "elasticfilesystem:ClientWrite": "change",
    },
    "AWS::CodeArtifact::Repository": {
        "codeartifact:ReadFromRepository": "read",
        "codeartifact:PublishPackageVersion": "replace",
    },
    "AWS::DynamoDB::Table": _OF_TABLES,
    "AWS::DynamoDB::GlobalTable": _OF_TABLES,
    "AWS::Lambda::LayerVersionPermission": {"lambda:GetLayerVersion": "download"},
    "AWS::SES::EmailIdentity": {"ses:SendEmail": "send", "ses:SendRawEmail": "send"},
    "AWS::Glue::ResourcePolicy": {"glue:GetTable": "read", "glue:UpdateTable": "change"},
    "AWS::Backup::BackupVault": {
        "backup:StartRestoreJob": "restore",
        "backup:DeleteRecoveryPoint": "delete",
        "backup:CopyIntoBackupVault": "put backups among",
    },
}
"""What is done with what a store holds, by the action that lets one."""
_HOLDS = {
    "AWS::OpenSearchService::Domain": "the documents of",
    "AWS::Elasticsearch::Domain": "the documents of",
    "AWS::ECR::Repository": "the images of",
    "AWS::EFS::FileSystem": "the files of",
    "AWS::CodeArtifact::Repository": "the packages of",
    "AWS::Backup::BackupVault": "the backups of",
    "AWS::DynamoDB::Table": "the items of",
    "AWS::DynamoDB::GlobalTable": "the items of",
    "AWS::Lambda::LayerVersionPermission": "the layer that is shared by",
    "AWS::SES::EmailIdentity": "mail as",
    "AWS::Glue::ResourcePolicy": "the catalogue's tables by",
}


_HARM: dict[tuple[str, ...], Severity] = {
    ("read",): Severity.HIGH,
    ("send",): Severity.HIGH,
    ("download",): Severity.MEDIUM,
}


_OF_NETWORKS = {"AWS::EFS::FileSystem": Severity.MEDIUM}
"""What is reached from within a network only: whoever gets into that one needs no credentials."""


@rule(title="anyone can reach a store", harm=Severity.CRITICAL, practice="T2", cwe=(284, 732))
def outsiders_reach_store(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report tables, search domains, images, layers and vaults whose policy admits everyone."""
    outsiders = outsiders_of(app)
    for store in outsiders.protected(*_VERBS):
        if _is_inside_network(store) or _signs_users_in(store):
            continue
        verbs = _VERBS[store.type]
        found = list(outsiders.allowed(store, verbs))
        if not found:
            continue
        told = list(dict.fromkeys(verbs[one.action] for one in found))
        at = found[0].statement.key_at("Principal")
        who = "anyone" if found[0].unsigned else "anyone with an AWS account"
        yield Match(
            at=at,
            message=f"{who} can {several(told)} {_HOLDS[store.type]} {store.name}",
            because=(Step(store.at, "this store"), Step(at, "lets everyone in")),
            confidence=Confidence.HIGH,
            exposure=Exposure.ANYONE,
            identity=(store.id, *told),
            resource=store.id,
            harm=_OF_NETWORKS.get(store.type, _HARM.get(tuple(told))),
            help=(
                "name the roles that use it as Principal; within one account the roles' own "
                "policies are enough; a search domain belongs into a network (VPCOptions)"
            ),
        )


def _signs_users_in(store: Resource) -> bool:
    """Tell whether a search domain asks everyone it lets in who they are, as AWS advises.

    "Fine-grained access control in Amazon OpenSearch Service": users then hold permissions of
    their own, and the domain's policy may be open.
    """
    options = ("AdvancedSecurityOptions",)
    anonymous = inside(store.properties, *options, "AnonymousAuthEnabled")
    return any(_is_on(one) for one in inside(store.properties, *options, "Enabled")) and not any(
        _is_on(one) for one in anonymous
    )


def _is_on(written: Value) -> bool:
    return str(constant(written)).lower() == "true"


def _is_inside_network(store: Resource) -> bool:
    """Tell whether only a network of one's own leads to a search domain."""
    return any(True for _ in inside(store.properties, "VPCOptions", "SubnetIds", "[]"))
