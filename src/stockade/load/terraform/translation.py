"""Resources of Terraform to those of CloudFormation, by the tables.

Pieces that Terraform declares on their own (a bucket's notification, a policy's attachment) are
put into the resource that has them in CloudFormation.
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from stockade.load.sources import Folder
from stockade.load.terraform.bundles import Package  # noqa: TC001 - as every other name here
from stockade.load.terraform.documents import document
from stockade.load.terraform.instances import Application
from stockade.load.terraform.kinds import Kind, Made
from stockade.load.terraform.resources import ResourceInstance
from stockade.load.terraform.scope import Scope
from stockade.load.terraform.tables import KINDS
from stockade.load.terraform.values import encoded, final, is_null, known
from stockade.model import (
    List,
    Location,
    Map,
    Reference,
    Scalar,
    Unseen,
    Value,
    alternatives,
    expression,
    references,
)
from stockade.model.naming import NAME_PROPERTIES

_SILENT: Final = (
    "docker_",
    "random_",
    "null_",
    "time_",
    "local_",
    "tls_",
    "terraform_data",
    "archive_",
    "template_",
    "external",
)
"""Types of providers that make nothing in AWS."""

WITHOUT_CONCERN: Final = frozenset(
    (
        "aws_api_gateway_method_response",
        "aws_api_gateway_integration_response",
        "aws_api_gateway_gateway_response",
        "aws_apigatewayv2_integration_response",
        "aws_apigatewayv2_route_response",
        "aws_apigatewayv2_model",
        "aws_s3_object",
        "aws_s3_bucket_object",
        "aws_dynamodb_table_item",
        "aws_route",
        "aws_route_table",
        "aws_route_table_association",
        "aws_internet_gateway",
        "aws_internet_gateway_attachment",
        "aws_nat_gateway",
        "aws_eip",
        "aws_security_group",
        "aws_security_group_rule",
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
        "aws_default_security_group",
        "aws_db_subnet_group",
        "aws_acm_certificate",
        "aws_acm_certificate_validation",
        "aws_route53_record",
        "aws_route53_zone",
        "aws_ecr_repository",
        "aws_ecr_lifecycle_policy",
        "aws_ses_active_receipt_rule_set",
        "aws_ses_domain_identity",
        "aws_ses_domain_dkim",
        "aws_ses_domain_identity_verification",
        "aws_ses_email_identity",
        "aws_cloudwatch_dashboard",
        "aws_cloudwatch_log_stream",
        "aws_lambda_provisioned_concurrency_config",
        "aws_lambda_function_recursion_config",
        "aws_lambda_runtime_management_config",
        "aws_lambda_invocation",
        "aws_iam_instance_profile",
        "aws_iam_service_linked_role",
        "aws_iam_account_password_policy",
        "aws_signer_signing_profile",
        "aws_appautoscaling_target",
        "aws_appautoscaling_policy",
        "aws_resourcegroups_group",
        "aws_xray_sampling_rule",
        "aws_xray_group",
        "aws_budgets_budget",
        "aws_sfn_activity",
        "aws_instance",
        "aws_key_pair",
        "aws_service_discovery_service",
        "aws_s3_bucket_metric",
        "aws_cloudfront_origin_access_control",
        "aws_cloudfront_origin_access_identity",
    )
)
"""Types that start nothing, hold no application's data and grant nothing."""


