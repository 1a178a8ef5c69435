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
