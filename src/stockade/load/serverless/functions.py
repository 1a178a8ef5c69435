"""Functions: what each becomes in the template, with its log group and the role that it has.

Serverless: "Functions".
"""

from stockade.load.building import Plain, entry, write, write_map
from stockade.load.serverless.addresses import add_destinations, add_url
from stockade.load.serverless.naming import normalized
from stockade.load.serverless.packaging import code_of, handler_of, image_of
from stockade.load.serverless.permissions import allow
from stockade.load.serverless.service import FunctionDraft, Service, get_att
from stockade.model import Location, Map, Scalar, Unknown, Unseen, Value

DEFAULT_ROLE = "IamRoleLambdaExecution"
_MOST_FUNCTIONS = 1_000
"""Functions of one service; CloudFormation takes 500 resources, and each is several."""

_TIMEOUT = 6
_MEMORY = 1024
_EITHER = {"kmsKeyArn": "KmsKeyArn", "layers": "Layers"}
"""Settings that the provider may have for all functions."""

_OWN = {"description": "Description", "reservedConcurrency": "ReservedConcurrentExecutions"}


def drafts(service: Service) -> tuple[FunctionDraft, ...]:
    """Return the functions of a service, also those that are split over several files."""
    written = service.merged(service.variables.section("functions"))
    found: list[FunctionDraft] = []
    for key, value in written or ():
        at = written.key_at(key) if written else service.at
        if len(found) >= _MOST_FUNCTIONS:
            why = f"there are more than {_MOST_FUNCTIONS:,} functions"
            service.unseen.append(Unseen(at, "limit", why))
            break
        if isinstance(value, Unknown):
            service.miss(at, f"the function {key[:60]} is not read: {value.why}")
        if not isinstance(value, Map):
            continue
        name = entry(value, "name") or service.prefixed(f"-{key}", at=at)
        logical_id = f"{normalized(key)}LambdaFunction"
        found.append(
            FunctionDraft(
                key=key, logical_id=logical_id, written=value, at=at, name=name, needs=[]
            )
        )
    return tuple(found)


def add_function(service: Service, function: FunctionDraft) -> None:
    """Add a function with what its own settings generate."""
    written, at = function.written, function.at
    properties: dict[str, Plain] = {"FunctionName": function.name}
    places: dict[str, Location] = {"FunctionName": written.key_at("name")}
    metadata: Plain = None
    if "image" in written:
        properties["PackageType"] = "Image"
        places["PackageType"] = written.key_at("image")
        code, metadata = image_of(service, function)
        properties.update(code)
    else:
        properties["Code"] = code_of(service, function)
        properties["Handler"], places["Handler"] = handler_of(service, function)
        runtime = service.setting(function, "runtime")
        default = Scalar(service.default_runtime, at)
        properties["Runtime"], places["Runtime"] = runtime or (default, at)
    for key, name, number in (
        ("memorySize", "MemorySize", _MEMORY),
        ("timeout", "Timeout", _TIMEOUT),
    ):
        given = service.setting(function, key)
        properties[name], places[name] = given or (Scalar(number, at), at)
    for key, name in _EITHER.items():
        found = service.setting(function, key)
        if found is not None:
            properties[name], places[name] = found
    for key, name in _OWN.items():
        own = function.get(key)
        if own is not None:
            properties[name], places[name] = own, written.key_at(key)
    architecture = service.setting(function, "architecture")
    if architecture is not None:
        properties["Architectures"] = [architecture[0]]
    _add_environment(service, function, properties, places)
    _add_network(service, function, properties, places)
    _add_more(service, function, properties, places)
    properties["Role"], places["Role"] = _role(service, function)
    made = write_map(properties, at)
    attributes: dict[str, Plain] = {
        "Condition": function.get("condition"),
        "DependsOn": function.get("dependsOn"),
        "Metadata": metadata,
    }
    service.add(
        function.logical_id,
        "AWS::Lambda::Function",
        Map(made.entries, at, places),
        at,
        f"functions.{function.key}",
        attributes,
    )
    if not service.is_true(function.get("disableLogs")):
        _add_log_group(service, function)
    add_url(service, function)
    add_destinations(service, function)


def _add_environment(
    service: Service,
    function: FunctionDraft,
    properties: dict[str, Plain],
    places: dict[str, Location],
) -> None:
    """Merge the provider's variables with the function's own, which win."""
    shared, own = entry(service.provider, "environment"), function.get("environment")
    for one in (own, shared):
        if isinstance(one, Unknown):
            properties["Environment"] = one
            return
    entries: dict[str, Value] = {}
    keys: dict[str, Location] = {}
    for one in (service.merged(shared), service.merged(own)):
        for name, value in one or ():
            entries[name] = value
            keys[name] = one.key_at(name) if one else function.at
    if entries:
        at = (own or shared or function.written).at
        properties["Environment"] = write_map({"Variables": Map(entries, at, keys)}, at)
        places["Environment"] = at


def _add_network(
    service: Service,
    function: FunctionDraft,
    properties: dict[str, Plain],
    places: dict[str, Location],
) -> None:
    own = function.written.get("vpc")
    if isinstance(own, Scalar) and not own.value and "vpc" in function.written:
        return
    shared = entry(service.provider, "vpc")
    settings: dict[str, Plain] = {}
    for key, name in (("securityGroupIds", "SecurityGroupIds"), ("subnetIds", "SubnetIds")):
        settings[name] = entry(own, key) or entry(shared, key)
    vpc = own if isinstance(own, Map) else shared
    if vpc is None:
        return
    if isinstance(vpc, Map) and None in settings.values():
        return
    properties["VpcConfig"] = write(settings, vpc.at) if isinstance(vpc, Map) else vpc
    places["VpcConfig"] = vpc.at


