"""Candidates: what is listed in the table, how to reach them encrypted, their CVs in a bucket."""

import json
import os
import uuid
from datetime import UTC, datetime, timedelta

import boto3
import mail

KEPT = timedelta(days=180)

s3 = boto3.client("s3")
kms = boto3.client("kms")
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def save(message, texts):
    """Store the candidate, and return the id."""
    candidate = str(uuid.uuid4())
    now = datetime.now(UTC)
    for number, text in enumerate(texts):
        s3.put_object(
            Bucket=os.environ["CV_BUCKET"],
            Key=f"cvs/{candidate}/{number}.txt",
            Body=text.encode(),
            ContentType="text/plain; charset=utf-8",
        )
    table.put_item(
        Item={
            "id": candidate,
            "month": f"{now:%Y-%m}",
            "received": now.isoformat(),
            "documents": len(texts),
            "contact": encrypted(candidate, message),
            "forget": int((now + KEPT).timestamp()),
        }
    )
    return candidate


def encrypted(candidate, message):
    """Name and address, readable only for those who may use the key, and only as this candidate's."""
    name, address = mail.sender(message)
    answer = kms.encrypt(
        KeyId=os.environ["CONTACT_KEY"],
        Plaintext=json.dumps({"name": name, "address": address}).encode(),
        EncryptionContext={"candidate": candidate},
    )
    return answer["CiphertextBlob"]
