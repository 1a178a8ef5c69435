"""Events of load balancers and of CloudFront: `alb`, `cloudFront`.

Serverless: "Application Load Balancer", "CloudFront".
"""

from stockade.load.building import Plain, entry, items_of, write
from stockade.load.serverless.naming import normalized
from stockade.load.serverless.permissions import permission
from stockade.load.serverless.service import Event, FunctionDraft, Service, get_att, ref
from stockade.model import Location, Map, Scalar, Value

_BEHAVIORS = "edges.behaviors"
_LOAD_BALANCER = 2


def alb(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add the rule of a listener that forwards to the function."""
    listener = event.get("listenerArn")
    text = service.text(listener) or service.text(entry(listener, "Ref")) or ""
    parts = text.split("/")
    balancer = parts[-_LOAD_BALANCER] if len(parts) > _LOAD_BALANCER else text
    priority = service.text(event.get("priority")) or str(event.number)
    written_as = f"functions.{function.key} alb"
    multiple = "MultiValue" if service.is_true(event.get("multiValueHeaders")) else ""
    group = f"{normalized(function.key)}Alb{multiple}TargetGroup{balancer}"
    service.add(
        group,
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        {
            "TargetType": "lambda",
            "Targets": [{"Id": get_att(function.logical_id)}],
            "Name": event.get("targetGroupName"),
        },
        event.at,
        written_as,
    )
    actions = _sign_in(service, event)
    actions.append({"Type": "forward", "TargetGroupArn": ref(group)})
    service.add(
        f"{normalized(function.key)}AlbListenerRule{priority}",
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        {
            "Actions": actions,
            "Conditions": _conditions(event),
            "ListenerArn": listener,
            "Priority": event.get("priority"),
        },
        event.at,
        written_as,
    )
    name = f"{normalized(function.key)}LambdaPermissionAlb"
    permission(service, name, function, "elasticloadbalancing", ref(group), event.at)


def _sign_in(service: Service, event: Event) -> "list[Plain]":
    """Return the actions that have the caller sign in first."""
    authorizers = entry(entry(service.provider, "alb"), "authorizers")
    actions: list[Plain] = []
    for item in items_of(event.get("authorizer")):
        settings = entry(authorizers, service.text(item) or "")
        if settings is None:
            service.miss(item.at, "names an authorizer that is not known")
            continue
        is_pool = service.text(entry(settings, "type")) == "cognito"
        refused = entry(settings, "onUnauthenticatedRequest")
        key = "AuthenticateCognitoConfig" if is_pool else "AuthenticateOidcConfig"
        made: dict[str, Plain] = {
            "Type": "authenticate-cognito" if is_pool else "authenticate-oidc",
            key: {
                "UserPoolArn": entry(settings, "userPoolArn"),
                "UserPoolClientId": entry(settings, "userPoolClientId"),
                "Issuer": entry(settings, "issuer"),
                "ClientId": entry(settings, "clientId"),
                "OnUnauthenticatedRequest": refused,
            },
        }
        if service.text(refused) != "allow":
            actions.append(write(made, item.at))
    return actions


def _conditions(event: Event) -> "list[Plain]":
    written = event.get("conditions")
    found: list[Plain] = []
    path = entry(written, "path")
    if path is not None:
        found.append({"Field": "path-pattern", "Values": list(items_of(path))})
    for key, field, config in (
        ("host", "host-header", "HostHeaderConfig"),
        ("method", "http-request-method", "HttpRequestMethodConfig"),
        ("ip", "source-ip", "SourceIpConfig"),
    ):
        value = entry(written, key)
        if value is not None:
            found.append({"Field": field, config: {"Values": list(items_of(value))}})
    return found


def cloud_front(service: Service, function: FunctionDraft, event: Event) -> None:
    """Note the behavior of the distribution in which the function runs."""
    behaviors = service.shared.setdefault(_BEHAVIORS, [])
    version = f"{normalized(function.key)}LambdaVersion"
    service.add(
        version,
        "AWS::Lambda::Version",
        {"FunctionName": ref(function.logical_id)},
        event.at,
        f"functions.{function.key}",
    )
    association: dict[str, Plain] = {
        "EventType": event.get("eventType"),
        "LambdaFunctionARN": ref(version),
        "IncludeBody": event.get("includeBody"),
    }
    behavior = event.get("behavior")
    made: dict[str, Plain] = {
        "ViewerProtocolPolicy": "allow-all",
        **(behavior.entries if isinstance(behavior, Map) else {}),
        "PathPattern": event.get("pathPattern"),
        "LambdaFunctionAssociations": write([association], event.at),
        "TargetOriginId": event.get("origin"),
    }
    if isinstance(behaviors, list):
        behaviors.append((made, event.at, event.get("origin")))


def finish(service: Service) -> None:
    """Add the distribution that the events make."""
    behaviors = service.shared.get(_BEHAVIORS)
    if not isinstance(behaviors, list) or not behaviors:
        return
    at: Location = behaviors[0][1]
    plain = [made for made, _, _ in behaviors if made["PathPattern"] is None]
    others = [made for made, _, _ in behaviors if made["PathPattern"] is not None]
    config: dict[str, Plain] = {
        "Enabled": True,
        "DefaultCacheBehavior": plain[0] if plain else others[0],
        "CacheBehaviors": (plain[1:] + others) if plain else others[1:],
        "Origins": [{"Id": origin, "DomainName": _domain(origin)} for _, _, origin in behaviors],
    }
    service.add(
        "CloudFrontDistribution",
        "AWS::CloudFront::Distribution",
        {"DistributionConfig": config},
        at,
        "cloudFront",
    )


def _domain(origin: Value | None) -> "Plain":
    if isinstance(origin, Map):
        return entry(origin, "DomainName")
    if isinstance(origin, Scalar):
        return Scalar(str(origin.value).partition("://")[2].partition("/")[0], origin.at)
    return origin
