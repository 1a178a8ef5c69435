"""Gateways: HTTP, REST and WebSocket APIs, their routes and authorizers.

Follows "ApiGatewayV2", "ApiGatewayV1" and "ApiGatewayWebSocket" of the SST reference.
"""

from typing import Final

from stockade.load.sst.components.functions import Called, allow, called, nodes_of
from stockade.load.sst.components.making import (
    Maker,
    Written,
    as_object,
    changed,
    days,
    field,
    is_true,
    items_of,
    method,
    object_of,
    seconds,
    text_of,
)
from stockade.load.sst.things import Object, Resource, Thing, entries_of, settled
from stockade.model import Location, Map, Scalar, Unknown, Value

_LOGGED: Final = (
    '{"requestTime":"$context.requestTime","requestId":"$context.requestId",'
    '"httpMethod":"$context.httpMethod","path":"$context.path",'
    '"routeKey":"$context.routeKey","status":"$context.status",'
    '"ip":"$context.identity.sourceIp","userAgent":"$context.identity.userAgent"}'
)


def http_api(maker: Maker) -> None:
    """Make an HTTP API, whose CORS answers everyone unless `cors` says otherwise."""
    anyone: dict[str, Written] = {
        "allowHeaders": ["*"],
        "allowMethods": ["*"],
        "allowOrigins": ["*"],
    }
    cors = maker.arguments.entries.get("cors")
    allowed: dict[str, Written] | None = None
    if not (isinstance(cors, Scalar) and cors.value is False):
        own = entries_of(cors) if isinstance(cors, Object | Map) else None
        allowed = {
            **anyone,
            **{name: one for name, one in (own or {}).items() if name != "maxAge"},
        }
        age = field(cors, "maxAge")
        if age is not None:
            allowed["maxAge"] = seconds(age, "", maker.at)
    api = maker.resource(
        "apigatewayv2.Api",
        maker.name,
        {"protocolType": "HTTP", "corsConfiguration": allowed},
        "api",
    )
    group = _log_group(maker, "logGroup")
    maker.resource(
        "apigatewayv2.Stage",
        f"{maker.name}Stage",
        {
            "apiId": maker.attribute(api, "id"),
            "autoDeploy": True,
            "name": "$default",
            "accessLogSettings": {
                "destinationArn": maker.attribute(group, "arn"),
                "format": _LOGGED,
            },
        },
        "stage",
    )
    _domain(maker, api)
    maker.main(api, api=api, logGroup=group)
    maker.link({"url": maker.attribute(api, "apiEndpoint")})
    made = _Http(maker, api)
    for word, run in (
        ("route", made.route),
        ("routeUrl", made.route_url),
        ("routePrivate", made.route_private),
        ("addAuthorizer", made.add_authorizer),
    ):
        method(maker.component, word, run)


def _log_group(maker: Maker, transform: str) -> Resource:
    return maker.resource(
        "cloudwatch.LogGroup",
        f"{maker.name}AccessLog",
        {
            "name": f"/aws/vendedlogs/apis/{maker.name}",
            "retentionInDays": days(maker.get("accessLog", "retention"), maker.at),
        },
        transform,
    )


def _domain(maker: Maker, api: Resource) -> None:
    """Make the domain of an HTTP or WebSocket API, of TLS 1.2."""
    domain = maker.get("domain")
    if domain is None:
        return
    named = field(domain, "name")
    name = settled(named or domain) if named is not None or entries_of(domain) is None else None
    if name is None:
        return
    made = maker.resource(
        "apigatewayv2.DomainName",
        f"{maker.name}DomainName",
        {
            "domainName": name,
            "domainNameConfiguration": {
                "certificateArn": field(domain, "cert")
                or maker.stack.later(f"{maker.name}.certificate", maker.at),
                "endpointType": "REGIONAL",
                "securityPolicy": "TLS_1_2",
            },
        },
        "domainName",
    )
    maker.resource(
        "apigatewayv2.ApiMapping",
        f"{maker.name}DomainMapping",
        {
            "apiId": maker.attribute(api, "id"),
            "domainName": maker.attribute(made, "id"),
            "stage": "$default",
            "apiMappingKey": field(domain, "path"),
        },
    )


