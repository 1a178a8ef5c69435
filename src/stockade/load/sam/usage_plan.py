"""Usage plans and API keys: `Auth.UsagePlan` of a REST API.

Follows "ApiUsagePlan" of AWS::Serverless::Api: a plan of the API's own (`PER_API`), or one for
all APIs of the template (`SHARED`).
"""

from stockade.load.building import Plain, entry, items_of, only, text
from stockade.load.sam.expansion import Expansion
from stockade.model import Location, Map, Resource, Value
from stockade.model.record import record


@record
class _Names:
    plan: str
    key: str
    link: str


def expand_usage_plan(expansion: Expansion, owner: Resource, stage: Resource) -> None:
    """Add the API's usage plan and key, or the API to the template's plan."""
    auth = entry(owner.properties, "Auth")
    plan = entry(auth, "UsagePlan")
    if not isinstance(plan, Map) or not isinstance(auth, Map):
        return
    at = auth.key_at("UsagePlan")
    match text(entry(plan, "CreateUsagePlan")):
        case "PER_API":
            start = owner.logical_id
            names = _Names(f"{start}UsagePlan", f"{start}ApiKey", f"{start}UsagePlanKey")
        case "SHARED":
            names = _Names("ServerlessUsagePlan", "ServerlessApiKey", "ServerlessUsagePlanKey")
        case "NONE":
            return
        case _:
            expansion.miss(at, "does not say which usage plan to make")
            return
    _add(expansion, owner, plan, names, (stage, at))


def _add(
    expansion: Expansion,
    owner: Resource,
    plan: Map,
    names: _Names,
    stage: tuple[Resource, Location],
) -> None:
    at = stage[1]
    api = expansion.refer(owner.logical_id, at)
    name = expansion.refer(stage[0].logical_id, at)
    stages: list[Plain] = [
        *_present(expansion, names.plan, "ApiStages"),
        {"ApiId": api, "Stage": name},
    ]
    settings = only(plan, "UsagePlanName", "Description", "Quota", "Throttle")
    made: dict[str, Plain] = {"ApiStages": stages, **settings}
    kind = "AWS::ApiGateway::UsagePlan"
    expansion.add(owner, names.plan, kind, made, at)
    keyed: list[Plain] = [
        *_present(expansion, names.key, "StageKeys"),
        {"RestApiId": api, "StageName": name},
    ]
    key: dict[str, Plain] = {"Enabled": True, "StageKeys": keyed}
    expansion.add(owner, names.key, "AWS::ApiGateway::ApiKey", key, at)
    link: dict[str, Plain] = {
        "KeyId": expansion.refer(names.key, at),
        "KeyType": "API_KEY",
        "UsagePlanId": expansion.refer(names.plan, at),
    }
    expansion.add(owner, names.link, "AWS::ApiGateway::UsagePlanKey", link, at)
    for property_name, logical_id in (
        ("UsagePlan", names.plan),
        ("ApiKey", names.key),
        ("UsagePlanKey", names.link),
    ):
        expansion.aliases[owner.id, property_name] = expansion.identify(logical_id)


def _present(expansion: Expansion, logical_id: str, key: str) -> list[Value]:
    """Return what earlier APIs put into the shared plan or key."""
    earlier = expansion.resources.get(expansion.identify(logical_id))
    return list(items_of(earlier.properties.get(key))) if earlier else []
