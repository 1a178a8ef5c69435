"""The table of candidates."""

import os
import re
import uuid
from datetime import UTC, datetime

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

PHONE = re.compile(r"\+?\d[\d /()-]{6,}\d")


def save(sender, subject, text):
    phone = PHONE.search(text)
    candidate = {
        "id": str(uuid.uuid4()),
        "received": datetime.now(UTC).isoformat(),
        "sender": sender,
        "subject": subject,
        "phone": phone.group() if phone else "",
        "text": text,
    }
    table.put_item(Item=candidate)
    return candidate
