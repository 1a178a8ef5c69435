# terraform-aws-modules/lambda/aws

variable "create" { default = true }
variable "create_function" { default = true }
variable "create_layer" { default = false }
variable "create_role" { default = true }
variable "function_name" { default = "" }
variable "layer_name" { default = "" }
variable "description" { default = null }
variable "handler" { default = "" }
variable "runtime" { default = "" }
variable "lambda_role" { default = "" }
variable "role_name" { default = null }
variable "role_permissions_boundary" { default = null }
variable "source_path" { default = null }
variable "local_existing_package" { default = null }
variable "s3_existing_package" { default = null }
variable "package_type" { default = "Zip" }
variable "image_uri" { default = null }
variable "image_config_command" { default = null }
variable "image_config_entry_point" { default = null }
variable "memory_size" { default = 128 }
variable "timeout" { default = 3 }
variable "architectures" { default = null }
variable "layers" { default = null }
variable "kms_key_arn" { default = null }
variable "tracing_mode" { default = null }
variable "code_signing_config_arn" { default = null }
variable "reserved_concurrent_executions" { default = -1 }
variable "ephemeral_storage_size" { default = 512 }
variable "environment_variables" { default = {} }
variable "vpc_subnet_ids" { default = null }
variable "vpc_security_group_ids" { default = null }
variable "dead_letter_target_arn" { default = null }
variable "logging_log_format" { default = "Text" }
variable "logging_log_group" { default = null }
variable "use_existing_cloudwatch_log_group" { default = false }
variable "cloudwatch_logs_retention_in_days" { default = null }
variable "cloudwatch_logs_kms_key_id" { default = null }
variable "compatible_runtimes" { default = null }
variable "trusted_entities" { default = [] }
variable "attach_cloudwatch_logs_policy" { default = true }
variable "attach_create_log_group_permission" { default = true }
variable "attach_network_policy" { default = false }
variable "attach_tracing_policy" { default = false }
variable "attach_dead_letter_policy" { default = false }
variable "attach_async_event_policy" { default = false }
variable "attach_policy" { default = false }
variable "policy" { default = null }
variable "attach_policies" { default = false }
variable "policies" { default = [] }
variable "attach_policy_json" { default = false }
variable "policy_json" { default = null }
variable "attach_policy_jsons" { default = false }
variable "policy_jsons" { default = [] }
variable "attach_policy_statements" { default = false }
variable "policy_statements" { default = {} }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }
variable "create_lambda_function_url" { default = false }
variable "authorization_type" { default = "NONE" }
variable "cors" { default = {} }
variable "create_async_event_config" { default = false }
variable "maximum_retry_attempts" { default = null }
variable "maximum_event_age_in_seconds" { default = null }
variable "destination_on_failure" { default = null }
variable "destination_on_success" { default = null }

locals {
  create = var.create && var.create_function && !var.create_layer
  role   = var.create && var.create_role && !var.create_layer
  # A path, or a list of paths and of objects with one.
  code = try(
    coalesce(var.local_existing_package),
    var.source_path[0].path,
    var.source_path[0],
    var.source_path.path,
    var.source_path,
    null,
  )
  log_group  = coalesce(var.logging_log_group, "/aws/lambda/${var.function_name}")
  log_arn    = "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:log-group:${local.log_group}"
  statements = try(values(var.policy_statements), var.policy_statements)
}

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

resource "aws_lambda_function" "this" {
  count                          = local.create ? 1 : 0
  function_name                  = var.function_name
  description                    = var.description
  role                           = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  handler                        = var.package_type == "Zip" ? var.handler : null
  runtime                        = var.package_type == "Zip" ? var.runtime : null
  package_type                   = var.package_type
  image_uri                      = var.image_uri
  filename                       = var.s3_existing_package == null ? local.code : null
  s3_bucket                      = try(var.s3_existing_package.bucket, null)
  s3_key                         = try(var.s3_existing_package.key, null)
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  architectures                  = var.architectures
  layers                         = var.layers
  kms_key_arn                    = var.kms_key_arn
  code_signing_config_arn        = var.code_signing_config_arn
  reserved_concurrent_executions = var.reserved_concurrent_executions

  ephemeral_storage {
    size = var.ephemeral_storage_size
  }

  dynamic "image_config" {
    for_each = var.image_config_command == null && var.image_config_entry_point == null ? [] : [true]
    content {
      command     = var.image_config_command
      entry_point = var.image_config_entry_point
    }
  }

  dynamic "environment" {
    for_each = [var.environment_variables]
    content {
      variables = environment.value
    }
  }

  dynamic "dead_letter_config" {
    for_each = var.dead_letter_target_arn == null ? [] : [true]
    content {
      target_arn = var.dead_letter_target_arn
    }
  }

  dynamic "tracing_config" {
    for_each = var.tracing_mode == null ? [] : [true]
    content {
      mode = var.tracing_mode
    }
  }

  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids != null && var.vpc_security_group_ids != null ? [true] : []
    content {
      security_group_ids = var.vpc_security_group_ids
      subnet_ids         = var.vpc_subnet_ids
    }
  }

  logging_config {
    log_format = var.logging_log_format
    log_group  = var.logging_log_group
  }
}

