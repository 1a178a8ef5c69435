"""What an answer gives away is told from the one who asks for it on."""

from pathlib import Path

import pytest
from folders import write

from stockade.api import scan

_TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Key:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: python3.13
      Events:
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
        Request: {Type: HttpApi, Properties: {Path: /key, Method: get}}
"""

_CASES = {
    "secret-in-response": """
        import json, os
        def handler(event, context):
            return {"statusCode": 200, "body": json.dumps(dict(os.environ))}
    """,
    "traceback-in-response": """
        import traceback
        def handler(event, context):
            try:
                return {"statusCode": 200, "body": str(1 / event["n"])}
            except Exception:
                return {"statusCode": 500, "body": traceback.format_exc()}
    """,
}


@pytest.mark.parametrize("rule", _CASES)
def test_the_first_step_is_who_may_ask_for_the_answer(rule: str, tmp_path: Path) -> None:
    """Whoever reads `anyone can read ...` sees first by which way, and that nothing is in it."""
    write(tmp_path, {"template.yaml": _TEMPLATE, "app.py": _CASES[rule]})
    found = next(one for one in scan(tmp_path).findings if one.rule.id == rule)
    first, *_, last = found.match.because
    assert first.note == "anyone can call GET /key: no authorizer"
    assert (first.at.path, last.at.path) == ("template.yaml", "app.py")
