"""What a method of the service's REST API asks of its caller.

Serverless: "REST API (API Gateway v1)", HTTP endpoints with authorizers.
"""

from stockade.load.building import Plain, entry
from stockade.load.serverless.events.rest_paths import api
from stockade.load.serverless.naming import normalized
from stockade.load.serverless.permissions import api_arn, invoke_uri
from stockade.load.serverless.service import Event, Service, get_att, ref
from stockade.model import Map, Scalar, Value


def authorization(service: Service, event: Event) -> dict[str, Plain]:
    """Return what the method asks of its caller; adds the authorizer that it names."""
    written = event.get("authorizer")
    if written is None:
        return {"AuthorizationType": "NONE"}
    kind = (service.text(entry(written, "type")) or "").upper()
    text = service.text(written)
    if kind == "AWS_IAM" or (text or "").upper() == "AWS_IAM":
        return {"AuthorizationType": "AWS_IAM"}
    own_id = entry(written, "authorizerId")
    if own_id is not None:
        custom = kind in {"TOKEN", "REQUEST", ""}
        found: dict[str, Plain] = {
            "AuthorizationType": "CUSTOM" if custom else kind,
            "AuthorizerId": own_id,
        }
        return found
    arn, name = _named_authorizer(service, written, text)
    if arn is None:
        service.miss(written.at, "names an authorizer that is not known")
        return {"AuthorizationType": "CUSTOM"}
    logical_id = f"{normalized(name)}ApiGatewayAuthorizer"
    is_cognito = kind == "COGNITO_USER_POOLS" or _is_pool(service, arn)
    _add_authorizer(service, logical_id, name, arn, written, is_cognito, kind)
    if is_cognito:
        return {
            "AuthorizationType": "COGNITO_USER_POOLS",
            "AuthorizerId": ref(logical_id),
            "AuthorizationScopes": entry(written, "scopes"),
        }
    return {"AuthorizationType": "CUSTOM", "AuthorizerId": ref(logical_id)}


def _named_authorizer(service: Service, written: Value, text: str | None) -> tuple["Plain", str]:
    """Return the ARN and the name of an authorizer, which may be a function of the service."""
    arn = entry(written, "arn")
    name = service.text(entry(written, "name")) or text or ""
    if arn is None and text is not None and ":" in text:
        arn = written
    if arn is not None:
        known = service.text(entry(written, "name"))
        shown = service.text(arn) or ""
        return arn, known or shown.rpartition(":")[2].rpartition("-")[2] or "Authorizer"
    for function in service.functions:
        if function.key == name:
            return get_att(function.logical_id), name
    return None, name


def _is_pool(service: Service, arn: "Plain") -> bool:
    if isinstance(arn, Scalar | Map):
        text = service.text(arn)
        return text is not None and ":cognito-idp:" in text and ":userpool/" in text
    return False


def _add_authorizer(  # noqa: PLR0913, PLR0917 - what an authorizer is made of
    service: Service,
    logical_id: str,
    name: str,
    arn: "Plain",
    written: Value,
    is_cognito: bool,  # noqa: FBT001
    kind: str,
) -> None:
    header = "method.request.header.Authorization"
    by_default = 300 if isinstance(written, Map) else None
    properties: dict[str, Plain] = {
        "Name": name,
        "RestApiId": api(service),
        "IdentitySource": entry(written, "identitySource") or header,
        "AuthorizerResultTtlInSeconds": entry(written, "resultTtlInSeconds") or by_default,
        "IdentityValidationExpression": entry(written, "identityValidationExpression"),
    }
    if is_cognito:
        properties |= {"Type": "COGNITO_USER_POOLS", "ProviderARNs": [arn]}
    else:
        properties |= {"Type": kind or "TOKEN", "AuthorizerUri": invoke_uri(arn)}
    service.add(logical_id, "AWS::ApiGateway::Authorizer", properties, written.at, f"{name}")
    if not is_cognito and not service.is_true(entry(written, "managedExternally")):
        service.add(
            f"{normalized(name)}LambdaPermissionApiGateway",
            "AWS::Lambda::Permission",
            {
                "FunctionName": arn,
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": api_arn(api(service)),
            },
            written.at,
            f"{name}",
        )
