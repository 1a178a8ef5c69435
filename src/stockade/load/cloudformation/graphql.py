"""GraphQL APIs: resolvers whose data source is a function or a store.

Follows AWS::AppSync::DataSource, Resolver, FunctionConfiguration and GraphQLApi in the
CloudFormation template reference. The authorizer is that of the API's default authentication;
further providers count where the schema cannot rule them out (`@aws_api_key` and the like).
"""

import re
from collections.abc import Iterator, Mapping

from stockade.load.cloudformation.authorizers import weakest
from stockade.load.cloudformation.trigger import Declared, Trigger, shown
from stockade.model import (
    Authorizer,
    AuthorizerKind,
    EventSourceType,
    Map,
    Resource,
    ResourceId,
    Route,
    Value,
    expression,
    inside,
)

_KINDS = {
    "API_KEY": AuthorizerKind.API_KEY,
    "AWS_IAM": AuthorizerKind.IAM,
    "AMAZON_COGNITO_USER_POOLS": AuthorizerKind.COGNITO,
    "OPENID_CONNECT": AuthorizerKind.JWT,
    "AWS_LAMBDA": AuthorizerKind.LAMBDA,
}
_DIRECTIVES = {
    AuthorizerKind.API_KEY: "@aws_api_key",
    AuthorizerKind.IAM: "@aws_iam",
    AuthorizerKind.COGNITO: "@aws_cognito_user_pools",
    AuthorizerKind.JWT: "@aws_oidc",
    AuthorizerKind.LAMBDA: "@aws_lambda",
}
_API = "AWS::AppSync::GraphQLApi"


def graphql_resolvers(declared: Declared) -> Iterator[Trigger]:
    """Yield a trigger for each field whose resolver calls a function or writes to a store."""
    authorizers = {api.id: _Providers(declared, api) for api in declared.of_type(_API)}
    sources = list(declared.of_type("AWS::AppSync::DataSource"))
    called = dict(_settings(sources, "LambdaConfig", "LambdaFunctionArn"))
    written = {
        **dict(_settings(sources, "DynamoDBConfig", "TableName")),
        **dict(_settings(sources, "EventBridgeConfig", "EventBusArn")),
    }
    used = set()
    for resolver in declared.of_type("AWS::AppSync::Resolver"):
        for source in _sources_of(declared, resolver, sources):
            if source in written and _field(resolver)[0] == "MUTATION":
                yield _trigger(declared, resolver, written[source], _field(resolver), authorizers)
            if source in called:
                used.add(source)
                yield _trigger(declared, resolver, called[source], _field(resolver), authorizers)
    for source, target in called.items():
        if source not in used:
            field = ("ANY", "/graphql")
            yield _trigger(declared, declared.resources[source], target, field, authorizers)
    for api in declared.of_type(_API):
        for authorizer in inside(api.properties, "LambdaAuthorizerConfig", "AuthorizerUri"):
            yield Trigger(
                type=EventSourceType.AUTHORIZER,
                at=authorizer.at,
                target=authorizer,
                resource=api.id,
            )


def _settings(sources: list[Resource], *path: str) -> Iterator[tuple[ResourceId, Value]]:
    for source in sources:
        for value in inside(source.properties, *path):
            yield source.id, value


def _trigger(
    declared: Declared,
    resource: Resource,
    target: Value,
    field: tuple[str, str],
    authorizers: "Mapping[ResourceId, _Providers]",
) -> Trigger:
    api = declared.names.find(resource.properties.get("ApiId"), _API)
    providers = authorizers.get(api or "")
    kind = resource.properties.get("TypeName")
    return Trigger(
        type=EventSourceType.GRAPHQL_API,
        at=resource.at,
        target=target,
        resource=api,
        source=resource.properties.get("ApiId"),
        route=Route(
            api=api,
            method=field[0],
            path=field[1],
            authorizer=Authorizer(kind=AuthorizerKind.UNKNOWN, at=resource.at)
            if providers is None
            else providers.of(shown(kind) if kind is not None else "", field[1]),
            api_key_required=False,
            at=resource.at,
        ),
        detail=resource.properties,
    )


