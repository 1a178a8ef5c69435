"""API Gateway and AppSync: APIs, their routes, stages, authorizers and plans."""

from collections.abc import Mapping
from typing import Final

from stockade.load.terraform.documents import document
from stockade.load.terraform.kinds import Kind, Made, Template, owned_by, pairs, text, words
from stockade.load.terraform.resources import ResourceInstance
from stockade.load.terraform.values import is_null
from stockade.model import List, Map, Reference, Value, expression, items

_REST: Final = "AWS::ApiGateway::RestApi"
_EXECUTE: Final = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"
_STAGE: Final = "AWS::ApiGateway::Stage"


def _with_body(made: Made, instance: ResourceInstance, into: Template) -> None:
    """Read the OpenAPI document that an API is made of, JSON or YAML."""
    body = instance.argument("body")
    made.take("Body")
    if body is not None and not is_null(body):
        made.put("Body", document(body, into.scope, yaml=True))


def _integration_owner(made: Made, instance: ResourceInstance, into: Template) -> str | None:
    """Return the method that an integration belongs to: that of the same resource and verb."""
    made.take("RestApiId")
    made.take("ResourceId")
    made.take("HttpMethod")
    wanted = _place(instance)
    for other in into.of_type("aws_api_gateway_method"):
        if _place(other) == wanted:
            return other.address
    return None


def _place(instance: ResourceInstance) -> tuple[str, str]:
    resource, verb = instance.argument("resource_id"), instance.argument("http_method")
    return (
        expression(resource) if resource is not None else "",
        expression(verb).upper() if verb is not None else "ANY",
    )


