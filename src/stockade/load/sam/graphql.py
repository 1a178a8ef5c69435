"""`AWS::Serverless::GraphQLApi`: an AppSync API with its data sources, functions and resolvers.

Follows "AWS::Serverless::GraphQLApi". Data sources get a role that may use what they read.
"""

from stockade.load.building import (
    Plain,
    entry,
    is_false,
    items_of,
    only,
    substitute,
    text,
    write_map,
)
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.graphql_sources import add_data_sources, api_id, connect
from stockade.load.sam.policies import trust
from stockade.model import Map, Resource, Value

_COPIED = (
    *("XrayEnabled", "Visibility", "OwnerContact", "IntrospectionConfig", "QueryDepthLimit"),
    "ResolverCountLimit",
)
_AUTH_CONFIG = {
    "AWS_LAMBDA": ("LambdaAuthorizer", "LambdaAuthorizerConfig"),
    "OPENID_CONNECT": ("OpenIDConnect", "OpenIDConnectConfig"),
    "AMAZON_COGNITO_USER_POOLS": ("UserPool", "UserPoolConfig"),
}
_CACHE = (
    *("ApiCachingBehavior", "Type", "Ttl", "AtRestEncryptionEnabled"),
    "TransitEncryptionEnabled",
)


def expand_graphql_api(expansion: Expansion, owner: Resource) -> None:
    """Expand one GraphQL API."""
    properties, at = owner.properties, owner.at
    made: dict[str, Plain] = {
        "Name": entry(properties, "Name") or owner.logical_id,
        **only(properties, *_COPIED),
        **_authentication(expansion, owner),
        "LogConfig": _logging(expansion, owner),
    }
    written = write_map(made, at)
    places = {key: properties.key_at(key) for key in made if key in properties}
    places["AuthenticationType"] = properties.key_at("Auth")
    expansion.put(owner, "AWS::AppSync::GraphQLApi", Map(written.entries, properties.at, places))
    schema = {
        "ApiId": api_id(expansion, owner, at),
        "Definition": entry(properties, "SchemaInline"),
        "DefinitionS3Location": entry(properties, "SchemaUri"),
    }
    kind = "AWS::AppSync::GraphQLSchema"
    expansion.add(owner, f"{owner.logical_id}Schema", kind, schema, at)
    _add_keys(expansion, owner)
    _add_domain_and_cache(expansion, owner)
    sources = add_data_sources(expansion, owner)
    functions = _add_functions(expansion, owner, sources)
    _add_resolvers(expansion, owner, functions)


def _authentication(expansion: Expansion, owner: Resource) -> dict[str, Plain]:
    auth = entry(owner.properties, "Auth")
    if not isinstance(auth, Map):
        return {}
    functions: list[Value] = []
    made: dict[str, Plain] = {"AuthenticationType": entry(auth, "Type")}
    made.update(_auth_config(auth, functions, default=True))
    additional: list[Plain] = [
        {
            "AuthenticationType": entry(one, "Type"),
            **_auth_config(one, functions, default=False),
        }
        for one in items_of(entry(auth, "Additional"))
        if isinstance(one, Map)
    ]
    made["AdditionalAuthenticationProviders"] = additional or None
    for number, function in enumerate(functions, 1):
        _permit_authorizer(expansion, owner, function, number)
    return made


def _auth_config(auth: Map, functions: list[Value], *, default: bool) -> dict[str, Plain]:
    key, name = _AUTH_CONFIG.get(text(entry(auth, "Type")) or "", ("", ""))
    config = entry(auth, key) if key else None
    if not isinstance(config, Map):
        return {}
    function = entry(config, "AuthorizerUri")
    if function is not None:
        functions.append(function)
    kept = {
        given: value
        for given, value in config
        if default or (key, given) != ("UserPool", "DefaultAction")
    }
    return {name: kept}


def _permit_authorizer(
    expansion: Expansion, owner: Resource, function: Value, number: int
) -> None:
    at = function.at
    source: Plain = {
        "Type": "AWS::AppSync::GraphQLApi",
        "Arn": expansion.refer(owner.logical_id, at),
        "ResourceId": api_id(expansion, owner, at),
    }
    destination: Plain = {"Type": "AWS::Lambda::Function", "Arn": function}
    name = f"{owner.logical_id}ToLambdaAuthConnector{number}"
    plain: Plain = {"Source": source, "Destination": destination, "Permissions": ["Write"]}
    connect(expansion, owner, name, plain, at)


def _logging(expansion: Expansion, owner: Resource) -> Plain:
    given = entry(owner.properties, "Logging")
    if is_false(given):
        return None
    role = entry(given, "CloudWatchLogsRoleArn")
    if role is None:
        at = owner.properties.key_at("Logging")
        logical_id = f"{owner.logical_id}CloudWatchRole"
        policy = "service-role/AWSAppSyncPushToCloudWatchLogs"
        arn = substitute(f"arn:${{AWS::Partition}}:iam::aws:policy/{policy}", at)
        settings: dict[str, Plain] = {
            "AssumeRolePolicyDocument": trust("appsync.amazonaws.com", at),
            "ManagedPolicyArns": [arn],
        }
        expansion.add(owner, logical_id, "AWS::IAM::Role", settings, at)
        role = expansion.refer(logical_id, at, "Arn")
    return {
        "ExcludeVerboseContent": entry(given, "ExcludeVerboseContent"),
        "FieldLogLevel": entry(given, "FieldLogLevel") or "ALL",
        "CloudWatchLogsRoleArn": role,
    }


