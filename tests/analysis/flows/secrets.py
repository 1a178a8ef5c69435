# === a secret's password is secret, its user and host are not
import json
import boto3
client = boto3.client("secretsmanager")
def handler(event, context):
    secret = json.loads(client.get_secret_value(SecretId="db")["SecretString"])
    print(secret["username"], secret.get("host"), secret["dbInstanceIdentifier"])
    print(secret["password"])  # flow: log db
# === when a secret was changed is no secret, and its name is told in words
import json
import boto3
client = boto3.client("secretsmanager")
def handler(event, context):
    name = "team" if event["x"] else "prod"
    secret = json.loads(client.get_secret_value(SecretId=f"{name}/db/{event['y']}")["SecretString"])
    print(secret["updatedAt"], secret.get("createdDate"))
    print(secret["token"])  # flow: log .../db/...
# === which version of a secret is there is no secret
import boto3
client = boto3.client("secretsmanager")
def handler(event, context):
    pending = client.get_secret_value(SecretId="db", VersionStage="AWSPENDING")
    print("%s %s %s" % (pending["ARN"], pending["VersionId"], pending["VersionStages"]))
    print(pending["SecretString"])  # flow: log db
# === a variable under whose name a secret stands is not for the log
import os
import logging
def handler(event, context):
    print("key", os.environ["API_KEY"])  # flow: log API_KEY
    logging.info(f"{os.getenv('DB_PASSWORD')} of {os.environ['STAGE']}")  # flow: log DB_PASSWORD
    print(os.environ["SECRET_ARN"], os.environ["DB_SECRET"], os.environ["TOKEN_TABLE"])
# === what a comprehension leaves out is not in what it makes
import boto3
client = boto3.client("secretsmanager")
def handler(event, context):
    params = {"key": client.get_secret_value(SecretId="db")["SecretString"], "zip": "1000"}
    print({name: value for name, value in params.items() if name != "key"})
    print({name: value for name, value in params.items() if name not in ("key", "user")})
    print({name: value for name, value in params.items() if name != "zip"})  # flow: log db
