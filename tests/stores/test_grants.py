"""A role opens every store of a kind where a pattern covers one that nothing here names."""

from pathlib import Path

import pytest
from loaded import application

from stockade.analysis.stores.grants import wide
from stockade.analysis.stores.symbols import Symbols

_TABLE = "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table"

OPENING = {
    "everything": "*",
    "every table": f"{_TABLE}/*",
    "every name of a letter or more": f"{_TABLE}/?*",
    "the beginning of what every table's ARN has": "arn:aws:dynamodb:*:*:tab*",
    "all that begins as an ARN": "arn:*",
    "trailing parts that are not written": "arn:aws:dynamodb:*",
}
NARROW = {
    "one table's indexes": f"{_TABLE}/${{Orders}}/index/*",
    "tables whose names begin so": f"{_TABLE}/orders-*",
    "tables whose names begin as the application's": f"{_TABLE}/${{Orders}}*",
    "streams of every table, which are not the tables": f"{_TABLE}/*/stream/*",
    "one table": f"{_TABLE}/${{Orders}}",
}


def _opened(folder: Path, pattern: str) -> list[str]:
    app = application(
        folder,
        f"""
Resources:
  Orders: {{Type: AWS::DynamoDB::Table}}
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Version: "2012-10-17", Statement: []}}
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{{Effect: Allow, Action: 'dynamodb:Scan', Resource: !Sub '{pattern}'}}]
""",
    )
    (role,) = app.roles.values()
    return [kind for found in wide(role, Symbols(app)) for kind in found.reads]


@pytest.mark.parametrize("pattern", OPENING.values(), ids=OPENING)
def test_a_pattern_that_covers_a_table_of_anybody_opens_every_table(
    tmp_path: Path, pattern: str
) -> None:
    """The table that is asked about belongs to somebody else."""
    assert _opened(tmp_path, pattern) == ["tables"]


@pytest.mark.parametrize("pattern", NARROW.values(), ids=NARROW)
def test_a_pattern_that_names_a_table_before_its_wildcard_opens_no_other(
    tmp_path: Path, pattern: str
) -> None:
    """Its role reads one table, or what lies below one."""
    assert _opened(tmp_path, pattern) == []
