"""What `stockade policy --format terraform` prints is what the same project understands."""

import shutil
from pathlib import Path

import pytest
from terraform_loading import plain

from stockade.api import applications
from stockade.cli import main
from stockade.model import Map

REPOSITORY = Path(__file__).parent.parent.parent
CARELESS = REPOSITORY / "examples" / "cv-mailbox" / "careless"
MAILBOX = REPOSITORY / "tests" / "mailboxes" / "terraform" / "careless"
PASTED = """
data "aws_partition" "current" {}

resource "aws_iam_role_policy" "exact" {
  for_each = {
    intake     = data.aws_iam_policy_document.aws_lambda_function_this_intake.json
    recruiters = data.aws_iam_policy_document.aws_lambda_function_this_recruiters.json
  }
  role   = aws_iam_role.functions.id
  policy = each.value
}
"""


def test_the_policy_can_be_pasted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Read again, its statements have the actions and ARNs that were worked out."""
    shutil.copytree(MAILBOX, tmp_path, dirs_exist_ok=True)
    for part in ("intake", "recruiters"):
        shutil.copytree(CARELESS / part, tmp_path / part)
    main(["policy", "--format", "terraform", str(tmp_path)])
    (tmp_path / "exact.tf").write_text(capsys.readouterr().out + PASTED)

    (application,) = applications(tmp_path)

    table, logs, mails = statements(application.resources['aws_iam_role_policy.exact["intake"]'])
    arn = "arn:${AWS::Partition}"
    here = "${AWS::Region}:${AWS::AccountId}"
    assert table == (
        "dynamodb:PutItem",
        f"{arn}:dynamodb:{here}:table/${{aws_dynamodb_table.candidates}}",
    )
    assert logs[1] == (
        f'{arn}:logs:{here}:log-group:/aws/lambda/${{aws_lambda_function.this["intake"]}}:*'
    )
    assert mails == ("s3:GetObject", f"{arn}:s3:::${{aws_s3_bucket.mail}}/*")


def statements(policy: object) -> list[tuple[object, object]]:
    """Return action and resource of each statement of a policy."""
    properties = getattr(policy, "properties", None)
    assert isinstance(properties, Map)
    found = plain(properties.entries["PolicyDocument"])
    assert isinstance(found, dict)
    listed = found["Statement"]
    assert isinstance(listed, list)
    return [(one["Action"], one["Resource"]) for one in listed if isinstance(one, dict)]