class Translation:
    """The resources of one application while they become those of CloudFormation."""

    def __init__(
        self,
        application: Application,
        unseen: list[Unseen],
        words: Mapping[str, str] | None = None,
    ) -> None:
        """`words` are the author's for types, by the resources' addresses."""
        self.application = application
        self._words = words or {}
        self.unseen = unseen
        self.instances: Mapping[str, ResourceInstance] = application.resources
        self.made: dict[str, Made] = {}
        self.written_as: dict[str, str] = {}
        self.bundles: dict[str, Package] = {}
        self._by_type: dict[str, list[ResourceInstance]] = {}
        self._named: dict[str, dict[str, str]] | None = None
        self._pieces: list[tuple[Made, ResourceInstance, Kind]] = []
        self._unknown: dict[str, list[Location]] = {}
        for instance in self.instances.values():
            self._by_type.setdefault(instance.type, []).append(instance)

    @property
    def scope(self) -> Scope:
        """The names of the root module."""
        return self.application.root.scope

    @property
    def sources(self) -> Folder:
        """The files of the scanned folder."""
        return self.application.sources

    @property
    def root_folder(self) -> str:
        """The folder to which paths are relative."""
        return self.application.root_folder

    def of_type(self, *types: str) -> Iterator[ResourceInstance]:
        """Yield the resources of the given types of Terraform."""
        for name in types:
            yield from self._by_type.get(name, ())

    def translate(self) -> Mapping[str, Made]:
        """Return every resource in CloudFormation's form, by its address."""
        for instance in self.instances.values():
            if not instance.is_data:
                self._translate(instance)
        for made, instance, kind in self._pieces:
            self._put_into_owner(made, instance, kind)
        for name, places in self._unknown.items():
            times = f" ({len(places)} of them)" if len(places) > 1 else ""
            why = f"resources of type {name[:60]} are not looked at{times}"
            self.unseen.append(Unseen(places[0], "resource", why))
        return self.made

    def _translate(self, instance: ResourceInstance) -> None:
        kind = KINDS.get(instance.type)
        if kind is None:
            known_type = instance.type in WITHOUT_CONCERN or instance.type.startswith(_SILENT)
            if not known_type:
                word = self._words.get(instance.address, instance.type)
                self._unknown.setdefault(word, []).append(instance.at)
            return
        properties = self._properties(instance.arguments(), kind, "")
        made = Made(instance.address, kind.type, properties, instance.at)
        if kind.owner is not None:
            self._pieces.append((made, instance, kind))
            return
        self.add(made, instance.type)
        if kind.shape is not None:
            kind.shape(made, instance, self)

    def add(self, made: Made, written_as: str) -> None:
        """Take in a resource."""
        self.made[made.id] = made
        self.written_as[made.id] = written_as

    def add_policy(
        self,
        instance: ResourceInstance,
        type_: str,
        holder: str,
        policy: Value,
        name: str = "PolicyDocument",
    ) -> None:
        """Add the policy that a resource of Terraform holds as one of its own arguments."""
        at = policy.at
        owner: Value = Reference(instance.address, "Ref", at)
        if holder.endswith("s"):
            owner = List((owner,), at)
        entries: dict[str, Value] = {holder: owner, name: document(policy, self.scope)}
        properties = Map(entries, at, dict.fromkeys(entries, at))
        place = instance.module.at(instance.key_at("policy"))
        self.add(Made(f"{instance.address}.policy", type_, properties, place), instance.type)

    def _properties(self, arguments: Map, kind: Kind, prefix: str) -> Map:
        """Return arguments under CloudFormation's names."""
        entries: dict[str, Value] = {}
        keys: dict[str, Location] = {}
        for name, value in arguments:
            way = f"{prefix}{name}"
            if is_null(value) or way in kind.dropped:
                continue
            new = kind.names.get(way) or pascal(name)
            entries[new] = self._value(value, kind, way)
            keys[new] = arguments.key_at(name)
        return Map(entries, arguments.at, keys)

    def _value(self, value: Value, kind: Kind, way: str) -> Value:
        if way in kind.json:
            return document(value, self.scope)
        found = known(value)
        if isinstance(found, List) and any(isinstance(item, Map) for item in found.items):
            blocks = tuple(
                self._properties(item, kind, f"{way}.")
                if isinstance(item, Map) and encoded(item) is None
                else item
                for item in found.items
            )
            return blocks[0] if way in kind.single else List(blocks, found.at)
        if isinstance(found, Map) and way in kind.single:
            return self._properties(found, kind, f"{way}.")
        return value

    def find(self, value: Value | None, *types: str) -> str | None:
        """Return the resource of one of the types that a value means: by reference, or by name."""
        if value is None:
            return None
        for way in alternatives(value):
            for reference in references(way):
                made = self.made.get(reference.resource)
                if made is not None and made.type in types:
                    return made.id
        text = expression(value)
        names = self._names()
        for kind in types:
            found = names.get(kind, {}).get(text) or names.get(kind, {}).get(
                text.rpartition("/")[2]
            )
            if found is not None:
                return found
        return None

    def _names(self) -> dict[str, dict[str, str]]:
        """Return the resources by type and by the name that is written."""
        if self._named is None:
            self._named = {}
            for made in self.made.values():
                name = made.entries.get(NAME_PROPERTIES.get(made.type, ""))
                if name is not None and (text := expression(name)):
                    self._named.setdefault(made.type, {}).setdefault(text, made.id)
        return self._named

    def _put_into_owner(self, made: Made, instance: ResourceInstance, kind: Kind) -> None:
        if kind.shape is not None:
            kind.shape(made, instance, self)
        owner = kind.owner(made, instance, self) if kind.owner is not None else None
        if owner:
            self.merge(owner, made.properties)
        elif owner is None:
            why = f"{instance.address[:80]} belongs to a resource that is not declared here"
            self.unseen.append(Unseen(instance.at, "resource", why))

    def merge(self, owner: str, properties: Map) -> None:
        """Put properties into a resource: lists are joined, maps are merged."""
        made = self.made.get(owner)
        if made is None:
            return
        for name, value in properties:
            before = made.entries.get(name)
            made.put(name, _merged(before, value), properties.key_at(name))

    def drafted(self) -> Map:
        """Return the section `Resources` of a template."""
        entries: dict[str, Value] = {}
        keys: dict[str, Location] = {}
        for made in self.made.values():
            properties = final(made.properties, self.scope)
            place = self._place(made)
            parts: dict[str, Value] = {
                "Type": Scalar(made.type, made.at),
                "Properties": relocated(properties, place) if place else properties,
            }
            if made.metadata:
                parts["Metadata"] = Map(made.metadata, made.at, {})
            entries[made.id] = Map(parts, made.at, dict.fromkeys(parts, made.at))
            keys[made.id] = made.at
        return Map(entries, Location(self._first_file(), 1), keys)

    def _place(self, made: Made) -> Location | None:
        instance = self.instances.get(made.id)
        return instance.module.place if instance is not None else None

    def _first_file(self) -> str:
        files: Iterable[str] = self.application.root.configuration.files
        return min(files, default=posixpath.join(self.root_folder, "main.tf"))


def _merged(before: Value | None, value: Value) -> Value:
    if isinstance(before, List) and isinstance(value, List):
        return List((*before.items, *value.items), before.at)
    if isinstance(before, Map) and isinstance(value, Map):
        entries = dict(before.entries)
        for name, one in value:
            entries[name] = _merged(entries.get(name), one)
        return Map(entries, before.at, {**before.keys, **value.keys})
    return value


def relocated(value: Value, place: Location) -> Value:
    """Return a value with the places of the call for what a published module writes itself."""
    at = place if value.at.path.startswith("<") else value.at
    match value:
        case Map():
            entries = {key: relocated(entry, place) for key, entry in value}
            keys = {
                key: place if where.path.startswith("<") else where
                for key, where in value.keys.items()
            }
            return Map(entries, at, keys)
        case List():
            return List(tuple(relocated(item, place) for item in value.items), at)
        case Reference():
            return Reference(value.resource, value.attribute, at)
        case Scalar():
            return Scalar(value.value, at)
        case _:
            return value


def pascal(name: str) -> str:
    """Return a name of Terraform in CloudFormation's manner: `memory_size`, `MemorySize`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
