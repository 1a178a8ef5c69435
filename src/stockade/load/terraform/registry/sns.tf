# terraform-aws-modules/sns/aws

variable "create" { default = true }
variable "name" { default = null }
variable "display_name" { default = null }
variable "fifo_topic" { default = false }
variable "kms_master_key_id" { default = null }
variable "create_topic_policy" { default = true }
variable "topic_policy" { default = null }
variable "topic_policy_statements" { default = {} }
variable "source_topic_policy_documents" { default = [] }
variable "create_subscription" { default = true }
variable "subscriptions" { default = {} }

resource "aws_sns_topic" "this" {
  count             = var.create ? 1 : 0
  name              = var.name
  display_name      = var.display_name
  fifo_topic        = var.fifo_topic
  kms_master_key_id = var.kms_master_key_id
  policy            = var.topic_policy
}

data "aws_iam_policy_document" "this" {
  source_policy_documents = var.source_topic_policy_documents

  dynamic "statement" {
    for_each = var.topic_policy_statements
    content {
      sid       = try(statement.value.sid, null)
      effect    = try(statement.value.effect, null)
      actions   = try(statement.value.actions, null)
      resources = try(statement.value.resources, [aws_sns_topic.this[0].arn])

      dynamic "principals" {
        for_each = try(statement.value.principals, [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(statement.value.conditions, statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_sns_topic_policy" "this" {
  count  = var.create && var.create_topic_policy && length(var.topic_policy_statements) > 0 ? 1 : 0
  arn    = aws_sns_topic.this[0].arn
  policy = data.aws_iam_policy_document.this.json
}

resource "aws_sns_topic_subscription" "this" {
  for_each             = var.create && var.create_subscription ? var.subscriptions : {}
  topic_arn            = aws_sns_topic.this[0].arn
  protocol             = each.value.protocol
  endpoint             = each.value.endpoint
  filter_policy        = try(each.value.filter_policy, null)
  filter_policy_scope  = try(each.value.filter_policy_scope, null)
  raw_message_delivery = try(each.value.raw_message_delivery, null)
  redrive_policy       = try(each.value.redrive_policy, null)
}

output "topic_arn" { value = try(aws_sns_topic.this[0].arn, null) }
output "topic_id" { value = try(aws_sns_topic.this[0].id, null) }
output "topic_name" { value = try(aws_sns_topic.this[0].name, null) }
output "sns_topic_arn" { value = try(aws_sns_topic.this[0].arn, null) }
output "sns_topic_id" { value = try(aws_sns_topic.this[0].id, null) }
output "sns_topic_name" { value = try(aws_sns_topic.this[0].name, null) }