def _add_keys(expansion: Expansion, owner: Resource) -> None:
    keys = entry(owner.properties, "ApiKeys")
    for name, given in keys if isinstance(keys, Map) else ():
        settings: dict[str, Plain] = {
            "ApiId": api_id(expansion, owner, given.at),
            "ApiKeyId": entry(given, "ApiKeyId"),
            "Description": entry(given, "Description"),
            "Expires": entry(given, "ExpiresOn"),
        }
        logical_id = owner.logical_id + name
        expansion.add(owner, logical_id, "AWS::AppSync::ApiKey", settings, given.at)


def _add_domain_and_cache(expansion: Expansion, owner: Resource) -> None:
    api = api_id(expansion, owner, owner.at)
    cache = entry(owner.properties, "Cache")
    if isinstance(cache, Map):
        settings: dict[str, Plain] = {"ApiId": api, **only(cache, *_CACHE)}
        logical_id = f"{owner.logical_id}ApiCache"
        expansion.add(owner, logical_id, "AWS::AppSync::ApiCache", settings, cache.at)
    domain = entry(owner.properties, "DomainName")
    if isinstance(domain, Map):
        logical_id = f"{owner.logical_id}DomainName"
        settings = dict(only(domain, "CertificateArn", "DomainName", "Description"))
        expansion.add(owner, logical_id, "AWS::AppSync::DomainName", settings, domain.at)
        name = expansion.refer(logical_id, domain.at)
        settings = {"ApiId": api, "DomainName": name}
        logical_id += "ApiAssociation"
        kind = "AWS::AppSync::DomainNameApiAssociation"
        expansion.add(owner, logical_id, kind, settings, domain.at)


def _add_functions(
    expansion: Expansion, owner: Resource, sources: dict[str, Value]
) -> dict[str, Value]:
    """Add the steps that resolvers are made of; return how resolvers name each of them."""
    written = entry(owner.properties, "Functions")
    names: dict[str, Value] = {}
    for name, given in written if isinstance(written, Map) else ():
        existing = entry(given, "Id")
        if existing is not None:
            names[name] = existing
        elif isinstance(given, Map):
            logical_id = owner.logical_id + name
            settings: dict[str, Plain] = {
                "ApiId": api_id(expansion, owner, given.at),
                "Name": entry(given, "Name") or name,
                **_code(given),
                "DataSourceName": _source_name(expansion, owner, given, sources),
                **only(given, "MaxBatchSize", "Description"),
                "SyncConfig": entry(given, "Sync"),
            }
            kind = "AWS::AppSync::FunctionConfiguration"
            expansion.add(owner, logical_id, kind, settings, given.at)
            names[name] = expansion.refer(logical_id, given.at, "FunctionId")
    return names


def _code(given: Map) -> dict[str, Plain]:
    runtime = entry(given, "Runtime")
    known = {"Name": entry(runtime, "Name"), "RuntimeVersion": entry(runtime, "Version")}
    return {
        "Code": entry(given, "InlineCode"),
        "CodeS3Location": entry(given, "CodeUri"),
        "Runtime": known if runtime is not None else None,
    }


def _source_name(
    expansion: Expansion, owner: Resource, given: Map, sources: dict[str, Value]
) -> Value | None:
    named = entry(given, "DataSource")
    name = text(named)
    if name in sources:
        return sources[name]
    if name is None or name.lower() != "none":
        return named
    logical_id = f"{owner.logical_id}NoneDataSource"
    settings: dict[str, Plain] = {
        "ApiId": api_id(expansion, owner, owner.at),
        "Name": logical_id,
        "Type": "NONE",
    }
    expansion.add(owner, logical_id, "AWS::AppSync::DataSource", settings, owner.at)
    return expansion.refer(logical_id, given.at, "Name")


def _add_resolvers(expansion: Expansion, owner: Resource, functions: dict[str, Value]) -> None:
    written = entry(owner.properties, "Resolvers")
    for kind, fields in written if isinstance(written, Map) else ():
        for name, given in fields if isinstance(fields, Map) else ():
            if isinstance(given, Map):
                _add_resolver(expansion, owner, (kind, name), given, functions)


def _add_resolver(
    expansion: Expansion,
    owner: Resource,
    names: tuple[str, str],
    given: Map,
    functions: dict[str, Value],
) -> None:
    kind, name = names
    steps = [
        functions.get(text(step) or "") or step for step in items_of(entry(given, "Pipeline"))
    ]
    settings: dict[str, Plain] = {
        "ApiId": api_id(expansion, owner, given.at),
        "TypeName": kind,
        "FieldName": entry(given, "FieldName") or name,
        **_code(given),
        "Kind": "PIPELINE" if steps else None,
        "PipelineConfig": {"Functions": steps} if steps else None,
        "CachingConfig": entry(given, "Caching"),
        **only(given, "MaxBatchSize"),
    }
    logical_id = owner.logical_id + kind + name
    expansion.add(owner, logical_id, "AWS::AppSync::Resolver", settings, given.at)
