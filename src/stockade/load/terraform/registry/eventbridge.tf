# terraform-aws-modules/eventbridge/aws

variable "create" { default = true }
variable "create_bus" { default = true }
variable "bus_name" { default = "default" }
variable "create_rules" { default = true }
variable "create_targets" { default = true }
variable "create_schedules" { default = true }
variable "create_pipes" { default = true }
variable "append_rule_postfix" { default = true }
variable "append_schedule_postfix" { default = true }
variable "create_role" { default = true }
variable "role_name" { default = null }
variable "rules" { default = {} }
variable "targets" { default = {} }
variable "schedules" { default = {} }
variable "attach_lambda_policy" { default = false }
variable "lambda_target_arns" { default = [] }
variable "attach_sfn_policy" { default = false }
variable "sfn_target_arns" { default = [] }
variable "attach_sqs_policy" { default = false }
variable "sqs_target_arns" { default = [] }
variable "attach_sns_policy" { default = false }
variable "sns_target_arns" { default = [] }
variable "attach_kinesis_policy" { default = false }
variable "kinesis_target_arns" { default = [] }
variable "attach_policy_json" { default = false }
variable "policy_json" { default = null }
variable "attach_policy_statements" { default = false }
variable "policy_statements" { default = {} }
variable "trusted_entities" { default = [] }

locals {
  makes_role = var.create && var.create_role
  targets = flatten([
    for rule, targets in var.targets : [
      for target in targets : { rule = rule, target = target }
    ]
  ])
}

resource "aws_cloudwatch_event_bus" "this" {
  count = var.create && var.create_bus ? 1 : 0
  name  = var.bus_name
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each            = var.create && var.create_rules ? var.rules : {}
  name                = var.append_rule_postfix ? "${each.key}-rule" : each.key
  description         = try(each.value.description, null)
  event_bus_name      = var.create_bus ? aws_cloudwatch_event_bus.this[0].name : var.bus_name
  event_pattern       = try(each.value.event_pattern, null)
  schedule_expression = try(each.value.schedule_expression, null)
  state               = try(each.value.enabled ? "ENABLED" : "DISABLED", each.value.state, null)
}

resource "aws_cloudwatch_event_target" "this" {
  count     = var.create && var.create_targets ? length(local.targets) : 0
  rule      = aws_cloudwatch_event_rule.this[local.targets[count.index].rule].name
  target_id = try(local.targets[count.index].target.name, null)
  arn       = try(local.targets[count.index].target.arn, null)
  input     = try(local.targets[count.index].target.input, null)
  role_arn  = try(tobool(local.targets[count.index].target.attach_role_arn) ? aws_iam_role.eventbridge[0].arn : null, local.targets[count.index].target.attach_role_arn, null)

  dynamic "dead_letter_config" {
    for_each = try([local.targets[count.index].target.dead_letter_arn], [])
    content {
      arn = dead_letter_config.value
    }
  }

  dynamic "input_transformer" {
    for_each = try([local.targets[count.index].target.input_transformer], [])
    content {
      input_paths    = try(input_transformer.value.input_paths, null)
      input_template = try(input_transformer.value.input_template, null)
    }
  }
}

resource "aws_scheduler_schedule" "this" {
  for_each            = var.create && var.create_schedules ? var.schedules : {}
  name                = var.append_schedule_postfix ? "${each.key}-schedule" : each.key
  schedule_expression = each.value.schedule_expression

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = each.value.arn
    role_arn = try(each.value.role_arn, aws_iam_role.eventbridge[0].arn, null)
    input    = try(each.value.input, null)

    dynamic "dead_letter_config" {
      for_each = try([each.value.dead_letter_arn], [])
      content {
        arn = dead_letter_config.value
      }
    }
  }
}

data "aws_iam_policy_document" "assume_role" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = distinct(concat(["events.amazonaws.com", "pipes.amazonaws.com", "scheduler.amazonaws.com"], var.trusted_entities))
    }
  }
}

resource "aws_iam_role" "eventbridge" {
  count              = local.makes_role ? 1 : 0
  name               = coalesce(var.role_name, var.bus_name)
  assume_role_policy = data.aws_iam_policy_document.assume_role.json
}

data "aws_iam_policy_document" "targets" {
  dynamic "statement" {
    for_each = [
      for one in [
        { attach = var.attach_lambda_policy, actions = ["lambda:InvokeFunction"], resources = var.lambda_target_arns },
        { attach = var.attach_sfn_policy, actions = ["states:StartExecution"], resources = var.sfn_target_arns },
        { attach = var.attach_sqs_policy, actions = ["sqs:SendMessage*", "kms:Decrypt", "kms:GenerateDataKey"], resources = var.sqs_target_arns },
        { attach = var.attach_sns_policy, actions = ["sns:Publish"], resources = var.sns_target_arns },
        { attach = var.attach_kinesis_policy, actions = ["kinesis:PutRecord"], resources = var.kinesis_target_arns },
      ] : one if one.attach
    ]
    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }

  dynamic "statement" {
    for_each = var.attach_policy_statements ? var.policy_statements : {}
    content {
      sid       = try(statement.value.sid, null)
      effect    = try(statement.value.effect, null)
      actions   = try(statement.value.actions, null)
      resources = try(statement.value.resources, null)
    }
  }
}

resource "aws_iam_role_policy" "targets" {
  count  = local.makes_role ? 1 : 0
  name   = "targets"
  role   = aws_iam_role.eventbridge[0].name
  policy = data.aws_iam_policy_document.targets.json
}

resource "aws_iam_role_policy" "json" {
  count  = local.makes_role && var.attach_policy_json ? 1 : 0
  name   = "json"
  role   = aws_iam_role.eventbridge[0].name
  policy = var.policy_json
}

output "eventbridge_bus_arn" { value = try(aws_cloudwatch_event_bus.this[0].arn, "") }
output "eventbridge_bus_name" { value = try(aws_cloudwatch_event_bus.this[0].name, var.bus_name) }
output "eventbridge_rule_arns" { value = { for key, rule in aws_cloudwatch_event_rule.this : key => rule.arn } }
output "eventbridge_rule_ids" { value = { for key, rule in aws_cloudwatch_event_rule.this : key => rule.id } }
output "eventbridge_role_arn" { value = try(aws_iam_role.eventbridge[0].arn, "") }
output "eventbridge_role_name" { value = try(aws_iam_role.eventbridge[0].name, "") }
output "eventbridge_schedule_arns" { value = { for key, schedule in aws_scheduler_schedule.this : key => schedule.arn } }
