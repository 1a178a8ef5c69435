"""GraphQL APIs of the plug-in serverless-appsync-plugin, versions 1 (`custom.appSync`) and 2.

What a data source may do beyond functions and tables is not read, and said so.
"""

from collections.abc import Iterator

from stockade.load.building import Plain, entry, items_of
from stockade.load.serverless.naming import alphanumeric
from stockade.load.serverless.permissions import allow
from stockade.load.serverless.service import Service, get_att, ref
from stockade.model import List, Location, Map, Scalar, Unknown, Value

_TABLE_ACTIONS = [
    *("dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"),
    *("dynamodb:Scan", "dynamodb:UpdateItem", "dynamodb:BatchGetItem"),
    *("dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem"),
]
_AUTHENTICATION = {
    "AMAZON_COGNITO_USER_POOLS": "UserPoolConfig",
    "OPENID_CONNECT": "OpenIDConnectConfig",
    "AWS_LAMBDA": "LambdaAuthorizerConfig",
}


def add_graphql_apis(service: Service) -> None:
    """Add the API, its schema, its data sources and its resolvers."""
    written = service.variables.section("appSync") or entry(service.custom, "appSync")
    if isinstance(written, List):
        service.miss(written.at, "holds several GraphQL APIs, of which the first is read")
        written = written.items[0] if written.items else None
    if not isinstance(written, Map):
        if isinstance(written, Unknown):
            service.miss(written.at, f"the GraphQL API is not read: {written.why}")
        return
    at = written.at
    api: Plain = entry(written, "apiId") or get_att("GraphQlApi", "ApiId")
    if entry(written, "apiId") is None:
        _add_api(service, written, at)
    for name, source in _named(entry(written, "dataSources")):
        _add_source(service, api, name, source)
    pipeline = entry(written, "pipelineFunctions") or entry(written, "functionConfigurations")
    for name, function in _named(pipeline):
        _add_function(service, api, name, function)
    resolvers = entry(written, "resolvers") or entry(written, "mappingTemplates")
    for field, resolver in _named(resolvers):
        _add_resolver(service, api, field, resolver)


def _named(value: Value | None) -> Iterator[tuple[str, Value]]:
    """Yield the entries of a map, of a list of maps, or the items of a list by their `name`."""
    if isinstance(value, Map):
        yield from value
        return
    for item in items_of(value):
        if isinstance(item, List):
            yield from _named(item)
        elif isinstance(item, Map):
            name = item.get("name")
            if isinstance(name, Scalar):
                yield str(name.value), item
            elif "type" in item or "field" in item:
                yield "", item
            else:
                yield from item


def _add_api(service: Service, written: Map, at: Location) -> None:
    main = entry(written, "authentication") or written
    more = entry(written, "additionalAuthentications") or entry(
        written, "additionalAuthenticationProviders"
    )
    name = entry(written, "name") or service.name_value
    logging = entry(written, "logging") or entry(written, "logConfig")
    service.add(
        "GraphQlApi",
        "AWS::AppSync::GraphQLApi",
        {
            "Name": name,
            **_authentication(service, main),
            "AdditionalAuthenticationProviders": [
                _authentication(service, one) for one in items_of(more)
            ]
            or None,
            "XrayEnabled": entry(written, "xrayEnabled"),
            "LogConfig": None if logging is None else {"FieldLogLevel": entry(logging, "level")},
        },
        at,
        "appSync",
    )
    schemas = [service.text(one) for one in items_of(entry(written, "schema"))]
    place = next((one for one in schemas if one is not None), "schema.graphql")
    service.add(
        "GraphQlSchema",
        "AWS::AppSync::GraphQLSchema",
        {"ApiId": get_att("GraphQlApi", "ApiId"), "DefinitionS3Location": place},
        at,
        "appSync.schema",
    )


def _authentication(service: Service, written: Value) -> dict[str, Plain]:
    kind = entry(written, "type") or entry(written, "authenticationType")
    name = service.text(kind) or "API_KEY"
    config = entry(written, "config")
    old = {
        "AMAZON_COGNITO_USER_POOLS": "userPoolConfig",
        "OPENID_CONNECT": "openIdConnectConfig",
        "AWS_LAMBDA": "lambdaAuthorizerConfig",
    }
    settings = config or entry(written, old.get(name, ""))
    found: dict[str, Plain] = {"AuthenticationType": kind or "API_KEY"}
    if name == "AWS_LAMBDA":
        found[_AUTHENTICATION[name]] = {"AuthorizerUri": _function(service, settings)}
    elif name == "AMAZON_COGNITO_USER_POOLS":
        found[_AUTHENTICATION[name]] = {"UserPoolId": entry(settings, "userPoolId")}
    elif name == "OPENID_CONNECT":
        found[_AUTHENTICATION[name]] = {"Issuer": entry(settings, "issuer")}
    return found


