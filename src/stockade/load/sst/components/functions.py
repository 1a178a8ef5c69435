"""Functions, and what is linked to them.

Follows "Function" of the SST reference: a role of its own for each function, with what it may by
`permissions` and by its links; a group of logs; an address where `url` asks for one.
"""

import posixpath
from collections.abc import Sequence
from typing import Final

from stockade.load.building import Plain, write_map
from stockade.load.sst.components.making import (
    Maker,
    Written,
    as_object,
    changed,
    days,
    document,
    field,
    is_true,
    items_of,
    megabytes,
    seconds,
    text_of,
)
from stockade.load.sst.running import Program
from stockade.load.sst.things import (
    Array,
    Component,
    Link,
    Namespace,
    Object,
    Resource,
    Statement,
    Thing,
    entries_of,
    is_nothing,
    settled,
)
from stockade.load.terraform.values import is_null
from stockade.model import (
    Concatenation,
    List,
    Location,
    Map,
    Reference,
    Scalar,
    Unknown,
    Value,
    constant,
)
from stockade.model.naming import LINKED

KIND: Final = "sst.aws.Function"

_MANAGED: Final = "arn:aws:iam::aws:policy/service-role/"
_RUNTIME: Final = "SST chooses it, each version of it another"
_TIMEOUT: Final = "20 seconds"
_MEMORY: Final = "1024 MB"


class Called:
    """A function that a trigger calls: one that is made for it, or one named by its ARN."""

    def __init__(self, arn: Value, invoke_arn: Value, component: Component | None) -> None:
        self.arn = arn
        self.invoke_arn = invoke_arn
        self.component = component


def function(maker: Maker) -> None:
    """Make a function."""
    name = maker.name
    role = maker.value("role")
    made_role = None
    if role is None:
        made_role = _role(maker)
        role = maker.attribute(made_role, "arn")
    group = _log_group(maker)
    made = maker.resource("lambda.Function", name, _settings(maker, role, group), "function")
    nodes: dict[str, Thing] = {"function": made}
    if made_role is not None:
        nodes["role"] = made_role
    if group is not None:
        nodes["logGroup"] = group
    maker.main(made, **nodes)
    arn = maker.attribute(made, "arn")
    members: dict[str, Value] = {"name": maker.attribute(made, "name")}
    url = _url(maker, made)
    if url is not None:
        members["url"] = url
    maker.component.members["arn"] = arn
    maker.link(members, (["lambda:InvokeFunction"], [arn]))
    retries = maker.value("retries")
    if retries is not None:
        maker.resource(
            "lambda.FunctionEventInvokeConfig",
            f"{name}EventInvokeConfig",
            {"functionName": maker.attribute(made, "name"), "maximumRetryAttempts": retries},
        )


def _settings(maker: Maker, role: Value, group: Resource | None) -> dict[str, Written]:
    """Return the arguments of a function of Lambda."""
    at = maker.at
    folder, handler = _code(maker)
    runtime = maker.value("runtime") or Unknown(_RUNTIME, at)
    container = is_true(maker.get("python", "container"))
    efs = maker.get("volume", "efs") or maker.get("volume")
    vpc = maker.get("vpc")
    found: dict[str, Written] = {
        "name": maker.value("name"),
        "description": maker.value("description"),
        "role": role,
        "timeout": seconds(maker.get("timeout"), _TIMEOUT, at),
        "memorySize": megabytes(maker.get("memory"), _MEMORY, at),
        "handler": handler,
        "runtime": runtime,
        "packageType": "Image" if container else "Zip",
        "filename": folder,
        "architectures": [maker.value("architecture") or "x86_64"],
        "layers": maker.value("layers"),
        "reservedConcurrentExecutions": maker.value("concurrency", "reserved"),
        "environment": {"variables": _environment(maker)},
        "loggingConfig": _logging(maker, group),
        "vpcConfig": _vpc(vpc),
        "fileSystemConfig": {"arn": settled(efs)} if efs is not None else None,
    }
    return {key: value for key, value in found.items() if value is not None}


def _code(maker: Maker) -> tuple[Value, Value]:
    """Return the folder of the code, and the handler within it.

    JavaScript is bundled from the handler's file on; Python from the project that it belongs to.
    A `bundle` is packed as it is.
    """
    at = maker.at
    handler = maker.value("handler") or Unknown("no handler is written", at)
    bundle = maker.value("bundle")
    if bundle is not None:
        return bundle, handler
    text, runtime = constant(handler), text_of(maker.get("runtime"))
    if isinstance(text, str):
        text = text.removeprefix("./")
        folder = ""
        if runtime is not None and runtime.startswith("python"):
            folder = _project(maker, text)
            text = text.removeprefix(f"{folder}/") if folder else text
        return Scalar(folder or ".", at), Scalar(text, handler.at)
    return Scalar(".", at), handler


def _project(maker: Maker, handler: str) -> str:
    """Return the folder of the nearest `pyproject.toml` above a handler of Python."""
    folder = posixpath.dirname(handler)
    while folder:
        path = posixpath.join(maker.stack.folder, folder, "pyproject.toml")
        if maker.stack.sources.is_file(path):
            return folder
        folder = posixpath.dirname(folder)
    return ""