def _parsed(thing: Thing | None, at: Location) -> tuple[Value, str]:
    """Return the key of a route as it is deployed, and how to call it."""
    text = text_of(thing)
    if text is None:
        return Unknown("the route is not known", at), "?"
    verb, _, path = text.partition(" ")
    key = f"{verb.upper()} {path}" if path else text
    return Scalar(key, thing.at if thing is not None else at), key


class _Http:
    """The routes of one HTTP API."""

    def __init__(self, maker: Maker, api: Resource) -> None:
        self.maker = maker
        self.id = maker.attribute(api, "id")
        self.execution = maker.attribute(api, "executionArn")

    def route(self, given: list[Thing], at: Location) -> Thing:
        """Take in `api.route("GET /", function, settings)`."""
        maker = self.maker
        key, word = _parsed(given[0] if given else None, at)
        id_ = f'{maker.name}["{word}"]'
        change = maker.get("transform", "route", "handler")
        links = items_of(maker.get("link"))
        definition = given[1] if len(given) > 1 else None
        what = called(maker, id_, definition, links=links, change=change)
        allow(maker, id_, what, "apigateway.amazonaws.com", maker.text(self.execution, "/*"))
        written: dict[str, Written] = {
            "apiId": self.id,
            "integrationType": "AWS_PROXY",
            "integrationUri": what.arn,
            "payloadFormatVersion": "2.0",
        }
        integration = maker.resource("apigatewayv2.Integration", f"{id_}Integration", written)
        route = self._route(id_, key, given, integration, at)
        again = maker.component.members["route"]
        return Object({"nodes": Object(nodes_of(what, route=route), at), "route": again}, at)

    def route_url(self, given: list[Thing], at: Location) -> Thing:
        """Take in `api.routeUrl("GET /", url, settings)`."""
        return self._elsewhere(given, at, {})

    def route_private(self, given: list[Thing], at: Location) -> Thing:
        """Take in `api.routePrivate("GET /", arn, settings)`."""
        link = self.maker.stack.later(f"{self.maker.name}.vpcLink", at)
        return self._elsewhere(given, at, {"connectionType": "VPC_LINK", "connectionId": link})

    def _elsewhere(self, given: list[Thing], at: Location, more: dict[str, Written]) -> Thing:
        maker = self.maker
        key, word = _parsed(given[0] if given else None, at)
        id_ = f'{maker.name}["{word}"]'
        written: dict[str, Written] = {
            **more,
            "apiId": self.id,
            "integrationType": "HTTP_PROXY",
            "integrationUri": given[1] if len(given) > 1 else None,
            "integrationMethod": "ANY",
        }
        integration = maker.resource("apigatewayv2.Integration", f"{id_}Integration", written)
        route = self._route(id_, key, given, integration, at)
        return Object({"nodes": Object({"route": route}, at)}, at)

    def _route(
        self, id_: str, key: Value, given: list[Thing], integration: Resource, at: Location
    ) -> Resource:
        maker = self.maker
        settings = as_object(given[2] if len(given) > 2 else None, at)  # noqa: PLR2004 - the third
        changed(maker.program, maker.get("transform", "route", "args"), settings, id_)
        written: dict[str, Written] = {
            "apiId": self.id,
            "routeKey": key,
            "target": maker.text("integrations/", maker.attribute(integration, "id")),
            **self._authorization(id_, settings.get("auth"), at),
        }
        arguments = object_of(written, at)
        changed(maker.program, field(settings, "transform", "route"), arguments, id_)
        kind = maker.component.kind
        return maker.stack.resource("apigatewayv2.Route", f"{id_}Route", arguments, at, kind)

    def _authorization(self, id_: str, auth: Thing | None, at: Location) -> dict[str, Written]:
        """Return who may call a route: everyone where nothing is said."""
        if auth is None or (isinstance(auth, Scalar) and auth.value is False):
            return {"authorizationType": "NONE"}
        if is_true(field(auth, "iam")):
            return {"authorizationType": "AWS_IAM"}
        custom, jwt = field(auth, "lambda"), field(auth, "jwt")
        if custom is not None:
            return {"authorizationType": "CUSTOM", "authorizerId": custom}
        if jwt is None:
            why = Unknown("it is not known how the route is authorized", at)
            return {"authorizationType": "NONE" if entries_of(auth) is not None else why}
        authorizer = field(jwt, "authorizer")
        if authorizer is None:
            # Older versions of SST make an authorizer for each route.
            authorizer = self._jwt(f"{id_}Authorizer", jwt)
        return {
            "authorizationType": "JWT",
            "authorizerId": authorizer,
            "authorizationScopes": field(jwt, "scopes"),
        }

    def _jwt(self, name: str, jwt: Thing) -> Value:
        source = field(jwt, "identitySource") or "$request.header.Authorization"
        made = self.maker.resource(
            "apigatewayv2.Authorizer",
            name,
            {
                "apiId": self.id,
                "name": name,
                "authorizerType": "JWT",
                "identitySources": [source],
                "jwtConfiguration": {
                    "audiences": field(jwt, "audiences"),
                    "issuer": field(jwt, "issuer"),
                },
            },
        )
        return self.maker.attribute(made, "id")

    def add_authorizer(self, given: list[Thing], at: Location) -> Thing:
        """Take in `api.addAuthorizer({ name, jwt })`, or a Lambda authorizer."""
        maker = self.maker
        settings = given[0] if given else None
        name = text_of(field(settings, "name")) or "authorizer"
        id_ = f'{maker.name}["{name}"]'
        jwt, custom = field(settings, "jwt"), field(settings, "lambda")
        if custom is None:
            id_value = self._jwt(id_, jwt if jwt is not None else Object({}, at))
            return Object({"id": id_value}, at)
        what = called(maker, f"{id_}Function", field(custom, "function"))
        response = text_of(field(custom, "response")) or "simple"
        made = maker.resource(
            "apigatewayv2.Authorizer",
            id_,
            {
                "apiId": self.id,
                "name": name,
                "authorizerType": "REQUEST",
                "identitySources": field(custom, "identitySources")
                or ["$request.header.Authorization"],
                "authorizerUri": what.invoke_arn,
                "authorizerResultTtlInSeconds": seconds(field(custom, "ttl"), "0 seconds", at),
                "enableSimpleResponses": response == "simple",
                "authorizerPayloadFormatVersion": field(custom, "payload") or "2.0",
            },
        )
        _let_authorize(maker, id_, what, self.execution, maker.attribute(made, "id"))
        return Object({"id": maker.attribute(made, "id"), "nodes": _node(made, at)}, at)


