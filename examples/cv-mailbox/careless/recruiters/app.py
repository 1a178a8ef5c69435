"""Recruiters look candidates up."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    try:
        if event["routeKey"] == "GET /candidates":
            return reply(200, list_candidates())
        return get_candidate(event["pathParameters"]["id"])
    except Exception as error:
        return reply(500, {"error": str(error)})


def list_candidates():
    found = table.scan(ProjectionExpression="id, sender, subject, received")["Items"]
    return sorted(found, key=lambda candidate: candidate["received"], reverse=True)


def get_candidate(id):
    found = table.get_item(Key={"id": id})
    if "Item" not in found:
        return reply(404, {"error": "no such candidate"})
    return reply(200, found["Item"])


def reply(status, body):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(body),
    }
