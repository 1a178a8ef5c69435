"""Applications made by chance, believable and always the same for a seed.

Shapes: `collection` is a folder of applications like those that people write (an API with a
table, a bucket with a worker, a queue, a schedule; helpers, classes, some weaknesses). The others
are one application each: `services` has SIZE functions in services with stores of their own; the
rest are hard on the analysis: `long` has one function of SIZE lines,
`deep` a chain of SIZE calls, `wide` SIZE functions that all pass event data to one helper,
`branches` SIZE conditions one after the other.
"""

import argparse
import random
from collections.abc import Callable
from pathlib import Path

from services import services

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Description: {name}

Globals:
  Function:
    Runtime: python3.13
    Timeout: 20
    Environment:
      Variables:
        TABLE: !Ref Table
        BUCKET: !Ref Bucket

Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
  Bucket:
    Type: AWS::S3::Bucket
  Queue:
    Type: AWS::SQS::Queue
"""

FUNCTION = """\
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: {module}.handler
      Policies:
        - DynamoDBCrudPolicy: {{TableName: !Ref Table}}
        - S3ReadPolicy: {{BucketName: !Ref Bucket}}
      Events:
        Trigger: {event}
"""

EVENTS = {
    "web": "{{Type: HttpApi, Properties: {{Method: POST, Path: /{path}}}}}",
    "file": "{{Type: S3, Properties: {{Bucket: !Ref Bucket, Events: s3:ObjectCreated:*}}}}",
    "job": "{{Type: SQS, Properties: {{Queue: !GetAtt Queue.Arn}}}}",
    "timer": "{{Type: Schedule, Properties: {{Schedule: rate(1 hour)}}}}",
}

READS = {
    "web": 'json.loads(event["body"])',
    "file": '[{"name": r["s3"]["object"]["key"], "id": "0"} for r in event["Records"]][0]',
    "job": '[json.loads(record["body"]) for record in event["Records"]][0]',
    "timer": '{"name": "hourly", "id": "0"}',
}

HANDLER = '''\
"""{name}: takes what arrives, checks it, and stores it."""

import json
import logging
import os

import boto3

import store
from steps import clean, enrich, {step}

log = logging.getLogger(__name__)
s3 = boto3.client("s3")


def handler(event, context):
    item = {read}
    log.info("took in %s", item.get("id"))
    item = enrich(clean(item))
    result = {step}(item)
    store.Store(os.environ["TABLE"]).save(result)
    return {{"statusCode": 200, "body": json.dumps({{"id": result["id"]}})}}
'''

STORE = '''\
"""Items in their table."""

import boto3


class Store:
    """One table."""

    def __init__(self, name):
        self.table = boto3.resource("dynamodb").Table(name)

    def save(self, item):
        self.table.put_item(Item={"id": str(item["id"]), "name": item.get("name", "")})

    def load(self, id):
        return self.table.get_item(Key={"id": id}).get("Item")
'''

STEPS = '''\
"""What is done with items."""

import hashlib
import subprocess

FIELDS = ("id", "name", "note", "count")


def clean(item):
    return {field: item[field] for field in FIELDS if field in item}


def enrich(item):
    digest = hashlib.sha256(str(item.get("id")).encode()).hexdigest()
    return {**item, "digest": digest[:12], "size": len(str(item))}

'''

STEP = '''
def {name}(item):
    """Works on an item."""
    parts = []
    for key, value in sorted(item.items()):
        if key == "{word}":
            parts.append(str(value).upper())
        elif isinstance(value, int) and value > {number}:
            parts.append(f"{{key}}={{value:05d}}")
        else:
            parts.append("%s=%s" % (key, value))
    text = ", ".join(parts)
    {act}
    return {{**item, "{word}": text, "id": item.get("id", "0")}}
'''

ACTS = (
    'log = {"text": text[:80]}',
    "text = text.strip().lower()",
    'subprocess.run(["echo", text], check=False)',
    'subprocess.run("echo " + text, shell=True)',
    "text = str(int(item.get('count', 0)) * 2)",
)

WORDS = ("order", "invoice", "picture", "report", "customer", "ticket", "sensor", "message")


def collection(folder: Path, number: int, seed: int = 1) -> None:
    """Write `number` applications of one to six functions each."""
    chance = random.Random(seed)
    for index in range(number):
        word = chance.choice(WORDS)
        _application(folder / f"{word}-{index:04d}", word, chance)


def _application(folder: Path, word: str, chance: random.Random) -> None:
    steps = [f"step_{n}" for n in range(chance.randrange(2, 12))]
    kinds = chance.choices(list(EVENTS), k=chance.randrange(1, 7))
    template = TEMPLATE.format(name=f"What is done with each {word}")
    for number, kind in enumerate(kinds):
        name = f"{word.title()}{kind.title()}{number}"
        event = EVENTS[kind].format(path=f"{word}/{number}")
        template += FUNCTION.format(name=name, module=name.lower(), event=event)
        code = HANDLER.format(name=name, step=chance.choice(steps), read=READS[kind])
        _write(folder / "src" / f"{name.lower()}.py", code)
    made = (
        STEP.format(
            name=step,
            word=chance.choice(WORDS),
            number=chance.randrange(100),
            act=chance.choices(ACTS, weights=(5, 5, 3, 1, 3))[0],
        )
        for step in steps
    )
    _write(folder / "template.yaml", template)
    _write(folder / "src" / "steps.py", STEPS + "\n".join(made))
    _write(folder / "src" / "store.py", STORE)


def long(folder: Path, lines: int, seed: int = 1) -> None:
    """Write one function of `lines` lines that carry event data to a query at the end."""
    chance = random.Random(seed)
    body = []
    for number in range(lines):
        source = f"v{chance.randrange(max(1, number))}" if number else 'event["body"]'
        body.append(
            chance.choice(
                (
                    f"v{number} = {source}",
                    f"v{number} = f'{{{source}}}-{number}'",
                    f"v{number} = [{source}, {number}][0]",
                    f"v{number} = str({source}).replace('a', 'b')",
                    f"v{number} = {{'k': {source}}}['k']",
                )
            )
        )
    last = f"os.system('echo ' + str(v{lines - 1}))"
    _one(folder, ["import os", "", "", "def handler(event, context):", *_in(body), *_in([last])])


def deep(folder: Path, depth: int) -> None:
    """Write a chain of `depth` functions, each in the next file of ten, to a shell at its end."""
    files: dict[int, list[str]] = {n: [] for n in range(10)}
    for number in range(depth):
        inner = f"m{(number + 1) % 10}.f{number + 1}(x + '{number}')"
        if number == depth - 1:
            inner = "os.system(x)"
        files[number % 10] += [f"def f{number}(x):", f"    return {inner}", "", ""]
    imports = ["import os", *(f"import m{n}" for n in range(10)), "", ""]
    for number, code in files.items():
        _write(folder / "src" / f"m{number}.py", "\n".join(imports + code))
    _one(folder, ["import m0", "", "", "def handler(event, context):", "    m0.f0(event['body'])"])


def wide(folder: Path, callers: int) -> None:
    """Write `callers` functions that all pass event data to the same helper."""
    code = [
        "import os",
        "",
        "",
        "def run(text, mark):",
        "    os.system('echo ' + text + mark)",
        "",
    ]
    for number in range(callers):
        code += [f"def f{number}(event):", f"    run(event['f{number}'], '{number}')", ""]
    code += ["def handler(event, context):", "    data = event['body']"]
    code += [f"    f{number}({{'f{number}': data}})" for number in range(callers)]
    _one(folder, code)


def branches(folder: Path, number: int) -> None:
    """Write `number` conditions one after the other, each of which may change the data."""
    code = [
        "import os",
        "",
        "",
        "def handler(event, context):",
        "    x = event['body']",
        "    y = ''",
    ]
    for index in range(number):
        code += [f"    if event.get('c{index}'):", f"        x = x + y + '{index}'"]
        code += ["    else:", f"        y = x[{index}:]"]
    _one(folder, [*code, "    os.system(x + y)"])


def _in(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _one(folder: Path, code: list[str]) -> None:
    """Write an application of one function that anyone can call."""
    event = EVENTS["web"].format(path="run")
    template = TEMPLATE.format(name="one function")
    _write(
        folder / "template.yaml", template + FUNCTION.format(name="Run", module="app", event=event)
    )
    _write(folder / "src" / "app.py", "\n".join(code) + "\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


SHAPES: dict[str, Callable[[Path, int], None]] = {
    "collection": collection,
    "services": services,
    "long": long,
    "deep": deep,
    "wide": wide,
    "branches": branches,
}


def main() -> None:
    """Write what was asked for into a new folder."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/generate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder that is not there")
    parser.add_argument("--shape", choices=SHAPES, default="collection")
    parser.add_argument("--size", type=int, default=100, help="applications, lines, calls (100)")
    arguments = parser.parse_args()
    if arguments.folder.exists():
        parser.error(f"{arguments.folder} is there already")
    SHAPES[arguments.shape](arguments.folder, arguments.size)
    print(f"wrote {arguments.folder}: {arguments.shape} of size {arguments.size}")
