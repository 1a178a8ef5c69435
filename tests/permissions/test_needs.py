"""What functions need beyond the plain call: events, settings, keys, libraries, the unknown."""

from pathlib import Path

from loaded import application
from needed import RESOURCES, needs_of, of_code, whys, written_out

from stockade.analysis import analyse
from stockade.analysis.permissions import Needs, needs
from stockade.model import expression

HEAD = """\
    AWSTemplateFormatVersion: '2010-09-09'
    Transform: AWS::Serverless-2016-10-31
    Resources:
"""


def of(folder: Path, resources: str, files: dict[str, str], function: str = "F") -> Needs:
    """Return what a function of a SAM template needs."""
    app = application(folder, HEAD + resources, files)
    return needs(app, analyse(app))[function]


def test_one_of_two_buckets_is_never_the_other(tmp_path: Path) -> None:
    """A function that uses one bucket is granted nothing on the other that is declared."""
    body = "boto3.client('s3').get_object(Bucket=os.environ['UPLOADS'], Key='a')"
    one = needs_of(tmp_path, {"F": body})["F"]
    assert not any("Archive" in expression(need.resource) for need in one.needed)
    assert of_code(one) == written_out([("s3:GetObject", "s3::${Uploads}/a")])


def test_what_is_signed_is_needed_by_the_line_that_signs(tmp_path: Path) -> None:
    """A signed address is a call of the code's own: its user has the permissions of the role."""
    given = "Params={'Bucket': os.environ['UPLOADS'], 'Key': 'a'}"
    body = f"boto3.client('s3').generate_presigned_url('get_object', {given})"
    (signed,) = [need for need in needs_of(tmp_path, {"F": body})["F"].needed if need.calls]
    assert signed.action == "s3:GetObject"
    assert [step.note for step in signed.calls] == ["signs a URL for GetObject"]


BUCKET_EVENT = """\
      Inbox: {Type: AWS::S3::Bucket}
      Other: {Type: AWS::S3::Bucket}
      F:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.12
          Handler: app.handler
          Events:
            New: {Type: S3, Properties: {Bucket: !Ref Inbox, Events: s3:ObjectCreated:*}}
"""


def test_the_bucket_of_the_event_is_the_one_that_triggers(tmp_path: Path) -> None:
    """The name of the bucket in the event means the bucket whose notification invokes."""
    code = """\
        import boto3
        def handler(event, context):
            record = event["Records"][0]["s3"]
            boto3.client("s3").get_object(
                Bucket=record["bucket"]["name"], Key=record["object"]["key"])
    """
    one = of(tmp_path, BUCKET_EVENT, {"app.py": code})
    assert of_code(one) == written_out([("s3:GetObject", "s3::${Inbox}/*")])
    assert one.complete


def test_the_bucket_of_the_event_inside_an_address(tmp_path: Path) -> None:
    """The bucket is also found inside a text that the code makes of it."""
    code = """\
        import boto3
        def handler(event, context):
            record = event["Records"][0]["s3"]
            address = f"s3://{record['bucket']['name']}/{record['object']['key']}"
            boto3.client("transcribe").start_transcription_job(
                TranscriptionJobName="x", Media={"MediaFileUri": address})
    """
    one = of(tmp_path, BUCKET_EVENT, {"app.py": code})
    assert ("s3:GetObject", "arn:${AWS::Partition}:s3:::${Inbox}/*") in of_code(one)


def test_a_custom_resource_tells_its_properties(tmp_path: Path) -> None:
    """What a custom resource is given in the template is what its function acts on."""
    resources = """\
      Site: {Type: AWS::S3::Bucket}
      Filled: {Type: Custom::Files, Properties: {ServiceToken: !GetAtt F.Arn, Where: !Ref Site}}
      F:
        Type: AWS::Serverless::Function
        Properties: {Runtime: python3.12, Handler: app.handler}
    """
    code = """\
        import boto3
        def handler(event, context):
            boto3.client("s3").put_object(
                Bucket=event["ResourceProperties"]["Where"], Key="index.html")
    """
    one = of(tmp_path, resources, {"app.py": code})
    assert of_code(one) == written_out([("s3:PutObject", "s3::${Site}/index.html")])