def _node(authorizer: Resource, at: Location) -> Object:
    return Object({"authorizer": authorizer}, at)


def _let_authorize(maker: Maker, id_: str, what: Called, execution: Value, own: Value) -> None:
    source = maker.text(execution, "/authorizers/", own)
    allow(maker, id_, what, "apigateway.amazonaws.com", source)


def websocket_api(maker: Maker) -> None:
    """Make a WebSocket API."""
    selection = "$request.body.action"
    api = maker.resource(
        "apigatewayv2.Api",
        maker.name,
        {"protocolType": "WEBSOCKET", "routeSelectionExpression": selection},
        "api",
    )
    group = _log_group(maker, "accessLog")
    own, execution = maker.attribute(api, "id"), maker.attribute(api, "executionArn")
    stage = maker.resource(
        "apigatewayv2.Stage",
        f"{maker.name}Stage",
        {
            "apiId": own,
            "autoDeploy": True,
            "name": "$default",
            "accessLogSettings": {
                "destinationArn": maker.attribute(group, "arn"),
                "format": _LOGGED,
            },
        },
        "stage",
    )
    _domain(maker, api)
    maker.main(api, api=api, logGroup=group, stage=stage)
    url = maker.text(maker.attribute(api, "apiEndpoint"), "/$default")
    managed = maker.text(execution, "/*/*/@connections/*")
    maker.link(
        {"url": url, "managementEndpoint": url}, (["execute-api:ManageConnections"], [managed])
    )

    def route(given: list[Thing], at: Location) -> Thing:
        key = text_of(given[0]) or "?" if given else "?"
        id_ = f'{maker.name}["{key}"]'
        change = maker.get("transform", "route", "handler")
        definition = given[1] if len(given) > 1 else None
        what = called(maker, id_, definition, change=change)
        allow(maker, id_, what, "apigateway.amazonaws.com", maker.text(execution, "/*"))
        proxy: dict[str, Written] = {
            "apiId": own,
            "integrationType": "AWS_PROXY",
            "integrationUri": what.invoke_arn,
        }
        integration = maker.resource("apigatewayv2.Integration", f"{id_}Integration", proxy)
        auth = field(given[2], "auth") if len(given) > 2 else None  # noqa: PLR2004 - the third
        custom = field(auth, "lambda")
        kind = "AWS_IAM" if is_true(field(auth, "iam")) else "CUSTOM" if custom else "NONE"
        written: dict[str, Written] = {
            "apiId": own,
            "routeKey": key,
            "target": maker.text("integrations/", maker.attribute(integration, "id")),
            "authorizationType": kind if key == "$connect" else "NONE",
            "authorizerId": custom if key == "$connect" else None,
        }
        made = maker.resource("apigatewayv2.Route", f"{id_}Route", written)
        return Object({"nodes": Object(nodes_of(what, route=made), at)}, at)

    method(maker.component, "route", route)
    method(maker.component, "addAuthorizer", _Http(maker, api).add_authorizer)