def _add_more(
    service: Service,
    function: FunctionDraft,
    properties: dict[str, Plain],
    places: dict[str, Location],
) -> None:
    """Add what asks the function's role for more: tracing, dead letters, keys, file systems."""
    at = function.at
    tracing = function.get("tracing") or entry(entry(service.provider, "tracing"), "lambda")
    if tracing is not None and service.text(tracing) != "false":
        mode = "Active" if service.is_true(tracing) else tracing
        properties["TracingConfig"] = {"Mode": mode}
        actions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        function.needs.append(allow(actions, "*", tracing.at))
    dead_letters = function.get("onError")
    if dead_letters is not None:
        properties["DeadLetterConfig"] = {"TargetArn": dead_letters}
        places["DeadLetterConfig"] = function.written.key_at("onError")
        if isinstance(dead_letters, Scalar):
            function.needs.append(allow(["sns:Publish"], dead_letters, dead_letters.at))
    key = properties.get("KmsKeyArn")
    if isinstance(key, Scalar):
        function.needs.append(allow(["kms:Decrypt"], key, key.at))
    file_system = function.get("fileSystemConfig")
    if isinstance(file_system, Map):
        arn = entry(file_system, "arn")
        properties["FileSystemConfigs"] = [
            {"Arn": arn, "LocalMountPath": entry(file_system, "localMountPath")}
        ]
        actions = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
        function.needs.append(allow(actions, arn, file_system.at))
    storage = function.get("ephemeralStorageSize")
    if storage is not None:
        properties["EphemeralStorage"] = {"Size": storage}
    snap_start = function.get("snapStart")
    if snap_start is not None and service.is_true(snap_start):
        properties["SnapStart"] = {"ApplyOn": "PublishedVersions"}
    tags: dict[str, Value] = {}
    for holder in (entry(service.provider, "tags"), function.get("tags")):
        tags.update(holder.entries if isinstance(holder, Map) else {})
    if tags:
        properties["Tags"] = write([{"Key": name, "Value": tags[name]} for name in tags], at)


def _role(service: Service, function: FunctionDraft) -> tuple[Plain, Location]:
    """Return the role that a function names or is given."""
    own = function.get("role")
    if own is not None and not isinstance(own, Map):
        return _named_role(service, own), function.written.key_at("role")
    if isinstance(own, Map) and "statements" not in own:
        return own, function.written.key_at("role")
    if own_role(service, function) is not None:
        return get_att(f"{normalized(function.key)}IamRoleLambdaExecution"), function.at
    shared = entry(service.provider, "role")
    if shared is not None:
        return _named_role(service, shared), service.provider.key_at("role")
    iam = entry(service.provider, "iam")
    role = entry(iam, "role")
    if role is not None and (not isinstance(role, Map) or _is_intrinsic(role)):
        at = iam.key_at("role") if isinstance(iam, Map) else role.at
        return _named_role(service, role), at
    return get_att(DEFAULT_ROLE), function.at


def _named_role(service: Service, role: Value) -> Plain:
    """Return the ARN of a role that is named by its ARN or by its logical id."""
    text = service.text(role)
    if not isinstance(role, Scalar) or text is None or ":" in text:
        return role
    return write(get_att(text), role.at)


def _is_intrinsic(value: Map) -> bool:
    return len(value.entries) == 1 and any(
        key == "Ref" or key.startswith("Fn::") for key in value.entries
    )


def uses_default_role(service: Service, function: FunctionDraft) -> bool:
    """Tell whether a function has the role that the framework makes for all."""
    role, _ = _role(service, function)
    return isinstance(role, dict) and role == get_att(DEFAULT_ROLE)


def own_role(service: Service, function: FunctionDraft) -> Map | None:
    """Return the settings of a role of the function's own, as version 4 or a plug-in takes them.

    They have the words of the framework: `statements`, `managedPolicies`, `inherit` ...
    """
    iam = function.get("iam")
    for role in (entry(iam, "role"), function.get("role")):
        if isinstance(role, Map) and not _is_intrinsic(role):
            inherit = entry(iam, "inheritStatements")
            return Map({**role.entries, **_given(inherit=inherit)}, role.at, role.keys)
    mode = service.text(entry(entry(entry(service.provider, "iam"), "role"), "mode"))
    if mode == "perFunction":
        return Map(_given(inherit=entry(iam, "inheritStatements")), function.at, {})
    if not any(
        "iam-roles-per-function" in plugin or "granular-iam" in plugin
        for plugin in service.plugins
    ):
        return None
    statements = function.written.get("iamRoleStatements")
    if "iamRoleStatements" not in function.written or statements is None:
        return None
    settings = entry(service.custom, "serverless-iam-roles-per-function")
    inherit = function.get("iamRoleStatementsInherit") or entry(settings, "defaultInherit")
    boundary = function.get("iamPermissionsBoundary") or entry(
        settings, "iamGlobalPermissionsBoundary"
    )
    return Map(
        _given(
            statements=statements,
            name=function.get("iamRoleStatementsName"),
            inherit=inherit,
            managedPolicies=function.get("iamManagedPolicies"),
            permissionsBoundary=boundary,
        ),
        statements.at,
        {},
    )


def _given(**values: Value | None) -> dict[str, Value]:
    return {key: value for key, value in values.items() if value is not None}


def _add_log_group(service: Service, function: FunctionDraft) -> None:
    logs = entry(service.provider, "logRetentionInDays")
    retention = function.get("logRetentionInDays") or logs
    name = service.named("/aws/lambda/", function.name, at=function.at)
    service.add(
        f"{normalized(function.key)}LogGroup",
        "AWS::Logs::LogGroup",
        {"LogGroupName": name, "RetentionInDays": retention},
        function.at,
        f"functions.{function.key}",
    )
