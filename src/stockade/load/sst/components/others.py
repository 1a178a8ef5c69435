"""What functions are linked to beside services: secrets, what the author makes linkable, networks.

Follows "Secret", "Linkable" and "Vpc" of the SST reference, and of further components what a link
to them gives.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from stockade.load.sst.components.functions import called, link_of, nodes_of
from stockade.load.sst.components.making import Maker, as_object, text_of
from stockade.load.sst.things import Link, Object, entries_of, settled
from stockade.model import List, Location, Scalar, Value


def secret(maker: Maker) -> None:
    """Make a secret, which is set on the command line and kept encrypted."""
    placeholder = maker.value("placeholder")
    value = maker.stack.secret(maker.name, placeholder, maker.at)
    maker.link({"value": value})


def linkable(maker: Maker) -> None:
    """Make what an author links functions to: properties, and permissions."""
    arguments = maker.arguments
    found = link_of(arguments)
    maker.component.link = found
    maker.component.members["properties"] = arguments.get("properties") or Object({}, maker.at)
    maker.component.members.update(found.properties)


def resource(maker: Maker) -> None:
    """Make what an older version of SST has for `Linkable`: properties alone."""
    entries = entries_of(maker.arguments) or {}
    maker.component.link = Link({name: settled(one) for name, one in entries.items()})


def vpc(maker: Maker) -> None:
    """Make a network with two subnets for functions."""
    made = maker.resource("ec2.Vpc", maker.name, {"cidrBlock": "10.0.0.0/16"}, "vpc")
    maker.main(made, vpc=made)
    members = maker.component.members
    members["id"] = maker.attribute(made, "id")
    for name, words in (
        ("privateSubnets", ("private1", "private2")),
        ("publicSubnets", ("public1", "public2")),
        ("securityGroups", ("securityGroup",)),
    ):
        members[name] = _later(maker, words)
    maker.link({})


def auth(maker: Maker) -> None:
    """Make the function that signs people in, at an address that is open to everyone."""
    definition = maker.get("issuer") or maker.get("authenticator") or maker.get("authorizer")
    arguments = as_object(definition, maker.at)
    if definition is not None and text_of(definition) is not None:
        arguments.put("handler", definition)
    arguments.put("url", Scalar(value=True, at=maker.at))
    made = called(maker, f"{maker.name}Issuer", arguments)
    component = made.component
    url = component.members.get("url") if component is not None else None
    maker.component.members["nodes"] = Object(nodes_of(made), maker.at)
    maker.link({"url": settled(url)} if url is not None else {})


def _later(maker: Maker, words: Sequence[str]) -> Value:
    at: Location = maker.at
    return List(tuple(maker.stack.later(f"{maker.name}.{word}", at) for word in words), at)


PROPERTIES: Final = {
    **dict.fromkeys(
        (
            *("sst.aws.StaticSite", "sst.aws.Nextjs", "sst.aws.Remix", "sst.aws.Astro"),
            *("sst.aws.SvelteKit", "sst.aws.SolidStart", "sst.aws.Nuxt", "sst.aws.Analog"),
            *("sst.aws.TanstackStart", "sst.aws.TanStackStart", "sst.aws.React"),
            *("sst.aws.Router", "sst.aws.Service", "sst.aws.AppSync"),
            *("sst.aws.Cdn", "sst.aws.SsrSite"),
        ),
        ("url",),
    ),
    **dict.fromkeys(
        ("sst.aws.Postgres", "sst.aws.Mysql"),
        ("host", "port", "username", "password", "database"),
    ),
    **dict.fromkeys(("sst.aws.Redis",), ("host", "port", "username", "password")),
    **dict.fromkeys(("sst.aws.Cluster", "sst.aws.Efs", "sst.x.DevCommand"), ()),
    "sst.aws.Vector": ("queryFunction", "putFunction", "removeFunction"),
    "sst.aws.Aurora": (
        "clusterArn",
        "secretArn",
        "host",
        "port",
        "username",
        "password",
        "database",
    ),
}
"""Components that are not looked at: what a link to them gives to read."""

_DATA: Final = (
    *("BatchExecuteStatement", "BeginTransaction", "CommitTransaction", "ExecuteStatement"),
    "RollbackTransaction",
)
_GRANTS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "sst.aws.Vector": dict.fromkeys(PROPERTIES["sst.aws.Vector"], ("lambda:InvokeFunction",)),
    "sst.aws.Aurora": {
        "secretArn": ("secretsmanager:GetSecretValue",),
        "clusterArn": tuple(f"rds-data:{action}" for action in _DATA),
    },
}
"""What a link to them allows, on what its properties name."""

_SECRETS: Final = frozenset({"password"})
_SILENT: Final = frozenset({"sst.x.DevCommand"})


def not_read(maker: Maker) -> None:
    """Take in a component that nothing is known of but what a link to it gives."""
    kind = maker.component.kind
    if kind not in _SILENT:
        maker.stack.miss(maker.at, f"components of type {kind[:60]} are not looked at")
    names = PROPERTIES.get(kind)
    if names is None:
        return
    properties: dict[str, Value] = {
        name: maker.stack.later(f"{maker.name}.{name}", maker.at, secret=name in _SECRETS)
        for name in names
    }
    grants = _GRANTS.get(kind, {}).items()
    maker.link(properties, *((actions, [properties[name]]) for name, actions in grants))
