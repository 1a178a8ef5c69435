# terraform-aws-modules/dynamodb-table/aws

variable "create_table" { default = true }
variable "name" { default = null }
variable "attributes" { default = [] }
variable "hash_key" { default = null }
variable "range_key" { default = null }
variable "billing_mode" { default = "PAY_PER_REQUEST" }
variable "stream_enabled" { default = false }
variable "stream_view_type" { default = null }
variable "ttl_enabled" { default = false }
variable "ttl_attribute_name" { default = "" }
variable "point_in_time_recovery_enabled" { default = false }
variable "deletion_protection_enabled" { default = null }
variable "server_side_encryption_enabled" { default = false }
variable "server_side_encryption_kms_key_arn" { default = null }
variable "global_secondary_indexes" { default = [] }
variable "local_secondary_indexes" { default = [] }
variable "autoscaling_enabled" { default = false }

resource "aws_dynamodb_table" "this" {
  count                       = var.create_table ? 1 : 0
  name                        = var.name
  billing_mode                = var.billing_mode
  hash_key                    = var.hash_key
  range_key                   = var.range_key
  stream_enabled              = var.stream_enabled
  stream_view_type            = var.stream_view_type
  deletion_protection_enabled = var.deletion_protection_enabled

  ttl {
    enabled        = var.ttl_enabled
    attribute_name = var.ttl_attribute_name
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery_enabled
  }

  dynamic "attribute" {
    for_each = var.attributes
    content {
      name = attribute.value.name
      type = attribute.value.type
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.global_secondary_indexes
    content {
      name            = global_secondary_index.value.name
      hash_key        = global_secondary_index.value.hash_key
      range_key       = try(global_secondary_index.value.range_key, null)
      projection_type = try(global_secondary_index.value.projection_type, null)
    }
  }

  dynamic "local_secondary_index" {
    for_each = var.local_secondary_indexes
    content {
      name            = local_secondary_index.value.name
      range_key       = try(local_secondary_index.value.range_key, null)
      projection_type = try(local_secondary_index.value.projection_type, null)
    }
  }

  dynamic "server_side_encryption" {
    for_each = var.server_side_encryption_enabled ? [true] : []
    content {
      enabled     = var.server_side_encryption_enabled
      kms_key_arn = var.server_side_encryption_kms_key_arn
    }
  }
}

output "dynamodb_table_arn" { value = try(aws_dynamodb_table.this[0].arn, "") }
output "dynamodb_table_id" { value = try(aws_dynamodb_table.this[0].id, "") }
output "dynamodb_table_stream_arn" { value = try(aws_dynamodb_table.this[0].stream_arn, "") }
