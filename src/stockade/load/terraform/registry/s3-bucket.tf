# terraform-aws-modules/s3-bucket/aws

variable "create_bucket" { default = true }
variable "bucket" { default = null }
variable "acl" { default = null }
variable "policy" { default = null }
variable "attach_policy" { default = false }
variable "attach_public_policy" { default = true }
variable "attach_deny_insecure_transport_policy" { default = false }
variable "attach_require_latest_tls_policy" { default = false }
variable "block_public_acls" { default = true }
variable "block_public_policy" { default = true }
variable "ignore_public_acls" { default = true }
variable "restrict_public_buckets" { default = true }
variable "control_object_ownership" { default = false }
variable "object_ownership" { default = "BucketOwnerEnforced" }
variable "versioning" { default = {} }
variable "server_side_encryption_configuration" { default = {} }
variable "website" { default = {} }
variable "cors_rule" { default = [] }
variable "lifecycle_rule" { default = [] }
variable "logging" { default = {} }

locals {
  policies = concat(
    var.attach_policy ? [var.policy] : [],
    var.attach_deny_insecure_transport_policy ? [data.aws_iam_policy_document.transport.json] : [],
    var.attach_require_latest_tls_policy ? [data.aws_iam_policy_document.tls.json] : [],
  )
  encryption = try(var.server_side_encryption_configuration.rule, {})
}

resource "aws_s3_bucket" "this" {
  count  = var.create_bucket ? 1 : 0
  bucket = var.bucket
  acl    = var.acl
}

resource "aws_s3_bucket_public_access_block" "this" {
  count                   = var.create_bucket && var.attach_public_policy ? 1 : 0
  bucket                  = aws_s3_bucket.this[0].id
  block_public_acls       = var.block_public_acls
  block_public_policy     = var.block_public_policy
  ignore_public_acls      = var.ignore_public_acls
  restrict_public_buckets = var.restrict_public_buckets
}

resource "aws_s3_bucket_ownership_controls" "this" {
  count  = var.create_bucket && var.control_object_ownership ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  rule {
    object_ownership = var.object_ownership
  }
}

resource "aws_s3_bucket_versioning" "this" {
  count  = var.create_bucket && length(keys(var.versioning)) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  versioning_configuration {
    status = try(var.versioning.enabled ? "Enabled" : "Suspended", var.versioning.status ? "Enabled" : "Suspended", title(lower(var.versioning.status)), "Enabled")
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count  = var.create_bucket && length(keys(var.server_side_encryption_configuration)) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  rule {
    bucket_key_enabled = try(local.encryption.bucket_key_enabled, null)

    apply_server_side_encryption_by_default {
      sse_algorithm     = try(local.encryption.apply_server_side_encryption_by_default.sse_algorithm, "AES256")
      kms_master_key_id = try(local.encryption.apply_server_side_encryption_by_default.kms_master_key_id, null)
    }
  }
}

resource "aws_s3_bucket_website_configuration" "this" {
  count  = var.create_bucket && length(keys(var.website)) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  index_document {
    suffix = try(var.website.index_document, null)
  }
}

data "aws_iam_policy_document" "transport" {
  statement {
    sid       = "denyInsecureTransport"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this[0].arn, "${aws_s3_bucket.this[0].arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

data "aws_iam_policy_document" "tls" {
  statement {
    sid       = "denyOutdatedTLS"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this[0].arn, "${aws_s3_bucket.this[0].arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "NumericLessThan"
      variable = "s3:TlsVersion"
      values   = ["1.2"]
    }
  }
}

data "aws_iam_policy_document" "combined" {
  source_policy_documents = local.policies
}

resource "aws_s3_bucket_policy" "this" {
  count  = var.create_bucket && length(local.policies) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  policy = data.aws_iam_policy_document.combined.json
}

output "s3_bucket_id" { value = try(aws_s3_bucket.this[0].id, "") }
output "s3_bucket_arn" { value = try(aws_s3_bucket.this[0].arn, "") }
output "s3_bucket_bucket_domain_name" { value = try(aws_s3_bucket.this[0].bucket_domain_name, "") }
output "s3_bucket_bucket_regional_domain_name" { value = try(aws_s3_bucket.this[0].bucket_regional_domain_name, "") }
output "s3_bucket_website_endpoint" { value = try(aws_s3_bucket.this[0].website_endpoint, "") }
