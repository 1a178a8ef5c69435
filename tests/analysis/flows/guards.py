# === membership in a fixed set
import os
ALLOWED = {"ls", "date"}
def handler(event, context):
    name = event["body"]
    if name not in ALLOWED:
        return {"statusCode": 400}
    os.system(name)
# === membership, the other way round
import os
def handler(event, context):
    name = event["body"]
    if name in ("ls", "date"):
        os.system(name)
    else:
        os.system(name)  # flow: shell body
# === comparison with a constant
import os
def handler(event, context):
    if event["body"] == "ls":
        os.system(event["body"])
    os.system(event["body"])  # flow: shell body
# === a strict pattern
import os
import re
NAME = re.compile(r"[a-z0-9]+")
def handler(event, context):
    name = event["body"]
    if not NAME.fullmatch(name):
        raise ValueError(name)
    os.system("cat " + name)
# === a pattern that does not hold to the end
import os
import re
def handler(event, context):
    name = event["body"]
    if not re.match(r"[a-z0-9]+", name):
        raise ValueError(name)
    os.system("cat " + name)  # flow: shell body
# === what is there must follow a strict pattern: if it is empty, it harms nothing
import os
import re
NAME = re.compile(r"[a-z0-9]+")
def parsed(path):
    parts = path.split("/")
    name = parts[1] if len(parts) > 1 else ""
    if name and not NAME.fullmatch(name):
        return {"name": "", "error": "no such name"}
    return {"name": name}
def handler(event, context):
    os.system("cat " + parsed(event["rawPath"])["name"])
    other = event["body"]
    if not other or NAME.fullmatch(other):
        os.system("cat " + other)
    if event["isBase64Encoded"] and not NAME.fullmatch(other):
        return {"statusCode": 400}
    os.system("cat " + other)  # flow: shell body
# === a helper that raises
import os
def check(name):
    if name not in ("ls", "date"):
        raise ValueError("no")
def handler(event, context):
    check(event["body"])
    os.system(event["body"])
    os.system(event["rawPath"])  # flow: shell rawPath
# === a helper that answers
import os
def is_known(name):
    return name in ("ls", "date")
def handler(event, context):
    name = event["body"]
    if is_known(name):
        os.system(name)
    os.system(name)  # flow: shell body
# === a helper that never returns
import os
import sys
def refuse():
    raise RuntimeError("refused")
def handler(event, context):
    if event["body"] not in ("a", "b"):
        refuse()
    os.system(event["body"])
    if event["rawPath"] != "/a":
        sys.exit(1)
    os.system(event["rawPath"])
# === a check of something else
import os
def handler(event, context):
    if event["rawPath"] in ("a", "b"):
        os.system(event["body"])  # flow: shell body
# === a check in a loop that continues
import os
def handler(event, context):
    for line in event["body"].splitlines():
        if line not in ("a", "b"):
            continue
        os.system(line)
# === and, or, not
import os
def handler(event, context):
    name = event["body"]
    if name and name in ("a", "b"):
        os.system(name)
    if not name or name not in ("a", "b"):
        return
    os.system(name)
# === a conditional expression
import os
def handler(event, context):
    name = event["body"] if event["body"] in ("a", "b") else "a"
    os.system(name)
# === isdigit and isinstance
import os
def handler(event, context):
    if event["body"].isdigit():
        os.system(event["body"])
    if isinstance(event["rawPath"], int):
        os.system("head -n %s" % event["rawPath"])
# === membership in what the sender wrote himself is no check
import os
def handler(event, context):
    if event["body"] in event["headers"]:
        os.system(event["body"])  # flow: shell body
# === try and except
import os
def handler(event, context):
    try:
        number = int(event["body"])
    except ValueError:
        os.system(event["body"])  # flow: shell body
        return
    os.system(f"head -n {number}")
# === assert
import os
def handler(event, context):
    assert event["body"] in ("a", "b")
    os.system(event["body"])
# === match
import os
def handler(event, context):
    match event["body"]:
        case "a" | "b":
            os.system(event["body"])
        case other:
            os.system(other)  # flow: shell body
# === what is replaced where it is not one of the known
import os
KNOWN = ("de", "en")
def handler(event, context):
    language = event["headers"]["lang"][:2]
    if language not in KNOWN:
        language = "en"
    os.system("say -v " + language)
    other = event["headers"]["voice"]
    if other in KNOWN:
        other = "en"
    os.system("say -v " + other)  # flow: shell headers.voice
