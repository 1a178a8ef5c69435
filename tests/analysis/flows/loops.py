# === what one round leaves in a variable is what the next one uses
import json
import os
def handler(event, context):
    command = "ls"
    for name in json.loads(event["body"]):
        os.system(command)  # flow: shell body[]
        command = name
# === what goes round through several variables arrives, however late
import os
def handler(event, context):
    first = second = third = "ls"
    while True:
        os.system(third)  # flow: shell body
        third = second
        second = first
        first = event["body"]
# === what a call in the loop leaves in a list is read in the next round
import os
def keep(names, name):
    names.append(name)
def handler(event, context):
    names = []
    while True:
        for name in names:
            os.system(name)  # flow: shell body
        keep(names, event["body"])
# === what the loop writes into the event is what the next round reads
import os
def handler(event, context):
    for _ in range(3):
        os.system(event["command"])  # flow: shell command  # flow: shell body
        event["command"] = event["body"]
# === data that was checked before the loop needs no check of what the loop makes of it
import os
def handler(event, context):
    name = event["body"]
    if not name.isdigit():
        raise ValueError
    for _ in range(3):
        os.system(name)
        name = name.strip()
# === what the loop makes longer each time round harms as what it was
import os
import re
def handler(event, context):
    name = event["body"]
    for pattern in ("a", "b"):
        name = re.sub(pattern, "c", name)
    os.system(name)  # flow: shell body
# === what a loop leaves by break counts
import os
def handler(event, context):
    command = "ls"
    for name in ("a", "b"):
        if name == event["path"]:
            command = event["body"]
            break
    os.system(command)  # flow: shell body
# === a loop that is always left by return is no reason to run it again
import os
def handler(event, context):
    for name in ("a", "b"):
        os.system(event["body"])  # flow: shell body
        return name
