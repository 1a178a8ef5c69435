"""Whose each control is: what AWS does, what the application does itself, what nobody does.

Follows "Shared Responsibility Model" of AWS, and for functions "Shared responsibility" in the AWS
Lambda Developer Guide: AWS mends managed runtimes for as long as it supports them, and nobody
mends an image but its author.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from stockade.analysis.runtimes import DEPRECATED
from stockade.analysis.stores import buckets, tables
from stockade.model import (
    Application,
    AuthorizerKind,
    Function,
    Resource,
    Unknown,
    constant,
)
from stockade.model.report import Control

_TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
_PROVIDER, _APPLICATION, _NOBODY = "provider", "application", "nobody"
_BY_PROVIDER = (AuthorizerKind.IAM, AuthorizerKind.COGNITO, AuthorizerKind.JWT)


def controls(app: Application) -> Iterator[Control]:
    """Yield the controls that the application has something for; what is not known is left out."""
    found = (
        ("runtimes are mended", (_of_runtime(app, one) for one in app.functions.values())),
        ("data at rest is encrypted", _keys(app)),
        ("public access to buckets is blocked", map(_of_block, app.of_type(buckets.BUCKET))),
        ("data can be had back", map(_of_backup, app.of_type(*_TABLES))),
        ("callers of routes are known", _callers(app)),
    )
    for name, whose in found:
        counted = Counter(one for one in whose if one)
        if counted:
            yield Control(
                name=name,
                provider=counted[_PROVIDER],
                application=counted[_APPLICATION],
                nobody=counted[_NOBODY],
            )


def _of_runtime(app: Application, function: Function) -> str:
    runtime = function.runtime
    declared = app.resources.get(function.id)
    if declared is not None and constant(declared.properties.get("PackageType")) == "Image":
        return _APPLICATION
    if isinstance(runtime, Unknown):
        return ""
    known = DEPRECATED.get(runtime)
    if known is None or runtime.startswith("provided"):
        return _APPLICATION  # A runtime of one's own: AWS mends only what is below it.
    return _NOBODY if known.deprecated <= datetime.now(UTC).date() else _PROVIDER


def _keys(app: Application) -> Iterator[str]:
    """Yield with whose key each store is encrypted: AWS encrypts all of them by itself."""
    owned: Iterable[bool | None] = (
        *(buckets.key_of(bucket) for bucket in app.of_type(buckets.BUCKET)),
        *(tables.has_own_key(table) for table in app.of_type(*_TABLES)),
    )
    for own in owned:
        if own is not None:
            yield _APPLICATION if own else _PROVIDER


def _of_block(bucket: Resource) -> str:
    told = {buckets.blocks(bucket, setting) for setting in buckets.BLOCKS}
    if told == {True}:
        written = "PublicAccessBlockConfiguration" in bucket.properties
        return _APPLICATION if written else _PROVIDER
    return "" if None in told else _NOBODY


def _of_backup(table: Resource) -> str:
    told = tables.is_restorable(table)
    return "" if told is None else _PROVIDER if told else _NOBODY


def _callers(app: Application) -> Iterator[str]:
    for source in app.event_sources:
        if source.route is not None:
            kind = source.route.authorizer.kind
            if kind in _BY_PROVIDER:
                yield _PROVIDER
            elif kind is AuthorizerKind.LAMBDA:
                yield _APPLICATION
            elif kind is not AuthorizerKind.UNKNOWN:
                yield _NOBODY