# === a choice of two addresses of one host
import os
def handler(event, context):
    first, second = event["first"], event["second"]
    if not (first == "a" or first == "b"):
        return
    os.system(first)
    if not (second == "a" or event["sure"]):
        return
    os.system(second)  # flow: shell second
# === a test of what may be a constant
import os
def handler(event, context):
    name = event.get("name") or "none"
    if not name.isalnum():
        return
    os.system(name)
# === keys of a dictionary that are filtered
import os
FIELDS = ("name", "mail")
def handler(event, context):
    chosen = {key: value for key, value in event["body"].items() if key in FIELDS}
    os.system(",".join(chosen.keys()))
    os.system(",".join(chosen.values()))  # flow: shell body[]
# === what a branch has checked is safe in the list that it goes into
import os
KNOWN = {"a", "b"}
class Command:
    def __init__(self):
        self.parts = ["ls"]
    def add(self, part):
        self.parts.append(f"-{part}")
        return self
def handler(event, context):
    parts = []
    if event["body"] in KNOWN:
        parts.append(event["body"])
    os.system(" ".join(parts))
    command = Command()
    for name in ("x", "y"):
        value = event["headers"].get(name)
        if value in KNOWN:
            command.add(value)
    os.system(" ".join(command.parts))
    unchecked = Command()
    for name in ("x", "y"):
        if event["headers"].get("z") in KNOWN:
            unchecked.add(event["headers"][name])
    os.system(" ".join(unchecked.parts))  # flow: shell headers[]
# === what a loop skips is not in what it collects
import os
def handler(event, context):
    parts, text, every = [], "", []
    for name in event["body"].split(","):
        every.append(name)
        if name not in ("a", "b"):
            continue
        parts.append(name)
        text += name
    os.system(" ".join(parts))
    os.system(text)
    os.system(" ".join(every))  # flow: shell body
# === a check of one part of a text is none of the others
import os
def handler(event, context):
    parts = event["body"].split()
    if parts[0] == "list":
        os.system(parts[1])  # flow: shell body
    if parts[2] in ("a", "b"):
        os.system(parts[2])
    if parts[0] == "list":
        os.system(parts[1:][0])  # flow: shell body
# === a check of the first item is none of the others
import os
def handler(event, context):
    verb, *names = event["body"].split()
    if verb == "list":
        os.system(names[0])  # flow: shell body
# === a check before the separator is none of what follows it
import os
def handler(event, context):
    verb, _, name = event["body"].partition(" ")
    if verb == "list":
        os.system(name)  # flow: shell body
        os.system(verb)
# === a check of what is taken out is none of what stays
import os
def handler(event, context):
    parts = event["body"].split()
    verb = parts.pop(0)
    if verb == "list":
        os.system(verb)
        os.system(" ".join(parts))  # flow: shell body
# === parts that are spread over parameters are told apart
import os
from collections import namedtuple
Command = namedtuple("Command", "verb name")
def run(verb, name):
    if verb == "list":
        os.system(verb)
        os.system(name)  # flow: shell body
def handler(event, context):
    run(*event["body"].split())
    command = Command(*event["body"].split("/")[:2])
    if command.verb == "list":
        os.system(command.verb)
        os.system(command.name)  # flow: shell body
# === all() and any() show of each item what the test of one shows
import os
def handler(event, context):
    names = event["body"].split()
    if all(name in ("a", "b") for name in names):
        os.system(" ".join(names))
    if any(name in ("a", "b") for name in names):
        os.system(" ".join(names))  # flow: shell body
    if any(not name.isalnum() for name in names):
        return
    os.system(names[0])
# === a check of one entry of something unknown is none of the others
import os
from urllib.parse import parse_qsl
def handler(event, context):
    form = dict(parse_qsl(event["body"]))
    verb, _, rest = form["text"].partition(" ")
    if verb == "list":
        os.system(rest)  # flow: shell body
    if rest in ("a", "b"):
        os.system(rest)
# === a schema of marshmallow lets through what its fields admit
import json
import os
from marshmallow import Schema, fields, post_load, validate
class Order(Schema):
    size = fields.Int(required=True)
    kind = fields.Str(validate=validate.OneOf(["a", "b"]))
    name = fields.Str()
