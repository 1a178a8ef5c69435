# --- Looking candidates up ----------------------------------------------------------------------

resource "aws_api_gateway_rest_api" "recruiters" {
  name = "${local.name}-recruiters"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_authorizer" "recruiters" {
  name          = "recruiters"
  rest_api_id   = aws_api_gateway_rest_api.recruiters.id
  type          = "COGNITO_USER_POOLS"
  provider_arns = [aws_cognito_user_pool.recruiters.arn]
}

resource "aws_api_gateway_resource" "candidates" {
  rest_api_id = aws_api_gateway_rest_api.recruiters.id
  parent_id   = aws_api_gateway_rest_api.recruiters.root_resource_id
  path_part   = "candidates"
}

resource "aws_api_gateway_resource" "candidate" {
  rest_api_id = aws_api_gateway_rest_api.recruiters.id
  parent_id   = aws_api_gateway_resource.candidates.id
  path_part   = "{id}"
}

locals {
  lookups = {
    list = aws_api_gateway_resource.candidates.id
    get  = aws_api_gateway_resource.candidate.id
  }
}

resource "aws_api_gateway_method" "lookup" {
  for_each             = local.lookups
  rest_api_id          = aws_api_gateway_rest_api.recruiters.id
  resource_id          = each.value
  http_method          = "GET"
  authorization        = "COGNITO_USER_POOLS"
  authorizer_id        = aws_api_gateway_authorizer.recruiters.id
  authorization_scopes = ["candidates/read"]
}

resource "aws_api_gateway_integration" "lookup" {
  for_each                = local.lookups
  rest_api_id             = aws_api_gateway_rest_api.recruiters.id
  resource_id             = each.value
  http_method             = aws_api_gateway_method.lookup[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.recruiters.invoke_arn
}

resource "aws_lambda_permission" "recruiters" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.recruiters.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.recruiters.execution_arn}/*/GET/*"
}

resource "aws_api_gateway_deployment" "recruiters" {
  rest_api_id = aws_api_gateway_rest_api.recruiters.id

  triggers = {
    redeployment = sha1(jsonencode([aws_api_gateway_method.lookup, aws_api_gateway_integration.lookup]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "v1" {
  rest_api_id   = aws_api_gateway_rest_api.recruiters.id
  deployment_id = aws_api_gateway_deployment.recruiters.id
  stage_name    = "v1"

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
      request = "$context.requestId"
      time    = "$context.requestTime"
      route   = "$context.resourcePath"
      status  = "$context.status"
      user    = "$context.authorizer.claims.sub"
      ip      = "$context.identity.sourceIp"
    })
  }

  depends_on = [aws_api_gateway_account.logs]
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.recruiters.id
  stage_name  = aws_api_gateway_stage.v1.stage_name
  method_path = "*/*"

  settings {
    throttling_rate_limit  = 10
    throttling_burst_limit = 20
    logging_level          = "ERROR"
  }
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/${local.name}/access"
  retention_in_days = 90
}

# API Gateway writes logs with one role for the whole account and region.
resource "aws_api_gateway_account" "logs" {
  cloudwatch_role_arn = aws_iam_role.api_logs.arn
}

data "aws_iam_policy_document" "api_gateway" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["apigateway.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "api_logs" {
  assume_role_policy = data.aws_iam_policy_document.api_gateway.json
}