def _vpc(vpc: Thing | None) -> Written:
    if vpc is None:
        return None
    if isinstance(vpc, Component):
        subnets, groups = (vpc.members.get(one) for one in ("privateSubnets", "securityGroups"))
    else:
        subnets = field(vpc, "privateSubnets") or field(vpc, "subnets")
        groups = field(vpc, "securityGroups")
    return {"subnetIds": subnets, "securityGroupIds": groups}


# --- logs ---------------------------------------------------------------------------------------


def _log_group(maker: Maker) -> Resource | None:
    logging = maker.get("logging")
    written = maker.arguments.entries.get("logging")
    if field(logging, "logGroup") is not None or _is_off(written):
        return None
    name = maker.value("name")
    if name is None:
        name = maker.stack.later(f"{maker.name}.name", maker.at)
    return maker.resource(
        "cloudwatch.LogGroup",
        f"{maker.name}LogGroup",
        {
            "name": maker.text("/aws/lambda/", name),
            "retentionInDays": days(field(logging, "retention"), maker.at),
        },
        "logGroup",
    )


def _is_off(thing: Thing | None) -> bool:
    return isinstance(thing, Scalar) and thing.value is False


def _logging(maker: Maker, group: Resource | None) -> Written:
    if _is_off(maker.arguments.entries.get("logging")):
        return None
    is_json = text_of(maker.get("logging", "format")) == "json"
    named = maker.value("logging", "logGroup")
    if group is not None:
        named = maker.attribute(group, "name")
    return {"logFormat": "JSON" if is_json else "Text", "logGroup": named}


# --- address ------------------------------------------------------------------------------------


def _url(maker: Maker, made: Resource) -> Value | None:
    """Make the address of a function, open to everyone unless `authorization` is `iam`."""
    url = maker.get("url")
    if url is None or _is_off(url):
        return None
    is_iam = text_of(field(url, "authorization")) == "iam"
    anyone: dict[str, Written] = {
        "allowHeaders": ["*"],
        "allowMethods": ["*"],
        "allowOrigins": ["*"],
    }
    cors = field(url, "cors")
    written: Written = None
    if not _is_off(cors):
        own = entries_of(cors) if isinstance(cors, Object | Map) else None
        written = {**anyone, **{k: v for k, v in (own or {}).items() if k != "maxAge"}}
    streams = is_true(maker.get("streaming"))
    address = maker.resource(
        "lambda.FunctionUrl",
        f"{maker.name}Url",
        {
            "functionName": maker.attribute(made, "name"),
            "authorizationType": "AWS_IAM" if is_iam else "NONE",
            "invokeMode": "RESPONSE_STREAM" if streams else "BUFFERED",
            "cors": written,
        },
    )
    return maker.attribute(address, "functionUrl")


# --- role and links -----------------------------------------------------------------------------


def _role(maker: Maker) -> Resource:
    at = maker.at
    statements = [*_permissions(maker), *_of_links(maker)]
    managed: list[Written] = [*items_of(maker.get("policies"))]
    if not _is_off(maker.arguments.entries.get("logging")):
        managed.append(f"{_MANAGED}AWSLambdaBasicExecutionRole")
    if maker.get("vpc") is not None:
        managed.append(f"{_MANAGED}AWSLambdaVPCAccessExecutionRole")
    trusted: dict[str, Plain] = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    policies: list[Written] = []
    if statements:
        policies = [{"name": "inline", "policy": document(statements, at)}]
    return maker.resource(
        "iam.Role",
        f"{maker.name}Role",
        {
            "assumeRolePolicy": document([trusted], at),
            "inlinePolicies": policies or None,
            "managedPolicyArns": managed,
        },
        "role",
    )


def allowed(one: Statement, at: Location) -> Value:
    """Write a statement of a policy."""
    effect = constant(one.effect)
    return write_map(
        {
            "Effect": "Deny" if isinstance(effect, str) and effect.lower() == "deny" else "Allow",
            "Action": one.actions,
            "Resource": one.resources,
        },
        at,
    )


def _permissions(maker: Maker) -> list[Value]:
    return [allowed(statement_of(one), one.at) for one in items_of(maker.get("permissions"))]


def statement_of(thing: Thing) -> Statement:
    """Return the statement that `{ actions, resources }` means."""
    unknown = Unknown("it is not known", thing.at)
    actions, resources = field(thing, "actions"), field(thing, "resources")
    effect = field(thing, "effect")
    return Statement(
        settled(actions) if actions is not None else unknown,
        settled(resources) if resources is not None else unknown,
        settled(effect) if effect is not None else None,
    )


def linked(program: Program, thing: Thing) -> tuple[str, Link | None]:
    """Return the name of what is linked, and what the link gives; None where that is not known."""
    match thing:
        case Component():
            return thing.name, thing.link
        case Resource():
            made = program.definition(thing)
            found = link_of(made) if isinstance(made, Object) else None
            return thing.address, found or Link({})
        case _:
            return "", None