class Other(Order):
    more = fields.Str()
class Made(Order):
    @post_load
    def make(self, data, **_):
        return data["name"]
def handler(event, context):
    order = Order().loads(event["body"])
    os.system("ls %s %s" % (order["size"], order["kind"]))
    os.system("ls " + order["name"])  # flow: shell body.name
    same = Order().load(json.loads(event["body"]))
    os.system("ls %s" % same["size"])
    os.system("ls " + Other().loads(event["body"])["name"])  # flow: shell body.name
    os.system("ls " + Made().loads(event["body"]))  # flow: shell body
    many = Order(many=True).loads(event["body"])
    os.system("ls " + many[0]["name"])  # flow: shell body
# === groups of a match hold what their parts of the pattern let through
import os
import re
PATH = re.compile(r"/items/(?P<id>\d+)/(?P<rest>.*)")
def handler(event, context):
    path = event["path"]
    found = PATH.match(path)
    os.system("cat " + found.group("id") + found[1])
    os.system("cat " + found.group("rest"))  # flow: shell path
    number, rest = found.groups()
    os.system("cat " + number)
    os.system("cat " + rest)  # flow: shell path
    if word := re.search(r"name=(\w+)", event["body"]):
        os.system("cat " + word.group(1))
        os.system("cat " + event["body"])  # flow: shell body
    os.system("cat " + re.findall(r"[a-z]+", event["rawPath"])[0])
    os.system("cat " + re.findall(r".+", event["rawPath"])[0])  # flow: shell rawPath
# === models within models check their fields, too
import os
from typing import List, Literal, Optional
from pydantic import BaseModel
class Line(BaseModel):
    size: int
    kind: Literal["a", "b"]
    note: str
class Order(BaseModel):
    first: Line
    lines: List[Line]
    last: Optional[Line] = None
def handler(event, context):
    order = Order.model_validate_json(event["body"])
    os.system(f"ls {order.first.size}")
    os.system(order.first.note)  # flow: shell body.first.note
    for line in order.lines:
        os.system(f"ls {line.size} {line.kind}")
        os.system(line.note)  # flow: shell body.lines[].note
    os.system(order.last.note)  # flow: shell body.last.note
# === what one way out has checked stays checked in what it gives back
import os
def valid(body):
    name = body["name"]
    if not name.isdigit():
        return {"statusCode": 400}
    return {"name": f"job{name}", "other": body["other"]}
def plain(body):
    name = body["plain"]
    if not name.isdigit():
        return None
    return name
def handler(event, context):
    found = valid(event["body"])
    if "statusCode" in found:
        return found
    os.system(found["name"])
    os.system(found["other"])  # flow: shell body.other
    os.system(plain(event["body"]))
    os.system(event["body"]["plain"])  # flow: shell body.plain
# === doubled quotes end no literal of SQL, where they stand between quotes
import sqlite3
import boto3
def literal(value):
    if value is None:
        return "NULL"
    return "'{}'".format(value.replace("'", "''"))
def handler(event, context):
    cursor = sqlite3.connect("x").cursor()
    name = event["body"].replace("'", "''")
    cursor.execute(f"SELECT * FROM t WHERE name = '{name}'")
    cursor.execute(f"SELECT * FROM t WHERE name LIKE '%{name}%' AND id = '{name}'")
    cursor.execute("SELECT * FROM t WHERE name = " + literal(event["body"]))
    pattern = event["body"].replace("%", "!%").replace("'", "''")
    cursor.execute(f"SELECT * FROM t WHERE name LIKE '{pattern}%' ESCAPE '!'")
    boto3.client("athena").start_query_execution(QueryString=f"SELECT '{name}' FROM t")
    cursor.execute(f"SELECT * FROM t WHERE id = {name}")  # flow: sql body
    cursor.execute(f"SELECT 'x' FROM t WHERE id = {name} AND a = 'b'")  # flow: sql body
    cursor.execute(f"SELECT * FROM t WHERE name = '{event['body']}'")  # flow: sql body
# === a backslash before a doubled quote ends a literal of MySQL
import pymysql
def handler(event, context):
    name = event["body"].replace("'", "''")
    cursor = pymysql.connect(host="x").cursor()
    cursor.execute(f"SELECT * FROM t WHERE name = '{name}'")  # flow: sql body