resource "aws_iam_role_policy_attachment" "api_logs" {
  role       = aws_iam_role.api_logs.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

resource "aws_wafv2_web_acl" "recruiters" {
  name  = "${local.name}-recruiters"
  scope = "REGIONAL"

  default_action {
    allow {}
  }

  rule {
    name     = "common"
    priority = 0

    override_action {
      none {}
    }

    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      sampled_requests_enabled   = true
      metric_name                = "common"
    }
  }

  rule {
    name     = "rate"
    priority = 1

    action {
      block {}
    }

    statement {
      rate_based_statement {
        aggregate_key_type = "IP"
        limit              = 300
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      sampled_requests_enabled   = true
      metric_name                = "rate"
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    sampled_requests_enabled   = true
    metric_name                = "recruiters"
  }
}

resource "aws_wafv2_web_acl_association" "recruiters" {
  resource_arn = aws_api_gateway_stage.v1.arn
  web_acl_arn  = aws_wafv2_web_acl.recruiters.arn
}

resource "aws_cloudwatch_log_group" "recruiters" {
  name              = "/${local.name}/recruiters"
  retention_in_days = 30
}

resource "aws_iam_role" "recruiters" {
  name               = "${local.name}-recruiters"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

data "aws_iam_policy_document" "recruiters" {
  statement {
    sid       = "ListCandidates"
    actions   = ["dynamodb:Query"]
    resources = ["${aws_dynamodb_table.candidates.arn}/index/by-month"]
  }

  statement {
    sid       = "ReadCandidate"
    actions   = ["dynamodb:GetItem"]
    resources = [aws_dynamodb_table.candidates.arn]
  }

  statement {
    sid       = "ReadCvs"
    actions   = ["s3:GetObject"]
    resources = ["${module.cvs.arn}/cvs/*"]
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.recruiters.arn}:*"]
  }
}

resource "aws_iam_role_policy" "recruiters" {
  name   = "recruiters"
  role   = aws_iam_role.recruiters.id
  policy = data.aws_iam_policy_document.recruiters.json
}

data "archive_file" "recruiters" {
  type        = "zip"
  source_dir  = "${path.module}/recruiters"
  output_path = "${path.module}/build/recruiters.zip"
}

resource "aws_lambda_function" "recruiters" {
  function_name                  = "${local.name}-recruiters"
  filename                       = data.archive_file.recruiters.output_path
  source_code_hash               = data.archive_file.recruiters.output_base64sha256
  handler                        = "app.handler"
  runtime                        = "python3.13"
  architectures                  = ["arm64"]
  timeout                        = 10
  memory_size                    = 512
  reserved_concurrent_executions = 10
  role                           = aws_iam_role.recruiters.arn
  code_signing_config_arn        = aws_lambda_code_signing_config.signed.arn

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.recruiters.name
  }

  environment {
    variables = {
      CV_BUCKET   = module.cvs.name
      TABLE       = aws_dynamodb_table.candidates.name
      CONTACT_KEY = aws_kms_key.contact.arn
    }
  }

  depends_on = [aws_iam_role_policy.recruiters]
}

# --- Who may look -------------------------------------------------------------------------------

resource "aws_cognito_user_pool" "recruiters" {
  name                = "recruiters"
  deletion_protection = "ACTIVE"
  mfa_configuration   = "ON"
  username_attributes = ["email"]

  admin_create_user_config {
    allow_admin_create_user_only = true
  }

  software_token_mfa_configuration {
    enabled = true
  }

  password_policy {
    minimum_length                   = 14
    temporary_password_validity_days = 1
  }
}

resource "aws_cognito_resource_server" "candidates" {
  user_pool_id = aws_cognito_user_pool.recruiters.id
  identifier   = "candidates"
  name         = "candidates"

  scope {
    scope_name        = "read"
    scope_description = "Look candidates up"
  }
}

resource "aws_cognito_user_pool_domain" "recruiters" {
  user_pool_id = aws_cognito_user_pool.recruiters.id
  domain       = "${local.name}-${local.account}"
}

resource "aws_cognito_user_pool_client" "recruiters" {
  name                                 = "recruiters"
  user_pool_id                         = aws_cognito_user_pool.recruiters.id
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["openid", "candidates/read"]
  callback_urls                        = ["http://localhost:8400/signed-in"]
  supported_identity_providers         = ["COGNITO"]
  prevent_user_existence_errors        = "ENABLED"
  access_token_validity                = 60
  refresh_token_validity               = 1

  token_validity_units {
    access_token  = "minutes"
    refresh_token = "days"
  }

  depends_on = [aws_cognito_resource_server.candidates]
}
