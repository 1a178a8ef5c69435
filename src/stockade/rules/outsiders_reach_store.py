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
    inside,
)
from stockade.rules._rule import rule

_OF_DOMAINS = {
    "es:ESHttpGet": "read",
    "es:ESHttpPut": "change",
    "es:ESHttpDelete": "delete",
}
_VERBS = {
    "AWS::OpenSearchService::Domain": _OF_DOMAINS,
    "AWS::Elasticsearch::Domain": _OF_DOMAINS,
    "AWS::ECR::Repository": {"ecr:BatchGetImage": "read", "ecr:PutImage": "replace"},
    "AWS::Backup::BackupVault": {
        "backup:StartRestoreJob": "restore",
        "backup:DeleteRecoveryPoint": "delete",
        "backup:CopyIntoBackupVault": "put backups among",
    },
}
"""What is done with what a store holds, by the action that lets one."""
_HOLDS = {
    "AWS::OpenSearchService::Domain": "the documents",
    "AWS::Elasticsearch::Domain": "the documents",
    "AWS::ECR::Repository": "the images",
    "AWS::Backup::BackupVault": "the backups",
}


@rule(title="anyone can reach a store", harm=Severity.CRITICAL, practice="T2", cwe=(284, 732))
def outsiders_reach_store(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report search domains, image repositories and vaults whose policy admits everyone."""
    outsiders = outsiders_of(app)
    for store in outsiders.protected(*_VERBS):
        if _is_inside_network(store):
            continue
        verbs = _VERBS[store.type]
        found = list(outsiders.allowed(store, verbs))
        if not found:
            continue
        told = [verbs[one.action] for one in found]
        at = found[0].statement.key_at("Principal")
        who = "anyone" if found[0].unsigned else "anyone with an AWS account"
        yield Match(
            at=at,
            message=f"{who} can {several(told)} {_HOLDS[store.type]} of {store.logical_id}",
            because=(Step(store.at, "this store"), Step(at, "lets everyone in")),
            confidence=Confidence.HIGH,
            exposure=Exposure.ANYONE,
            identity=(store.id, *told),
            resource=store.id,
            harm=None if told != ["read"] else Severity.HIGH,
            help=(
                "name the roles that use it as Principal; within one account the roles' own "
                "policies are enough; a search domain belongs into a network (VPCOptions)"
            ),
        )


def _is_inside_network(store: Resource) -> bool:
    """Tell whether only a network of one's own leads to a search domain."""
    return any(True for _ in inside(store.properties, "VPCOptions", "SubnetIds", "[]"))
