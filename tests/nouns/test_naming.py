"""Which resource a value means."""

from pathlib import Path

import pytest
from loaded import application

from stockade.model import Names

_TEMPLATE = """
Parameters:
  Name: {Type: String, Default: uploads}
Conditions:
  C: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Code: src, FunctionName: worker}
  G:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Code: src}
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref F}}
  Alias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref F, Name: live}}
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Name}}
  Queue:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Sub '${AWS::StackName}-jobs'}
  Asked: {Type: AWS::SNS::Topic, Properties: {TopicName: VALUE}}
"""
_SUB = "!Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AWS::StackName}-jobs'"
_URI = "!Sub 'arn:aws:apigateway:r:lambda:path/2015-03-31/functions/${F.Arn}/invocations'"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("!GetAtt F.Arn", ("F",)),
        ("!Ref Version", ("F",)),
        ("!Ref Alias", ("F",)),
        (_URI, ("F",)),
        ("worker", ("F",)),
        ("arn:aws:lambda:eu-west-1:111122223333:function:worker", ("F",)),
        ("!If [C, !GetAtt F.Arn, !GetAtt G.Arn]", ("F", "G")),
        ("!Ref Name", ("Bucket",)),
        ("!Sub 'arn:aws:s3:::${Name}/*'", ("Bucket",)),
        (_SUB, ("Queue",)),
        ("!Sub 'https://sqs.r.amazonaws.com/1/${AWS::StackName}-jobs'", ("Queue",)),
        ("!Sub '${AWS::StackName}-jobs-2'", ()),
        ("other-worker", ()),
        ("!Ref AWS::NoValue", ()),
    ],
)
def test_a_resource_is_found_by_reference_or_name(
    tmp_path: Path, value: str, found: tuple[str, ...]
) -> None:
    """Versions and aliases mean their function; an ARN or URL ends in the name."""
    app = application(tmp_path, _TEMPLATE.replace("VALUE", value))
    asked = app.resources["Asked"].properties.get("TopicName")
    names = Names(app.resources)

    assert names.find_all(
        asked, "AWS::Lambda::Function", "AWS::S3::Bucket", "AWS::SQS::Queue"
    ) == (found)
