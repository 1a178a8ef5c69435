# terraform-aws-modules/sqs/aws

variable "create" { default = true }
variable "name" { default = null }
variable "fifo_queue" { default = false }
variable "content_based_deduplication" { default = null }
variable "visibility_timeout_seconds" { default = null }
variable "message_retention_seconds" { default = null }
variable "delay_seconds" { default = null }
variable "receive_wait_time_seconds" { default = null }
variable "kms_master_key_id" { default = null }
variable "sqs_managed_sse_enabled" { default = true }
variable "redrive_policy" { default = {} }
variable "create_queue_policy" { default = false }
variable "queue_policy_statements" { default = {} }
variable "source_queue_policy_documents" { default = [] }
variable "policy" { default = null }
variable "create_dlq" { default = false }
variable "dlq_name" { default = null }
variable "dlq_visibility_timeout_seconds" { default = null }
variable "dlq_message_retention_seconds" { default = null }
variable "dlq_kms_master_key_id" { default = null }
variable "create_dlq_queue_policy" { default = false }
variable "dlq_queue_policy_statements" { default = {} }

locals {
  redrive = try(jsondecode(var.redrive_policy), var.redrive_policy)
}

resource "aws_sqs_queue" "this" {
  count                       = var.create ? 1 : 0
  name                        = var.name
  fifo_queue                  = var.fifo_queue
  content_based_deduplication = var.content_based_deduplication
  visibility_timeout_seconds  = var.visibility_timeout_seconds
  message_retention_seconds   = var.message_retention_seconds
  delay_seconds               = var.delay_seconds
  receive_wait_time_seconds   = var.receive_wait_time_seconds
  kms_master_key_id           = var.kms_master_key_id
  sqs_managed_sse_enabled     = var.kms_master_key_id == null ? var.sqs_managed_sse_enabled : null
  policy                      = var.policy
  redrive_policy = var.create_dlq ? jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dlq[0].arn
    maxReceiveCount     = try(local.redrive.maxReceiveCount, 5)
  }) : (length(try(keys(local.redrive), [])) > 0 ? jsonencode(local.redrive) : null)
}

resource "aws_sqs_queue" "dlq" {
  count                      = var.create && var.create_dlq ? 1 : 0
  name                       = coalesce(var.dlq_name, "${var.name}-dlq")
  fifo_queue                 = var.fifo_queue
  visibility_timeout_seconds = try(coalesce(var.dlq_visibility_timeout_seconds, var.visibility_timeout_seconds), null)
  message_retention_seconds  = try(coalesce(var.dlq_message_retention_seconds, var.message_retention_seconds), null)
  kms_master_key_id          = try(coalesce(var.dlq_kms_master_key_id, var.kms_master_key_id), null)
  sqs_managed_sse_enabled    = var.kms_master_key_id == null ? var.sqs_managed_sse_enabled : null
}

data "aws_iam_policy_document" "this" {
  source_policy_documents = var.source_queue_policy_documents

  dynamic "statement" {
    for_each = var.queue_policy_statements
    content {
      sid       = try(statement.value.sid, null)
      effect    = try(statement.value.effect, null)
      actions   = try(statement.value.actions, null)
      resources = try(statement.value.resources, [aws_sqs_queue.this[0].arn])

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

resource "aws_sqs_queue_policy" "this" {
  count     = var.create && var.create_queue_policy ? 1 : 0
  queue_url = aws_sqs_queue.this[0].url
  policy    = data.aws_iam_policy_document.this.json
}

output "queue_arn" { value = try(aws_sqs_queue.this[0].arn, null) }
output "queue_arn_static" { value = try(aws_sqs_queue.this[0].arn, null) }
output "queue_id" { value = try(aws_sqs_queue.this[0].id, null) }
output "queue_url" { value = try(aws_sqs_queue.this[0].url, null) }
output "queue_name" { value = try(aws_sqs_queue.this[0].name, null) }
output "dead_letter_queue_arn" { value = try(aws_sqs_queue.dlq[0].arn, null) }
output "dead_letter_queue_id" { value = try(aws_sqs_queue.dlq[0].id, null) }
output "dead_letter_queue_url" { value = try(aws_sqs_queue.dlq[0].url, null) }
output "dead_letter_queue_name" { value = try(aws_sqs_queue.dlq[0].name, null) }
output "sqs_queue_arn" { value = try(aws_sqs_queue.this[0].arn, null) }
output "sqs_queue_id" { value = try(aws_sqs_queue.this[0].id, null) }
output "sqs_queue_name" { value = try(aws_sqs_queue.this[0].name, null) }