def link_of(definition: Object) -> Link:
    """Return what a definition of a link gives: `{ properties, include }`."""
    properties = entries_of(definition.get("properties") or Object({}, definition.at)) or {}
    included = definition.get("include") or definition.get("with")
    statements = [statement_of(one) for one in items_of(included)]
    return Link({name: settled(one) for name, one in properties.items()}, statements)


def _of_links(maker: Maker) -> list[Value]:
    found: list[Value] = []
    place = maker.arguments.keys.get("link", maker.at)
    for one in items_of(maker.get("link")):
        name, link = linked(maker.program, one)
        if link is None:
            shown = name[:60] or "what is not known"
            found.append(Unknown(f"it is not known what a link to {shown} allows", place))
            continue
        found.extend(_brought(each, place) for each in link.statements)
    return found


def _brought(one: Statement, place: Location) -> Value:
    """Write a statement that a link brings: it stands where the link does, or its author's is."""
    if one.is_generated:
        one = Statement(_placed(one.actions, place), _placed(one.resources, place))
    return allowed(one, place)


def _placed(value: Value, place: Location) -> Value:
    """Return a value that is generated, with its place."""
    match value:
        case List():
            return List(tuple(_placed(item, place) for item in value.items), place)
        case Scalar():
            return Scalar(value.value, place)
        case Reference():
            return Reference(value.resource, value.attribute, place)
        case Concatenation():
            return Concatenation(tuple(_placed(part, place) for part in value.parts), place)
        case _:
            return value


def _environment(maker: Maker) -> Object:
    """Return the variables of a function, and what its links let its code read."""
    made = Object({}, maker.at)
    written = maker.get("environment")
    entries = entries_of(written) if written is not None else {}
    if entries is None and written is not None:
        maker.stack.miss(written.at, "the settings of an environment are not known")
    for name, value in (entries or {}).items():
        place = written.keys.get(name) if isinstance(written, Object) else None
        if not is_nothing(value):
            made.put(name, settled(value), place)
    place = maker.arguments.keys.get("link", maker.at)
    for key in ("name", "stage"):
        app = maker.program.world("$app", maker.at)
        if app is not None:
            own = maker.program.member(app, key, maker.at)
            made.put(f"{LINKED}App.{key}", settled(own), maker.at)
    for one in items_of(maker.get("link")):
        name, link = linked(maker.program, one)
        for key, value in (link.properties if link is not None else {}).items():
            if not is_null(value):
                made.put(f"{LINKED}{name}.{key}", value, place)
    return made


# --- functions that triggers call ---------------------------------------------------------------


def called(  # noqa: PLR0913 - what a trigger gives to its function
    maker: Maker,
    name: str,
    definition: Thing | None,
    *,
    permissions: Sequence[Statement] = (),
    links: Sequence[Thing] = (),
    change: Thing | None = None,
) -> Called:
    """Return the function of a trigger, by its handler, its settings, or its ARN."""
    at = definition.at if definition is not None else maker.at
    named = _named(definition)
    if named is not None:
        return Called(named, _invoking(maker, named), None)
    if text_of(definition) is not None:
        arguments = Object({"handler": definition or Scalar(None, at)}, at)
    else:
        arguments = as_object(definition, at)
    if links:
        arguments.put("link", Array([*links, *items_of(arguments.get("link"))], at))
    if permissions:
        own = [
            Object({"actions": one.actions, "resources": one.resources}, at) for one in permissions
        ]
        written = items_of(arguments.get("permissions"))
        arguments.put("permissions", Array([*own, *written], at))
    changed(maker.program, change, arguments, name)
    component = maker.program.make(Namespace(KIND, at), [Scalar(name, at), arguments], at)
    if not isinstance(component, Component) or component.main is None:
        unknown = Unknown("the function is not known", at)
        return Called(unknown, unknown, None)
    arn = maker.attribute(component.main, "arn")
    return Called(arn, maker.attribute(component.main, "invokeArn"), component)


def _named(definition: Thing | None) -> Value | None:
    """Return the ARN that a definition is, if it is one."""
    if isinstance(definition, Component):
        arn = definition.members.get("arn")
        return settled(arn) if arn is not None else None
    if isinstance(definition, Resource):
        return Reference(definition.address, "Arn", definition.at)
    if definition is None or isinstance(definition, Object | Map | List | Array):
        return None
    text = text_of(definition)
    if text is not None:
        return settled(definition) if text.startswith("arn:") else None
    return settled(definition)


def _invoking(maker: Maker, arn: Value) -> Value:
    start = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    return maker.text(start, arn, "/invocations")


def allow(maker: Maker, name: str, what: Called, principal: str, source: Value) -> None:
    """Let a service call a function on behalf of one of its resources."""
    maker.resource(
        "lambda.Permission",
        f"{name}Permission",
        {
            "action": "lambda:InvokeFunction",
            "function": what.arn,
            "principal": principal,
            "sourceArn": source,
        },
    )


def nodes_of(what: Called, **others: Thing) -> dict[str, Thing]:
    """Return what `nodes` gives of a trigger."""
    if what.component is not None:
        others["function"] = what.component
    return others
