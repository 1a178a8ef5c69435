# terraform-aws-modules/step-functions/aws

variable "create" { default = true }
variable "create_role" { default = true }
variable "use_existing_role" { default = false }
variable "name" { default = "" }
variable "definition" { default = "" }
variable "type" { default = "STANDARD" }
variable "role_arn" { default = "" }
variable "role_name" { default = null }
variable "logging_configuration" { default = {} }
variable "service_integrations" { default = {} }
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
variable "trusted_entities" { default = [] }

locals {
  makes_role = var.create && var.create_role && !var.use_existing_role
  actions = {
    lambda        = ["lambda:InvokeFunction"]
    dynamodb      = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
    sqs           = ["sqs:SendMessage"]
    sns           = ["sns:Publish"]
    stepfunction  = ["states:StartExecution"]
    eventbridge   = ["events:PutEvents"]
  }
}

resource "aws_sfn_state_machine" "this" {
  count      = var.create ? 1 : 0
  name       = var.name
  definition = var.definition
  type       = upper(var.type)
  role_arn   = var.use_existing_role ? var.role_arn : aws_iam_role.this[0].arn

  dynamic "logging_configuration" {
    for_each = length(keys(var.logging_configuration)) == 0 ? [] : [var.logging_configuration]
    content {
      include_execution_data = try(logging_configuration.value.include_execution_data, null)
      level                  = try(logging_configuration.value.level, null)
    }
  }
}

data "aws_iam_policy_document" "assume_role" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = distinct(concat(["states.amazonaws.com"], var.trusted_entities))
    }
  }
}

resource "aws_iam_role" "this" {
  count              = local.makes_role ? 1 : 0
  name               = coalesce(var.role_name, var.name)
  assume_role_policy = data.aws_iam_policy_document.assume_role.json
}

data "aws_iam_policy_document" "service" {
  dynamic "statement" {
    for_each = { for key, one in var.service_integrations : key => one if can(local.actions[key]) }
    content {
      actions   = local.actions[statement.key]
      resources = flatten([for key, resources in statement.value : resources if resources != true])
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

resource "aws_iam_role_policy" "service" {
  count  = local.makes_role ? 1 : 0
  name   = "service"
  role   = aws_iam_role.this[0].name
  policy = data.aws_iam_policy_document.service.json
}

resource "aws_iam_role_policy" "json" {
  count  = local.makes_role && var.attach_policy_json ? 1 : 0
  name   = "json"
  role   = aws_iam_role.this[0].name
  policy = var.policy_json
}

resource "aws_iam_role_policy" "jsons" {
  count  = local.makes_role && var.attach_policy_jsons ? length(var.policy_jsons) : 0
  name   = "json-${count.index}"
  role   = aws_iam_role.this[0].name
  policy = var.policy_jsons[count.index]
}

resource "aws_iam_role_policy_attachment" "one" {
  count      = local.makes_role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "many" {
  count      = local.makes_role && var.attach_policies ? length(var.policies) : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.policies[count.index]
}

output "state_machine_arn" { value = try(aws_sfn_state_machine.this[0].arn, "") }
output "state_machine_id" { value = try(aws_sfn_state_machine.this[0].id, "") }
output "state_machine_name" { value = try(aws_sfn_state_machine.this[0].name, "") }
output "role_arn" { value = try(aws_iam_role.this[0].arn, var.role_arn) }
output "role_name" { value = try(aws_iam_role.this[0].name, "") }
