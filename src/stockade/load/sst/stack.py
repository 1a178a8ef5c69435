"""The application while a configuration is read: resources as Pulumi would make them.

They are kept in Terraform's form, in which the AWS provider of Pulumi has them, and become those
of CloudFormation by Terraform's tables.
"""

import posixpath
from typing import Final

from stockade.load.building import Plain, write
from stockade.load.draft import Draft
from stockade.load.sources import Folder
from stockade.load.sst import pulumi
from stockade.load.sst.things import Object, Resource, settled
from stockade.load.terraform.configuration import Configuration
from stockade.load.terraform.instances import Application
from stockade.load.terraform.references import attribute_of
from stockade.load.terraform.resources import ResourceInstance
from stockade.load.terraform.scope import Failed, Work
from stockade.load.terraform.syntax import Block, Body, Given
from stockade.load.terraform.translation import Translation
from stockade.load.terraform.values import at_deployment, joined
from stockade.model import (
    Framework,
    Location,
    Map,
    Parameter,
    Unknown,
    Unseen,
    Value,
)

_MOST: Final = 3_000
"""Resources of one application."""


class Stack:
    """What one configuration declares so far."""

    def __init__(self, sources: Folder, path: str, unseen: list[Unseen]) -> None:
        self.path = path
        self.sources = sources
        self.folder = posixpath.dirname(path)
        self._unseen = unseen
        self._work = Work(unseen)
        self._configuration = Configuration(self.folder, (path,))
        self._application = Application(
            self._configuration, sources, self._work, {}, lambda *_: None
        )
        self._written_as: dict[str, str] = {}
        self._secrets: dict[str, Location] = {}
        self._repeated: dict[str, int] = {}
        self._missed: dict[str, list[Location]] = {}

    # --- resources --------------------------------------------------------------------------

    def resource(
        self,
        class_: str,
        name: str,
        arguments: Object,
        at: Location,
        written_as: str = "",
    ) -> Resource:
        """Take in a resource of Pulumi's AWS provider, by its class: `lambda.Function`."""
        type_ = pulumi.type_of(class_)
        written = settled(arguments)
        made = pulumi.arguments(type_, written) if isinstance(written, Map) else Map({}, at, {})
        address = self._address(name)
        instance = self._instance("resource", type_, address, made, at)
        if len(self._application.resources) < _MOST:
            self._application.resources[address] = instance
            self._written_as[address] = written_as or f"aws.{class_}"
        else:
            self.miss(at, f"there are more than {_MOST:,} resources; the others are not looked at")
        return Resource(class_, instance, at)

    def data(self, function: str, arguments: Object, at: Location) -> Resource:
        """Return what a function of Pulumi's AWS provider tells: `getCallerIdentityOutput`."""
        type_ = pulumi.data_type_of(function)
        written = settled(arguments)
        made = pulumi.arguments(type_, written) if isinstance(written, Map) else Map({}, at, {})
        instance = self._instance("data", type_, f"aws.{function}", made, at)
        return Resource(function, instance, at)

    def _instance(
        self, sort: str, type_: str, address: str, arguments: Map, at: Location
    ) -> ResourceInstance:
        given = {name: Given(value) for name, value in arguments}
        body = Body(given, arguments.keys, ())
        block = Block(sort, (type_, address), body, at)
        return ResourceInstance(self._application.root, address, block, {}, repeated=False)

    def _address(self, name: str) -> str:
        """Return a name that no other resource has."""
        address = name
        while address in self._application.resources:
            self._repeated[name] = self._repeated.get(name, 1) + 1
            address = f"{name}#{self._repeated[name]}"
        return address

    def attribute(self, resource: Resource, name: str, at: Location) -> Value:
        """Return an attribute of a resource by its name in Pulumi."""
        own = pulumi.attribute_of(resource.instance.type, name)
        try:
            return attribute_of(resource.instance, own, at)
        except Failed as failed:
            return Unknown(failed.why, failed.at)

    # --- values -----------------------------------------------------------------------------

    def text(self, parts: list[Value], at: Location) -> Value:
        """Return the text that parts make."""
        try:
            return joined(parts, at, self._application.root.scope)
        except Failed as failed:
            return Unknown(failed.why, failed.at)

    def secret(self, name: str, placeholder: Value | None, at: Location) -> Parameter:
        """Return the value of a secret that is set on the command line."""
        self._secrets[name] = at
        return Parameter(name, placeholder, at, no_echo=True)

    @staticmethod
    def later(name: str, at: Location, *, secret: bool = False) -> Parameter:
        """Return a value that only a deployment tells."""
        return at_deployment(name, at, secret=secret)

    # --- what is not seen -------------------------------------------------------------------

    def miss(self, at: Location, why: str) -> None:
        """Note what is not seen, once for all places where it is written."""
        self._missed.setdefault(why, []).append(at)

    def limit(self, at: Location, why: str) -> None:
        """Note that a limit was reached."""
        self._unseen.append(Unseen(at, "limit", why))

    def _tell(self) -> None:
        for why, places in self._missed.items():
            times = f" ({len(places)} of them)" if len(places) > 1 else ""
            self._unseen.append(Unseen(places[0], "resource", f"{why}{times}"))

    # --- the end ----------------------------------------------------------------------------

    def drafted(self, parts: frozenset[str]) -> Draft:
        """Return the template of all that was taken in."""
        translation = Translation(self._application, self._unseen, self._written_as)
        translation.translate()
        self._tell()
        at = Location(self.path, 1)
        parameter: dict[str, Plain] = {"Type": "String", "NoEcho": True}
        secrets = {name: write(parameter, place) for name, place in self._secrets.items()}
        sections: dict[str, Value] = {
            "Parameters": Map(secrets, at, self._secrets),
            "Resources": translation.drafted(),
        }
        return Draft(
            root=Map(sections, at, dict.fromkeys(sections, at)),
            written_as={**translation.written_as, **self._written_as},
            framework=Framework.SST,
            parts=parts,
        )
