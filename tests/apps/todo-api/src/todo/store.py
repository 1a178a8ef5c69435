"""To-dos in their table."""

import os
import uuid

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def todos_of(user):
    return table.query(KeyConditionExpression=Key("user").eq(user))["Items"]


def todo(user, id):
    return table.get_item(Key={"user": user, "id": id}).get("Item")


def add(user, title):
    item = {"user": user, "id": str(uuid.uuid4()), "title": title, "done": False}
    table.put_item(Item=item)
    return item


def remove(user, id):
    table.delete_item(Key={"user": user, "id": id})
