"""The roles that the framework makes: one for all functions, or one for a function of its own.

Serverless: "IAM Permissions For Functions", and the plug-in serverless-iam-roles-per-function.
What the framework adds itself is a policy of its own here, so that it is told apart from what
the author wrote.
"""

from collections.abc import Iterable, Iterator

from stockade.load.building import Plain, entry, write
from stockade.load.serverless.functions import DEFAULT_ROLE, own_role, uses_default_role
from stockade.load.serverless.naming import normalized
from stockade.load.serverless.service import FunctionDraft, Service, sub
from stockade.load.serverless.texts import shape
from stockade.model import List, Location, Map, Unknown, Value

_VPC_POLICY = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
_LOGS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/"
_TAGGED_SINCE = 3
"""The version from which on the role may tag log groups."""


def add_roles(service: Service) -> None:
    """Add the roles of all functions that do not name one."""
    settings = _provider_role(service)
    sharing = [one for one in service.functions if uses_default_role(service, one)]
    if sharing:
        _add_shared(service, settings, sharing)
    for function in service.functions:
        own = own_role(service, function)
        if own is not None:
            _add_own(service, settings, function, own)


def _provider_role(service: Service) -> Map:
    """Return the settings of the shared role in the words of version 3."""
    iam = entry(service.provider, "iam")
    role = entry(iam, "role")
    entries = dict(role.entries) if isinstance(role, Map) else {}
    for old, new in (
        ("iamRoleStatements", "statements"),
        ("iamManagedPolicies", "managedPolicies"),
        ("rolePermissionsBoundary", "permissionsBoundary"),
    ):
        written = entry(service.provider, old)
        if written is not None:
            entries.setdefault(new, written)
    return Map(entries, role.at if role is not None else service.provider.at, {})


def _add_shared(service: Service, settings: Map, sharing: list[FunctionDraft]) -> None:
    at = settings.at if settings.entries else service.variables.root.key_at("provider")
    logs: list[Value] = []
    if any(function.get("name") is None for function in sharing):
        logs.append(service.prefixed("*", at=at))
    logs += [one.name for one in sharing if one.get("name") is not None]
    needs = _distinct(need for function in service.functions for need in function.needs)
    name = entry(settings, "name") or service.prefixed(
        "-", write({"Ref": "AWS::Region"}, at), "-lambdaRole", at=at
    )
    _add(
        service,
        DEFAULT_ROLE,
        name,
        settings,
        [*_logging(service, logs, at), *needs],
        _listed(entry(settings, "statements")),
        any(_in_network(service, function) for function in service.functions),
        at,
        "provider.iam.role" if settings.entries else "provider",
    )


def _add_own(service: Service, shared: Map, function: FunctionDraft, own: Map) -> None:
    inherited = (
        _listed(entry(shared, "statements")) if service.is_true(entry(own, "inherit")) else []
    )
    settings = own
    if entry(own, "permissionsBoundary") is None and "permissionsBoundary" in shared:
        entries = {**own.entries, "permissionsBoundary": shared.entries["permissionsBoundary"]}
        settings = Map(entries, own.at, own.keys)
    name = entry(own, "name") or service.prefixed(
        f"-{function.key}-", write({"Ref": "AWS::Region"}, own.at), "-lambdaRole", at=own.at
    )
    _add(
        service,
        f"{normalized(function.key)}IamRoleLambdaExecution",
        name,
        settings,
        [*_logging(service, [function.name], function.at), *_distinct(function.needs)],
        [*inherited, *_listed(entry(own, "statements"))],
        _in_network(service, function),
        own.at,
        f"functions.{function.key}",
    )


def _add(  # noqa: PLR0913, PLR0917 - the parts of a role
    service: Service,
    logical_id: str,
    name: Value,
    settings: Map,
    implied: list[Value],
    statements: list[Value],
    in_network: bool,  # noqa: FBT001
    at: Location,
    written_as: str,
) -> None:
    managed = _listed(entry(settings, "managedPolicies"))
    if in_network:
        managed.append(write(sub(_VPC_POLICY), at))
    policy_name = service.prefixed("-lambda", at=at)
    policies: list[Plain] = list(_elsewhere(service))
    if implied:
        policies.append(_policy(policy_name, implied, "implied", at))
    if statements:
        policies.append(_policy(policy_name, statements, "inline", statements[0].at))
    service.add(
        logical_id,
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": _trust(service),
            "Path": entry(settings, "path") or "/",
            "RoleName": name,
            "Policies": policies,
            "ManagedPolicyArns": managed or None,
            "PermissionsBoundary": entry(settings, "permissionsBoundary")
            or entry(settings, "permissionBoundary"),
        },
        at,
        written_as,
    )


def _elsewhere(service: Service) -> Iterator[Plain]:
    """Yield what roles are granted by a plug-in whose settings are not read."""
    constructs = service.variables.root.get("constructs")
    if constructs is not None:
        at = service.variables.root.key_at("constructs")
        service.miss(at, "what serverless-lift makes of its constructs is not read")
        unknown = Unknown("what serverless-lift grants for its constructs is not read", at)
        yield {"PolicyName": "constructs", "Source": "implied", "PolicyDocument": unknown}


def _trust(service: Service) -> Plain:
    """Return who may take the role: Lambda, and the scheduler that invokes with it."""
    services = ["lambda.amazonaws.com"]
    if "rules.scheduled" in service.shared:
        services.append("scheduler.amazonaws.com")
    statement: dict[str, Plain] = {
        "Effect": "Allow",
        "Principal": {"Service": services},
        "Action": ["sts:AssumeRole"],
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _distinct(statements: Iterable[Value]) -> list[Value]:
    """Return statements without those that say the same as an earlier one."""
    found: dict[object, Value] = {}
    for statement in statements:
        found.setdefault(shape(statement), statement)
    return list(found.values())


def _policy(name: Value, statements: list[Value], source: str, at: Location) -> Value:
    document = {"Version": "2012-10-17", "Statement": statements}
    return write({"PolicyName": name, "Source": source, "PolicyDocument": document}, at)


def _logging(service: Service, names: list[Value], at: Location) -> list[Value]:
    """Return the statements with which functions write their log."""
    if not names:
        return []
    streams = [_log_group(name, ":*") for name in names]
    events = [_log_group(name, ":*:*") for name in names]
    creating = ["logs:CreateLogStream", "logs:CreateLogGroup"]
    if service.version >= _TAGGED_SINCE:
        creating.append("logs:TagResource")
    return [
        write({"Effect": "Allow", "Action": creating, "Resource": streams}, at),
        write({"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": events}, at),
    ]


def _log_group(name: Value, end: str) -> Plain:
    return {"Fn::Sub": [f"{_LOGS}${{Name}}{end}", {"Name": name}]}


def _listed(value: Value | None) -> list[Value]:
    """Return the items of a list, also of lists in it, as `${file()}` in a list gives them."""
    if not isinstance(value, List):
        return [] if value is None else [value]
    return [inner for item in value.items for inner in _listed(item)]


def _in_network(service: Service, function: FunctionDraft) -> bool:
    return function.get("vpc") is not None or entry(service.provider, "vpc") is not None