def test_a_connection_is_managed_at_the_api_that_invokes(tmp_path: Path) -> None:
    """An endpoint out of the event is that of the WebSocket API which sent the event."""
    resources = """\
      Chat: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET, Name: c}}
      Prod: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Chat, StageName: prod}}
      Say:
        Type: AWS::ApiGatewayV2::Route
        Properties: {ApiId: !Ref Chat, RouteKey: say, Target: !Sub 'integrations/${Calls}'}
      Calls:
        Type: AWS::ApiGatewayV2::Integration
        Properties:
          ApiId: !Ref Chat
          IntegrationType: AWS_PROXY
          IntegrationUri: !Sub
            - arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${To}/invocations
            - To: !GetAtt F.Arn
      F:
        Type: AWS::Serverless::Function
        Properties: {Runtime: python3.12, Handler: app.handler}
    """
    code = """\
        import boto3
        def handler(event, context):
            where = event["requestContext"]
            url = "https://" + where["domainName"] + "/" + where["stage"]
            api = boto3.client("apigatewaymanagementapi", endpoint_url=url)
            api.post_to_connection(ConnectionId=where["connectionId"], Data=b"")
    """
    one = of(tmp_path, resources, {"app.py": code})
    expected = "execute-api:${Chat}/${Prod}/POST/@connections/*"
    assert of_code(one) == written_out([("execute-api:ManageConnections", expected)])


def test_settings_need_what_lambda_does_with_the_role(tmp_path: Path) -> None:
    """Polling, the network, tracing and the dead-letter queue are needs of the configuration."""
    resources = """\
      Jobs: {Type: AWS::SQS::Queue}
      Dead: {Type: AWS::SQS::Queue}
      F:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.12
          Handler: app.handler
          Tracing: Active
          VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}
          DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Dead.Arn}
          Events:
            Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
    """
    one = of(tmp_path, resources, {"app.py": "def handler(event, context): pass"})
    pairs = of_code(one)
    assert {
        ("sqs:ReceiveMessage", "${Jobs.Arn}"),
        ("sqs:DeleteMessage", "${Jobs.Arn}"),
        ("sqs:GetQueueAttributes", "${Jobs.Arn}"),
        ("sqs:SendMessage", "${Dead.Arn}"),
        ("ec2:CreateNetworkInterface", "*"),
        ("xray:PutTraceSegments", "*"),
    } <= pairs
    assert ("sqs:SendMessage", "${Jobs.Arn}") not in pairs
    assert one.complete


def test_logs_go_to_the_own_group_only(tmp_path: Path) -> None:
    """A function writes to its own log group; where that is declared it does not create it."""
    one = needs_of(tmp_path, {"F": "pass"}, {})["F"]
    logs = {(need.action, expression(need.resource)) for need in one.needed}
    group = (
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/${F}:*"
    )
    assert logs == {
        (f"logs:{action}", group)
        for action in ("CreateLogGroup", "CreateLogStream", "PutLogEvents")
    }
    named = {"LogGroupName": {"Fn::Sub": "/aws/lambda/${F}"}}
    declared = {"Log": {"Type": "AWS::Logs::LogGroup", "Properties": named}}
    (tmp_path / "again").mkdir()
    again = needs_of(tmp_path / "again", {"F": "pass"}, {}, extra=declared)["F"]
    assert {need.action for need in again.needed} == {"logs:CreateLogStream", "logs:PutLogEvents"}


def test_the_key_of_an_encrypted_resource_comes_with_it(tmp_path: Path) -> None:
    """Reading decrypts and writing makes a data key; keys that AWS manages need nothing."""
    key = {"Fn::GetAtt": ["Key", "Arn"]}
    rules = [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}]
    resources: dict[str, tuple[str, dict[str, object]]] = {
        "Key": ("AWS::KMS::Key", {"KeyPolicy": {}}),
        "Vault": (
            "AWS::S3::Bucket",
            {"BucketEncryption": {"ServerSideEncryptionConfiguration": rules}},
        ),
        "Jobs": ("AWS::SQS::Queue", {"KmsMasterKeyId": {"Ref": "Key"}}),
        "Free": ("AWS::SQS::Queue", {"KmsMasterKeyId": "alias/aws/sqs"}),
    }
    bodies = {
        "Reads": "boto3.client('s3').get_object(Bucket=os.environ['VAULT'], Key='a')",
        "Sends": "boto3.client('sqs').send_message(QueueUrl=os.environ['JOBS'], MessageBody='')",
        "Other": "boto3.client('sqs').send_message(QueueUrl=os.environ['FREE'], MessageBody='')",
    }
    found = needs_of(tmp_path, bodies, resources)
    arn = "kms:key/${Key}"
    assert of_code(found["Reads"]) == written_out(
        [("s3:GetObject", "s3::${Vault}/a"), ("kms:Decrypt", arn)]
    )
    assert of_code(found["Sends"]) == written_out(
        [("sqs:SendMessage", "${Jobs.Arn}"), ("kms:Decrypt", arn), ("kms:GenerateDataKey", arn)]
    )
    assert of_code(found["Other"]) == {("sqs:SendMessage", "${Free.Arn}")}