def rest_api(maker: Maker) -> None:
    """Make a REST API; its stage is made when the author calls `deploy`."""
    kind = text_of(maker.get("endpoint", "type")) or "edge"
    api = maker.resource(
        "apigateway.RestApi",
        maker.name,
        {
            "endpointConfiguration": {
                "types": kind.upper(),
                "vpcEndpointIds": maker.value("endpoint", "vpcEndpointIds"),
            }
        },
        "api",
    )
    maker.main(api, api=api)
    own = maker.attribute(api, "id")
    address = maker.stack.later(f"{maker.name}.url", maker.at)
    maker.link({"url": address})
    made = _Rest(maker, api, own)
    for word, run in (
        ("route", made.route),
        ("routeIntegration", made.route_integration),
        ("addAuthorizer", made.add_authorizer),
        ("deploy", made.deploy),
    ):
        method(maker.component, word, run)


class _Rest:
    """The resources and methods of one REST API."""

    def __init__(self, maker: Maker, api: Resource, own: Value) -> None:
        self.maker = maker
        self.id = own
        self.execution = maker.attribute(api, "executionArn")
        self.resources: dict[str, Value] = {"/": maker.attribute(api, "rootResourceId")}

    def _resource(self, path: str) -> Value:
        """Return the resource of a path, made with those above it if it is not there."""
        parts = [part for part in path.split("/") if part]
        way = "/"
        for part in parts[:50]:
            below = f"{way.rstrip('/')}/{part}"
            if below not in self.resources:
                made = self.maker.resource(
                    "apigateway.Resource",
                    f'{self.maker.name}["{below}"]',
                    {"restApi": self.id, "parentId": self.resources[way], "pathPart": part},
                )
                self.resources[below] = self.maker.attribute(made, "id")
            way = below
        return self.resources[way]

    def route(self, given: list[Thing], at: Location) -> Thing:
        """Take in `api.route("GET /", function, settings)`."""
        maker = self.maker
        _, word = _parsed(given[0] if given else None, at)
        verb, _, path = word.partition(" ")
        id_ = f'{maker.name}["{word}"]'
        resource = self._resource(path)
        definition = given[1] if len(given) > 1 else None
        what = called(maker, id_, definition, change=maker.get("transform", "route", "handler"))
        allow(maker, id_, what, "apigateway.amazonaws.com", maker.text(self.execution, "/*"))
        self._method(id_, verb, resource, given, at)
        integration: dict[str, Written] = {
            "restApi": self.id,
            "resourceId": resource,
            "httpMethod": verb,
            "integrationHttpMethod": "POST",
            "type": "AWS_PROXY",
            "uri": what.invoke_arn,
        }
        maker.resource("apigateway.Integration", f"{id_}Integration", integration)
        return Object({"nodes": Object(nodes_of(what), at)}, at)

    def route_integration(self, given: list[Thing], at: Location) -> Thing:
        """Take in `api.routeIntegration("GET /", integration, settings)`."""
        _, word = _parsed(given[0] if given else None, at)
        verb, _, path = word.partition(" ")
        id_ = f'{self.maker.name}["{word}"]'
        resource = self._resource(path)
        self._method(id_, verb, resource, given, at)
        own = as_object(given[1] if len(given) > 1 else None, at)
        written: dict[str, Written] = {
            **own.entries,
            "restApi": self.id,
            "resourceId": resource,
            "httpMethod": verb,
        }
        self.maker.resource("apigateway.Integration", f"{id_}Integration", written)
        return Object({}, at)

    def _method(
        self, id_: str, verb: str, resource: Value, given: list[Thing], at: Location
    ) -> None:
        settings = as_object(given[2] if len(given) > 2 else None, at)  # noqa: PLR2004 - the third
        changed(self.maker.program, self.maker.get("transform", "route", "args"), settings, id_)
        auth = settings.get("auth")
        custom, cognito = field(auth, "custom"), field(auth, "cognito")
        written: dict[str, Written] = {"authorization": "NONE"}
        if is_true(field(auth, "iam")):
            written = {"authorization": "AWS_IAM"}
        elif custom is not None:
            written = {"authorization": "CUSTOM", "authorizerId": custom}
        elif cognito is not None:
            written = {
                "authorization": "COGNITO_USER_POOLS",
                "authorizerId": field(cognito, "authorizer"),
                "authorizationScopes": field(cognito, "scopes"),
            }
        elif auth is not None and entries_of(auth) is None:
            written = {"authorization": Unknown("it is not known", at)}
        key = settings.get("apiKey")
        more: dict[str, Written] = {
            "restApi": self.id,
            "resourceId": resource,
            "httpMethod": verb,
            "apiKeyRequired": key,
        }
        arguments = object_of({**written, **more}, at)
        kind = self.maker.component.kind
        self.maker.stack.resource("apigateway.Method", f"{id_}Method", arguments, at, kind)

    def add_authorizer(self, given: list[Thing], at: Location) -> Thing:
        """Take in `api.addAuthorizer({ name, userPools })`, or one by a function."""
        maker = self.maker
        settings = given[0] if given else None
        name = text_of(field(settings, "name")) or "authorizer"
        id_ = f'{maker.name}["{name}"]'
        token, request = field(settings, "tokenFunction"), field(settings, "requestFunction")
        what = None
        if token is not None or request is not None:
            what = called(maker, f"{id_}Function", token if token is not None else request)
        kind = "TOKEN" if token is not None else "REQUEST" if request is not None else ""
        made = maker.resource(
            "apigateway.Authorizer",
            id_,
            {
                "restApi": self.id,
                "type": kind or "COGNITO_USER_POOLS",
                "name": name,
                "providerArns": field(settings, "userPools"),
                "authorizerUri": what.invoke_arn if what is not None else None,
                "authorizerResultTtlInSeconds": field(settings, "ttl"),
                "identitySource": field(settings, "identitySource"),
            },
        )
        own = maker.attribute(made, "id")
        if what is not None:
            _let_authorize(maker, id_, what, self.execution, own)
        return Object({"id": own, "nodes": _node(made, at)}, at)

    def deploy(self, _given: list[Thing], at: Location) -> Thing:
        """Take in `api.deploy()`."""
        maker = self.maker
        group = _log_group(maker, "accessLog")
        deployment = maker.resource(
            "apigateway.Deployment", f"{maker.name}Deployment", {"restApi": self.id}, "deployment"
        )
        stage = maker.resource(
            "apigateway.Stage",
            f"{maker.name}Stage",
            {
                "restApi": self.id,
                "deployment": maker.attribute(deployment, "id"),
                "stageName": settled(maker.program.member(_app(maker, at), "stage", at)),
                "accessLogSettings": {
                    "destinationArn": maker.attribute(group, "arn"),
                    "format": _LOGGED,
                },
            },
            "stage",
        )
        nodes = maker.component.members.get("nodes")
        if isinstance(nodes, Object):
            nodes.put("stage", stage)
            nodes.put("logGroup", group)
        domain = maker.get("domain")
        name = field(domain, "name") or domain
        if name is not None:
            made = maker.resource(
                "apigateway.DomainName",
                f"{maker.name}DomainName",
                {"domainName": name, "endpointConfiguration": {"types": "EDGE"}},
                "domainName",
            )
            mapping: dict[str, Written] = {
                "restApi": self.id,
                "domainName": maker.attribute(made, "id"),
                "stageName": maker.attribute(stage, "stageName"),
                "basePath": field(domain, "path"),
            }
            maker.resource("apigateway.BasePathMapping", f"{maker.name}DomainMapping", mapping)
        return Scalar(None, at)


def _app(maker: Maker, at: Location) -> Thing:
    return maker.program.world("$app", at) or Scalar(None, at)
