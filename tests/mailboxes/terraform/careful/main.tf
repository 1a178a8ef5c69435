# CVs that are mailed to jobs@ become candidates that recruiters can look up.

terraform {
  required_providers {
    aws     = { source = "hashicorp/aws", version = "~> 6.0" }
    archive = { source = "hashicorp/archive", version = "~> 2.7" }
  }
}

variable "mail_address" {
  type        = string
  default     = "jobs@example.com"
  description = "The address that candidates write to. Its domain is verified in SES."
}

variable "ats_url" {
  type        = string
  default     = "https://ats.example.com/api/candidates"
  description = "Where our applicant tracking system takes new candidates."
}

variable "signing_profile" {
  type        = string
  description = "The ARN of a version of the profile that signs our code."
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  name        = "cv-mailbox"
  account     = data.aws_caller_identity.current.account_id
  partition   = data.aws_partition.current.partition
  region      = data.aws_region.current.region
  mail_bucket = "${local.name}-mail-${local.account}"
  mail_rule   = "arn:${local.partition}:ses:${local.region}:${local.account}:receipt-rule-set/${local.name}-mail:receipt-rule/store"
  keys = {
    through_storage = [for service in ["s3", "dynamodb"] : "${service}.${local.region}.amazonaws.com"]
    administration = [
      "CancelKeyDeletion", "DescribeKey", "DisableKey", "EnableKey", "EnableKeyRotation",
      "GetKeyPolicy", "GetKeyRotationStatus", "ListGrants", "ListKeyPolicies", "ListResourceTags",
      "PutKeyPolicy", "RevokeGrant", "ScheduleKeyDeletion", "TagResource", "UntagResource",
      "UpdateKeyDescription",
    ]
  }
}

# --- The way in ---------------------------------------------------------------------------------

resource "aws_ses_receipt_rule_set" "mail" {
  rule_set_name = "${local.name}-mail"
}

resource "aws_ses_receipt_rule" "store" {
  rule_set_name = aws_ses_receipt_rule_set.mail.rule_set_name
  name          = "store"
  enabled       = true
  scan_enabled  = true
  tls_policy    = "Require"
  recipients    = [var.mail_address]

  s3_action {
    position          = 1
    bucket_name       = module.mail.name
    object_key_prefix = "incoming/"
  }
}

module "mail" {
  source = "./modules/bucket"

  bucket      = local.mail_bucket
  kms_key_arn = aws_kms_key.storage.arn
  forget_days = 30
  policies    = [data.aws_iam_policy_document.mail.json]
}

data "aws_iam_policy_document" "mail" {
  statement {
    sid       = "SesStoresMail"
    actions   = ["s3:PutObject"]
    resources = ["arn:${local.partition}:s3:::${local.mail_bucket}/incoming/*"]

    principals {
      type        = "Service"
      identifiers = ["ses.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.mail_rule]
    }
  }

  statement {
    sid       = "NobodyElseWrites"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["arn:${local.partition}:s3:::${local.mail_bucket}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringNotEqualsIfExists"
      variable = "aws:PrincipalServiceName"
      values   = ["ses.amazonaws.com"]
    }
  }
}

resource "aws_s3_bucket_notification" "mail" {
  bucket = module.mail.name

  lambda_function {
    lambda_function_arn = aws_lambda_function.intake.arn
    events              = ["s3:ObjectCreated:Put"]
    filter_prefix       = "incoming/"
  }

  depends_on = [aws_lambda_permission.mail]
}

resource "aws_lambda_permission" "mail" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.intake.function_name
  principal      = "s3.amazonaws.com"
  source_arn     = module.mail.arn
  source_account = local.account
}

# --- What may run -------------------------------------------------------------------------------

# Lambda takes no code that our build has not signed.
resource "aws_lambda_code_signing_config" "signed" {
  allowed_publishers {
    signing_profile_version_arns = [var.signing_profile]
  }

  policies {
    untrusted_artifact_on_deployment = "Enforce"
  }
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# --- Taking mails in ----------------------------------------------------------------------------

# pdftotext, built by `make` in a container
resource "aws_lambda_layer_version" "poppler" {
  layer_name               = "poppler"
  filename                 = "build/poppler.zip"
  compatible_runtimes      = ["python3.13"]
  compatible_architectures = ["arm64"]
}

resource "aws_cloudwatch_log_group" "intake" {
  name              = "/${local.name}/intake"
  retention_in_days = 30
}

resource "aws_iam_role" "intake" {
  name               = "${local.name}-intake"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

data "aws_iam_policy_document" "intake" {
  statement {
    sid       = "ReadMail"
    actions   = ["s3:GetObject"]
    resources = ["arn:${local.partition}:s3:::${local.mail_bucket}/incoming/*"]
  }

  statement {
    sid       = "StoreCvs"
    actions   = ["s3:PutObject"]
    resources = ["${module.cvs.arn}/cvs/*"]
  }

  statement {
    sid       = "StoreCandidates"
    actions   = ["dynamodb:PutItem"]
    resources = [aws_dynamodb_table.candidates.arn]
  }

  statement {
    sid       = "ReadAtsKey"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.ats.arn]
  }

  statement {
    sid       = "KeepFailedMails"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.failed.arn]
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.intake.arn}:*"]
  }
}

resource "aws_iam_role_policy" "intake" {
  name   = "intake"
  role   = aws_iam_role.intake.id
  policy = data.aws_iam_policy_document.intake.json
}

data "archive_file" "intake" {
  type        = "zip"
  source_dir  = "${path.module}/intake"
  output_path = "${path.module}/build/intake.zip"
}

resource "aws_lambda_function" "intake" {
  function_name                  = "${local.name}-intake"
  filename                       = data.archive_file.intake.output_path
  source_code_hash               = data.archive_file.intake.output_base64sha256
  handler                        = "app.handler"
  runtime                        = "python3.13"
  architectures                  = ["arm64"]
  timeout                        = 60
  memory_size                    = 512
  reserved_concurrent_executions = 5
  role                           = aws_iam_role.intake.arn
  layers                         = [aws_lambda_layer_version.poppler.arn]
  code_signing_config_arn        = aws_lambda_code_signing_config.signed.arn

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.intake.name
  }

  environment {
    variables = {
      MAIL_BUCKET = local.mail_bucket
      CV_BUCKET   = module.cvs.name
      TABLE       = aws_dynamodb_table.candidates.name
      CONTACT_KEY = aws_kms_key.contact.arn
      ATS_URL     = var.ats_url
      ATS_KEY     = aws_secretsmanager_secret.ats.arn
    }
  }

  depends_on = [aws_iam_role_policy.intake]
}

resource "aws_lambda_function_event_invoke_config" "intake" {
  function_name                = aws_lambda_function.intake.function_name
  maximum_retry_attempts       = 1
  maximum_event_age_in_seconds = 3600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
}