resource "aws_lambda_layer_version" "this" {
  count               = var.create && var.create_layer ? 1 : 0
  layer_name          = var.layer_name
  filename            = local.code
  compatible_runtimes = var.compatible_runtimes
}

resource "aws_cloudwatch_log_group" "lambda" {
  count             = local.create && !var.use_existing_cloudwatch_log_group ? 1 : 0
  name              = local.log_group
  retention_in_days = var.cloudwatch_logs_retention_in_days
  kms_key_id        = var.cloudwatch_logs_kms_key_id
}

data "aws_iam_policy_document" "assume_role" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = distinct(concat(["lambda.amazonaws.com"], [for one in var.trusted_entities : one if can(tostring(one)) && !can(one.type)]))
    }

    dynamic "principals" {
      for_each = [for one in var.trusted_entities : one if can(one.type)]
      content {
        type        = principals.value.type
        identifiers = principals.value.identifiers
      }
    }
  }
}

resource "aws_iam_role" "lambda" {
  count                = local.role ? 1 : 0
  name                 = coalesce(var.role_name, var.function_name)
  assume_role_policy   = data.aws_iam_policy_document.assume_role.json
  permissions_boundary = var.role_permissions_boundary
}

data "aws_iam_policy_document" "logs" {
  statement {
    actions   = concat(var.attach_create_log_group_permission && !var.use_existing_cloudwatch_log_group ? ["logs:CreateLogGroup"] : [], ["logs:CreateLogStream", "logs:PutLogEvents"])
    resources = ["${local.log_arn}:*", "${local.log_arn}:*:*"]
  }
}

resource "aws_iam_role_policy" "logs" {
  count  = local.role && var.attach_cloudwatch_logs_policy ? 1 : 0
  name   = "logs"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.logs.json
}

data "aws_iam_policy_document" "dead_letter" {
  statement {
    actions   = ["sns:Publish", "sqs:SendMessage"]
    resources = [var.dead_letter_target_arn]
  }
}

resource "aws_iam_role_policy" "dead_letter" {
  count  = local.role && var.attach_dead_letter_policy ? 1 : 0
  name   = "dl"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.dead_letter.json
}

data "aws_iam_policy_document" "async" {
  statement {
    actions   = ["sns:Publish", "sqs:SendMessage", "events:PutEvents", "lambda:InvokeFunction"]
    resources = compact(distinct([var.destination_on_failure, var.destination_on_success]))
  }
}

resource "aws_iam_role_policy" "async" {
  count  = local.role && var.attach_async_event_policy ? 1 : 0
  name   = "async"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.async.json
}

resource "aws_iam_role_policy_attachment" "vpc" {
  count      = local.role && var.attach_network_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
}

resource "aws_iam_role_policy_attachment" "tracing" {
  count      = local.role && var.attach_tracing_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AWSXRayDaemonWriteAccess"
}

