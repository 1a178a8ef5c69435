# === the key of a map
import os
def handler(event, context):
    settings = {"name": event["body"], "kind": "pdf"}
    os.system("echo " + settings["kind"])
    os.system("echo " + settings["name"])  # flow: shell body
# === a map's key that is only known later
import os
def handler(event, context):
    found = {}
    for key in ("a", "b"):
        found[key] = event["body"]
    os.system(found["a"])  # flow: shell body
# === a key that the author chose, beside a value that he did not
import os
NAMES = {"kind": "/settings/kind", "size": "/settings/size"}
def handler(event, context):
    changes = {}
    for field, name in NAMES.items():
        changes[name] = event["body"] + field
    for name, value in changes.items():
        os.system(name)
        os.system(value)  # flow: shell body
    for name in {name: event["body"] for name in NAMES}.keys():
        os.system(name)
# === a key that the sender chose, beside a value that he did not
import os
def handler(event, context):
    seen = {}
    for name in event["body"].split(","):
        seen[name] = "yes"
    for name, value in seen.items():
        os.system(value)
        os.system(name)  # flow: shell body
# === items of a list
import os
def handler(event, context):
    names = ["fixed"]
    names.append(event["body"])
    for name in names:
        os.system(name)  # flow: shell body
# === the position in a list
import os
def handler(event, context):
    pair = [event["body"], "fixed"]
    os.system(pair[1])
    first, second = pair
    os.system(second)
    os.system(first)  # flow: shell body
# === a map inside a list inside a map
import os
def handler(event, context):
    tree = {"jobs": [{"command": event["body"]}]}
    os.system(tree["jobs"][0]["command"])  # flow: shell body
# === comprehensions
import os
def handler(event, context):
    lines = [line.strip() for line in event["body"].splitlines() if line]
    by_name = {line: len(line) for line in lines}
    for line, length in by_name.items():
        os.system(f"head -c {length} x")
    os.system(" ".join(lines))  # flow: shell body
# === update, setdefault, pop and merging
import os
def handler(event, context):
    one = {"a": "fixed"}
    one.update({"b": event["body"]})
    two = one | {"c": "fixed"}
    os.system(two["c"])
    os.system(two["b"])  # flow: shell body
    os.system({**one}["b"])  # flow: shell body
    os.system(one.setdefault("b", "x"))  # flow: shell body
# === zip, enumerate and sorted
import os
def handler(event, context):
    for number, (name, kind) in enumerate(zip(event["body"].split(","), ["a", "b"])):
        os.system(kind)
        os.system(f"{number}")
        os.system(name)  # flow: shell body
    for name in sorted(event["body"].split(","), key=len):
        os.system(name)  # flow: shell body
# === what a map gives for an unknown key is what its author put there
import os
COMMANDS = {"list": "ls", "date": "date"}
def handler(event, context):
    os.system(COMMANDS[event["body"]])
    os.system(COMMANDS.get(event["body"], "true"))
# === a field that is written over is no longer the sender's
import os
def handler(event, context):
    event["body"] = "fixed"
    os.system(event["body"])
    os.system(event["rawPath"])  # flow: shell rawPath
# === maps that are spread into one are asked for their keys
import json
import os
def handler(event, context):
    both = {**(event.get("queryStringParameters") or {}), **json.loads(event.get("body") or "{}")}
    os.system(both["name"])  # flow: shell body.name  # flow: shell queryStringParameters.name
# === a body spread over defaults, and defaults over a body
import os, json
def handler(event, context):
    options = {"flags": "-l", "path": ".", **json.loads(event["body"])}
    os.system("ls " + options["path"])  # flow: shell body.path
    os.system("ls " + {**json.loads(event["body"]), "path": "."}["path"])
    merged = {"path": "."} | json.loads(event["body"])
    os.system("ls " + merged["path"])  # flow: shell body.path
    given = dict({"path": "."}, **json.loads(event["body"]))
    os.system("ls " + given["path"])  # flow: shell body.path
    kept = {"path": "."}
    kept.update(json.loads(event["body"]))
    os.system("ls " + kept["path"])  # flow: shell body.path
# === the first word of a list, and what moves it
import subprocess
def handler(event, context):
    words = ["dig", "+short"]
    if event.get("queryStringParameters"):
        words.append(event["queryStringParameters"]["type"])
    words.append(event["body"])
    subprocess.run(words)
    words.insert(0, event["body"])
    subprocess.run(words)  # flow: shell body  # flow: shell queryStringParameters.type
# === queues and default maps
import os, json
from collections import defaultdict, deque
def handler(event, context):
    waiting = deque(json.loads(event["body"])["commands"])
    groups = defaultdict(list)
    while waiting:
        groups["all"].append(waiting.popleft())
    for _, commands in groups.items():
        os.system("; ".join(commands))  # flow: shell body.commands[]
# === a class that is asked like a dictionary
import os
class Request:
    def __init__(self, event):
        self.event = event
    def __getitem__(self, key):
        return self.event["body"][key]
def handler(event, context):
    os.system(Request(event)["name"])  # flow: shell body.name
# === a whole command line
import subprocess
def handler(event, context):
    subprocess.run(event["command"])  # flow: shell command
    subprocess.run(list(event["words"]))  # flow: shell words
    subprocess.run(["ls", *event["names"]])
