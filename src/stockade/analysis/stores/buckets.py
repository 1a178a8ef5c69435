"""Who gets at the objects of a bucket, all settings taken together.

Follows "Blocking public access to your Amazon S3 storage", "Controlling ownership of objects and
disabling ACLs for your bucket" and "Canned ACL" of the Amazon S3 User Guide: since April 2023 a
new bucket blocks public access and has no ACLs unless its template says otherwise. A block that
is written leaves off what it does not name.
"""

from collections.abc import Iterator

from stockade.analysis.stores.outsiders import Outsiders
from stockade.model import (
    Location,
    Map,
    NoValue,
    Resource,
    Value,
    alternatives,
    constant,
    inside,
)
from stockade.model.record import record

BUCKET = "AWS::S3::Bucket"

BLOCKS = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)

READS = ("s3:GetObject", "s3:GetObjectVersion")
LISTS = ("s3:ListBucket", "s3:ListBucketVersions")
WRITES = ("s3:PutObject", "s3:DeleteObject", "s3:PutObjectAcl", "s3:PutBucketPolicy")

_ACLS = {
    "PublicRead": (*READS[:1], *LISTS[:1]),
    "PublicReadWrite": (*READS[:1], *LISTS[:1], *WRITES[:2]),
    "AuthenticatedRead": (*READS[:1], *LISTS[:1]),
}
_WITH_ACLS = ("ObjectWriter", "BucketOwnerPreferred")


@record
class Open:
    """Something that anyone may do with a bucket, and the line that lets them."""

    action: str
    at: Location
    note: str
    unsigned: bool
    unless: str = ""
    """What may keep it closed all the same: what the template leaves to others."""


_IF_OLD = "AWS keeps buckets closed that were made after April 2023"
_IF_CHOSEN = "who deploys it chooses to block public access"


def blocks(bucket: Resource, setting: str) -> bool | None:
    """Tell whether public access is blocked in one of the four ways; None if it depends."""
    written = bucket.properties.get("PublicAccessBlockConfiguration")
    if written is None:
        return True
    found = {
        True if isinstance(way, NoValue) else _flag(way, setting) for way in alternatives(written)
    }
    return found.pop() if len(found) == 1 else None


def _flag(block: Value, setting: str) -> bool | None:
    if not isinstance(block, Map):
        return None
    told = constant(block.get(setting))
    if told is None:
        return False
    return told.lower() == "true" if isinstance(told, str) else None


def opened(bucket: Resource, outsiders: Outsiders, actions: tuple[str, ...]) -> Iterator[Open]:
    """Yield which of the actions anyone may do, by the bucket's policy and its ACL."""
    unless = _unless(bucket, "BlockPublicPolicy", "RestrictPublicBuckets")
    if unless is not None:
        for access in outsiders.allowed(bucket, actions):
            at = access.statement.key_at("Principal")
            note = "this statement lets anyone in"
            yield Open(access.action, at, note, access.unsigned, unless)
    yield from by_acl(bucket, actions)


def closing(one: Open) -> str:
    """Say what a bucket does against it, as a step of a proof."""
    return f"this bucket does not {'surely ' if one.unless else ''}block public access"


def _unless(bucket: Resource, *settings: str) -> str | None:
    """Say what may keep a bucket closed; empty if nothing does, None if something surely does."""
    if bucket.properties.get("PublicAccessBlockConfiguration") is None:
        return _IF_OLD
    told = {blocks(bucket, one) for one in settings}
    if True in told:
        return None
    return _IF_CHOSEN if None in told else ""


def by_acl(bucket: Resource, actions: tuple[str, ...]) -> Iterator[Open]:
    """Yield which of the actions the bucket's ACL lets anyone do, if it has ACLs at all."""
    unless = _unless(bucket, "BlockPublicAcls", "IgnorePublicAcls")
    if unless is None:
        return
    owners = {
        constant(one)
        for one in inside(bucket.properties, "OwnershipControls", "Rules", "[]", "ObjectOwnership")
    }
    if not owners <= set(_WITH_ACLS):
        return
    if not owners:
        unless = _IF_OLD
    written = bucket.properties.get("AccessControl")
    name = constant(written)
    if written is None or not isinstance(name, str):
        return
    for action in _ACLS.get(name, ()):
        if action in actions:
            note = f"the ACL {name} lets them in"
            yield Open(action, written.at, note, name.startswith("Public"), unless)


def key_of(bucket: Resource) -> bool | None:
    """Tell whether the bucket encrypts with a key of the account's own; None if it depends."""
    algorithm = ("BucketEncryption", "ServerSideEncryptionConfiguration", "[]")
    keys = tuple(
        inside(bucket.properties, *algorithm, "ServerSideEncryptionByDefault", "KMSMasterKeyID")
    )
    if keys:
        return True
    written = bucket.properties.get("BucketEncryption")
    return False if written is None or isinstance(written, Map) else None
