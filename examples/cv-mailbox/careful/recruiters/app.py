"""Recruiters look candidates up."""

import json
import logging
import os
import re
from datetime import UTC, datetime

import boto3
from boto3.dynamodb.conditions import Key

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)

s3 = boto3.client("s3")
kms = boto3.client("kms")
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
MOST_LISTED = 100


def handler(event, _context):
    match event["resource"]:
        case "/candidates":
            return list_candidates(event["queryStringParameters"] or {})
        case "/candidates/{id}":
            return get_candidate(event["pathParameters"]["id"])
        case _:
            return reply(404, {"error": "no such resource"})


def list_candidates(query):
    month = query.get("month", f"{datetime.now(UTC):%Y-%m}")
    if not MONTH.fullmatch(month):
        return reply(400, {"error": "month is written 2026-11"})
    answer = table.query(
        IndexName="by-month",
        KeyConditionExpression=Key("month").eq(month),
        ScanIndexForward=False,
        Limit=MOST_LISTED,
    )
    return reply(200, [summary(item) for item in answer["Items"]])


def get_candidate(candidate):
    if not ID.fullmatch(candidate):
        return reply(404, {"error": "no such candidate"})
    item = table.get_item(Key={"id": candidate}).get("Item")
    if item is None:
        return reply(404, {"error": "no such candidate"})
    texts = [text_of(item["id"], number) for number in range(int(item["documents"]))]
    logger.info("showed candidate %s", item["id"])
    return reply(200, summary(item) | contact(item) | {"texts": texts})


def summary(item):
    return {
        "id": item["id"],
        "received": item["received"],
        "documents": int(item["documents"]),
    }


def contact(item):
    answer = kms.decrypt(
        KeyId=os.environ["CONTACT_KEY"],
        CiphertextBlob=bytes(item["contact"]),
        EncryptionContext={"candidate": item["id"]},
    )
    return json.loads(answer["Plaintext"])


def text_of(candidate, number):
    answer = s3.get_object(Bucket=os.environ["CV_BUCKET"], Key=f"cvs/{candidate}/{number}.txt")
    return answer["Body"].read().decode()


def reply(status, body):
    return {
        "statusCode": status,
        "headers": {
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
        "body": json.dumps(body),
    }