def _function(service: Service, settings: Value | None) -> "Plain":
    """Return the ARN of the function that settings name in one of their ways."""
    arn = entry(settings, "functionArn") or entry(settings, "lambdaFunctionArn")
    if arn is not None:
        return arn
    name = service.text(entry(settings, "functionName"))
    for function in service.functions:
        if function.key == name:
            return get_att(function.logical_id)
    return entry(settings, "functionName")


def _add_source(service: Service, api: "Plain", name: str, source: Value) -> None:
    kind = service.text(entry(source, "type")) or "NONE"
    config = entry(source, "config")
    at = source.at
    logical_id = f"GraphQlDs{alphanumeric(name)}"
    properties: dict[str, Plain] = {"ApiId": api, "Name": name, "Type": kind}
    statements: list[Value] = []
    missed: Unknown | None = None
    if kind == "AWS_LAMBDA":
        if entry(config, "function") is not None:
            service.miss(at, "declares its function in place, which is not read")
        arn = _function(service, config)
        properties["LambdaConfig"] = {"LambdaFunctionArn": arn}
        statements.append(allow(["lambda:InvokeFunction"], arn, at))
    elif kind == "AMAZON_DYNAMODB":
        table = entry(config, "tableName")
        properties["DynamoDBConfig"] = {
            "TableName": table,
            "AwsRegion": entry(config, "region") or ref("AWS::Region"),
        }
        place = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}"
        arns: list[Plain] = [
            {"Fn::Sub": [f"{place}{end}", {"Table": table}]} for end in ("", "/*")
        ]
        statements.append(allow(_TABLE_ACTIONS, arns, at))
    elif kind == "AMAZON_EVENTBRIDGE":
        bus = entry(config, "eventBusArn")
        properties["EventBridgeConfig"] = {"EventBusArn": bus}
        statements.append(allow(["events:PutEvents"], bus, at))
    elif kind == "HTTP":
        properties["HttpConfig"] = {"Endpoint": entry(config, "endpoint")}
    elif kind != "NONE":
        missed = Unknown(f"what the plug-in grants for {kind[:40]} is not read", at)
    own = entry(config, "serviceRoleArn")
    if own is not None:
        properties["ServiceRoleArn"] = own
    elif statements or missed is not None:
        properties["ServiceRoleArn"] = get_att(f"{logical_id}Role")
        _add_role(service, f"{logical_id}Role", statements, missed, at)
    service.add(logical_id, "AWS::AppSync::DataSource", properties, at, f"dataSources.{name}")


def _add_role(
    service: Service,
    role: str,
    statements: list[Value],
    missed: Unknown | None,
    at: Location,
) -> None:
    trust: dict[str, Plain] = {
        "Effect": "Allow",
        "Principal": {"Service": "appsync.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    document: Plain = missed or {"Version": "2012-10-17", "Statement": statements}
    policy: dict[str, Plain] = {
        "PolicyName": "source",
        "Source": "implied",
        "PolicyDocument": document,
    }
    service.add(
        role,
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [policy],
        },
        at,
        "appSync.dataSources",
    )


def _source_of(service: Service, settings: Value) -> "Plain":
    name = service.text(entry(settings, "dataSource"))
    if name is None:
        return None
    return get_att(f"GraphQlDs{alphanumeric(name)}", "Name")


def _add_function(service: Service, api: "Plain", name: str, function: Value) -> None:
    service.add(
        f"GraphQlFunctionConfiguration{alphanumeric(name)}",
        "AWS::AppSync::FunctionConfiguration",
        {"ApiId": api, "Name": name, "DataSourceName": _source_of(service, function)},
        function.at,
        f"pipelineFunctions.{name}",
    )


def _add_resolver(service: Service, api: "Plain", key: str, resolver: Value) -> None:
    own_type, _, own_field = key.partition(".")
    kind = service.text(entry(resolver, "type")) or own_type
    field = service.text(entry(resolver, "field")) or own_field
    functions: list[Plain] = []
    for one in items_of(entry(resolver, "functions")):
        name = service.text(one)
        if name is not None:
            own = f"GraphQlFunctionConfiguration{alphanumeric(name)}"
            functions.append(get_att(own, "FunctionId"))
    source = _source_of(service, resolver)
    if isinstance(resolver, Scalar):
        source = get_att(f"GraphQlDs{alphanumeric(service.text(resolver) or '')}", "Name")
    service.add(
        f"GraphQlResolver{alphanumeric(kind)}{alphanumeric(field)}",
        "AWS::AppSync::Resolver",
        {
            "ApiId": api,
            "TypeName": kind,
            "FieldName": field,
            "Kind": "PIPELINE" if functions else "UNIT",
            "DataSourceName": None if functions else source,
            "PipelineConfig": {"Functions": functions} if functions else None,
        },
        resolver.at,
        f"resolvers.{kind}.{field}",
    )
