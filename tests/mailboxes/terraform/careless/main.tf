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

variable "ats_api_key" {
  type        = string
  sensitive   = true
  description = "The key that the applicant tracking system gave us."
}

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  settings = {
    TABLE       = aws_dynamodb_table.candidates.name
    ATS_URL     = var.ats_url
    ATS_API_KEY = var.ats_api_key
  }
}

# --- The way in: SES receives mail for the address and puts each message into the bucket ---------

resource "aws_ses_receipt_rule_set" "mail" {
  rule_set_name = "cv-mailbox-mail"
}

resource "aws_ses_receipt_rule" "store" {
  rule_set_name = aws_ses_receipt_rule_set.mail.rule_set_name
  name          = "store"
  enabled       = true
  recipients    = [var.mail_address]

  s3_action {
    position          = 1
    bucket_name       = aws_s3_bucket.mail.bucket
    object_key_prefix = "incoming/"
  }

  depends_on = [aws_s3_bucket_policy.mail]
}

resource "aws_s3_bucket" "mail" {}

resource "aws_s3_bucket_policy" "mail" {
  bucket = aws_s3_bucket.mail.id
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {"Service": "ses.amazonaws.com"},
          "Action": "s3:PutObject",
          "Resource": "${aws_s3_bucket.mail.arn}/*",
          "Condition": {
            "StringEquals": {"aws:Referer": "${data.aws_caller_identity.current.account_id}"}
          }
        }
      ]
    }
  EOT
}

resource "aws_s3_bucket_notification" "mail" {
  bucket = aws_s3_bucket.mail.id

  lambda_function {
    lambda_function_arn = aws_lambda_function.this["intake"].arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "incoming/"
  }

  depends_on = [aws_lambda_permission.mail]
}

resource "aws_lambda_permission" "mail" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this["intake"].function_name
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.mail.arn
}

# --- What is kept -------------------------------------------------------------------------------

resource "aws_dynamodb_table" "candidates" {
  name         = "candidates"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

# --- The functions ------------------------------------------------------------------------------

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "functions" {
  name               = "cv-mailbox-functions"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.functions.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

data "aws_iam_policy_document" "data" {
  statement {
    actions   = ["s3:*", "dynamodb:*"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "data" {
  name   = "data"
  role   = aws_iam_role.functions.id
  policy = data.aws_iam_policy_document.data.json
}

# pdftotext, built by `make` in a container
resource "aws_lambda_layer_version" "poppler" {
  layer_name               = "poppler"
  filename                 = "build/poppler.zip"
  compatible_runtimes      = ["python3.13"]
  compatible_architectures = ["arm64"]
}

data "archive_file" "code" {
  for_each    = toset(["intake", "recruiters"])
  type        = "zip"
  source_dir  = "${path.module}/${each.key}"
  output_path = "${path.module}/build/${each.key}.zip"
}

resource "aws_lambda_function" "this" {
  for_each         = data.archive_file.code
  function_name    = "cv-mailbox-${each.key}"
  filename         = each.value.output_path
  source_code_hash = each.value.output_base64sha256
  handler          = "app.handler"
  runtime          = "python3.13"
  architectures    = ["arm64"]
  timeout          = 300
  memory_size      = 512
  role             = aws_iam_role.functions.arn
  layers           = each.key == "intake" ? [aws_lambda_layer_version.poppler.arn] : []

  environment {
    variables = local.settings
  }
}

# --- Looking candidates up ----------------------------------------------------------------------

module "api" {
  source = "./modules/http-api"

  name     = "recruiters"
  function = aws_lambda_function.this["recruiters"]
  routes   = ["GET /candidates", "GET /candidates/{id}"]
  issuer   = "https://cognito-idp.${data.aws_region.current.region}.amazonaws.com/${aws_cognito_user_pool.recruiters.id}"
  audience = [aws_cognito_user_pool_client.recruiters.id]
}

resource "aws_cognito_user_pool" "recruiters" {
  name = "recruiters"

  admin_create_user_config {
    allow_admin_create_user_only = true
  }
}

resource "aws_cognito_user_pool_client" "recruiters" {
  name                = "recruiters"
  user_pool_id        = aws_cognito_user_pool.recruiters.id
  explicit_auth_flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
}

output "api_url" {
  value = module.api.url
}