def test_powertools_call_on_the_codes_behalf(tmp_path: Path) -> None:
    """Parameters, secrets and idempotency need what Powertools asks of AWS."""
    utilities = "from aws_lambda_powertools.utilities import"
    layer = "idempotency.DynamoDBPersistenceLayer(table_name=os.environ['ORDERS'])"
    bodies = {
        "Setting": f"{utilities} parameters\nparameters.get_parameter('/shop/x')",
        "Secret": f"{utilities} parameters\nparameters.get_secret(os.environ['SECRET'])",
        "Path": f"{utilities} parameters\nparameters.get_parameters('/shop')",
        "Once": f"{utilities} idempotency\n{layer}",
    }
    found = needs_of(tmp_path, {f"F{name}": body for name, body in bodies.items()})
    assert of_code(found["FSetting"]) == written_out(
        [("ssm:GetParameter", "ssm:parameter/shop/x")]
    )
    assert of_code(found["FSecret"]) == {("secretsmanager:GetSecretValue", "${Secret}")}
    assert of_code(found["FPath"]) == written_out(
        [("ssm:GetParametersByPath", "ssm:parameter/shop")]
    )
    assert {action for action, _ in of_code(found["FOnce"])} == {
        f"dynamodb:{one}Item" for one in ("Get", "Put", "Update", "Delete")
    }


def test_a_client_that_is_given_away_is_told(tmp_path: Path) -> None:
    """What a library does with a client that it is given is not known."""
    body = "import frames\nframes.read('x', boto3.client('s3'))"
    one = needs_of(tmp_path, {"F": body})["F"]
    assert whys(one) == [
        "frames.read() is given a client of s3, and what it asks of it is not seen"
    ]


def test_what_is_not_known_is_never_a_star(tmp_path: Path) -> None:
    """Computed services, unknown operations, spread arguments: each is told, none is granted."""
    bodies = {
        "A": "boto3.client(event['service']).get_thing()",
        "B": "boto3.client('s3').get_thing()",
        "C": "boto3.client('dynamodb').get_item(**event)",
        "D": "boto3.client('nonsense').get_thing()",
        "E": "boto3.client('s3').get_object(Bucket=os.environ['MISSING'], Key='a')",
        "G": "boto3.client('s3').get_paginator(event['x']).paginate(Bucket='b')",
        "H": "boto3.client('dynamodb').execute_statement(Statement=event['sql'])",
    }
    found = needs_of(tmp_path, bodies)
    for name in bodies:
        assert of_code(found[name]) == set(), name
        assert not found[name].complete, name


def test_functions_whose_code_is_not_read_are_not_complete(tmp_path: Path) -> None:
    """A function in another language, or without its file, has an unknown of its own."""
    settings = {
        "F": {"Runtime": "nodejs20.x"},
        "G": {"Handler": "nowhere.handler"},
    }
    found = needs_of(tmp_path, {"F": "pass", "G": "pass"}, RESOURCES, settings)
    assert not found["F"].complete
    assert not found["G"].complete


def test_what_is_only_known_at_run_time_is_marked(tmp_path: Path) -> None:
    """A key that begins with a constant is wider than the call; one that is constant is not."""
    put = "boto3.client('s3').put_object(Bucket=os.environ['UPLOADS'], Key="
    bodies = {"A": f"{put}'in/' + event['x'])", "B": f"{put}'in/x')"}
    found = needs_of(tmp_path, bodies)
    for name, wide in (("A", True), ("B", False)):
        [need] = [each for each in found[name].needed if each.action == "s3:PutObject"]
        assert need.wide is wide


def test_steps_lead_from_the_handler_to_the_call_and_the_resource(tmp_path: Path) -> None:
    """Each need says by which call it is needed and where the resource is declared."""
    body = "boto3.client('s3').get_object(Bucket=os.environ['UPLOADS'], Key='a')"
    one = needs_of(tmp_path, {"F": body})["F"]
    [need] = [each for each in one.needed if each.action == "s3:GetObject"]
    told = [(step.at.path, step.note) for step in need.because]
    assert told == [("f.py", "calls GetObject"), ("template.json", "on Uploads")]


def test_hostile_names_stay_bounded(tmp_path: Path) -> None:
    """Texts of many alternatives and odd characters end in some answer, soon."""
    body = (
        "x = 'a'\n"
        + "".join(f"if event['{n}']: x = x + 'b{n}'\n" for n in range(40))
        + "boto3.client('s3').get_object(Bucket=x, Key=x)\n"
        + "boto3.client('dynamodb').execute_statement(Statement='SELECT ' + 'from ' * 5000)\n"
        + "boto3.client('sqs').send_message(QueueUrl='https://' + '/' * 500)"
    )
    one = needs_of(tmp_path, {"F": body})["F"]
    assert len(one.needed) < 400
    assert any("more than" in why or "many" in why for why in whys(one)), whys(one)
