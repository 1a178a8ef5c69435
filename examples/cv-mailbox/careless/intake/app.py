"""A mail has arrived: turn it into a candidate."""

import json
from urllib.parse import unquote_plus

import ats
import boto3
import candidates
import cv
from mail import Mail

s3 = boto3.client("s3")


def handler(event, context):
    print(json.dumps(event))
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        take_in(Mail(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))


def take_in(mail):
    texts = [cv.read(attachment) for attachment in mail.attachments()]
    candidate = candidates.save(mail.sender, mail.subject, "\n".join(texts))
    ats.announce(candidate)
