# === the ways to put a text together
import os
def handler(event, context):
    name = event["body"]
    os.system(f"cat {name}")  # flow: shell body
    os.system("cat %s" % name)  # flow: shell body
    os.system("cat %(name)s" % {"name": name})  # flow: shell body
    os.system("cat {}".format(name))  # flow: shell body
    os.system("cat {name}".format(name=name))  # flow: shell body
    os.system(" ".join(["cat", name]))  # flow: shell body
    os.system("cat NAME".replace("NAME", name))  # flow: shell body
    command = "cat "
    command += name
    os.system(command)  # flow: shell body
    os.system(name.strip().lower()[1:])  # flow: shell body
    os.system(name.encode().decode())  # flow: shell body
# === numbers hold no text
import os
def handler(event, context):
    count = int(event["body"])
    os.system(f"head -n {count} x")
    os.system("head -n %d x" % count)
    os.system("head -n " + str(len(event["body"])))
# === JSON, base64 and addresses are followed into
import base64
import json
import os
from urllib.parse import parse_qs, unquote_plus
def handler(event, context):
    body = json.loads(event["body"])
    os.system(body["command"])  # flow: shell body.command
    os.system(json.loads(base64.b64decode(event["body"]))["x"])  # flow: shell body.x
    os.system(parse_qs(event["body"])["x"][0])  # flow: shell body
    os.system(unquote_plus(event["rawPath"]))  # flow: shell rawPath
# === shlex.quote is for the shell alone
import os
import shlex
import sqlite3
def handler(event, context):
    name = shlex.quote(event["body"])
    os.system(f"cat {name}")
    sqlite3.connect("x").execute(f"select {name}")  # flow: sql body
# === what a file holds
import os
def handler(event, context):
    path = "/tmp/name"
    with open(path, "w") as file:
        file.write(event["body"])
    with open(path) as file:
        os.system(file.read())  # flow: shell body
    with open(path) as file:
        os.system(json.load(file)["name"])  # flow: shell body
    with open("/tmp/other") as file:
        os.system(file.read())
# === a statement that code which was not read is given is run
import logging
from layer_db import Database, run_query
class Store:
    def __init__(self, db):
        self.db = db
    def one(self, name):
        return self.db.fetch_one("SELECT * FROM t WHERE name = '" + name + "'")  # flow: sql body
def handler(event, context, db):
    run_query(f"SELECT * FROM t WHERE id = {event['rawPath']}")  # flow: sql rawPath
    Database().execute("UPDATE t SET a = 1 WHERE id = '%s'" % event["body"])  # flow: sql body
    run_query("SELECT * FROM t WHERE id = %s", [event["body"]])
    run_query(f"select a name from {int(event['body'])}")
    logging.info("SELECT * FROM t WHERE id = '%s'" % event["body"])
    Database().execute("selected " + event["rawPath"])
    Store(db).one(event["body"])
# === what is formatted as a number is one, or Python raises
import os
from datetime import datetime
def handler(event, context):
    name = event["body"]
    os.system(f"cat page-{name:03d} {name:.2f}")
    os.system("cat {:04d} {:>8x}".format(name, name))
    os.system(f"cat {name:>10}")  # flow: shell body
    os.system("cat {:s}".format(name))  # flow: shell body
    os.system(f"cat {name:%Y/%m/%d}")  # flow: shell body