def _field(resolver: Resource) -> tuple[str, str]:
    """Return the type and field that a resolver answers, as a method and a path."""
    kind = resolver.properties.get("TypeName")
    name = resolver.properties.get("FieldName")
    return (
        shown(kind).upper() if kind is not None else "ANY",
        shown(name) if name is not None else "/graphql",
    )


def _sources_of(
    declared: Declared, resolver: Resource, sources: list[Resource]
) -> Iterator[ResourceId]:
    """Yield the data sources that a resolver uses, itself or through its pipeline's functions."""
    yield from _source(declared, resolver, sources)
    for function in inside(resolver.properties, "PipelineConfig", "Functions", "[]"):
        found = declared.names.find(function, "AWS::AppSync::FunctionConfiguration")
        if found is not None:
            yield from _source(declared, declared.resources[found], sources)


def _source(declared: Declared, user: Resource, sources: list[Resource]) -> Iterator[ResourceId]:
    name = user.properties.get("DataSourceName")
    if name is None:
        return
    found = declared.names.find(name, "AWS::AppSync::DataSource")
    if found is not None:
        yield found
        return
    for source in sources:
        own = source.properties.get("Name")
        if own is not None and expression(own) == expression(name):
            yield source.id


class _Providers:
    """Who may call the fields of an API: its default provider, and further ones by directives."""

    def __init__(self, declared: Declared, api: Resource) -> None:
        properties = api.properties
        self._at = properties.at
        self._default = _provider(declared, properties)
        self._further = [
            _provider(declared, one)
            for one in inside(properties, "AdditionalAuthenticationProviders", "[]")
            if isinstance(one, Map)
        ]
        self._schema = _schema(declared, api.id) if self._further else None

    def of(self, type_: str, field: str) -> Authorizer:
        """Return the weakest of those that a field lets in.

        "Using additional authorization modes": directives of a field count before those of its
        type, and where there are none the default does.
        """
        found = [self._default]
        schema = self._schema
        if schema is None:
            return weakest(found, self._at)
        written = directives_of(schema, type_, field)
        text = schema if written is None else written
        further = [one for one in self._further if _stands(_DIRECTIVES.get(one.kind, ""), text)]
        own = _stands(_DIRECTIVES.get(self._default.kind, ""), text)
        if written and further and not own:
            found = []
        return weakest([*found, *further], self._at)


def _stands(directive: str, text: str) -> bool:
    return bool(directive) and directive in text


def directives_of(schema: str, type_: str, field: str) -> str | None:
    """Return the directives that count for a field of a schema; None if it is not found there."""
    schema = re.sub(r"#[^\n]*", "", schema)
    for opened in re.finditer(rf"\btype\s+{re.escape(type_)}\b([^{{]*)\{{([^}}]*)\}}", schema):
        found = re.search(
            rf"(?m)(?:^|[\s,]){re.escape(field)}\s*(?:\([^)]*\))?\s*:\s*[\w!\[\]]+"
            r"((?:\s*@\w+(?:\([^)]*\))?)*)",
            opened[2],
        )
        if found is not None:
            return found[1].strip() or opened[1].strip()
    return None


def _provider(declared: Declared, provider: Map) -> Authorizer:
    written = provider.get("AuthenticationType")
    kind = _KINDS.get(shown(written) if written is not None else "", AuthorizerKind.UNKNOWN)
    function = None
    if kind is AuthorizerKind.LAMBDA:
        uri = next(inside(provider, "LambdaAuthorizerConfig", "AuthorizerUri"), None)
        function = declared.names.function(uri)
    return Authorizer(kind=kind, at=provider.key_at("AuthenticationType"), function=function)


def _schema(declared: Declared, api: ResourceId) -> str | None:
    """Return the text of an API's schema where the template holds it."""
    for schema in declared.of_type("AWS::AppSync::GraphQLSchema"):
        if declared.names.find(schema.properties.get("ApiId"), _API) == api:
            for definition in inside(schema.properties, "Definition"):
                return expression(definition)
    return None
