# --- Keys ---------------------------------------------------------------------------------------
# One key for what is stored. Who administers it cannot decrypt with it, and who decrypts can do so
# only through the service that holds the data.

data "aws_iam_policy_document" "administration" {
  statement {
    sid       = "Administer"
    actions   = formatlist("kms:%s", local.keys.administration)
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account}:root"]
    }
  }
}

resource "aws_kms_key" "storage" {
  description         = "Encrypts the mails, CVs and candidates of the CV mailbox."
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.storage_key.json
}

data "aws_iam_policy_document" "storage_key" {
  source_policy_documents = [data.aws_iam_policy_document.administration.json]

  statement {
    sid       = "LetDynamoDBKeepItsGrant"
    actions   = ["kms:CreateGrant"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account}:root"]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["dynamodb.${local.region}.amazonaws.com"]
    }
  }

  statement {
    sid       = "SesStoresMail"
    actions   = ["kms:GenerateDataKey"]
    resources = ["*"]

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

  dynamic "statement" {
    for_each = {
      IntakeReadsMailAndStoresCvs = {
        role    = aws_iam_role.intake.arn
        actions = ["kms:Decrypt", "kms:GenerateDataKey"]
      }
      RecruitersReadCandidates = {
        role    = aws_iam_role.recruiters.arn
        actions = ["kms:Decrypt"]
      }
    }

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = [statement.value.role]
      }

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = local.keys.through_storage
      }
    }
  }
}

# A second key for how to reach a candidate: what is written with it is unreadable in the table,
# the function that takes CVs in cannot read back what it wrote.
resource "aws_kms_key" "contact" {
  description         = "Encrypts candidates' contact data before it is stored."
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.contact_key.json
}

data "aws_iam_policy_document" "contact_key" {
  source_policy_documents = [data.aws_iam_policy_document.administration.json]

  statement {
    sid       = "IntakeEncrypts"
    actions   = ["kms:Encrypt"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.intake.arn]
    }

    condition {
      test     = "Null"
      variable = "kms:EncryptionContext:candidate"
      values   = ["false"]
    }
  }

  statement {
    sid       = "RecruitersDecrypt"
    actions   = ["kms:Decrypt"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.recruiters.arn]
    }

    condition {
      test     = "Null"
      variable = "kms:EncryptionContext:candidate"
      values   = ["false"]
    }
  }
}

# --- What is kept -------------------------------------------------------------------------------

module "cvs" {
  source = "./modules/bucket"

  kms_key_arn = aws_kms_key.storage.arn
  forget_days = 180
  writers     = [aws_iam_role.intake.arn]
}

resource "aws_dynamodb_table" "candidates" {
  name                        = "${local.name}-candidates"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true

  dynamic "attribute" {
    for_each = toset(["id", "month", "received"])

    content {
      name = attribute.value
      type = "S"
    }
  }

  global_secondary_index {
    name               = "by-month"
    hash_key           = "month"
    range_key          = "received"
    projection_type    = "INCLUDE"
    non_key_attributes = ["documents"]
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.storage.arn
  }

  point_in_time_recovery {
    enabled = true
  }

  ttl {
    enabled        = true
    attribute_name = "forget"
  }
}

# The key that the applicant tracking system gave us, put there by hand.
resource "aws_secretsmanager_secret" "ats" {
  description = "API key of the applicant tracking system"
}

resource "aws_sqs_queue" "failed" {
  name                      = "${local.name}-failed"
  sqs_managed_sse_enabled   = true
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue_policy" "failed" {
  queue_url = aws_sqs_queue.failed.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.failed.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "NobodyElseSends"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.failed.arn
        Condition = { ArnNotEquals = { "aws:PrincipalArn" = aws_iam_role.intake.arn } }
      },
    ]
  })
}
