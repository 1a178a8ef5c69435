# terraform-aws-modules/apigateway-v2/aws

variable "create" { default = true }
variable "name" { default = "" }
variable "protocol_type" { default = "HTTP" }
variable "body" { default = null }
variable "cors_configuration" { default = null }
variable "disable_execute_api_endpoint" { default = null }
variable "route_selection_expression" { default = null }
variable "authorizers" { default = {} }
variable "routes" { default = {} }
variable "integrations" { default = {} }
variable "create_routes_and_integrations" { default = true }
variable "create_stage" { default = true }
variable "stage_name" { default = null }
variable "stage_access_log_settings" { default = {} }
variable "stage_default_route_settings" { default = {} }
variable "default_route_settings" { default = {} }
variable "default_stage_access_log_destination_arn" { default = null }
variable "create_domain_name" { default = true }
variable "domain_name" { default = "" }
variable "mutual_tls_authentication" { default = {} }

locals {
  # Until version 5 the integrations were the routes.
  routes = var.create && var.create_routes_and_integrations ? (
    length(var.routes) > 0 ? var.routes : { for key, one in var.integrations : key => merge(one, { integration = one }) }
  ) : {}
  settings = merge(var.default_route_settings, var.stage_default_route_settings)
  log_arn  = try(var.stage_access_log_settings.destination_arn, var.default_stage_access_log_destination_arn)
}

resource "aws_apigatewayv2_api" "this" {
  count                        = var.create ? 1 : 0
  name                         = var.name
  protocol_type                = var.protocol_type
  body                         = var.body
  disable_execute_api_endpoint = var.disable_execute_api_endpoint
  route_selection_expression   = var.route_selection_expression

  dynamic "cors_configuration" {
    for_each = var.cors_configuration == null ? [] : [var.cors_configuration]
    content {
      allow_credentials = try(cors_configuration.value.allow_credentials, null)
      allow_headers     = try(cors_configuration.value.allow_headers, null)
      allow_methods     = try(cors_configuration.value.allow_methods, null)
      allow_origins     = try(cors_configuration.value.allow_origins, null)
    }
  }
}

resource "aws_apigatewayv2_authorizer" "this" {
  for_each                          = var.create ? var.authorizers : {}
  api_id                            = aws_apigatewayv2_api.this[0].id
  name                              = try(each.value.name, each.key)
  authorizer_type                   = try(each.value.authorizer_type, "REQUEST")
  authorizer_uri                    = try(each.value.authorizer_uri, null)
  authorizer_payload_format_version = try(each.value.authorizer_payload_format_version, null)
  authorizer_result_ttl_in_seconds  = try(each.value.authorizer_result_ttl_in_seconds, null)
  enable_simple_responses           = try(each.value.enable_simple_responses, null)
  identity_sources                  = try(flatten([each.value.identity_sources]), null)

  dynamic "jwt_configuration" {
    for_each = try([each.value.jwt_configuration], can(each.value.issuer) ? [each.value] : [])
    content {
      audience = try(jwt_configuration.value.audience, null)
      issuer   = try(jwt_configuration.value.issuer, null)
    }
  }
}

resource "aws_apigatewayv2_integration" "this" {
  for_each               = local.routes
  api_id                 = aws_apigatewayv2_api.this[0].id
  integration_type       = try(each.value.integration.type, each.value.integration.integration_type, can(each.value.integration.subtype) ? "AWS_PROXY" : "AWS_PROXY")
  integration_subtype    = try(each.value.integration.subtype, each.value.integration.integration_subtype, null)
  integration_uri        = try(each.value.integration.uri, each.value.integration.lambda_arn, each.value.integration.integration_uri, null)
  integration_method     = try(each.value.integration.method, each.value.integration.integration_method, null)
  payload_format_version = try(each.value.integration.payload_format_version, null)
  credentials_arn        = try(each.value.integration.credentials_arn, null)
  request_parameters     = try(each.value.integration.request_parameters, null)
  connection_type        = try(each.value.integration.connection_type, null)
  timeout_milliseconds   = try(each.value.integration.timeout_milliseconds, null)
}

resource "aws_apigatewayv2_route" "this" {
  for_each             = local.routes
  api_id               = aws_apigatewayv2_api.this[0].id
  route_key            = each.key
  api_key_required     = try(each.value.api_key_required, null)
  authorization_type   = try(each.value.authorization_type, null)
  authorization_scopes = try(each.value.authorization_scopes, null)
  authorizer_id        = try(aws_apigatewayv2_authorizer.this[each.value.authorizer_key].id, each.value.authorizer_id, null)
  target               = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
}

resource "aws_apigatewayv2_stage" "this" {
  count       = var.create && var.create_stage ? 1 : 0
  api_id      = aws_apigatewayv2_api.this[0].id
  name        = coalesce(var.stage_name, "$default")
  auto_deploy = true

  dynamic "access_log_settings" {
    for_each = local.log_arn == null ? [] : [true]
    content {
      destination_arn = local.log_arn
    }
  }

  dynamic "default_route_settings" {
    for_each = length(keys(local.settings)) == 0 ? [] : [local.settings]
    content {
      throttling_burst_limit = try(default_route_settings.value.throttling_burst_limit, 500)
      throttling_rate_limit  = try(default_route_settings.value.throttling_rate_limit, 1000)
    }
  }
}

resource "aws_apigatewayv2_domain_name" "this" {
  count       = var.create && var.create_domain_name && var.domain_name != "" ? 1 : 0
  domain_name = var.domain_name

  dynamic "mutual_tls_authentication" {
    for_each = length(keys(var.mutual_tls_authentication)) == 0 ? [] : [var.mutual_tls_authentication]
    content {
      truststore_uri = mutual_tls_authentication.value.truststore_uri
    }
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count       = var.create && var.create_domain_name && var.create_stage && var.domain_name != "" ? 1 : 0
  api_id      = aws_apigatewayv2_api.this[0].id
  domain_name = aws_apigatewayv2_domain_name.this[0].id
  stage       = aws_apigatewayv2_stage.this[0].id
}

output "api_id" { value = try(aws_apigatewayv2_api.this[0].id, "") }
output "api_arn" { value = try(aws_apigatewayv2_api.this[0].arn, "") }
output "api_endpoint" { value = try(aws_apigatewayv2_api.this[0].api_endpoint, "") }
output "api_execution_arn" { value = try(aws_apigatewayv2_api.this[0].execution_arn, "") }
output "stage_id" { value = try(aws_apigatewayv2_stage.this[0].id, "") }
output "stage_arn" { value = try(aws_apigatewayv2_stage.this[0].arn, "") }
output "stage_execution_arn" { value = try(aws_apigatewayv2_stage.this[0].execution_arn, "") }
output "apigatewayv2_api_id" { value = try(aws_apigatewayv2_api.this[0].id, "") }
output "apigatewayv2_api_arn" { value = try(aws_apigatewayv2_api.this[0].arn, "") }
output "apigatewayv2_api_api_endpoint" { value = try(aws_apigatewayv2_api.this[0].api_endpoint, "") }
output "apigatewayv2_api_execution_arn" { value = try(aws_apigatewayv2_api.this[0].execution_arn, "") }
output "default_apigatewayv2_stage_arn" { value = try(aws_apigatewayv2_stage.this[0].arn, "") }
output "default_apigatewayv2_stage_id" { value = try(aws_apigatewayv2_stage.this[0].id, "") }
