"""One application of many functions, in services that each have a table, a queue and a bucket."""

import random
from collections.abc import Iterator
from pathlib import Path

SERVICES = (
    "Orders", "Invoices", "Payments", "Customers", "Catalog", "Search", "Shipping", "Returns",
    "Pricing", "Reports", "Media", "Notices", "Sessions", "Audit", "Partners",
)  # fmt: skip
VERBS = ("Create", "Get", "List", "Update", "Delete", "Export", "Import", "Sync", "Archive")

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.13, CodeUri: src, Timeout: 20}
Resources:
  Events: {Type: "AWS::Events::EventBus", Properties: {Name: events}}
  PublicApi: {Type: AWS::Serverless::HttpApi}
  StaffApi:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Staff
        Authorizers:
          Staff:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: "https://id.example.com", audience: [staff]}
"""

STORES = """\
  {service}Table: {{Type: AWS::DynamoDB::Table}}
  {service}Queue: {{Type: AWS::SQS::Queue}}
  {service}Bucket: {{Type: AWS::S3::Bucket}}
"""

FUNCTION = """\
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: {module}.handler
      Policies: [{policies}]
      Environment: {{Variables: {{TABLE: !Ref {service}Table}}}}
      Events: {{Trigger: {event}}}
"""

EVENTS = (
    "{{Type: HttpApi, Properties: {{ApiId: !Ref PublicApi, Method: POST, Path: /{path}}}}}",
    "{{Type: HttpApi, Properties: {{ApiId: !Ref StaffApi, Method: GET, Path: /{path}}}}}",
    "{{Type: SQS, Properties: {{Queue: !GetAtt {service}Queue.Arn}}}}",
    "{{Type: EventBridgeRule, Properties: {{EventBusName: !Ref Events, Pattern: {{}}}}}}",
    "{{Type: S3, Properties: {{Bucket: !Ref {service}Bucket, Events: 's3:ObjectCreated:*'}}}}",
    "{{Type: Schedule, Properties: {{Schedule: rate(1 hour)}}}}",
)

CAREFUL = "def handler(event, context):\n    return {}\n"
CARELESS = """\
import os


def handler(event, context):
    for record in event.get("Records", [event]):
        os.system("echo " + str(record.get("body")))
"""


def services(folder: Path, functions: int, seed: int = 1) -> None:
    """Write one application of so many functions; one in ten is careless."""
    chance = random.Random(seed)
    template = TEMPLATE + "".join(STORES.format(service=service) for service in SERVICES)
    template += "".join(_functions(functions, chance))
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "template.yaml").write_text(template)
    (folder / "src" / "careful.py").write_text(CAREFUL)
    (folder / "src" / "careless.py").write_text(CARELESS)


def _functions(number: int, chance: random.Random) -> Iterator[str]:
    for index in range(number):
        service = SERVICES[index % len(SERVICES)]
        event = chance.choices(EVENTS, weights=(5, 6, 4, 2, 2, 2))[0]
        policies = [f"{{DynamoDBCrudPolicy: {{TableName: !Ref {service}Table}}}}"]
        if chance.random() < 0.2:  # noqa: PLR2004 - one in five tells another service
            other = f"!GetAtt {chance.choice(SERVICES)}Queue.QueueName"
            policies.append(f"{{SQSSendMessagePolicy: {{QueueName: {other}}}}}")
        yield FUNCTION.format(
            name=f"{chance.choice(VERBS)}{service}{index}",
            module="careless" if chance.random() < 0.1 else "careful",  # noqa: PLR2004
            policies=", ".join(policies),
            service=service,
            event=event.format(path=f"{service.lower()}/{index}", service=service),
        )
