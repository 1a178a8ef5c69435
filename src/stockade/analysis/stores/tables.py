"""How the items of a table are kept.

Follows "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable" and "DynamoDB encryption at rest":
without a setting, a key that AWS owns encrypts the table; there are no backups, no protection.
"""

from stockade.model import (
    Map,
    Resource,
    Value,
    alternatives,
    constant,
    inside,
)

_KEPT = ("Retain", "RetainExceptOnCreate", "Snapshot")


def has_own_key(table: Resource) -> bool | None:
    """Tell whether a key of the account's own encrypts it; None if that depends."""
    written = table.properties.get("SSESpecification")
    if written is None:
        return False
    if any(True for _ in inside(written, "KMSMasterKeyId")):
        return True
    if table.type == "AWS::DynamoDB::GlobalTable" and any(
        True
        for _ in inside(table.properties, "Replicas", "[]", "SSESpecification", "KMSMasterKeyId")
    ):
        return True
    return False if isinstance(written, Map) else None


def is_restorable(table: Resource) -> bool | None:
    """Tell whether its items of any second can be had back; None if that depends."""
    way = ("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")
    if table.type == "AWS::DynamoDB::GlobalTable":
        return _all_true(*inside(table.properties, "Replicas", "[]", *way))
    return _all_true(*inside(table.properties, *way))


def is_protected(table: Resource) -> bool | None:
    """Tell whether the table outlives its stack; None if that depends."""
    way: tuple[str, ...] = ("DeletionProtectionEnabled",)
    if table.type == "AWS::DynamoDB::GlobalTable":
        way = ("Replicas", "[]", *way)
    written = _all_true(*inside(table.properties, *way))
    if written is not False:
        return written
    policy = constant((table.attributes or {}).get("DeletionPolicy"))
    return policy in _KEPT if isinstance(policy, str | None) else None


def expires(table: Resource) -> bool:
    """Tell whether items may be forgotten by themselves."""
    return any(True for _ in inside(table.properties, "TimeToLiveSpecification"))


def _all_true(*written: Value) -> bool | None:
    """Tell whether all values are true; False where there is none, None where one is not known."""
    found = {constant(way) for value in written for way in alternatives(value)}
    if not found:
        return False
    if any(not isinstance(one, str) for one in found):
        return None
    told = {str(one).lower() == "true" for one in found}
    return told.pop() if len(told) == 1 else None