resource "aws_iam_role_policy_attachment" "additional_one" {
  count      = local.role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "additional_many" {
  count      = local.role && var.attach_policies ? length(var.policies) : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policies[count.index]
}

resource "aws_iam_role_policy" "additional_json" {
  count  = local.role && var.attach_policy_json ? 1 : 0
  name   = var.function_name
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_json
}

resource "aws_iam_role_policy" "additional_jsons" {
  count  = local.role && var.attach_policy_jsons ? length(var.policy_jsons) : 0
  name   = "${var.function_name}-${count.index}"
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_jsons[count.index]
}

data "aws_iam_policy_document" "additional_inline" {
  dynamic "statement" {
    for_each = local.statements
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "condition" {
        for_each = try(values(statement.value.condition), statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "additional_inline" {
  count  = local.role && var.attach_policy_statements ? 1 : 0
  name   = "${var.function_name}-inline"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.additional_inline.json
}

resource "aws_lambda_permission" "triggers" {
  for_each           = local.create ? var.allowed_triggers : {}
  function_name      = aws_lambda_function.this[0].function_name
  action             = try(each.value.action, "lambda:InvokeFunction")
  principal          = try(each.value.principal, "${each.value.service}.amazonaws.com", "${each.key}.amazonaws.com")
  source_arn         = try(each.value.source_arn, null)
  source_account     = try(each.value.source_account, null)
  event_source_token = try(each.value.event_source_token, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each                           = local.create ? var.event_source_mapping : {}
  function_name                      = aws_lambda_function.this[0].arn
  event_source_arn                   = try(each.value.event_source_arn, null)
  enabled                            = try(each.value.enabled, null)
  batch_size                         = try(each.value.batch_size, null)
  maximum_batching_window_in_seconds = try(each.value.maximum_batching_window_in_seconds, null)
  starting_position                  = try(each.value.starting_position, null)
  parallelization_factor             = try(each.value.parallelization_factor, null)
  maximum_retry_attempts             = try(each.value.maximum_retry_attempts, null)
  maximum_record_age_in_seconds      = try(each.value.maximum_record_age_in_seconds, null)
  bisect_batch_on_function_error     = try(each.value.bisect_batch_on_function_error, null)
  function_response_types            = try(each.value.function_response_types, null)
  topics                             = try(each.value.topics, null)
  queues                             = try(each.value.queues, null)

  dynamic "destination_config" {
    for_each = try([each.value.destination_arn_on_failure], [])
    content {
      on_failure {
        destination_arn = destination_config.value
      }
    }
  }

  dynamic "scaling_config" {
    for_each = try([each.value.scaling_config], [])
    content {
      maximum_concurrency = try(scaling_config.value.maximum_concurrency, null)
    }
  }

  dynamic "filter_criteria" {
    for_each = try(flatten([each.value.filter_criteria]), [])
    content {
      filter {
        pattern = try(filter_criteria.value.pattern, null)
      }
    }
  }
}

resource "aws_lambda_function_event_invoke_config" "this" {
  count                        = local.create && var.create_async_event_config ? 1 : 0
  function_name                = aws_lambda_function.this[0].function_name
  maximum_retry_attempts       = var.maximum_retry_attempts
  maximum_event_age_in_seconds = var.maximum_event_age_in_seconds

  dynamic "destination_config" {
    for_each = var.destination_on_failure != null || var.destination_on_success != null ? [true] : []
    content {
      dynamic "on_failure" {
        for_each = var.destination_on_failure != null ? [true] : []
        content {
          destination = var.destination_on_failure
        }
      }
      dynamic "on_success" {
        for_each = var.destination_on_success != null ? [true] : []
        content {
          destination = var.destination_on_success
        }
      }
    }
  }
}

resource "aws_lambda_function_url" "this" {
  count              = local.create && var.create_lambda_function_url ? 1 : 0
  function_name      = aws_lambda_function.this[0].function_name
  authorization_type = var.authorization_type

  dynamic "cors" {
    for_each = length(keys(var.cors)) == 0 ? [] : [var.cors]
    content {
      allow_origins     = try(cors.value.allow_origins, null)
      allow_headers     = try(cors.value.allow_headers, null)
      allow_methods     = try(cors.value.allow_methods, null)
      allow_credentials = try(cors.value.allow_credentials, null)
    }
  }
}

output "lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_arn_static" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
output "lambda_function_name" { value = try(aws_lambda_function.this[0].function_name, "") }
output "lambda_function_qualified_arn" { value = try(aws_lambda_function.this[0].qualified_arn, "") }
output "lambda_function_qualified_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
output "lambda_function_version" { value = "$LATEST" }
output "lambda_function_url" { value = try(aws_lambda_function_url.this[0].function_url, "") }
output "lambda_layer_arn" { value = try(aws_lambda_layer_version.this[0].arn, "") }
output "lambda_layer_layer_arn" { value = try(aws_lambda_layer_version.this[0].arn, "") }
output "lambda_role_arn" { value = try(aws_iam_role.lambda[0].arn, "") }
output "lambda_role_name" { value = try(aws_iam_role.lambda[0].name, "") }
output "lambda_cloudwatch_log_group_arn" { value = local.log_arn }
output "lambda_cloudwatch_log_group_name" { value = local.log_group }
# Of the first version of the module.
output "this_lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "this_lambda_function_name" { value = try(aws_lambda_function.this[0].function_name, "") }
output "this_lambda_function_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
