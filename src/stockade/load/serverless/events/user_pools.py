"""Events of type `cognitoUserPool`: what a user pool asks while users sign up and sign in.

Serverless: "Cognito User Pool".
"""

from stockade.load.building import Plain, entry, write
from stockade.load.serverless.naming import alphanumeric, normalized
from stockade.load.serverless.permissions import permission
from stockade.load.serverless.service import Event, FunctionDraft, Service, get_att
from stockade.model import Location, Map, Value

_NEW = "user_pools.new"
_EXISTING = "user_pools.existing"
_SENDERS = frozenset({"CustomSMSSender", "CustomEmailSender"})


def cognito_user_pool(service: Service, function: FunctionDraft, event: Event) -> None:
    """Note what a pool shall ask the function; let the pool invoke it."""
    pool, trigger = event.get("pool"), service.text(event.get("trigger"))
    name = service.text(pool)
    if pool is None or trigger is None:
        service.miss(event.at, "is an event of a user pool without the pool or the trigger")
        return
    target: Plain = get_att(function.logical_id)
    if trigger in _SENDERS:
        target = {"LambdaArn": target, "LambdaVersion": event.get("lambdaVersion") or "V1_0"}
    existing = service.is_true(event.get("existing"))
    asked = service.shared.setdefault(_EXISTING if existing else _NEW, {})
    if isinstance(asked, dict):
        asked.setdefault(name or "", (pool, []))[1].append((trigger, target, event.at))
    own = f"CognitoUserPool{alphanumeric(name or '')}"
    permission(
        service,
        f"{normalized(function.key)}LambdaPermission{own}TriggerSource{alphanumeric(trigger)}",
        function,
        "cognito-idp",
        None if existing else get_att(own),
        event.at,
    )


def finish(service: Service) -> None:
    """Add the pools that the events make; `resources` may say more of them."""
    new = service.shared.get(_NEW)
    for name, (pool, asked) in new.items() if isinstance(new, dict) else ():
        service.add(
            f"CognitoUserPool{alphanumeric(name)}",
            "AWS::Cognito::UserPool",
            {"UserPoolName": pool, "LambdaConfig": _configuration(asked)},
            asked[0][2],
            "cognitoUserPool",
        )


def attach(service: Service) -> None:
    """Let the pools that are there already ask, where the service itself declares them."""
    existing = service.shared.get(_EXISTING)
    for name, (_, asked) in existing.items() if isinstance(existing, dict) else ():
        for logical_id, resource in tuple(service.resources.items()):
            properties = entry(resource, "Properties")
            if (
                isinstance(resource, Map)
                and isinstance(properties, Map)
                and service.text(resource.get("Type")) == "AWS::Cognito::UserPool"
                and service.text(properties.get("UserPoolName")) == name
            ):
                own = properties.get("LambdaConfig")
                told = own.entries if isinstance(own, Map) else {}
                added = _configuration(asked)
                config = Map({**told, **added.entries}, added.at, added.keys)
                made = Map(
                    {**properties.entries, "LambdaConfig": config}, properties.at, properties.keys
                )
                service.resources[logical_id] = Map(
                    {**resource.entries, "Properties": made}, resource.at, resource.keys
                )


def _configuration(asked: "list[tuple[str, Plain, Location]]") -> Map:
    entries: dict[str, Value] = {}
    keys: dict[str, Location] = {}
    for trigger, target, at in asked:
        entries[trigger] = write(target, at)
        keys[trigger] = at
    return Map(entries, asked[0][2], keys)