def _integration(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    made.rename("TimeoutMilliseconds", "TimeoutInMillis")
    inner = Map(
        {name: value for name, value in made.entries.items() if name not in _OF_METHOD},
        made.at,
        dict(made.keys),
    )
    made.entries = {name: value for name, value in made.entries.items() if name in _OF_METHOD}
    made.put("Integration", inner, made.at)


_OF_METHOD: Final = words("RestApiId ResourceId HttpMethod")


def _settings_owner(made: Made, instance: ResourceInstance, into: Template) -> str | None:
    made.take("RestApiId")
    made.take("StageName")
    wanted = instance.argument("stage_name")
    named = into.find(wanted, _STAGE)
    if named is not None or wanted is None:
        return named
    for other in into.of_type("aws_api_gateway_stage"):
        name = other.argument("stage_name")
        if name is not None and expression(name) == expression(wanted):
            return other.address
    return None


def _settings(made: Made, instance: ResourceInstance, _into: Template) -> None:
    """Make method settings an entry of their stage's; `*/*` is every method of every path."""
    inner = made.take("Settings")
    path = made.take("MethodPath")
    entries: dict[str, Value] = dict(inner.entries) if isinstance(inner, Map) else {}
    if path is not None:
        resource, _, verb = expression(path).rpartition("/")
        entries["ResourcePath"] = text("/" + (resource.strip("/") or "*"), path.at)
        entries["HttpMethod"] = text(verb or "*", path.at)
    keys = dict.fromkeys(entries, made.at)
    made.put("MethodSettings", List((Map(entries, made.at, keys),), made.at))
    del instance


def _http_stage(made: Made, instance: ResourceInstance, _into: Template) -> None:
    made.rename("Name", "StageName")
    found: dict[str, Value] = {}
    settings = made.take("RouteSettings")
    for one in items(settings):
        key = one.get("RouteKey") if isinstance(one, Map) else None
        if key is not None:
            found[expression(key)] = one
    if found and settings is not None:
        made.put("RouteSettings", Map(found, settings.at, dict.fromkeys(found, settings.at)))
    del instance


def _identity_sources(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    made.rename("IdentitySources", "IdentitySource")


def _with_schema(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    """Give an API of AppSync its schema, which CloudFormation has as a resource of its own."""
    schema = made.take("Schema")
    if schema is None:
        return
    entries: dict[str, Value] = {
        "ApiId": Reference(made.id, "ApiId", schema.at),
        "Definition": schema,
    }
    properties = Map(entries, schema.at, dict.fromkeys(entries, schema.at))
    schema_resource = Made(f"{made.id}.schema", "AWS::AppSync::GraphQLSchema", properties, made.at)
    _into.add(schema_resource, _instance.type)


APIS: Final[Mapping[str, Kind]] = {
    "aws_api_gateway_rest_api": Kind(
        type=_REST,
        names=pairs("api_key_source=ApiKeySourceType"),
        single=words("endpoint_configuration"),
        json=words("policy"),
        dropped=words("put_rest_api_mode fail_on_warnings"),
        references={
            "id": "",
            "root_resource_id": ".RootResourceId",
            "execution_arn": _EXECUTE + "${}",
            "arn": "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${}",
        },
        shape=_with_body,
    ),
    "aws_api_gateway_rest_api_policy": Kind(
        type="", json=words("policy"), owner=owned_by("RestApiId", _REST)
    ),
    "aws_api_gateway_resource": Kind(type="AWS::ApiGateway::Resource"),
    "aws_api_gateway_method": Kind(
        type="AWS::ApiGateway::Method",
        names=pairs("authorization=AuthorizationType"),
    ),
    "aws_api_gateway_integration": Kind(
        type="", owner=_integration_owner, shape=_integration, single=words("tls_config")
    ),
    "aws_api_gateway_authorizer": Kind(
        type="AWS::ApiGateway::Authorizer",
        names=pairs("provider_arns=ProviderARNs"),
    ),
    "aws_api_gateway_request_validator": Kind(type="AWS::ApiGateway::RequestValidator"),
    "aws_api_gateway_model": Kind(type="AWS::ApiGateway::Model", json=words("schema")),
    "aws_api_gateway_deployment": Kind(
        type="AWS::ApiGateway::Deployment",
        dropped=words("triggers stage_description variables"),
        references={"execution_arn": _EXECUTE + "${rest_api_id}/${stage_name}"},
    ),
    "aws_api_gateway_stage": Kind(
        type=_STAGE,
        names=pairs("access_log_settings=AccessLogSetting xray_tracing_enabled=TracingEnabled"),
        single=words("access_log_settings canary_settings"),
        references={
            "stage_name": "",
            "arn": "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${rest_api_id}"
            "/stages/${}",
            "execution_arn": _EXECUTE + "${rest_api_id}/${}",
        },
    ),
    "aws_api_gateway_method_settings": Kind(
        type="", single=words("settings"), owner=_settings_owner, shape=_settings
    ),
    "aws_api_gateway_usage_plan": Kind(
        type="AWS::ApiGateway::UsagePlan",
        names=pairs("name=UsagePlanName quota_settings=Quota throttle_settings=Throttle"),
        single=words("quota_settings throttle_settings"),
    ),
    "aws_api_gateway_usage_plan_key": Kind(type="AWS::ApiGateway::UsagePlanKey"),
    "aws_api_gateway_api_key": Kind(
        type="AWS::ApiGateway::ApiKey", references={"value": ".APIKeyId"}
    ),
    "aws_api_gateway_account": Kind(type="AWS::ApiGateway::Account"),
    "aws_api_gateway_domain_name": Kind(
        type="AWS::ApiGateway::DomainName",
        single=words("endpoint_configuration mutual_tls_authentication"),
        references={"domain_name": "", "id": ""},
    ),
    "aws_api_gateway_base_path_mapping": Kind(
        type="AWS::ApiGateway::BasePathMapping",
        names=pairs("api_id=RestApiId stage_name=Stage"),
    ),
    "aws_apigatewayv2_api": Kind(
        type="AWS::ApiGatewayV2::Api",
        single=words("cors_configuration"),
        dropped=words("fail_on_warnings"),
        references={
            "id": "",
            "execution_arn": _EXECUTE + "${}",
            "api_endpoint": ".ApiEndpoint",
            "arn": "arn:${AWS::Partition}:apigateway:${AWS::Region}::/apis/${}",
        },
        shape=_with_body,
    ),
    "aws_apigatewayv2_integration": Kind(
        type="AWS::ApiGatewayV2::Integration",
        names=pairs("credentials_arn=CredentialsArn timeout_milliseconds=TimeoutInMillis"),
        single=words("tls_config"),
    ),
    "aws_apigatewayv2_route": Kind(type="AWS::ApiGatewayV2::Route"),
    "aws_apigatewayv2_authorizer": Kind(
        type="AWS::ApiGatewayV2::Authorizer",
        single=words("jwt_configuration"),
        shape=_identity_sources,
    ),
    "aws_apigatewayv2_stage": Kind(
        type="AWS::ApiGatewayV2::Stage",
        single=words("default_route_settings access_log_settings"),
        references={
            "name": "",
            "id": "",
            "arn": "arn:${AWS::Partition}:apigateway:${AWS::Region}::/apis/${api_id}/stages/${}",
            "execution_arn": _EXECUTE + "${api_id}/${}",
        },
        shape=_http_stage,
    ),
    "aws_apigatewayv2_deployment": Kind(type="AWS::ApiGatewayV2::Deployment"),
    "aws_apigatewayv2_domain_name": Kind(
        type="AWS::ApiGatewayV2::DomainName",
        names=pairs("domain_name_configuration=DomainNameConfigurations"),
        single=words("mutual_tls_authentication"),
        references={"domain_name": "", "id": ""},
    ),
    "aws_apigatewayv2_api_mapping": Kind(
        type="AWS::ApiGatewayV2::ApiMapping", names=pairs("stage=Stage")
    ),
    "aws_appsync_graphql_api": Kind(
        type="AWS::AppSync::GraphQLApi",
        names=pairs(
            "additional_authentication_provider=AdditionalAuthenticationProviders "
            "openid_connect_config=OpenIDConnectConfig"
        ),
        single=words(
            "user_pool_config openid_connect_config lambda_authorizer_config log_config "
            "additional_authentication_provider.user_pool_config "
            "additional_authentication_provider.openid_connect_config "
            "additional_authentication_provider.lambda_authorizer_config"
        ),
        references={"id": ".ApiId"},
        shape=_with_schema,
    ),
    "aws_appsync_datasource": Kind(
        type="AWS::AppSync::DataSource",
        names=pairs(
            "dynamodb_config=DynamoDBConfig event_bridge_config=EventBridgeConfig "
            "lambda_config.function_arn=LambdaFunctionArn"
        ),
        single=words(
            "dynamodb_config lambda_config http_config event_bridge_config "
            "elasticsearch_config opensearchservice_config relational_database_config"
        ),
        references={"name": ".Name", "arn": ".DataSourceArn"},
    ),
    "aws_appsync_resolver": Kind(
        type="AWS::AppSync::Resolver",
        names=pairs(
            "type=TypeName field=FieldName data_source=DataSourceName "
            "request_template=RequestMappingTemplate response_template=ResponseMappingTemplate"
        ),
        single=words("pipeline_config runtime caching_config sync_config"),
    ),
    "aws_appsync_function": Kind(
        type="AWS::AppSync::FunctionConfiguration",
        names=pairs("data_source=DataSourceName request_mapping_template=RequestMappingTemplate"),
        single=words("runtime sync_config"),
        references={"function_id": ".FunctionId", "id": ".FunctionId"},
    ),
    "aws_appsync_api_key": Kind(type="AWS::AppSync::ApiKey", references={"key": ".ApiKey"}),
}
