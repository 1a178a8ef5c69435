"""Resources of Terraform that hold a policy are open to strangers where it admits everyone."""

from pathlib import Path

import pytest

import stockade

_OPEN = '{ AWS = "*" }'
_OURS = '{ AWS = "111122223333" }'

HOLDERS = {
    "a vault's policy, by the vault's name": (
        """
        resource "aws_backup_vault" "v" { name = "v" }
        resource "aws_backup_vault_policy" "p" {
          backup_vault_name = aws_backup_vault.v.name
          policy            = POLICY
        }
        """,
        "backup:*",
        "outsiders-reach-store",
    ),
    "a domain's policy, by the domain's name": (
        """
        resource "aws_elasticsearch_domain" "d" { domain_name = "d" }
        resource "aws_elasticsearch_domain_policy" "p" {
          domain_name     = aws_elasticsearch_domain.d.domain_name
          access_policies = POLICY
        }
        """,
        "es:*",
        "outsiders-reach-store",
    ),
    "a table's policy": (
        """
        resource "aws_dynamodb_table" "t" {
          name     = "t"
          hash_key = "id"
          attribute {
            name = "id"
            type = "S"
          }
        }
        resource "aws_dynamodb_resource_policy" "p" {
          resource_arn = aws_dynamodb_table.t.arn
          policy       = POLICY
        }
        """,
        "dynamodb:GetItem",
        "outsiders-reach-store",
    ),
    "a domain that mail is sent as": (
        """
        resource "aws_ses_domain_identity" "d" { domain = "example.com" }
        resource "aws_ses_identity_policy" "p" {
          identity = aws_ses_domain_identity.d.arn
          name     = "p"
          policy   = POLICY
        }
        """,
        "ses:SendEmail",
        "outsiders-reach-store",
    ),
    "the catalogue of Glue": (
        'resource "aws_glue_resource_policy" "p" { policy = POLICY }',
        "glue:*",
        "outsiders-reach-store",
    ),
    "a stream's policy": (
        """
        resource "aws_kinesis_stream" "s" {
          name        = "s"
          shard_count = 1
        }
        resource "aws_kinesis_resource_policy" "p" {
          resource_arn = aws_kinesis_stream.s.arn
          policy       = POLICY
        }
        """,
        "kinesis:PutRecord",
        "outsiders-can-send",
    ),
}


def _found(folder: Path, text: str, action: str, principal: str) -> set[str]:
    policy = (
        '{ Version = "2012-10-17", Statement = [{ Effect = "Allow", '
        f'Principal = {principal}, Action = "{action}", Resource = "*" }}] }}'
    )
    (folder / "main.tf").write_text(text.replace("POLICY", f"jsonencode({policy})"))
    return {finding.rule.id for finding in stockade.scan(folder).findings}


@pytest.mark.parametrize(("text", "action", "rule"), HOLDERS.values(), ids=HOLDERS)
def test_a_policy_that_admits_everyone_is_found(
    text: str, action: str, rule: str, tmp_path: Path
) -> None:
    """One that admits everyone is found where it stands, one of the account is not."""
    assert rule in _found(tmp_path, text, action, _OPEN)
    assert not _found(tmp_path, text, action, _OURS)


def test_a_permission_of_the_default_bus_needs_no_action(tmp_path: Path) -> None:
    """Terraform's own default lets put events."""
    (tmp_path / "main.tf").write_text(
        'resource "aws_cloudwatch_event_permission" "p" {\n'
        '  principal    = "*"\n  statement_id = "all"\n}\n'
    )

    found = stockade.scan(tmp_path).findings

    assert [finding.rule.id for finding in found] == ["outsiders-can-send"]


GRANTS = {
    "AllUsers READ": ["public-bucket"],
    "AllUsers WRITE": ["outsiders-write-to-bucket", "public-bucket"],
    "AuthenticatedUsers FULL_CONTROL": ["public-bucket"],
    "LogDelivery WRITE": [],
}


@pytest.mark.parametrize(("granted", "expected"), GRANTS.items())
def test_grants_to_groups_are_the_acls_that_say_so(
    granted: str, expected: list[str], tmp_path: Path
) -> None:
    """A grant to AWS's group of everyone opens a bucket as the canned ACL does."""
    group, permission = granted.split()
    (tmp_path / "main.tf").write_text(
        f"""
        resource "aws_s3_bucket" "b" {{ bucket = "b" }}
        resource "aws_s3_bucket_acl" "b" {{
          bucket = aws_s3_bucket.b.id
          access_control_policy {{
            grant {{
              grantee {{
                type = "Group"
                uri  = "http://acs.amazonaws.com/groups/global/{group}"
              }}
              permission = "{permission}"
            }}
            owner {{ id = "x" }}
          }}
        }}
        """
    )

    found = stockade.scan(tmp_path).findings

    every = [one for finding in found for one in (finding, *finding.brings)]
    assert sorted(one.rule.id for one in every) == expected
